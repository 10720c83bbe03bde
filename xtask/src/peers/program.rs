//! A program of rows that waits for its turns. What it says is told in benches/turns.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

/// What a program says of itself before its first turn.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Announcement {
    /// Contestant and version.
    pub(crate) about: Vec<(String, String)>,
    /// Name and contestant.
    pub(crate) rows: Vec<(String, String)>,
    /// Name, contestant and value.
    pub(crate) values: Vec<(String, String, f64)>,
    /// Name, contestant and why.
    pub(crate) absent: Vec<(String, String, String)>,
}

/// A program that runs.
pub(crate) struct Program {
    name: String,
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    complaints: PathBuf,
}

impl Announcement {
    /// Takes a line in; whether more follow.
    pub(crate) fn take(&mut self, line: &str) -> Result<bool> {
        let owned = |text: &str| text.to_string();
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["about", contestant, version] => {
                self.about.push((owned(contestant), owned(version)));
            }
            ["row", name, contestant] => self.rows.push((owned(name), owned(contestant))),
            ["value", name, contestant, value] => {
                let value = value.parse().with_context(|| format!("{line:?}"))?;
                self.values.push((owned(name), owned(contestant), value));
            }
            ["absent", name, contestant, why] => {
                self.absent
                    .push((owned(name), owned(contestant), owned(why)));
            }
            ["ready"] => return Ok(false),
            _ => bail!("it says {line:?}"),
        }
        Ok(true)
    }
}

/// The minimum and the median that a program answers.
pub(crate) fn parse_answer(line: &str) -> Result<(f64, f64)> {
    let figures = line.trim_end().split_once('\t');
    let figures = figures.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    figures.with_context(|| format!("it answers {line:?}"))
}

impl Program {
    /// Starts a program on one core, and waits until it is ready.
    pub(crate) fn start(
        name: &str,
        command: &[String],
        core: usize,
        logs: &Path,
    ) -> Result<(Self, Announcement)> {
        let complaints = logs.join(format!("{name}.log"));
        let mut pinned = Command::new("taskset");
        pinned.arg("-c").arg(core.to_string()).args(command);
        pinned.stdin(Stdio::piped()).stdout(Stdio::piped());
        pinned.stderr(File::create(&complaints)?);
        let mut process = pinned.spawn().context("taskset, of util-linux")?;
        let (Some(questions), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            bail!("{name} has no standard input and output");
        };
        let mut program = Self {
            name: name.to_string(),
            process,
            questions,
            answers: BufReader::new(answers),
            complaints,
        };
        let mut announcement = Announcement::default();
        loop {
            let line = program.read()?;
            let more = announcement.take(line.trim_end());
            if !more.with_context(|| name.to_string())? {
                return Ok((program, announcement));
            }
        }
    }

    /// Gives a row its turn: minimum and median.
    pub(crate) fn turn(&mut self, row: usize) -> Result<(f64, f64)> {
        // If it has ended, reading says why.
        let _ = writeln!(self.questions, "{row}").and_then(|()| self.questions.flush());
        let line = self.read()?;
        parse_answer(&line).with_context(|| self.name.clone())
    }

    fn read(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            let status = self.process.wait()?;
            let complaints = fs::read_to_string(&self.complaints).unwrap_or_default();
            let last = complaints.lines().last().unwrap_or("it says nothing");
            bail!("{} ended, {status}: {last}", self.name);
        }
        Ok(line)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // This very process, which has nothing to save; that it has ended already is no fault.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
