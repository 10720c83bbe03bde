//! `cargo xtask install-c`: header, libraries and pkg-config file.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::FOLDER;
use super::compile::{has, output_folder, release};
use crate::root;
use crate::step::{Outcome, command};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");

pub(crate) fn run(prefix: &Path) -> Result<()> {
    release()?;
    put(prefix, "release")
}

/// Copies what a build made to its place under `prefix`.
fn put(prefix: &Path, profile: &str) -> Result<()> {
    let prefix = std::path::absolute(prefix)?;
    let (include, library) = (prefix.join("include"), prefix.join("lib"));
    let packages = library.join("pkgconfig");
    for folder in [&include, &packages] {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let built = root().join("target").join(profile);
    let full = format!("libiiptran.so.{VERSION}");
    for (from, to) in [
        (
            root().join(FOLDER).join("include/iiptran.h"),
            include.join("iiptran.h"),
        ),
        (built.join("libiiptran_c.a"), library.join("libiiptran.a")),
        (built.join("libiiptran_c.so"), library.join(&full)),
    ] {
        fs::copy(&from, &to).with_context(|| format!("{} to {}", from.display(), to.display()))?;
    }
    let named = format!("libiiptran.so.{MAJOR}");
    for (link, to) in [(named.as_str(), full.as_str()), ("libiiptran.so", &named)] {
        let link = library.join(link);
        drop(fs::remove_file(&link));
        symlink(to, &link).with_context(|| link.display().to_string())?;
    }
    let package = format!(
        "prefix={}\nlibdir=${{prefix}}/lib\nincludedir=${{prefix}}/include\n\n\
         Name: iiptran\nDescription: RFC 3884: IPIP virtual interfaces protected by IPsec transport mode\n\
         Version: {VERSION}\nLibs: -L${{libdir}} -liiptran\nLibs.private: -lpthread -ldl -lm\n\
         Cflags: -I${{includedir}}\n",
        prefix.display()
    );
    fs::write(packages.join("iiptran.pc"), package)?;
    println!("installed to {}", prefix.display());
    Ok(())
}

/// A program that finds everything with pkg-config alone.
pub(crate) fn test() -> Result<Outcome> {
    if !has("pkg-config") || !has("cc") {
        return Ok(Outcome::Skipped(
            "there is no pkg-config or no C compiler".into(),
        ));
    }
    let prefix = output_folder()?.join("prefix");
    put(&prefix, "debug")?;
    let library = prefix.join("lib");
    let flags = Command::new("pkg-config")
        .args(["--cflags", "--libs", "iiptran"])
        .env("PKG_CONFIG_PATH", library.join("pkgconfig"))
        .output()
        .context("pkg-config")?;
    if !flags.status.success() {
        bail!("pkg-config: {}", String::from_utf8_lossy(&flags.stderr));
    }
    let built = output_folder()?.join("installed");
    command(
        Command::new("cc")
            .arg(root().join(FOLDER).join("examples/loopback.c"))
            .args(String::from_utf8(flags.stdout)?.split_whitespace())
            .arg("-o")
            .arg(&built),
    )?;
    command(Command::new(built).env("LD_LIBRARY_PATH", library))?;
    Ok(Outcome::Done)
}
