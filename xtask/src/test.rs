//! `cargo xtask test`: everything that tells whether the project works.

use anyhow::Result;

use crate::step::{Outcome, Steps, cargo, command};
use crate::{
    bare, c, counts, fuzz, no_trace, node, parity, peers, python, readme, requirements, root,
    schema, wasm,
};

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    let result = all(&mut steps);
    steps.summary();
    result
}

fn all(steps: &mut Steps) -> Result<()> {
    // First, so that the command that the workspace's tests build has the page in it.
    steps.run("WebAssembly module and its bindings", wasm::module)?;
    steps.run("page builds", || wasm::npm(&["run", "build"]))?;
    steps.run("tests of the workspace", || {
        let arguments = ["test", "--workspace", "--all-features", "--locked"];
        command(cargo().current_dir(root()).args(arguments))?;
        Ok(Outcome::Done)
    })?;
    for kernel in ["portable", "avx512", "avx2", "aes-ni"] {
        steps.run(
            &format!("the same bytes with IIPTRAN_ACCEL={kernel}"),
            || same_bytes(kernel),
        )?;
    }
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
    steps.run("the performance page is what its figures say", || {
        peers::page(true).map(|()| Outcome::Done)
    })?;
    steps.run("no row takes more instructions", counts::test)?;
    steps.run("nobody watches at no cost", no_trace::test)?;
    steps.run("every requirement has its test", || {
        requirements::run(true).map(|()| Outcome::Done)
    })?;
    c::test(steps)?;
    fuzz::test(steps)?;
    steps.run("Python host", python::test)?;
    steps.run("Node host", node::test)?;
    steps.run("every host has every call", || {
        parity::run().map(|()| Outcome::Done)
    })?;
    for target in bare::TARGETS {
        steps.run(&format!("core builds for {}", target.name), || {
            bare::build(target)
        })?;
    }
    steps.run("behaviour vectors for WebAssembly", wasm::calls)?;
    steps.run("page's types", || wasm::npm(&["run", "check"]))?;
    steps.run("page's parts", || wasm::npm(&["test"]))?;
    steps.run("page in a browser", || match wasm::browser() {
        Some(_) => wasm::command_with_page().and_then(|()| wasm::npm(&["run", "browser"])),
        None => Ok(Outcome::Skipped("chromium is not there".into())),
    })?;
    steps.run("what ESP costs in WebAssembly", || {
        wasm::npm(&["run", "bench"])
    })?;
    Ok(())
}

/// Tests what ESP makes of packets, on one implementation of AES-GCM.
fn same_bytes(kernel: &str) -> Result<Outcome> {
    if let Err(error) = iiptran_accel::choose_by_name(kernel) {
        return Ok(Outcome::Skipped(error.to_string()));
    }
    let mut tests = cargo();
    // As above, so that nothing is compiled again.
    tests.args(["test", "--workspace", "--all-features", "--locked"]);
    tests.current_dir(root());
    for binary in [
        "behaviour",
        "captures",
        "conformance",
        "properties",
        "vectors",
        "wycheproof",
    ] {
        tests.args(["--test", binary]);
    }
    command(tests.env("IIPTRAN_ACCEL", kernel))?;
    Ok(Outcome::Done)
}
