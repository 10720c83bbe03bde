//! `cargo xtask test`: everything that tells whether the project works.

use anyhow::Result;

use crate::step::{Outcome, Steps, cargo, command};
use crate::{bare, requirements, root, schema, wasm};

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
    steps.run("every requirement has its test", || {
        requirements::run(true).map(|()| Outcome::Done)
    })?;
    for target in bare::TARGETS {
        steps.run(&format!("core builds for {}", target.name), || {
            bare::build(target)
        })?;
    }
    steps.run("WebAssembly module and its bindings", wasm::module)?;
    steps.run("page builds", || wasm::npm(&["run", "build"]))?;
    steps.run("page's types", || wasm::npm(&["run", "check"]))?;
    steps.run("page's parts", || wasm::npm(&["test"]))?;
    steps.run("page in a browser", || match wasm::browser() {
        Some(_) => wasm::npm(&["run", "browser"]),
        None => Ok(Outcome::Skipped("chromium is not there".into())),
    })?;
    Ok(())
}
