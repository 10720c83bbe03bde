//! The figures in a table, for a terminal and for a page.

use std::fmt::Write;

use super::goals::{BUILDING, GOALS, Goal, Outcome, Standing};
use super::record::{Name, Row, Run, SELF};

/// Rows that are shown together.
pub(crate) struct Section<'r> {
    pub(crate) group: &'r str,
    pub(crate) what: &'r str,
    /// Ours first.
    pub(crate) contestants: Vec<&'r str>,
    pub(crate) lines: Vec<Line<'r>>,
}

/// One measurement by all.
pub(crate) struct Line<'r> {
    pub(crate) size: &'r str,
    pub(crate) variant: &'r str,
    /// In the order of the contestants.
    pub(crate) rows: Vec<Option<&'r Row>>,
}

/// Everything, for a terminal.
pub(crate) fn of(run: &Run) -> String {
    let mut text = heading(run);
    for section in sections(run) {
        section.write(&mut text);
    }
    write_goals(run, &mut text);
    for absent in &run.absent {
        let name = if absent.name.is_empty() {
            "all rows"
        } else {
            &absent.name
        };
        let _ = writeln!(
            text,
            "not there: {name} of {}: {}",
            absent.contestant, absent.why
        );
    }
    text
}

fn heading(run: &Run) -> String {
    let machine = &run.machine;
    let mut text = format!(
        "\n{}, {} cores, {}\n{}; {}\nload {:.1} before and {:.1} after; everything on one core, {} turns a row\n\n",
        machine.cpu,
        machine.cores,
        machine.system,
        machine.rustc,
        machine.cc,
        machine.load[0],
        machine.load[1],
        run.rounds,
    );
    for (contestant, version) in &run.contestants {
        let _ = writeln!(text, "{contestant:16} {version}");
    }
    text
}

/// The sections in the order in which their first rows come.
pub(crate) fn sections(run: &Run) -> Vec<Section<'_>> {
    let named: Vec<_> = run
        .rows
        .iter()
        .filter_map(|row| Some((Name::parse(&row.name).ok()?, row)))
        .collect();
    let all = distinct(named.iter().map(|(name, _)| (name.group, name.what)));
    let section = |(group, what)| {
        let its = named
            .iter()
            .filter(|(name, _)| (name.group, name.what) == (group, what));
        Section::of(group, what, &its.copied().collect::<Vec<_>>())
    };
    all.into_iter().map(section).collect()
}

/// Without repetitions, in the order of the first of each.
fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

impl<'r> Section<'r> {
    fn of(group: &'r str, what: &'r str, named: &[(Name<'r>, &'r Row)]) -> Self {
        let mut contestants = distinct(named.iter().map(|(_, row)| row.contestant.as_str()));
        contestants.sort_by_key(|contestant| *contestant != SELF);
        let row = |size: &str, variant: &str, contestant: &str| {
            let mut rows = named.iter().filter(|(_, row)| row.contestant == contestant);
            let found = rows.find(|(name, _)| (name.size, name.variant) == (size, variant));
            found.map(|(_, row)| *row)
        };
        let lines = distinct(named.iter().map(|(name, _)| (name.size, name.variant)));
        let lines = lines.into_iter().map(|(size, variant)| Line {
            size,
            variant,
            rows: contestants
                .iter()
                .map(|it| row(size, variant, it))
                .collect(),
        });
        Self {
            group,
            what,
            lines: lines.collect(),
            contestants,
        }
    }

    /// What it is about, in words.
    pub(crate) fn title(&self) -> String {
        let Self { group, what, .. } = self;
        match *group {
            "raw" => format!("{what} alone, ns a packet"),
            "esp" => format!("ESP by an SA, {what}, ns a packet"),
            "node" => format!("a whole node, {what}, ns a packet"),
            "sad" => format!("SAD by {what}, ns a lookup"),
            "fib" => format!("FIB of {what}, ns a lookup"),
            "spd" => format!("SPD, {what}, ns a lookup"),
            "build" => format!("building a table of {what}, ms"),
            _ => format!("{group}, {what}"),
        }
    }

