//! What became of the packets of a capture as a whole.

use std::collections::BTreeMap;
use std::io::{self, Write};

use iiptran::DropReason;
use iiptran::wire::Spi;

use crate::capture::opening::{Report, Verdict};
use crate::style::{DIM, HEADING, WARNING};

/// The packets of a capture, counted. However many SPIs there are, few are kept.
#[derive(Debug, Default)]
pub(super) struct Tally {
    packets: u64,
    done: u64,
    unchanged: u64,
    left_out: u64,
    dropped: BTreeMap<DropReason, u64>,
    sas: BTreeMap<(u32, String), Numbers>,
    unknown: BTreeMap<Spi, u64>,
}

#[derive(Clone, Copy, Debug)]
struct Numbers {
    packets: u64,
    first: u64,
    last: u64,
}

impl Tally {
    /// How many SPIs without a key, and how many SAs, are told apart.
    const KEPT: usize = 4096;
    /// How many of them are named.
    const SHOWN: usize = 8;

    pub(super) fn count(&mut self, report: &Report) {
        self.packets += 1;
        match report.verdict {
            Verdict::Opened | Verdict::Sealed => {
                self.done += 1;
                self.count_sa(report);
            }
            Verdict::Unchanged => self.unchanged += 1,
            Verdict::LeftOut => self.left_out += 1,
            Verdict::Dropped => {
                if let Some(reason) = report.reason {
                    *self.dropped.entry(reason).or_default() += 1;
                }
                if let (Some(DropReason::UnknownSpi), Some(spi)) = (report.reason, report.spi)
                    && (self.unknown.len() < Self::KEPT || self.unknown.contains_key(&spi))
                {
                    *self.unknown.entry(spi).or_default() += 1;
                }
            }
        }
    }

    fn count_sa(&mut self, report: &Report) {
        let (Some(spi), Some(sequence)) = (report.spi, report.sequence) else {
            return;
        };
        let key = (spi.0, report.sa.clone().unwrap_or_default());
        if self.sas.len() >= Self::KEPT && !self.sas.contains_key(&key) {
            return;
        }
        let numbers = self.sas.entry(key).or_insert(Numbers {
            packets: 0,
            first: sequence,
            last: sequence,
        });
        numbers.packets += 1;
        numbers.first = numbers.first.min(sequence);
        numbers.last = numbers.last.max(sequence);
    }

    /// Tells people.
    pub(super) fn write(
        &self,
        out: &mut impl Write,
        done: &str,
        from: &str,
        to: &str,
    ) -> io::Result<()> {
        let Self { packets, .. } = self;
        writeln!(
            out,
            "{HEADING}{from}{HEADING:#} {DIM}to{DIM:#} {HEADING}{to}{HEADING:#}"
        )?;
        let width = packets.to_string().len().max(5);
        writeln!(
            out,
            "  {packets:>width$} {}",
            plural(*packets, "packet", "packets")
        )?;
        writeln!(out, "  {:>width$} {done}", self.done)?;
        for ((spi, name), numbers) in self.sas.iter().take(Self::SHOWN) {
            let spi = Spi(*spi);
            let name = if *name == spi.to_string() || name.is_empty() {
                String::new()
            } else {
                format!("{name}, ")
            };
            let Numbers {
                packets,
                first,
                last,
            } = numbers;
            writeln!(
                out,
                "  {:>width$} {DIM}{packets} by {name}SPI {spi}, sequence numbers {first} to {last}{DIM:#}",
                ""
            )?;
        }
        more(out, width, self.sas.len(), "SAs")?;
        if self.unchanged > 0 {
            writeln!(
                out,
                "  {:>width$} unchanged {DIM}not ESP{DIM:#}",
                self.unchanged
            )?;
        }
        if self.left_out > 0 {
            writeln!(
                out,
                "  {:>width$} left out {DIM}not ESP{DIM:#}",
                self.left_out
            )?;
        }
        for (reason, count) in &self.dropped {
            let meaning = reason.explanation().meaning;
            writeln!(
                out,
                "  {count:>width$} {WARNING}dropped: {reason}{WARNING:#} {DIM}{meaning}{DIM:#}"
            )?;
            if *reason == DropReason::UnknownSpi && !self.unknown.is_empty() {
                for (spi, count) in self.unknown.iter().take(Self::SHOWN) {
                    writeln!(out, "  {:>width$} {DIM}{count} with SPI {spi}{DIM:#}", "")?;
                }
                more(out, width, self.unknown.len(), "SPIs")?;
            }
        }
        if !self.dropped.is_empty() {
            writeln!(
                out,
                "{DIM}iiptran explain REASON tells what to check.{DIM:#}"
            )?;
        }
        Ok(())
    }
}

fn more(out: &mut impl Write, width: usize, count: usize, what: &str) -> io::Result<()> {
    match count.checked_sub(Tally::SHOWN) {
        None | Some(0) => Ok(()),
        Some(more) => {
            let least = if count >= Tally::KEPT {
                "at least "
            } else {
                ""
            };
            writeln!(
                out,
                "  {:>width$} {DIM}and {least}{more} more {what}{DIM:#}",
                ""
            )
        }
    }
}

const fn plural(count: u64, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}
