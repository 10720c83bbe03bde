//! Figures that follow from the compiler as much as from the code: kept with its version, and compared only
//! under the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
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

/// Figures that are kept in the repository.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    pub(crate) toolchain: Toolchain,
    pub(crate) instructions: BTreeMap<String, u64>,
}

impl Baseline {
    pub(crate) fn read(file: &str) -> Result<Self> {
        let text = fs::read_to_string(root().join(file)).context(file.to_string())?;
        toml::from_str(&text).context(file.to_string())
    }

    pub(crate) fn write(&self, file: &str, head: &str) -> Result<()> {
        let text = format!("{head}\n{}", toml::to_string(self)?);
        fs::write(root().join(Path::new(file)), text).context(file.to_string())?;
        println!("wrote {file}");
        Ok(())
    }
}
