//! `iiptran compare`: RFC 3884's comparison, run.

mod evidence;
mod lines;
mod matrix;

use std::io::{Write, stdout};

use iiptran::comparison::{Cell, Comparison, Row, Standing};

use crate::command::CompareArguments;
use crate::failure::Failure;
use crate::style::{BAD, DIM, FAIR, GOOD};

/// The width of text that is for no terminal, columns.
const WIDTH: usize = 100;

pub(crate) fn run(arguments: &CompareArguments, json: bool) -> Result<(), Failure> {
    let mut comparison = Comparison::run().map_err(|error| Failure::Config {
        file: iiptran::comparison::SCENARIO.into(),
        error,
    })?;
    select(&mut comparison, &arguments.of)?;
    let mut out = anstream::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &comparison)?;
        writeln!(out)?;
    } else if arguments.markdown {
        write!(out, "{}", comparison.markdown())?;
    } else if arguments.of.is_empty() && !arguments.evidence {
        matrix::print(&mut out, &comparison, width())?;
    } else {
        for row in &comparison.rows {
            reasons(&mut out, row, arguments.evidence)?;
        }
    }
    Ok(())
}

/// Leaves the rows and arrangements that are named; all if none is.
fn select(comparison: &mut Comparison, names: &[String]) -> Result<(), Failure> {
    let rows: Vec<&str> = comparison.rows.iter().map(|row| row.name).collect();
    let columns = comparison.columns.iter();
    let columns: Vec<String> = columns.map(|column| column.arrangement.clone()).collect();
    let is_row = |name: &String| rows.contains(&name.as_str());
    if let Some(unknown) = names
        .iter()
        .find(|name| !is_row(name) && !columns.contains(name))
    {
        return Err(Failure::Usage(format!(
            "no row or arrangement is named \"{unknown}\"; rows are {}; arrangements are {}",
            rows.join(", "),
            columns.join(", ")
        )));
    }
    let (rows, columns): (Vec<_>, Vec<_>) = names.iter().partition(|name| is_row(name));
    let keeps = |asked: &[&String], name: &str| {
        asked.is_empty() || asked.iter().any(|other| *other == name)
    };
    comparison.rows.retain(|row| keeps(&rows, row.name));
    let keeps_column = |arrangement: &str| keeps(&columns, arrangement);
    comparison
        .columns
        .retain(|column| keeps_column(&column.arrangement));
    for row in &mut comparison.rows {
        row.cells.retain(|cell| keeps_column(&cell.arrangement));
    }
    Ok(())
}

/// A row with the reasons of its cells.
fn reasons(out: &mut impl Write, row: &Row, with_evidence: bool) -> Result<(), Failure> {
    let width = width();
    evidence::heading(out, row, width)?;
    for cell in &row.cells {
        evidence::reason(out, cell, width)?;
        if with_evidence {
            evidence::print(out, cell)?;
        }
    }
    if !with_evidence {
        writeln!(
            out,
            "{DIM}  --evidence shows the packets, lookups and verdicts.{DIM:#}\n"
        )?;
    }
    Ok(())
}

/// The style of an answer.
fn style(cell: &Cell) -> anstyle::Style {
    match cell.standing {
        Standing::Good => GOOD,
        Standing::Qualified => FAIR,
        Standing::Bad => BAD,
        Standing::Open => DIM,
    }
}

fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(stdout());
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0).min(140))
}
