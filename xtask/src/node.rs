//! The Node host: built as a user would, and tested.

use std::process::Command;

use anyhow::Result;

use crate::root;
use crate::step::{Outcome, Steps, command};

const OLDEST: u32 = 20;

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    let result = steps.run("Node host", test);
    steps.summary();
    result
}

/// Builds the package, compares what is made with what is committed, and runs the tests, which try the
/// examples, the types and the packed package as well.
pub(crate) fn test() -> Result<Outcome> {
    if !is_usable() {
        let why = format!("there is no node of version {OLDEST} or later with npm");
        return Ok(Outcome::Skipped(why));
    }
    let npm = |arguments: &[&str]| {
        let folder = root().join("bindings-node");
        command(Command::new("npm").args(arguments).current_dir(folder))
    };
    npm(&["install", "--no-audit", "--no-fund"])?;
    npm(&["run", "check"])?;
    npm(&["test"])?;
    Ok(Outcome::Done)
}

fn is_usable() -> bool {
    let told = |program: &str| Command::new(program).arg("--version").output().ok();
    let major = told("node").and_then(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let major = text.trim().trim_start_matches('v').split('.').next();
        major?.parse::<u32>().ok()
    });
    major.is_some_and(|major| major >= OLDEST) && told("npm").is_some()
}
