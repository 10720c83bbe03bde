//! What became of each packet of a capture, one by one and as a whole.

use core::net::IpAddr;
use std::collections::BTreeMap;
use std::io::{self, Write};

use iiptran::DropReason;
use iiptran::transform::Iv;
use iiptran::wire::Spi;
use serde::{Serialize, Serializer};

use crate::capture::CapturedPacket;
use crate::style::{DIM, HEADING, WARNING};

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    /// It was decrypted.
    Opened,
    /// It was encrypted.
    Sealed,
    /// It was written as it was, since it is not ESP.
    Unchanged,
    /// It is not ESP, and not written: it is not IP, or that was asked for.
    LeftOut,
    /// It could not be opened or sealed.
    Dropped,
}

/// A packet and what became of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Report {
    /// Number in the capture, from 1.
    pub(super) number: u64,
    /// Where in the capture its record begins, bytes.
    pub(super) offset: u64,
    /// What became of it.
    pub(super) verdict: Verdict,
    /// Why it was dropped.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "display")]
    pub(super) reason: Option<DropReason>,
    /// Name of the SA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sa: Option<String>,
    /// Security parameters index.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "display")]
    pub(super) spi: Option<Spi>,
    /// The whole sequence number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sequence: Option<u64>,
    /// The IV.
    #[serde(skip_serializing_if = "has_no_iv", serialize_with = "hexadecimal")]
    pub(super) iv: Option<Iv>,
    /// The protocol inside ESP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_header: Option<u8>,
    /// Source of the packet with ESP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<IpAddr>,
    /// Its destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) destination: Option<IpAddr>,
    /// Bytes written.
    pub(super) length: usize,
}

impl Report {
    pub(super) const fn new(packet: &CapturedPacket<'_>, verdict: Verdict) -> Self {
        Self {
            number: packet.index + 1,
            offset: packet.offset,
            verdict,
            reason: None,
            sa: None,
            spi: None,
            sequence: None,
            iv: None,
            next_header: None,
            source: None,
            destination: None,
            length: 0,
        }
    }
}

fn display<T: core::fmt::Display, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

fn has_no_iv(iv: &Option<Iv>) -> bool {
    iv.is_none_or(|iv| iv.as_bytes().is_empty())
}

fn hexadecimal<S: Serializer>(iv: &Option<Iv>, serializer: S) -> Result<S::Ok, S::Error> {
    let bytes = iv.as_ref().map_or(&[][..], Iv::as_bytes).iter();
    let digits: String = bytes.map(|byte| format!("{byte:02x}")).collect();
    serializer.serialize_str(&digits)
}

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
