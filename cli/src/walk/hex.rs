//! Bytes of a packet for a terminal, those that a step changed marked.

use std::io::{self, Write};

use iiptran::walkthrough::WalkStep;

use crate::style::{CHANGED, DIM, NEW};

const PER_LINE: usize = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Same,
    New,
    Changed,
}

/// Whether a step touched any byte that is still there.
pub(super) fn is_touched(step: &WalkStep) -> bool {
    !step.changes.is_empty()
}

/// Prints the packet: `+` stands before a byte that is new, `*` before one that changed. Lines in which
/// nothing changed are left out, three at least in a row.
pub(super) fn print(out: &mut impl Write, step: &WalkStep, indent: &str) -> io::Result<()> {
    let bytes = &step.packet.0;
    let marks: Vec<Mark> = (0..bytes.len()).map(|at| mark(step, at)).collect();
    let lines: Vec<_> = bytes.chunks(PER_LINE).zip(marks.chunks(PER_LINE)).collect();
    let quiet = |(_, marks): &(&[u8], &[Mark])| marks.iter().all(|mark| *mark == Mark::Same);
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        let run = rest.iter().take_while(|line| quiet(line)).count();
        if run > 2 && !step.changes.is_empty() {
            writeln!(
                out,
                "{indent}{DIM}{:04x}  {} bytes as before{DIM:#}",
                at * PER_LINE,
                {
                    let bytes: usize = rest.iter().take(run).map(|(bytes, _)| bytes.len()).sum();
                    bytes
                }
            )?;
            at += run;
            continue;
        }
        if let Some((bytes, marks)) = rest.first() {
            print_line(out, indent, at * PER_LINE, bytes, marks)?;
        }
        at += 1;
    }
    Ok(())
}

fn print_line(
    out: &mut impl Write,
    indent: &str,
    offset: usize,
    bytes: &[u8],
    marks: &[Mark],
) -> io::Result<()> {
    write!(out, "{indent}{DIM}{offset:04x}{DIM:#} ")?;
    for (byte, mark) in bytes.iter().zip(marks) {
        match mark {
            Mark::Same => write!(out, " {byte:02x}")?,
            Mark::New => write!(out, "{NEW}+{byte:02x}{NEW:#}")?,
            Mark::Changed => write!(out, "{CHANGED}*{byte:02x}{CHANGED:#}")?,
        }
    }
    writeln!(out)
}

fn mark(step: &WalkStep, at: usize) -> Mark {
    step.changes
        .iter()
        .find(|change| (change.start..change.end).contains(&at))
        .map_or(Mark::Same, |change| match change.before {
            None => Mark::New,
            Some(_) => Mark::Changed,
        })
}
