//! `cargo xtask fuzz`: inputs without end for the targets of `fuzz/`, and a short, fixed run of each.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::root;
use crate::step::{Outcome, Steps, command};
use crate::toolchain::{HOST, has_nightly, nightly};

/// What libFuzzer needs of the compiler, address sanitizer, and every check that Rust can make.
const FLAGS: [&str; 11] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Zsanitizer=address",
    "-Cdebug-assertions",
    "-Coverflow-checks",
    "-Zub-checks",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

const TARGETS: [&str; 2] = ["accel", "c_abi"];

/// Inputs of the run in the tests, besides the seeds. A number and not a time, so that each run does the same.
const SHORT: u32 = 2000;

/// Runs a target, or all, for so many seconds each; what was found is kept in `fuzz/corpus`.
pub(crate) fn run(target: Option<&str>, seconds: u32) -> Result<()> {
    if !has_nightly() {
        bail!("fuzzing needs a nightly compiler");
    }
    let known = TARGETS
        .iter()
        .filter(|known| target.is_none_or(|target| target == **known));
    let mut found = false;
    for target in known {
        found = true;
        let corpus = root().join("fuzz/corpus").join(target);
        fs::create_dir_all(&corpus).with_context(|| corpus.display().to_string())?;
        let mut fuzz = fuzzer(target)?;
        fuzz.arg(format!("-max_total_time={seconds}")).arg(&corpus);
        fuzz.args(seeds(target));
        command(&mut fuzz)?;
    }
    if !found {
        bail!("the targets are {}", TARGETS.join(" and "));
    }
    Ok(())
}

/// The seeds of each target, and as many inputs made from them with a fixed start.
pub(crate) fn test(steps: &mut Steps) -> Result<()> {
    for target in TARGETS {
        steps.run(&format!("fuzz target {target}, a short run"), || {
            if !has_nightly() {
                return Ok(Outcome::Skipped("there is no nightly compiler".into()));
            }
            let seeds = seeds(target);
            let number = seeds.iter().map(count).sum::<Result<u32>>()?;
            let mut fuzz = fuzzer(target)?;
            // The order of files in a folder differs from machine to machine; their number does not.
            fuzz.args(["-seed=1", "-reload=0", "-max_len=2048"]);
            fuzz.arg(format!("-runs={}", SHORT + number));
            // What is found is written to the first folder, and is nothing to keep.
            fuzz.arg(scratch(target)?).args(seeds);
            command(&mut fuzz)?;
            Ok(Outcome::Done)
        })?;
    }
    Ok(())
}

/// An empty folder.
fn scratch(target: &str) -> Result<PathBuf> {
    let folder = root().join("target/fuzz/short").join(target);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

/// The seeds that are committed.
fn seeds(target: &str) -> Option<PathBuf> {
    let folder = root().join("fuzz/seeds").join(target);
    folder.is_dir().then_some(folder)
}

fn count(folder: &PathBuf) -> Result<u32> {
    Ok(u32::try_from(fs::read_dir(folder)?.count())?)
}

/// A target, built and ready for its options.
fn fuzzer(target: &str) -> Result<Command> {
    let output = root().join("target/fuzz");
    let mut build = nightly();
    build
        .current_dir(root().join("fuzz"))
        .args(["build", "--release", "--locked", "--bin", target])
        .args(["--target", HOST, "--target-dir"])
        .arg(&output)
        .env("RUSTFLAGS", FLAGS.join(" "));
    command(&mut build)?;
    let artifacts = root().join("fuzz/artifacts").join(target);
    fs::create_dir_all(&artifacts).with_context(|| artifacts.display().to_string())?;
    let mut fuzz = Command::new(output.join(HOST).join("release").join(target));
    fuzz.arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-timeout=20", "-rss_limit_mb=3000"]);
    Ok(fuzz)
}
