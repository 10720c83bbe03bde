//! The Python host: built into an environment of its own, and tested there.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::step::{Outcome, Steps, command};
use crate::{debian, root};

/// Python's own names for what it must have: version, virtual environments, and pip for them.
const USABLE: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
const CANDIDATES: [&str; 5] = [
    "python3",
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
];

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    let result = steps.run("Python host", test);
    steps.summary();
    result
}

/// Builds the package as a user would, and runs its tests, type checks and examples.
pub(crate) fn test() -> Result<Outcome> {
    let python = find().or_else(|| {
        let installed = debian::install(&["python3-venv"]);
        installed.then(find).flatten()
    });
    let Some(python) = python else {
        let why = "there is no python3 of version 3.11 or later with the module venv, and Debian's \
                   python3-venv can't be installed (as root)";
        return Ok(Outcome::Skipped(why.into()));
    };
    let environment = root().join("target").join("python");
    command(Command::new(python).args(["-m", "venv"]).arg(&environment))?;
    let inside = environment.join("bin").join("python");
    let run = |arguments: &[&str]| {
        let mut run = Command::new(&inside);
        run.current_dir(package()).args(arguments);
        // Of another environment that happens to be active, nothing is wanted.
        run.env("VIRTUAL_ENV", &environment)
            .env_remove("PYTHONPATH")
            .env_remove("PYTHONHOME");
        command(&mut run)
    };
    run(&["-m", "pip", "install", "--quiet", ".[test]"])?;
    run(&["tools/generate.py", "--check"])?;
    run(&["tools/stubs.py", "--check"])?;
    run(&["-m", "mypy"])?;
    run(&["-m", "mypy.stubtest", "iiptran"])?;
    run(&["-m", "pytest", "--quiet"])?;
    Ok(Outcome::Done)
}

fn package() -> PathBuf {
    root().join("bindings-python")
}

fn find() -> Option<&'static str> {
    CANDIDATES.into_iter().find(|name| {
        let probe = Command::new(name).args(["-c", USABLE]).output();
        probe.is_ok_and(|output| output.status.success())
    })
}
