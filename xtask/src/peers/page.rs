//! `cargo xtask performance`: the tables and plots of docs/performance.md, from docs/performance/run.json.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};

use super::goals::GOALS;
use super::plot::{Dot, Line, Plot};
use super::record::Run;
use super::table::{self, Section};
use crate::generated::{replace_between, write_or_check};
use crate::root;

const PAGE: &str = "docs/performance.md";
const FOLDER: &str = "docs/performance";
/// What stands before the figures, and behind them.
const MARKS: [&str; 2] = ["<!-- figures -->\n", "<!-- /figures -->"];
const COMMAND: &str = "cargo xtask performance";

pub(crate) fn run(check: bool) -> Result<()> {
    let run = Run::read(&root().join(FOLDER).join("run.json"))?;
    for (name, plot) in plots(&run) {
        let file = format!("{FOLDER}/{name}.svg");
        write_or_check(file, &plot.to_svg(), check, COMMAND)?;
    }
    let page = fs::read_to_string(root().join(PAGE)).context(PAGE)?;
    let page = replace_between(PAGE, &page, MARKS, &figures(&run))?;
    write_or_check(PAGE, &page, check, COMMAND)
}

fn figures(run: &Run) -> String {
    let machine = &run.machine;
    let mut text = format!(
        "{}, {} cores, {}; {}; {}. Load {:.1} before the run and {:.1} after it, of which the run is one. {} turns a row.\n\n",
        machine.cpu,
        machine.cores,
        machine.system,
        machine.rustc,
        machine.cc,
        machine.load[0],
        machine.load[1],
        run.rounds
    );
    text += "| contestant | what |\n| --- | --- |\n";
    for (contestant, version) in &run.contestants {
        let _ = writeln!(text, "| {contestant} | {version} |");
    }
    let _ = write!(
        text,
        "\n### Goals\n\n![How far each goal is](performance/goals.svg)\n\n{}",
        table::goals_in_markdown(run)
    );
    for section in table::sections(run) {
        let _ = write!(text, "\n### {}\n\n", capitalised(&section.title()));
        if is_plotted(&section) {
            let _ = write!(
                text,
                "![{}](performance/{}.svg)\n\n",
                section.title(),
                file(&section)
            );
        }
        text += &table::section_in_markdown(&section);
    }
    if !run.absent.is_empty() {
        text += "\n### Not there\n\n";
        for absent in &run.absent {
            let _ = writeln!(
                text,
                "- {} of {}: {}",
                absent.name, absent.contestant, absent.why
            );
        }
    }
    text
}

/// All plots with the names of their files.
pub(crate) fn plots(run: &Run) -> Vec<(String, Plot)> {
    let mut plots = vec![("goals".to_string(), goals(run))];
    let sections = table::sections(run);
    let sections = sections.iter().filter(|section| is_plotted(section));
    plots.extend(sections.map(|section| (file(section), plot(section))));
    plots
}

fn goals(run: &Run) -> Plot {
    let mut lines = Vec::new();
    for goal in &GOALS {
        for standing in goal.standings(run) {
            if let Some(ratio) = standing.ratio() {
                lines.push(Line {
                    label: format!("{} {} {}", goal.short, standing.size, standing.variant),
                    goal: Some(standing.limit),
                    dots: vec![Dot {
                        series: 0,
                        value: ratio,
                        tail: ratio,
                    }],
                });
            }
        }
    }
    Plot {
        title: "Goals".into(),
        axis: "our minimum by the peer's; further left is faster",
        series: vec!["IIPtran".into()],
        lines,
    }
}

/// One figure alone is no plot.
fn is_plotted(section: &Section<'_>) -> bool {
    section.lines.len() > 1
}

fn file(section: &Section<'_>) -> String {
    format!("{}-{}", section.group, section.what).replace('+', "-")
}

fn plot(section: &Section<'_>) -> Plot {
    let lines = section.lines.iter().map(|line| {
        let rows = line.rows.iter().enumerate();
        let dots = rows.filter_map(|(series, row)| {
            row.map(|row| Dot {
                series,
                value: row.minimum,
                tail: row.median,
            })
        });
        Line {
            label: format!("{} {}", line.size, line.variant),
            goal: None,
            dots: dots.collect(),
        }
    });
    Plot {
        title: capitalised(&section.title()),
        axis: "minimum, with a tail to the median; further left is faster",
        series: section
            .contestants
            .iter()
            .map(|it| it.to_string())
            .collect(),
        lines: lines.collect(),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
