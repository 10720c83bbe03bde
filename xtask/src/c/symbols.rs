//! Which symbols the libraries have.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::root;

/// The shared library shows `iiptran_` functions and nothing else.
pub(crate) fn check_shared() -> Result<()> {
    let library = root().join("target/debug/libiiptran_c.so");
    let names = names(&library, &["--dynamic", "--defined-only"])?;
    let strangers: Vec<_> = names
        .iter()
        .filter(|name| !name.starts_with("iiptran_"))
        .collect();
    if names.len() < 40 || !strangers.is_empty() {
        bail!(
            "the shared library shows {} symbols, and these strangers: {strangers:?}",
            names.len()
        );
    }
    Ok(())
}

/// The names of an object's symbols.
pub(crate) fn names(object: &Path, options: &[&str]) -> Result<Vec<String>> {
    let mut nm = Command::new("nm");
    nm.args(["--format=just-symbols"]).args(options).arg(object);
    let output = nm.output().context("nm")?;
    if !output.status.success() {
        bail!("{nm:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().map(str::to_string).collect())
}
