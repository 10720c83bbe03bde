//! `cargo xtask bench-peers`: IIPtran and other libraries, timed in turns on one core.

mod build;
mod contest;
mod goals;
mod page;
mod plot;
mod program;
mod record;
mod table;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::{fs, thread};

use anyhow::{Context, Result, bail};

pub(crate) use page::run as page;

use crate::step::Steps;
use record::Run;

/// Rounds: every row has one turn in each.
const ROUNDS: usize = 200;
const ROUNDS_QUICK: usize = 10;

/// How to measure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Write the figures to this file as well.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Show the figures of such a file instead of measuring.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "quick", "core", "rounds", "rows"])]
    show: Option<PathBuf>,
    /// A twentieth of the time, and rougher figures.
    #[arg(long)]
    quick: bool,
    /// How many turns every row has.
    #[arg(long, conflicts_with = "quick", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: Option<u32>,
    /// The core that everything runs on; by default the last.
    #[arg(long)]
    core: Option<usize>,
    /// Only rows whose names begin so, such as raw, esp/aes-128-gcm or fib/ipv4.
    rows: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let run = match &options.show {
        Some(file) => Run::read(file)?,
        None => measure(options)?,
    };
    print!("{}", table::of(&run));
    if let Some(file) = &options.json {
        fs::write(file, run.to_json()?).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

fn measure(options: &Options) -> Result<Run> {
    // A file that can't be written is a reason not to begin.
    if let Some(file) = &options.json {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) {
            bail!("{}: its folder is not there", file.display());
        }
    }
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let core = options.core.unwrap_or(cores - 1);
    let rounds = match options.rounds {
        Some(rounds) => rounds as usize,
        None if options.quick => ROUNDS_QUICK,
        None => ROUNDS,
    };
    let mut steps = Steps::default();
    let built = build::all(&mut steps, &options.rows);
    steps.summary();
    contest::hold(built?, core, rounds, &options.rows)
}
