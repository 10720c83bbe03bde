//! Makes JavaScript of a module: `iiptran-wasm-bindgen MODULE FOLDER`.
#![forbid(unsafe_code)]

mod arrange;
mod order;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let module = PathBuf::from(arguments.next().context("which module?")?);
    let folder = PathBuf::from(arguments.next().context("into which folder?")?);
    let name = module.file_stem().context("a module has a name")?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&module).web(true)?.typescript(true);
    // After a fault of its own, a module is made anew from what was compiled, at once.
    bindgen.reset_state_function(true);
    bindgen.remove_name_section(true);
    bindgen.remove_producers_section(true);
    bindgen
        .generate(&folder)
        .with_context(|| module.display().to_string())?;
    let made = folder.join(format!("{}_bg.wasm", name.display()));
    let arranged = arrange::arrange(&fs::read(&made)?)?;
    fs::write(&made, arranged).with_context(|| made.display().to_string())
}
