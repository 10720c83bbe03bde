//! The matrix for a terminal.

use std::io::{self, Write};

use anstyle::Style;
use iiptran::comparison::{Comparison, Row};

use super::lines::{lines, longest_word};
use super::style;
use crate::style::{DIM, HEADING};

const GAP: usize = 2;

pub(super) fn print(out: &mut impl Write, comparison: &Comparison, width: usize) -> io::Result<()> {
    writeln!(
        out,
        "{HEADING}RFC 3884 section 4.2, run on the scenario {}{HEADING:#}\n",
        comparison.scenario
    )?;
    match widths(comparison, width) {
        Some(widths) => table(out, comparison, &widths)?,
        None => list(out, comparison, width)?,
    }
    writeln!(
        out,
        "{DIM}iiptran compare ROW tells why, such as: iiptran compare {}{DIM:#}",
        comparison.rows.first().map_or("", |row| row.name)
    )
}

/// The widths of the columns, the titles' first; `None` if they don't fit.
fn widths(comparison: &Comparison, width: usize) -> Option<Vec<usize>> {
    let columns = comparison.columns.len() + 1;
    let cells = |column: usize| -> Vec<&str> {
        let heads = column
            .checked_sub(1)
            .and_then(|column| comparison.columns.get(column));
        let heads = heads
            .into_iter()
            .flat_map(|column| [column.arrangement.as_str(), &column.title]);
        let rows = comparison.rows.iter();
        let texts = rows.filter_map(|row| text(row, column));
        heads.chain(texts).collect()
    };
    let of = |measure: fn(&str) -> usize| -> Vec<usize> {
        (0..columns)
            .map(|column| cells(column).into_iter().map(measure).max().unwrap_or(0))
            .collect()
    };
    let mut widths = of(longest_word);
    let wanted = of(str::len);
    let used: usize = widths.iter().sum::<usize>() + GAP * columns;
    let mut spare = width.checked_sub(used)?;
    // One column after the other gets a bit more, until all is given out or nobody wants it.
    while spare > 0 {
        let wants = widths.iter_mut().zip(&wanted);
        let narrowest = wants
            .filter(|(width, wanted)| **width < **wanted)
            .min_by_key(|(width, _)| **width);
        let Some((width, _)) = narrowest else {
            break;
        };
        *width += 1;
        spare -= 1;
    }
    Some(widths)
}

fn text(row: &Row, column: usize) -> Option<&str> {
    match column.checked_sub(1) {
        None => Some(row.title),
        Some(cell) => row.cells.get(cell).map(|cell| cell.answer.as_str()),
    }
}

fn table(out: &mut impl Write, comparison: &Comparison, widths: &[usize]) -> io::Result<()> {
    let columns = comparison.columns.iter();
    let titles = columns.clone().map(|c| (c.title.as_str(), HEADING));
    let words = columns.map(|c| (c.arrangement.as_str(), DIM));
    let first = [("", Style::new())];
    line(out, first.into_iter().chain(titles), widths)?;
    line(out, first.into_iter().chain(words), widths)?;
    let rule: Vec<_> = widths.iter().map(|width| "─".repeat(*width)).collect();
    writeln!(out, "{DIM}{}{DIM:#}", rule.join("──"))?;
    for row in &comparison.rows {
        let cells = row.cells.iter();
        let cells = cells.map(|cell| (cell.answer.as_str(), style(cell)));
        line(out, [(row.title, HEADING)].into_iter().chain(cells), widths)?;
        writeln!(out)?;
    }
    Ok(())
}

/// One row, in as many lines as its tallest cell has.
fn line<'t>(
    out: &mut impl Write,
    cells: impl Iterator<Item = (&'t str, Style)>,
    widths: &[usize],
) -> io::Result<()> {
    let cells: Vec<_> = cells
        .zip(widths)
        .map(|((text, style), &width)| (lines(text, width), style, width))
        .collect();
    let height = cells.iter().map(|(lines, ..)| lines.len()).max();
    for index in 0..height.unwrap_or(0) {
        let mut blank = 0;
        for (lines, style, width) in &cells {
            let text = lines.get(index).map_or("", String::as_str);
            if !text.is_empty() {
                write!(out, "{:blank$}{style}{text}{style:#}", "")?;
                blank = 0;
            }
            blank += width + GAP - text.len();
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Where the table does not fit: one row after the other.
fn list(out: &mut impl Write, comparison: &Comparison, width: usize) -> io::Result<()> {
    for row in &comparison.rows {
        writeln!(out, "{HEADING}{}{HEADING:#}", row.title)?;
        for cell in &row.cells {
            let style = style(cell);
            let answer = lines(&cell.answer, width.saturating_sub(21).max(20));
            let mut name = cell.arrangement.as_str();
            for line in answer {
                writeln!(out, "  {DIM}{name:17}{DIM:#} {style}{line}{style:#}")?;
                name = "";
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
