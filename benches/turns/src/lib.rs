//! Measurements that take turns, within a process and between processes.
//!
//! A computer's speed drifts from second to second, so figures can be compared only if all of them were
//! taken a little at a time, again and again. A row is one measurement by one contestant; a turn of it
//! is a few samples, and a sample is the time of some work on a burst. A program of rows either runs
//! them by itself and prints a table, or serves `cargo xtask bench-peers`, which starts several programs
//! and hands out the turns. `turns.h` is the same for C.
//!
//! What a program says, one line each, fields between tabs:
//!
//! ```text
//! about    CONTESTANT  VERSION             what measures
//! row      NAME        CONTESTANT          rows are counted from 0 in this order
//! value    NAME        CONTESTANT  NUMBER  something that is measured once
//! absent   NAME        CONTESTANT  WHY     a row that can't be had; a name stands for all that begin with it
//! ready                                    from here on, each line read is the number of a row
//! MINIMUM  MEDIAN                          the answer to it: a turn's samples, ns for each unit
//! ```
#![forbid(unsafe_code)]

mod burst;

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

pub use burst::{BURST, Size, sizes};

/// How long a turn lasts, untimed work included, unless a sample alone takes longer.
const TURN: Duration = Duration::from_millis(2);
/// The first samples of a turn find caches as another row left them, and don't count.
const WARM_UP: usize = 4;
const FEWEST_SAMPLES: usize = 3;
const MOST_SAMPLES: usize = 4096;
const TURNS_ALONE: usize = 100;

/// One measurement by one contestant.
struct Row {
    name: String,
    contestant: &'static str,
    units: u32,
    sample: Box<dyn FnMut() -> Duration>,
}

/// The measurements of a program.
#[derive(Default)]
pub struct Rows {
    rows: Vec<Row>,
    lines: Vec<String>,
    wanted: Vec<String>,
    serves: bool,
}

impl Rows {
    /// Reads the program's arguments: `--serve`, and beginnings of the names that are wanted.
    #[must_use]
    pub fn from_arguments() -> Self {
        // Cargo adds `--bench` of its own.
        let (options, wanted): (Vec<String>, Vec<String>) = std::env::args()
            .skip(1)
            .partition(|argument| argument.starts_with("--"));
        Self {
            wanted,
            serves: options.iter().any(|option| option == "--serve"),
            ..Self::default()
        }
    }

    /// Whether rows whose names begin so are wanted; what they need can be left out if not.
    #[must_use]
    pub fn wants(&self, name: &str) -> bool {
        let common = |wanted: &String| name.starts_with(wanted) || wanted.starts_with(name);
        self.wanted.is_empty() || self.wanted.iter().any(common)
    }

    /// Says what measures: a library with its version.
    pub fn about(&mut self, contestant: &str, version: &str) {
        self.lines.push(format!("about\t{contestant}\t{version}"));
    }

    /// Adds a row. `sample` does its work once and tells how long that took, [`time`]d; it works on `units`
    /// packets or keys.
    pub fn add(
        &mut self,
        name: impl Into<String>,
        contestant: &'static str,
        units: usize,
        sample: impl FnMut() -> Duration + 'static,
    ) {
        let name = name.into();
        if self.wants(&name) {
            self.lines.push(format!("row\t{name}\t{contestant}"));
            self.rows.push(Row {
                name,
                contestant,
                units: u32::try_from(units).unwrap_or(u32::MAX),
                sample: Box::new(sample),
            });
        }
    }

    /// Adds something that is measured once, such as how many milliseconds a table takes to build.
    pub fn value(&mut self, name: &str, contestant: &str, value: f64) {
        if self.wants(name) {
            self.lines
                .push(format!("value\t{name}\t{contestant}\t{value:.3}"));
        }
    }

    /// Says that a row can't be had.
    pub fn absent(&mut self, name: &str, contestant: &str, why: &str) {
        if self.wants(name) {
            self.lines
                .push(format!("absent\t{name}\t{contestant}\t{why}"));
        }
    }

    /// Gives the rows their turns, until everything is measured.
    ///
    /// # Errors
    /// If standard input or output fails, or what is read is no row.
    pub fn run(mut self) -> std::io::Result<()> {
        let empty = empty();
        if self.serves {
            self.serve(empty)
        } else {
            self.run_alone(empty)
        }
    }

