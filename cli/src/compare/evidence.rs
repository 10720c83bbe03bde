//! Why a cell is what it is.

use std::io::{self, Write};

use iiptran::comparison::{Cell, Evidence, Row};
use iiptran::walkthrough::Hex;

use super::lines::lines;
use super::style;
use crate::style::{DIM, HEADING};
use crate::walk::render::{print_lookup, print_outcome};

/// How many bytes of a packet stand in a line.
const BYTES: usize = 32;

/// What a row asks.
pub(super) fn heading(out: &mut impl Write, row: &Row, width: usize) -> io::Result<()> {
    writeln!(
        out,
        "{HEADING}{}{HEADING:#}  {DIM}{}{DIM:#}",
        row.title, row.name
    )?;
    for line in lines(row.question, width.saturating_sub(2)) {
        writeln!(out, "  {DIM}{line}{DIM:#}")?;
    }
    writeln!(out)
}

/// An answer and its explanation.
pub(super) fn reason(out: &mut impl Write, cell: &Cell, width: usize) -> io::Result<()> {
    let style = style(cell);
    writeln!(
        out,
        "  {HEADING}{}{HEADING:#}: {style}{}{style:#}",
        cell.arrangement, cell.answer
    )?;
    for line in lines(&cell.explanation, width.saturating_sub(4)) {
        writeln!(out, "    {line}")?;
    }
    writeln!(out)
}

/// The packets, lookups and verdicts behind an answer.
pub(super) fn print(out: &mut impl Write, cell: &Cell) -> io::Result<()> {
    for evidence in &cell.evidence {
        one(out, evidence)?;
    }
    Ok(())
}

fn one(out: &mut impl Write, evidence: &Evidence) -> io::Result<()> {
    writeln!(out, "    {HEADING}{}{HEADING:#}", evidence.title)?;
    for fact in &evidence.facts {
        writeln!(out, "       {fact}")?;
    }
    if let Some(packet) = &evidence.packet {
        bytes(out, "came as", packet)?;
    }
    for (number, step) in (1..).zip(&evidence.steps) {
        writeln!(
            out,
            "  {number:>2}   {}  {DIM}[{} in {}, {}]{DIM:#}",
            step.title, step.stage, step.network, step.clause
        )?;
        if let Some(lookup) = &step.lookup {
            print_lookup(out, lookup)?;
        }
    }
    if let Some(packet) = &evidence.left {
        bytes(out, "left as", packet)?;
    }
    if let Some(outcome) = &evidence.outcome {
        print_outcome(out, outcome)?;
    }
    writeln!(out)
}

fn bytes(out: &mut impl Write, what: &str, packet: &Hex) -> io::Result<()> {
    let mut label = what;
    for line in packet.0.chunks(BYTES) {
        let digits: String = line.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "       {DIM}{label:8}{digits}{DIM:#}")?;
        label = "";
    }
    Ok(())
}
