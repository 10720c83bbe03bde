//! Handing out the turns.

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal, Write};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::build::Built;
use super::program::{Announcement, Program};
use super::record::{Absent, Machine, Row, Run};

/// A row, and the turns that it has had.
struct Entry {
    name: String,
    contestant: String,
    program: usize,
    number: usize,
    turns: Vec<(f64, f64)>,
}

/// A program, as long as it runs.
struct Entrant {
    program: Option<Program>,
    is_peer: bool,
}

/// Starts the programs, gives every row its turns, one round after the other, and tells the figures.
///
/// In a round the contestants of a row follow each other directly; who begins changes from round to round.
pub(crate) fn hold(built: Built, core: usize, rounds: usize, wanted: &[String]) -> Result<Run> {
    let mut run = Run {
        machine: machine(load())?,
        rounds,
        contestants: BTreeMap::new(),
        rows: Vec::new(),
        absent: built.absent,
    };
    let mut entrants = Vec::new();
    let mut entries = Vec::new();
    for candidate in built.programs {
        eprintln!("starting {}", candidate.name);
        let started = candidate.start(core, &built.logs, wanted);
        match started {
            Ok((program, announcement)) => {
                entries.extend(enter(announcement, entrants.len(), &mut run));
                entrants.push(Entrant {
                    program: Some(program),
                    is_peer: candidate.is_peer,
                });
            }
            Err(error) if candidate.is_peer => {
                let why = format!("{error:#}");
                run.absent.extend(candidate.absent(&why));
            }
            Err(error) => return Err(error),
        }
    }
    entries.retain(|entry| is_wanted(&entry.name, wanted));
    run.rows.retain(|row| is_wanted(&row.name, wanted));
    if entries.is_empty() {
        bail!("no row's name begins with {}", wanted.join(" or "));
    }
    for round in 0..rounds {
        progress(round, rounds)?;
        for same in by_name(&mut entries) {
            let first = round % same.len();
            same.rotate_left(first);
            let ended = take_turns(same, &mut entrants)?;
            same.rotate_right(first);
            run.absent.extend(ended);
        }
    }
    progress(rounds, rounds)?;
    // What a program said before it failed is not to be relied on.
    let runs = |entry: &Entry| {
        let entrant = entrants.get(entry.program);
        entrant.is_some_and(|entrant| entrant.program.is_some())
    };
    let entries = entries.into_iter().filter(runs);
    run.rows.extend(entries.filter_map(Entry::figures));
    run.machine.load[1] = load();
    Ok(run)
}

/// Notes what a program says of itself, and enters its rows.
fn enter(announcement: Announcement, program: usize, run: &mut Run) -> impl Iterator<Item = Entry> {
    run.contestants.extend(announcement.about);
    let absent = announcement.absent.into_iter();
    run.absent
        .extend(absent.map(|(name, contestant, why)| Absent {
            name,
            contestant,
            why,
        }));
    let values = announcement.values.into_iter();
    run.rows.extend(values.map(|(name, contestant, value)| Row {
        name,
        contestant,
        minimum: value,
        median: value,
    }));
    let rows = announcement.rows.into_iter().enumerate();
    rows.map(move |(number, (name, contestant))| Entry {
        name,
        contestant,
        program,
        number,
        turns: Vec::new(),
    })
}

/// A turn for each; a peer that fails is out of the contest from then on.
fn take_turns(entries: &mut [Entry], entrants: &mut [Entrant]) -> Result<Vec<Absent>> {
    let mut ended = Vec::new();
    for entry in entries {
        let Some(entrant) = entrants.get_mut(entry.program) else {
            continue;
        };
        let Some(program) = &mut entrant.program else {
            continue;
        };
        match program.turn(entry.number) {
            Ok(turn) => entry.turns.push(turn),
            Err(error) if entrant.is_peer => {
                entrant.program = None;
                ended.push(Absent {
                    name: String::new(),
                    contestant: entry.contestant.clone(),
                    why: format!("{error:#}, in {}", entry.name),
                });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(ended)
}

impl Entry {
    /// The least of the minima, and the middle one of the medians.
    fn figures(self) -> Option<Row> {
        let minima = self.turns.iter().map(|turn| turn.0);
        let minimum = minima.min_by(f64::total_cmp)?;
        let mut medians: Vec<_> = self.turns.iter().map(|turn| turn.1).collect();
        medians.sort_unstable_by(f64::total_cmp);
        let median = medians.get(medians.len() / 2).copied()?;
        let rounded = |nanos: f64| (nanos * 100.0).round() / 100.0;
        Some(Row {
            name: self.name,
            contestant: self.contestant,
            minimum: rounded(minimum),
            median: rounded(median),
        })
    }
}

/// Whether a row is asked for, by the beginning of its name.
fn is_wanted(name: &str, wanted: &[String]) -> bool {
    wanted.is_empty() || wanted.iter().any(|wanted| name.starts_with(wanted))
}

/// Brings those of one name together, names in the order in which they first come, and gives them out.
fn by_name(entries: &mut [Entry]) -> impl Iterator<Item = &mut [Entry]> {
    let mut order = BTreeMap::new();
    for entry in &*entries {
        let next = order.len();
        order.entry(entry.name.clone()).or_insert(next);
    }
    entries.sort_by_key(|entry| order.get(&entry.name).copied());
    entries.chunk_by_mut(|a, b| a.name == b.name)
}

fn progress(round: usize, rounds: usize) -> Result<()> {
    let mut output = std::io::stderr();
    if output.is_terminal() {
        let end = if round == rounds { "\n" } else { "" };
        write!(output, "\rround {round} of {rounds}{end}")?;
        output.flush()?;
    }
    Ok(())
}

fn machine(load: f64) -> Result<Machine> {
    let cpus = fs::read_to_string("/proc/cpuinfo").context("/proc/cpuinfo")?;
    let field = |name: &str| {
        let mut lines = cpus.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(key, _)| key.trim() == name);
        found
            .map_or("unknown", |(_, value)| value.trim())
            .to_string()
    };
    let family = format!("family {} model {}", field("cpu family"), field("model"));
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let system = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="));
    Ok(Machine {
        cpu: format!("{}, {family}", field("model name")),
        cores: cpus
            .lines()
            .filter(|line| line.starts_with("processor"))
            .count(),
        system: system.unwrap_or("unknown").trim_matches('"').to_string(),
        rustc: first_line("rustc"),
        cc: first_line("cc"),
        load: [load, load],
    })
}

fn first_line(compiler: &str) -> String {
    let output = Command::new(compiler).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let first = text
        .ok()
        .and_then(|text| text.lines().next().map(String::from));
    first.unwrap_or_else(|| "unknown".into())
}

fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split(' ').next().and_then(|text| text.parse().ok());
    first.unwrap_or_default()
}
