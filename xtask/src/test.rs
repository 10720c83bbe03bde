//! `cargo xtask test`: everything that tells whether the project works.

use anyhow::Result;

use crate::step::{Outcome, Steps, cargo, command};
use crate::{bare, readme, requirements, root, schema};

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    let result = all(&mut steps);
    steps.summary();
    result
}

fn all(steps: &mut Steps) -> Result<()> {
    steps.run("tests of the workspace", || {
        let arguments = ["test", "--workspace", "--all-features", "--locked"];
        command(cargo().current_dir(root()).args(arguments))?;
        Ok(Outcome::Done)
    })?;
    steps.run("core without features", || {
        let arguments = [
            "check",
            "--package",
            "iiptran",
            "--no-default-features",
            "--locked",
        ];
        command(cargo().current_dir(root()).args(arguments))?;
        Ok(Outcome::Done)
    })?;
    steps.run("JSON Schema is up to date", || {
        schema::run(true).map(|()| Outcome::Done)
    })?;
    steps.run("the matrix of the README is up to date", || {
        readme::run(true).map(|()| Outcome::Done)
    })?;
    steps.run("every requirement has its test", || {
        requirements::run(true).map(|()| Outcome::Done)
    })?;
    for target in bare::TARGETS {
        steps.run(&format!("core builds for {}", target.name), || {
            bare::build(target)
        })?;
    }
    Ok(())
}
