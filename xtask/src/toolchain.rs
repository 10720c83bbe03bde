//! Compilers for targets that nobody's computer is.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::step::cargo;
use crate::{debian, root};

/// A target without an operating system.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Flags for the compiler.
    pub(crate) flags: &'static str,
}

pub(crate) const WASM: Target = Target {
    name: "wasm32-unknown-unknown",
    // Unrolled, SHA-2 alone would be a twentieth of what a page loads. Behind less of a stack, data has shorter
    // addresses.
    flags: "--cfg sha2_backend_soft=\"compact\" --cfg aes_backend_soft=\"compact\" -Clink-arg=-zstack-size=524288",
};

/// What instrumented builds are for: sanitizers come with few targets.
pub(crate) const HOST: &str = "x86_64-unknown-linux-gnu";

/// A cargo for builds that are instrumented.
pub(crate) fn nightly() -> Command {
    let mut cargo = Command::new("cargo");
    cargo
        .arg("+nightly")
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN");
    cargo
}

/// Whether there is one.
pub(crate) fn has_nightly() -> bool {
    let version = nightly().arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// How much of the standard library a build needs.
#[derive(Clone, Copy)]
pub(crate) enum Library {
    Core,
    Std,
}

/// Where the compiler and the core library for a target come from. `IIPTRAN_TARGET_TOOLCHAIN` names
/// one; otherwise the first that is there is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Toolchain {
    /// The target is installed beside the compiler in use.
    Installed,
    /// Debian's packages: a second compiler with the sources of its library.
    Debian,
    /// The installer adds the target to the compiler in use.
    Rustup,
}

/// Cargo's `subcommand` for a target; none if no toolchain can be had.
pub(crate) fn cargo_for(
    target: &Target,
    subcommand: &str,
    library: Library,
) -> Result<Option<Command>> {
    let Some(toolchain) = choose(target)? else {
        return Ok(None);
    };
    let mut build = match toolchain {
        Toolchain::Debian => debian_cargo(subcommand, library),
        Toolchain::Installed | Toolchain::Rustup => {
            let mut build = cargo();
            build.arg(subcommand);
            build
        }
    };
    build
        .current_dir(root())
        .args(["--target", target.name])
        .env("RUSTFLAGS", flags(target));
    Ok(Some(build))
}

/// The target's flags; where a machine keeps its crates is no part of what is built.
fn flags(target: &Target) -> String {
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    match home {
        Ok(home) => format!("{} --remap-path-prefix={home}/registry/src=", target.flags),
        Err(_) => target.flags.to_owned(),
    }
}

/// Why there is no build for a target.
pub(crate) fn missing(target: &Target) -> String {
    format!(
        "the target {} is not installed, and neither Debian's packages (as root) nor rustup can be had",
        target.name
    )
}

fn debian_cargo(subcommand: &str, library: Library) -> Command {
    let mut build = Command::new("/usr/bin/cargo");
    let parts = match library {
        Library::Core => "core,alloc",
        Library::Std => "std,panic_abort",
    };
    build.args([subcommand, &format!("-Zbuild-std={parts}")]);
    build.arg("-Zbuild-std-features=optimize_for_size");
    build.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    build
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
            "/usr/bin/wasm-ld",
        );
    build
}

fn choose(target: &Target) -> Result<Option<Toolchain>> {
    let wanted = match std::env::var("IIPTRAN_TARGET_TOOLCHAIN").as_deref() {
        Err(_) => None,
        Ok("installed") => Some(Toolchain::Installed),
        Ok("debian") => Some(Toolchain::Debian),
        Ok("rustup") => Some(Toolchain::Rustup),
        Ok(other) => {
            bail!("IIPTRAN_TARGET_TOOLCHAIN is \"{other}\"; it can be installed, debian or rustup")
        }
    };
    let order = [Toolchain::Installed, Toolchain::Debian, Toolchain::Rustup];
    for toolchain in order {
        if wanted.is_none_or(|wanted| wanted == toolchain) && is_usable(toolchain, target)? {
            return Ok(Some(toolchain));
        }
    }
    Ok(None)
}

fn is_usable(toolchain: Toolchain, target: &Target) -> Result<bool> {
    match toolchain {
        Toolchain::Installed => {
            let library = Command::new("rustc")
                .args(["--print", "target-libdir", "--target", target.name])
                .output();
            Ok(library.is_ok_and(|output| {
                let path = String::from_utf8_lossy(&output.stdout);
                output.status.success() && Path::new(path.trim()).is_dir()
            }))
        }
        Toolchain::Debian => Ok(has_debian() || install_debian()),
        Toolchain::Rustup => {
            let added = Command::new("rustup")
                .args(["target", "add", target.name])
                .status();
            Ok(added.is_ok_and(|status| status.success()))
        }
    }
}

/// Whether Debian's compiler is there, recent enough, with the sources of its library.
fn has_debian() -> bool {
    const OLDEST: u32 = 89;
    let version = Command::new("/usr/bin/rustc").arg("--version").output();
    let minor = version.ok().and_then(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.split(['.', ' ']).nth(2)?.parse::<u32>().ok()
    });
    let sources = Path::new("/usr/lib/rustlib/src/rust/library/core").exists()
        || Path::new("/usr/lib/rustlib/src").exists();
    minor.is_some_and(|minor| minor >= OLDEST) && sources && Path::new("/usr/bin/cargo").exists()
}

/// Installs it, where this is Debian and one is root.
fn install_debian() -> bool {
    debian::install(&["rustc-web", "cargo-web", "rust-web-src", "lld"]) && has_debian()
}
