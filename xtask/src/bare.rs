//! Building the core where there is no operating system and no standard library.
//!
//! That it builds proves that it needs none: no clock, no file, no thread, no allocator of its own.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::step::{Outcome, Steps, cargo, command};
use crate::{debian, root};

/// A target without a standard library.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Flags for the compiler: a bare x86-64 target has no vector registers.
    flags: &'static str,
}

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "x86_64-unknown-none",
        flags: "--cfg aes_backend=\"soft\" --cfg polyval_backend=\"soft\" \
                --cfg poly1305_backend=\"soft\" --cfg chacha20_backend=\"soft\" \
                --cfg sha1_backend=\"soft\" --cfg sha2_backend=\"soft\"",
    },
    Target {
        name: "wasm32-unknown-unknown",
        flags: "",
    },
];

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
pub(crate) fn build_with(target: &Target, subcommand: &str, arguments: &[&str]) -> Result<Outcome> {
    let Some(toolchain) = choose(target)? else {
        let why = format!(
            "the target {} is not installed, and neither Debian's packages (as root) nor rustup can be had",
            target.name
        );
        return Ok(Outcome::Skipped(why));
    };
    let mut build = match toolchain {
        Toolchain::Debian => debian_cargo(subcommand),
        Toolchain::Installed | Toolchain::Rustup => {
            let mut build = cargo();
            build.arg(subcommand);
            build
        }
    };
    // A folder of its own: two compilers in one would each undo the other's work.
    let folder = root().join("target").join("bare");
    build
        .current_dir(root())
        .args(arguments)
        .args(["--target", target.name]);
    build
        .env("CARGO_TARGET_DIR", folder)
        .env("RUSTFLAGS", target.flags);
    command(&mut build)?;
    Ok(Outcome::Done)
}

fn debian_cargo(subcommand: &str) -> Command {
    let mut build = Command::new("/usr/bin/cargo");
    build.args([subcommand, "-Zbuild-std=core,alloc"]);
    build.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
    build
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc");
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
    const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];
    debian::install(&PACKAGES) && has_debian()
}
