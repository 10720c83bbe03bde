//! Running commands, one step after another, and telling how long each took.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What became of a step.
pub(crate) enum Outcome {
    /// It was done.
    Done,
    /// It can't be done on this machine.
    Skipped(String),
}

/// The steps of a run.
#[derive(Default)]
pub(crate) struct Steps {
    rows: Vec<(String, Duration, Option<String>)>,
}

impl Steps {
    /// Does a step and notes its time.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Result<Outcome>) -> Result<()> {
        println!("==> {name}");
        let start = Instant::now();
        let outcome = step().with_context(|| name.to_string())?;
        let skipped = match outcome {
            Outcome::Done => None,
            Outcome::Skipped(why) => {
                println!("\n********** SKIPPED: {name}: {why} **********\n");
                Some(why)
            }
        };
        self.rows.push((name.to_string(), start.elapsed(), skipped));
        Ok(())
    }

    /// Prints all steps with their times, and what was skipped.
    pub(crate) fn summary(&self) {
        println!("\nsteps:");
        for (name, time, skipped) in &self.rows {
            let mark = if skipped.is_some() { "SKIPPED" } else { "ok" };
            println!("  {:>7.1} s  {mark:7}  {name}", time.as_secs_f64());
        }
        let skipped: Vec<_> = self
            .rows
            .iter()
            .filter(|(.., skipped)| skipped.is_some())
            .collect();
        println!(
            "{} done, {} skipped",
            self.rows.len() - skipped.len(),
            skipped.len()
        );
        for (name, _, why) in skipped {
            println!("SKIPPED: {name}: {}", why.as_deref().unwrap_or_default());
        }
    }
}

/// Runs a command; an error if it fails.
pub(crate) fn command(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?}"))?;
    if !status.success() {
        bail!("{command:?}: {status}");
    }
    Ok(())
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
