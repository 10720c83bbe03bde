//! `cargo xtask readme`: the matrix of RFC 3884 section 4.2 in the README, from a run.

use std::fs;

use anyhow::{Context, Result, anyhow};
use iiptran::comparison::Comparison;

use crate::generated::{replace_between, write_or_check};
use crate::root;

const FILE: &str = "README.md";
/// What stands before the matrix, and behind it.
const MARKS: [&str; 2] = ["<!-- compare -->\n", "<!-- /compare -->"];

pub(crate) fn run(check: bool) -> Result<()> {
    let text = fs::read_to_string(root().join(FILE)).context(FILE)?;
    let comparison = Comparison::run().map_err(|error| anyhow!("{error}"))?;
    let text = replace_between(FILE, &text, MARKS, &comparison.markdown())?;
    write_or_check(FILE, &text, check, "cargo xtask readme")
}
