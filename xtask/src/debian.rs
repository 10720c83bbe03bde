//! Installing what is missing, where this is Debian and one is root.

use std::path::Path;
use std::process::Command;

/// Whether one is root.
pub(crate) fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout == b"0\n")
}

/// Installs packages; whether that went well.
pub(crate) fn install(packages: &[&str]) -> bool {
    if !is_root() || !Path::new("/usr/bin/apt-get").exists() {
        return false;
    }
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.args(["-q", "-y"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        apt.status().is_ok_and(|status| status.success())
    };
    // A stale list offers old packages, or none.
    apt(&["update"]) && apt(&[&["install"], packages].concat())
}
