//! Packets sealed at one end and opened at the other, in any order: what an anti-replay window is for.

use iiptran::Verdict;
use iiptran::walkthrough::{Hex, Walkthrough};
use serde::Serialize;

use crate::fault::Fault;
use crate::line::{Line, LineRequest};

/// Where the sequence number is in an ESP header.
const SEQUENCE: usize = 4;

/// Two nodes, and packets that the first has sealed for the second.
pub(crate) struct Exchange {
    line: Line,
    sealed: Vec<Vec<u8>>,
}

/// A packet that was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SealedReport {
    /// Its whole sequence number.
    pub sequence: u64,
    /// The packet.
    pub packet: Hex,
}

impl Exchange {
    pub(crate) fn new(request: &LineRequest) -> Result<Self, Fault> {
        let line = Line::new(request)?;
        if line.stations.len() < 2 {
            return Err(Fault::new("stations", "an exchange needs two nodes"));
        }
        Ok(Self {
            line,
            sealed: Vec::new(),
        })
    }

    /// Seals one more packet.
    pub(crate) fn send(&mut self) -> Result<SealedReport, Fault> {
        let packet = self.line.packet.clone();
        let entry = self.line.entry;
        let (walkthrough, verdict, packet) = self
            .line
            .pass(0, Some(entry), &packet)
            .ok_or_else(|| Fault::new("link", "the packet does not reach the first node"))?;
        let sequence = sealed_as(&walkthrough);
        match (verdict, sequence) {
            (Verdict::Transmit { .. }, Some(sequence)) => {
                self.sealed.push(packet.clone());
                Ok(SealedReport {
                    sequence,
                    packet: Hex(packet),
                })
            }
            (Verdict::Drop(reason), _) => {
                Err(Fault::new("packet", format!("it is dropped: {reason}")))
            }
            _ => Err(Fault::new("packet", "it is not sealed")),
        }
    }

    /// Delivers a packet that was sealed, by its place from 0.
    pub(crate) fn deliver(&mut self, place: usize) -> Result<Walkthrough, Fault> {
        let packet = self.packet(place)?;
        self.arrive(&packet)
    }

    /// Delivers a packet with another sequence number on it, whose ICV is therefore wrong.
    pub(crate) fn forge(&mut self, place: usize, low: u32) -> Result<Walkthrough, Fault> {
        let mut packet = self.packet(place)?;
        let header = iiptran::wire::IpHeader::parse(&packet, &Default::default())
            .map_err(|reason| Fault::new("packet", reason))?;
        let start = header.length.saturating_add(SEQUENCE);
        if let Some(field) = packet.get_mut(start..start.saturating_add(4)) {
            field.copy_from_slice(&low.to_be_bytes());
        }
        self.arrive(&packet)
    }

    fn packet(&self, place: usize) -> Result<Vec<u8>, Fault> {
        let packet = self.sealed.get(place).cloned();
        packet.ok_or_else(|| Fault::new("place", format!("no packet {place} was sealed")))
    }

    fn arrive(&mut self, packet: &[u8]) -> Result<Walkthrough, Fault> {
        let passed = self.line.pass(1, None, packet);
        let passed = passed.ok_or_else(|| Fault::new("stations[1]", "no link leads there"))?;
        Ok(passed.0)
    }
}

fn sealed_as(walkthrough: &Walkthrough) -> Option<u64> {
    let reports = walkthrough.steps.iter().rev();
    reports
        .filter_map(|step| step.esp.as_ref())
        .map(|esp| esp.sequence)
        .next()
}
