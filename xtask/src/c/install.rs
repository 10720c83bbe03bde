//! `cargo xtask install-c`: header, libraries and pkg-config file.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use anyhow::{Context, Result};

use super::FOLDER;
use crate::root;
use crate::step::{cargo, command};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");

/// Builds for release, and copies what that made to its place under `prefix`.
pub(crate) fn run(prefix: &Path) -> Result<()> {
    let arguments = ["build", "--release", "--package", "iiptran-c", "--locked"];
    command(cargo().current_dir(root()).args(arguments))?;
    let prefix = std::path::absolute(prefix)?;
    let (include, library) = (prefix.join("include"), prefix.join("lib"));
    let packages = library.join("pkgconfig");
    for folder in [&include, &packages] {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let built = root().join("target/release");
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
