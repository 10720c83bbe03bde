//! `cargo xtask counts`: how many instructions the data path takes, beside a baseline.
//!
//! Instructions are counted, not timed: the same program takes the same number of them on a busy machine and
//! on an idle one, so a few per cent more are seen at once, and by everybody. How long they take is
//! asked by `cargo bench`. Outside of the kernels, a long packet takes as many as a short one: no payload is copied.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use iiptran_accel::Kernel;
use serde::{Deserialize, Serialize};

use crate::callgrind::{self, Figure, Reader};
use crate::compiled::{self, Toolchain};
use crate::step::{Outcome, cargo, command};
use crate::{debian, root};

const BASELINE: &str = "benches/counts/baseline.toml";
const HEAD: &str = "\
# Instructions that one call takes, as callgrind counts them: written by `cargo xtask counts --renew`.
#
# With the kernel aes-ni, since valgrind knows no VAES. `single` and `x1` are one packet, `x32` and lookups are 32.
";
/// valgrind knows neither AVX-512 nor VAES.
const KERNEL: Kernel = Kernel::AesNi;
/// A row may take so many per cent more than its baseline: what moves when code beside it changes.
const MARGIN_PERCENT: u64 = 2;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    toolchain: Toolchain,
    instructions: BTreeMap<String, u64>,
}

pub(crate) fn run(renew: bool) -> Result<()> {
    match count(renew)? {
        Outcome::Done => Ok(()),
        Outcome::Skipped(why) => bail!(why),
    }
}

/// Compares with the baseline.
pub(crate) fn test() -> Result<Outcome> {
    count(false)
}

fn count(renew: bool) -> Result<Outcome> {
    if !KERNEL.is_available() {
        return Ok(Outcome::Skipped(format!(
            "this CPU can't run the kernel {KERNEL}"
        )));
    }
    let toolchain = Toolchain::here()?;
    if !renew && let Some(why) = toolchain.differs(&compiled::read::<Baseline>(BASELINE)?.toolchain)
    {
        return Ok(Outcome::Skipped(format!(
            "{why}; cargo xtask counts --renew counts anew"
        )));
    }
    let installs = || debian::install(&["valgrind"]) && has_valgrind();
    if !has_valgrind() && !installs() {
        return Ok(Outcome::Skipped("valgrind is not there".into()));
    }
    let folder = root().join("target/counts");
    let figures = rows(&build()?, &folder)?;
    let copies = callgrind::copies(&figures);
    if !copies.is_empty() {
        bail!(copies.join("\n"));
    }
    let instructions = figures.into_iter();
    let instructions = instructions
        .map(|(name, figure)| (name, figure.total))
        .collect();
    if renew {
        let baseline = Baseline {
            toolchain,
            instructions,
        };
        compiled::write(BASELINE, HEAD, &baseline)?;
        return Ok(Outcome::Done);
    }
    compare(
        &compiled::read::<Baseline>(BASELINE)?.instructions,
        &instructions,
    )?;
    Ok(Outcome::Done)
}

fn has_valgrind() -> bool {
    let version = Command::new("valgrind").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// Builds the program as users build theirs.
fn build() -> Result<PathBuf> {
    let arguments = ["build", "--release", "--locked", "--package"];
    let mut build = cargo();
    build.current_dir(root()).args(arguments);
    command(build.args(["iiptran-benches", "--bin", "counts"]))?;
    Ok(root().join("target/release"))
}

/// Runs the program under callgrind: what each row takes.
fn rows(program: &Path, folder: &Path) -> Result<BTreeMap<String, Figure>> {
    // Figures of an earlier run would be taken for those of this one.
    if folder.exists() {
        fs::remove_dir_all(folder).context("target/counts")?;
    }
    fs::create_dir_all(folder).context("target/counts")?;
    let figures = folder.join("figures");
    let mut valgrind = Command::new("valgrind");
    // The whole name: with a pattern in both options callgrind takes no notice of the second.
    valgrind
        .args(["--quiet", "--tool=callgrind"])
        .arg("--toggle-collect=counts::measured")
        .arg("--dump-after=counts::measured")
        .arg(format!("--callgrind-out-file={}", figures.display()))
        .arg("./counts")
        .current_dir(program);
    // The environment lies above the stack, and would move it.
    valgrind
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("IIPTRAN_ACCEL", KERNEL.name());
    let output = valgrind.output().context("valgrind")?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("valgrind: {}: {errors}", output.status);
    }
    let names = String::from_utf8(output.stdout).context("the rows of counts")?;
    let mut reader = Reader::default();
    let row = |(number, name): (usize, &str)| {
        let file = figures.with_extension((number + 1).to_string());
        let text = fs::read_to_string(&file).with_context(|| format!("{name}: no figure"))?;
        let figure = reader.read(&text);
        let figure = figure.with_context(|| format!("{name}: {}", file.display()))?;
        Ok((name.to_string(), figure))
    };
    names.lines().enumerate().map(row).collect()
}

/// Tells what has changed; an error if a row takes more than it may, has come or is gone.
fn compare(baseline: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> Result<()> {
    let mut faults = Vec::new();
    for (name, &count) in now {
        let Some(&before) = baseline.get(name) else {
            faults.push(format!("{name}: not in the baseline"));
            continue;
        };
        let percent = (count as f64 / before as f64 - 1.0) * 100.0;
        let line = format!("{name}: {before} -> {count} instructions ({percent:+.1} %)");
        if is_too_many(before, count) {
            faults.push(line);
        } else if count != before {
            println!("{line}");
        }
    }
    let gone = baseline.keys().filter(|name| !now.contains_key(*name));
    faults.extend(gone.map(|name| format!("{name}: only in the baseline")));
    if faults.is_empty() {
        println!(
            "{} rows take no more than {MARGIN_PERCENT} % more than {BASELINE}",
            now.len()
        );
        return Ok(());
    }
    bail!(
        "{}\nIf that is meant: cargo xtask counts --renew, and say in the commit what it is for.",
        faults.join("\n")
    );
}

const fn is_too_many(before: u64, count: u64) -> bool {
    count * 100 > before * (100 + MARGIN_PERCENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(rows: &[(&str, u64)]) -> BTreeMap<String, u64> {
        let rows = rows.iter();
        rows.map(|&(name, count)| (name.to_string(), count))
            .collect()
    }

    #[test]
    fn more_than_the_margin_is_a_fault_and_less_is_not() {
        let before = figures(&[("a", 1000), ("b", 50)]);
        let now = |a, b| compare(&before, &figures(&[("a", a), ("b", b)]));
        assert!(now(1020, 51).is_ok() && now(500, 50).is_ok());
        let fault = now(1021, 50).unwrap_err().to_string();
        assert!(fault.contains("a: 1000 -> 1021 instructions (+2.1 %)"));
        assert!(fault.contains("cargo xtask counts --renew"));
    }

    #[test]
    fn rows_that_come_and_go_are_faults() {
        let [one, two] = [&[("a", 1)][..], &[("a", 1), ("b", 1)]].map(figures);
        let fault = compare(&one, &two).unwrap_err().to_string();
        assert!(fault.contains("b: not in the baseline"));
        let fault = compare(&two, &one).unwrap_err().to_string();
        assert!(fault.contains("b: only in the baseline"));
    }
}
