//! `cargo xtask wasm`: the npm package `iiptran-wasm`, and the page that shows walkthroughs with it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::Result;

use crate::step::{Outcome, Steps, cargo, command};
use crate::toolchain::{self, Library, WASM};
use crate::{debian, root};

/// Where the package is made.
const PACKAGE: &str = "wasm/package";
const PAGE: &str = "wasm/www";

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    let result = steps
        .run("WebAssembly module and its bindings", module)
        .and_then(|()| steps.run("page", || npm(&["run", "build"])))
        .and_then(|()| steps.run("behaviour vectors for its tests", calls));
    steps.summary();
    result
}

/// Builds the package.
pub(crate) fn module() -> Result<Outcome> {
    let package = root().join(PACKAGE);
    if !build("iiptran-wasm", &package)? {
        return Ok(Outcome::Skipped(toolchain::missing(&WASM)));
    }
    fs::write(package.join("package.json"), manifest())?;
    Ok(Outcome::Done)
}

/// Builds the calls of the behaviour vectors, which the page's tests make beside the package.
pub(crate) fn calls() -> Result<Outcome> {
    if !build("iiptran-calls", &target().join("calls"))? {
        return Ok(Outcome::Skipped(toolchain::missing(&WASM)));
    }
    Ok(Outcome::Done)
}

/// Builds a module of a crate, and makes JavaScript and types of it in a folder. False if there is no compiler.
fn build(krate: &str, folder: &Path) -> Result<bool> {
    let Some(mut build) = toolchain::cargo_for(&WASM, "build", Library::Std)? else {
        return Ok(false);
    };
    build
        .args(["--package", krate, "--lib", "--profile", "wasm", "--locked"])
        .env("CARGO_TARGET_DIR", target());
    command(&mut build)?;
    let module = target()
        .join(WASM.name)
        .join("wasm")
        .join(krate.replace('-', "_"))
        .with_extension("wasm");
    bindings(&module, folder)?;
    Ok(true)
}

fn target() -> PathBuf {
    root().join("target").join("wasm")
}

fn bindings(module: &Path, package: &Path) -> Result<()> {
    let manifest = root().join("wasm").join("bindgen").join("Cargo.toml");
    let mut generator = cargo();
    generator
        .args(["run", "--quiet", "--locked", "--manifest-path"])
        .arg(manifest)
        .arg("--")
        .args([module, package])
        .env("CARGO_TARGET_DIR", root().join("target").join("bindgen"));
    command(&mut generator)
}

fn manifest() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let manifest = serde_json::json!({
        "name": "iiptran-wasm",
        "version": version,
        "description": "Packet walkthroughs and whole networks of RFC 3884, in a browser or Node",
        "license": "MIT OR Apache-2.0",
        "type": "module",
        "main": "iiptran_wasm.js",
        "types": "iiptran_wasm.d.ts",
        "files": ["iiptran_wasm.js", "iiptran_wasm.d.ts", "iiptran_wasm_bg.wasm", "iiptran_wasm_bg.wasm.d.ts"],
        "sideEffects": false,
    });
    format!("{manifest:#}\n")
}

/// Installs what the page needs, and runs npm in its folder.
pub(crate) fn npm(arguments: &[&str]) -> Result<Outcome> {
    if find("npm").is_none() {
        return Ok(Outcome::Skipped("npm is not there".into()));
    }
    if !root().join(PACKAGE).join("package.json").exists() {
        return Ok(Outcome::Skipped("there is no WebAssembly module".into()));
    }
    let folder = root().join(PAGE);
    let run =
        |arguments: &[&str]| command(Command::new("npm").args(arguments).current_dir(&folder));
    run(&["install", "--no-audit", "--no-fund"])?;
    run(arguments)?;
    Ok(Outcome::Done)
}

/// Builds the command with the page in it, which the page is tried with in a browser: nothing is left to do
/// behind the tests of the workspace, whose features these are.
pub(crate) fn command_with_page() -> Result<()> {
    let mut build = cargo();
    build.current_dir(root());
    build.args(["test", "--workspace", "--all-features", "--locked"]);
    command(build.args(["--no-run", "--test", "serve"]))
}

/// The browser that the page is tried in.
pub(crate) fn browser() -> Option<PathBuf> {
    find("chromium").or_else(|| {
        debian::install(&["chromium"]);
        find("chromium")
    })
}

/// A program by its name.
fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}
