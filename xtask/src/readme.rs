//! `cargo xtask readme`: the matrix of RFC 3884 section 4.2 in the README, from a run.

use std::fs;

use anyhow::{Context, Result, anyhow};
use iiptran::comparison::Comparison;

use crate::generated::write_or_check;
use crate::root;

const FILE: &str = "README.md";
/// What stands before the matrix, and behind it.
const MARKS: [&str; 2] = ["<!-- compare -->\n", "<!-- /compare -->"];

pub(crate) fn run(check: bool) -> Result<()> {
    let text = fs::read_to_string(root().join(FILE)).context(FILE)?;
    let comparison = Comparison::run().map_err(|error| anyhow!("{error}"))?;
    let [begin, end] = MARKS;
    let missing = || format!("{FILE} has no {begin}");
    let (before, rest) = text.split_once(begin).with_context(missing)?;
    let missing = || format!("{FILE} has no {end} behind the other");
    let (_, after) = rest.split_once(end).with_context(missing)?;
    let text = format!("{before}{begin}{}{end}{after}", comparison.markdown());
    write_or_check(FILE, &text, check, "cargo xtask readme")
}
