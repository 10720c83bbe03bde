//! The freestanding static library: no standard library, no operating system.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::compile::{Language, Program, has, output_folder};
use super::readme;
use super::symbols::symbols;
use crate::bare;
use crate::root;
use crate::step::{Outcome, command};

/// What the embedder defines.
const HOOKS: [&str; 3] = ["iiptran_alloc", "iiptran_free", "iiptran_abort"];

/// Builds it and checks that nothing but the hooks is missing.
pub(super) fn host_08_the_freestanding_library_needs_its_hooks_alone() -> Result<Outcome> {
    let Some(target) = bare::TARGETS
        .iter()
        .find(|target| target.name.starts_with("x86_64"))
    else {
        bail!("there is no bare x86-64 target");
    };
    let mut arguments = readme::freestanding()?;
    arguments.push("--locked".into());
    if let Outcome::Skipped(why) = bare::build_with(target, "rustc", &arguments)? {
        return Ok(Outcome::Skipped(why));
    }
    let library = root()
        .join("target/bare")
        .join(target.name)
        .join("release/libiiptran_c.a");
    let object = output_folder()?.join("freestanding.o");
    let entries = symbols(&library, "--syms")?
        .into_iter()
        .filter(|symbol| symbol.is_global && symbol.is_defined)
        .filter(|symbol| symbol.name.starts_with("iiptran_"))
        .flat_map(|symbol| ["-u".to_string(), symbol.name]);
    // As an embedder would link it: what no function reaches goes.
    command(
        Command::new("ld")
            .args(["-r", "--gc-sections", "-o"])
            .arg(&object)
            .args(entries)
            .arg(&library),
    )?;
    let missing: Vec<String> = symbols(&object, "--syms")?
        .into_iter()
        .filter(|symbol| !symbol.is_defined && !HOOKS.contains(&symbol.name.as_str()))
        .map(|symbol| symbol.name)
        .collect();
    if !missing.is_empty() {
        bail!("the freestanding library needs more than its hooks: {missing:?}");
    }
    at_work(&library)
}

/// Runs it with hooks that count.
fn at_work(library: &Path) -> Result<Outcome> {
    if !has("cc") || cfg!(not(target_arch = "x86_64")) {
        return Ok(Outcome::Skipped(
            "a program with it runs on x86-64, and needs a C compiler".into(),
        ));
    }
    let program = Program {
        source: "tests/freestanding.c",
        language: Language::C99,
    };
    let built = program.build(library, &[])?;
    command(&mut Command::new(built))?;
    Ok(Outcome::Done)
}
