//! Makes JavaScript of a module: `iiptran-wasm-bindgen MODULE FOLDER`.
#![forbid(unsafe_code)]

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let module = arguments.next().context("which module?")?;
    let folder = arguments.next().context("into which folder?")?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&module).web(true)?.typescript(true);
    // After a fault of its own, a module is made anew from what was compiled, at once.
    bindgen.reset_state_function(true);
    bindgen.remove_name_section(true);
    bindgen.remove_producers_section(true);
    bindgen
        .generate(&folder)
        .with_context(|| module.display().to_string())
}
