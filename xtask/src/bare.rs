//! Building the core where there is no operating system and no standard library.
//!
//! That it builds proves that it needs none: no clock, no file, no thread, no allocator of its own.

use std::ffi::OsStr;

use anyhow::Result;

use crate::root;
use crate::step::{Outcome, Steps, command};
use crate::toolchain::{self, Library, Target, WASM};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "x86_64-unknown-none",
        // A bare x86-64 target has no vector registers.
        flags: "--cfg aes_backend=\"soft\" --cfg polyval_backend=\"soft\" \
                --cfg poly1305_backend=\"soft\" --cfg chacha20_backend=\"soft\" \
                --cfg sha1_backend=\"soft\" --cfg sha2_backend=\"soft\"",
    },
    WASM,
];

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    for target in TARGETS {
        steps.run(&format!("core builds for {}", target.name), || {
            build(target)
        })?;
    }
    steps.summary();
    Ok(())
}

/// Builds the core, documents and walkthrough included.
pub(crate) fn build(target: &Target) -> Result<Outcome> {
    let arguments = [
        "--package",
        "iiptran",
        "--features",
        "config,network,walkthrough",
        "--locked",
    ];
    build_with(target, "build", &arguments)
}

/// Runs cargo's `subcommand` for a target; what it builds is in `target/bare`.
pub(crate) fn build_with<A: AsRef<OsStr>>(
    target: &Target,
    subcommand: &str,
    arguments: &[A],
) -> Result<Outcome> {
    let Some(mut build) = toolchain::cargo_for(target, subcommand, Library::Core)? else {
        return Ok(Outcome::Skipped(toolchain::missing(target)));
    };
    // A folder of its own: two compilers in one would each undo the other's work.
    build
        .args(arguments)
        .env("CARGO_TARGET_DIR", root().join("target").join("bare"));
    command(&mut build)?;
    Ok(Outcome::Done)
}
