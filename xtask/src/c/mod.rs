//! `bindings-c`: the header, the libraries, and their tests in C.

mod compile;
mod freestanding;
mod gateway;
pub(crate) mod header;
pub(crate) mod install;
mod readme;
pub(crate) mod reference;
mod symbols;
mod vectors;

use anyhow::Result;

use crate::root;
use crate::step::{Outcome, Steps, cargo, command};

/// The package's folder.
const FOLDER: &str = "bindings-c";

/// Everything that tells whether the C host works.
pub(crate) fn test(steps: &mut Steps) -> Result<()> {
    steps.run("C host: header is up to date", || {
        header::run(true).map(|()| Outcome::Done)
    })?;
    steps.run("C host: reference from the comments", reference::run)?;
    steps.run("C host: libraries and their symbols", || {
        build()?;
        symbols::host_07_the_shared_library_shows_its_functions_alone()?;
        Ok(Outcome::Done)
    })?;
    steps.run(
        "C host: vectors and examples in C99 and C++17",
        compile::plain,
    )?;
    steps.run("C host: valgrind", compile::valgrind)?;
    steps.run(
        "C host: sanitizers of addresses and undefined behaviour",
        compile::sanitised,
    )?;
    steps.run("C host: snippets of the README, installed", readme::run)?;
    steps.run("C host: gateway between network namespaces", gateway::test)?;
    steps.run(
        "C host: freestanding library",
        freestanding::host_08_the_freestanding_library_needs_its_hooks_alone,
    )
}

/// Builds the shared and the static library.
fn build() -> Result<()> {
    let arguments = ["build", "--package", "iiptran-c", "--locked"];
    command(cargo().current_dir(root()).args(arguments))
}
