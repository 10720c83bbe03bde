//! Figures that follow from the compiler as much as from the code: kept with its version, and compared only
//! under the same.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::root;

/// What else than the code decides on the machine code that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Toolchain {
    /// The compiler, as it calls itself.
    rustc: String,
    /// The C library, whose `memcpy` and `memset` run too.
    libc: String,
}

impl Toolchain {
    /// That of this machine.
    pub(crate) fn here() -> Result<Self> {
        Ok(Self {
            rustc: first_line(Command::new("rustc").arg("--version"))?,
            libc: first_line(Command::new("getconf").arg("GNU_LIBC_VERSION"))?,
        })
    }

    /// Why figures of the other are not comparable.
    pub(crate) fn differs(&self, other: &Self) -> Option<String> {
        (self != other).then(|| {
            format!(
                "the figures are those of {} and {}, here are {} and {}",
                other.rustc, other.libc, self.rustc, self.libc
            )
        })
    }
}

fn first_line(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", output.status);
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().to_string())
}

/// Reads what is kept in the repository.
pub(crate) fn read<T: DeserializeOwned>(file: &str) -> Result<T> {
    let text = fs::read_to_string(root().join(file)).context(file.to_string())?;
    toml::from_str(&text).context(file.to_string())
}

/// Writes it, below a head.
pub(crate) fn write<T: Serialize>(file: &str, head: &str, figures: &T) -> Result<()> {
    let text = format!("{head}\n{}", toml::to_string_pretty(figures)?);
    fs::write(root().join(file), text).context(file.to_string())?;
    println!("wrote {file}");
    Ok(())
}