    fn serve(&mut self, empty: Duration) -> std::io::Result<()> {
        let mut output = std::io::stdout().lock();
        for line in &self.lines {
            writeln!(output, "{line}")?;
        }
        writeln!(output, "ready")?;
        output.flush()?;
        for line in std::io::stdin().lock().lines() {
            let line = line?;
            let number = line.trim().parse::<usize>().ok();
            let Some(row) = number.and_then(|number| self.rows.get_mut(number)) else {
                let fault = format!("there is no row {line:?}");
                return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, fault));
            };
            let (minimum, median) = row.turn(empty);
            writeln!(output, "{minimum:.3}\t{median:.3}")?;
            output.flush()?;
        }
        Ok(())
    }

    fn run_alone(&mut self, empty: Duration) -> std::io::Result<()> {
        let mut turns = vec![Vec::new(); self.rows.len()];
        for _ in 0..TURNS_ALONE {
            for (row, turns) in self.rows.iter_mut().zip(&mut turns) {
                turns.push(row.turn(empty));
            }
        }
        let mut output = std::io::stdout().lock();
        let others = self.lines.iter().filter(|line| !line.starts_with("row"));
        for line in others {
            writeln!(output, "{}", line.replace('\t', "  "))?;
        }
        writeln!(
            output,
            "{:44} {:12} {:>9} {:>9}",
            "ns for each packet or key", "", "minimum", "median"
        )?;
        for (row, turns) in self.rows.iter().zip(&turns) {
            let minimum = turns
                .iter()
                .fold(f64::INFINITY, |least, it| least.min(it.0));
            let median = median(turns.iter().map(|it| it.1).collect());
            writeln!(
                output,
                "{:44} {:12} {minimum:9.2} {median:9.2}",
                row.name, row.contestant
            )?;
        }
        Ok(())
    }
}

impl Row {
    /// Some samples: the shortest and the middle one, nanoseconds for each unit.
    fn turn(&mut self, empty: Duration) -> (f64, f64) {
        let clock = Instant::now();
        let mut samples = Vec::with_capacity(MOST_SAMPLES);
        let mut warm_up = WARM_UP;
        loop {
            let sample = (self.sample)();
            let is_late = clock.elapsed() >= TURN;
            // Work that takes longer than a turn has warmed up by itself.
            if warm_up > 0 && !is_late {
                warm_up -= 1;
                continue;
            }
            let nanos = sample.saturating_sub(empty).as_nanos() as f64;
            samples.push(nanos / f64::from(self.units));
            if samples.len() == MOST_SAMPLES || is_late && samples.len() >= FEWEST_SAMPLES {
                break;
            }
        }
        let minimum = samples.iter().copied().fold(f64::INFINITY, f64::min);
        (minimum, median(samples))
    }
}

impl core::fmt::Debug for Rows {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(&self.lines).finish()
    }
}

/// Times some work.
#[inline]
pub fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let clock = Instant::now();
    core::hint::black_box(work());
    clock.elapsed()
}

/// What timing nothing takes.
fn empty() -> Duration {
    let samples = (0..10_000).map(|_| time(|| ()));
    samples.min().unwrap_or_default()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_tells_minimum_and_median_for_each_unit() {
        let mut nanos = [1000, 1000, 1000, 1000, 500, 300, 200, 400, 600]
            .into_iter()
            .chain(core::iter::repeat(420));
        let mut row = Row {
            name: "row".into(),
            contestant: "nobody",
            units: 10,
            sample: Box::new(move || Duration::from_nanos(nanos.next().unwrap())),
        };
        let (minimum, median) = row.turn(Duration::from_nanos(20));
        assert_eq!(
            minimum, 18.0,
            "the four samples of the warm-up do not count"
        );
        assert_eq!(median, 40.0);
    }

    #[test]
    fn slow_work_has_few_samples() {
        let mut calls = 0;
        let mut row = Row {
            name: "row".into(),
            contestant: "nobody",
            units: 1,
            sample: Box::new(move || {
                calls += 1;
                assert!(calls <= FEWEST_SAMPLES, "not another one");
                std::thread::sleep(TURN);
                Duration::from_millis(calls as u64)
            }),
        };
        assert_eq!(row.turn(Duration::ZERO), (1e6, 2e6));
    }

    #[test]
    fn beginnings_of_names_pick_rows() {
        let rows = Rows {
            wanted: vec!["esp/aes".into()],
            ..Rows::default()
        };
        assert!(rows.wants("esp") && rows.wants("esp/aes-128-gcm/64/out"));
        assert!(!rows.wants("raw") && !rows.wants("esp/chacha"));
    }
}
