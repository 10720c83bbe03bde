//! Which symbols the libraries have.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::root;

/// A symbol of an object.
pub(crate) struct Symbol {
    pub(crate) name: String,
    /// Whether the object has it, or asks for it.
    pub(crate) is_defined: bool,
    /// Whether other objects see it.
    pub(crate) is_global: bool,
}

/// The shared library shows `iiptran_` functions and nothing else.
pub(super) fn host_07_the_shared_library_shows_its_functions_alone() -> Result<()> {
    let library = root().join("target/debug/libiiptran_c.so");
    let mut names: Vec<String> = symbols(&library, "--dyn-syms")?
        .into_iter()
        .filter(|symbol| symbol.is_defined)
        .map(|symbol| symbol.name)
        .collect();
    let all = names.len();
    names.retain(|name| !name.starts_with("iiptran_"));
    if all < 40 || !names.is_empty() {
        bail!("the shared library shows {all} symbols, and these strangers: {names:?}");
    }
    Ok(())
}

/// The symbols of an object, or of the objects in a library. Not with `nm`, which asks plugins of other
/// compilers about what this one made.
pub(crate) fn symbols(object: &Path, table: &str) -> Result<Vec<Symbol>> {
    let mut readelf = Command::new("readelf");
    readelf.args(["--wide", table]).arg(object);
    let output = readelf.output().context("readelf")?;
    if !output.status.success() {
        bail!("{readelf:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let symbol = |line: &str| {
        let mut columns = line.split_whitespace();
        let number = columns.next()?.strip_suffix(':')?;
        let _: u64 = number.parse().ok()?;
        let bind = columns.nth(3)?;
        let section = columns.nth(1)?;
        Some(Symbol {
            is_global: bind != "LOCAL",
            is_defined: section != "UND",
            name: columns.next()?.to_string(),
        })
    };
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(symbol).collect())
}