    fn write(&self, text: &mut String) {
        let _ = write!(text, "\n{}: minimum (median)\n{:16}", self.title(), "");
        for contestant in &self.contestants {
            let _ = write!(text, "  {contestant:>22}");
        }
        text.push('\n');
        for line in &self.lines {
            let _ = write!(text, "{:>8} {:7}", line.size, line.variant);
            for cell in line.cells() {
                let _ = write!(text, "  {cell:>22}");
            }
            let line = text.trim_end().len();
            text.truncate(line);
            text.push('\n');
        }
    }
}

impl Line<'_> {
    fn cells(&self) -> impl Iterator<Item = String> {
        let ours = self.rows.first().copied().flatten();
        let rows = self.rows.iter();
        rows.map(move |row| row.map_or_else(|| "-".into(), |row| cell(row, ours)))
    }
}

/// A row; for a peer's row with our ratio to it.
fn cell(row: &Row, ours: Option<&Row>) -> String {
    let digits = if row.minimum < 100.0 { 1 } else { 0 };
    let figures = format!("{:.digits$} ({:.digits$})", row.minimum, row.median);
    match ours {
        Some(ours) if ours.contestant == SELF && row.contestant != SELF => {
            format!("{figures}  x{:.2}", ours.minimum / row.minimum)
        }
        _ => figures,
    }
}

fn write_goals(run: &Run, text: &mut String) {
    let _ = writeln!(
        text,
        "\nGoals: our minimum by the peer's, in the columns x above as well\n\
         {:34} {:>8} {:5} {:16} {:>6} {:>6}",
        "what", "size", "", "peer", "goal", "ratio"
    );
    let (mut reached, mut known, mut all) = (0, 0, 0);
    for goal in GOALS.iter().chain([&BUILDING]) {
        for standing in goal.standings(run) {
            let ratio = standing.ratio();
            let shown = ratio.map_or_else(|| "-".into(), |ratio| format!("{ratio:.2}"));
            let _ = writeln!(
                text,
                "{:34} {:>8} {:5} {:16} {:>6.2} {shown:>6}  {}",
                goal.title,
                standing.size,
                standing.variant,
                goal.peer,
                standing.limit,
                standing.verdict()
            );
            all += 1;
            known += usize::from(ratio.is_some());
            reached += usize::from(ratio.is_some_and(|ratio| ratio <= standing.limit));
        }
    }
    let _ = writeln!(text, "{reached} of {all} reached, {} unknown", all - known);
}

/// The goals for a page, in Markdown.
pub(crate) fn goals_in_markdown(run: &Run) -> String {
    let mut text = String::from(
        "| what | size | | peer | ours | theirs | goal | ratio | |\n\
         | --- | ---: | --- | --- | ---: | ---: | ---: | ---: | --- |\n",
    );
    for goal in GOALS.iter().chain([&BUILDING]) {
        for standing in goal.standings(run) {
            let _ = writeln!(text, "{}", line_in_markdown(goal, &standing));
        }
    }
    text
}

fn line_in_markdown(goal: &Goal, standing: &Standing) -> String {
    let (ours, theirs) = match standing.outcome {
        Outcome::Measured { ours, theirs } => (format!("{ours:.1}"), format!("{theirs:.1}")),
        Outcome::Unknown(_) => ("-".into(), "-".into()),
    };
    let ratio = standing.ratio();
    format!(
        "| {} | {} | {} | {} | {ours} | {theirs} | {:.2} | {} | {} |",
        goal.title,
        standing.size,
        standing.variant,
        goal.peer,
        standing.limit,
        ratio.map_or_else(|| "-".into(), |ratio| format!("{ratio:.2}")),
        standing.verdict(),
    )
}

/// A section for a page, in Markdown.
pub(crate) fn section_in_markdown(section: &Section<'_>) -> String {
    let mut text = String::from("| size | |");
    for contestant in &section.contestants {
        let _ = write!(text, " {contestant} |");
    }
    text += "\n| ---: | --- |";
    text += &" ---: |".repeat(section.contestants.len());
    text.push('\n');
    for line in &section.lines {
        let _ = write!(text, "| {} | {} |", line.size, line.variant);
        for cell in line.cells() {
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    text
}
