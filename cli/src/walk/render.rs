//! A walkthrough as text for a terminal.

use std::io::{self, Write};

use iiptran::walkthrough::{Field, Layer, Lookup, Outcome, WalkStep, Walkthrough};

use super::hex;
use crate::style::{DIM, ERROR, GOOD, HEADING};

const INDENT: &str = "       ";
/// Where lines of fields are broken, columns.
const WIDTH: usize = 96;

/// Prints a packet's way through one node.
pub(super) fn print(out: &mut impl Write, walk: &Walkthrough, brief: bool) -> io::Result<()> {
    for (index, step) in walk.steps.iter().enumerate() {
        let number = index + 1;
        writeln!(
            out,
            "  {number:>2}   {HEADING}{}{HEADING:#}  {DIM}[{} in {}, {}]{DIM:#}",
            step.title, step.stage, step.network, step.clause
        )?;
        if !brief {
            details(out, step, index == 0)?;
        }
    }
    if let Some(outcome) = &walk.outcome {
        print_outcome(out, outcome)?;
    }
    writeln!(out)
}

fn details(out: &mut impl Write, step: &WalkStep, is_first: bool) -> io::Result<()> {
    if let Some(lookup) = &step.lookup {
        print_lookup(out, lookup)?;
    }
    for note in &step.notes {
        writeln!(out, "{INDENT}{note}")?;
    }
    let is_touched = hex::is_touched(step);
    if is_touched || is_first || !step.removed.is_empty() {
        print_summary(out, step)?;
    }
    if is_touched || is_first {
        print_layers(out, step, is_first)?;
        hex::print(out, step, INDENT)?;
    }
    for [start, end] in &step.removed {
        writeln!(
            out,
            "{INDENT}{DIM}- {} bytes are gone, from {start:04x} on{DIM:#}",
            end - start
        )?;
    }
    Ok(())
}

/// The table that was asked, and its entries.
pub(crate) fn print_lookup(out: &mut impl Write, lookup: &Lookup) -> io::Result<()> {
    writeln!(out, "{INDENT}{}: {}", lookup.table, lookup.key)?;
    for candidate in &lookup.candidates {
        let (mark, style) = if candidate.matches {
            ("=>", GOOD)
        } else {
            (" x", DIM)
        };
        writeln!(
            out,
            "{INDENT}{style}{mark} {}{style:#}  {DIM}{}{DIM:#}",
            candidate.entry, candidate.why
        )?;
    }
    match lookup.others {
        0 => Ok(()),
        others => writeln!(out, "{INDENT}{DIM} . {others} more not in question{DIM:#}"),
    }
}

/// What the packet consists of now.
fn print_summary(out: &mut impl Write, step: &WalkStep) -> io::Result<()> {
    let layers: Vec<String> = step
        .layers
        .iter()
        .map(|layer| format!("{} {}", layer.name, layer.end - layer.start))
        .collect();
    let length = step.packet.0.len();
    let bytes = if length == 1 { "byte" } else { "bytes" };
    writeln!(out, "{INDENT}{length} {bytes}: {}", layers.join(" | "))
}

/// The headers that are new, whole; of the others the fields that changed.
fn print_layers(out: &mut impl Write, step: &WalkStep, all: bool) -> io::Result<()> {
    let touches = |start: usize, end: usize, new: bool| {
        step.changes.iter().any(|change| {
            change.start < end && start < change.end && change.before.is_none() == new
        })
    };
    for layer in &step.layers {
        // What has no fields is in the summary already.
        if layer.fields.is_empty() {
            continue;
        }
        let is_new = all || touches(layer.start, layer.end, true);
        let fields: Vec<&Field> = layer
            .fields
            .iter()
            .filter(|field| is_new || touches(field.start, field.end, false))
            .collect();
        if is_new || !fields.is_empty() {
            print_layer(out, layer, &fields)?;
        }
    }
    Ok(())
}

fn print_layer(out: &mut impl Write, layer: &Layer, fields: &[&Field]) -> io::Result<()> {
    let Layer { name, start, .. } = layer;
    write!(
        out,
        "{INDENT}{DIM}{start:04x}{DIM:#}  {HEADING}{name}{HEADING:#}"
    )?;
    let indent = INDENT.len() + 5;
    let mut column = indent + name.len();
    for (index, field) in fields.iter().enumerate() {
        let comma = if index + 1 < fields.len() { "," } else { "" };
        let text = format!("{} {}{comma}", field.name, field.value);
        if column + text.len() > WIDTH {
            write!(out, "\n{:indent$}", "")?;
            column = indent;
        }
        write!(out, " {text}")?;
        column += text.len() + 1;
    }
    writeln!(out)
}

/// What became of the packet.
pub(crate) fn print_outcome(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let trail = match outcome {
        Outcome::Transmit {
            link,
            next_hop,
            trail,
        } => {
            writeln!(out, "  {GOOD}=>   Transmit by {link} to {next_hop}{GOOD:#}")?;
            trail.as_slice()
        }
        Outcome::Deliver { link, trail } => {
            writeln!(out, "  {GOOD}=>   Deliver, arrived by {link}{GOOD:#}")?;
            trail.as_slice()
        }
        Outcome::Hold => {
            writeln!(
                out,
                "  {GOOD}=>   Hold until the other fragments are there{GOOD:#}"
            )?;
            &[]
        }
        Outcome::Drop {
            reason,
            code,
            clause,
            meaning,
            check,
            stage,
        } => {
            writeln!(
                out,
                "  {ERROR}=>   Drop: {reason}{ERROR:#} {DIM}(0x{code:02x}, after {stage}){DIM:#}"
            )?;
            writeln!(out, "{INDENT}{meaning}")?;
            writeln!(out, "{INDENT}Check: {check}")?;
            writeln!(out, "{INDENT}{DIM}{clause}{DIM:#}")?;
            &[]
        }
    };
    for entry in trail {
        writeln!(out, "{INDENT}came by {entry}")?;
    }
    Ok(())
}
