//! Flows: numbered test packets, and what became of them.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::datagram::Addresses;
use super::event::Loss;
use crate::{DropReason, Instant, NetworkId, SortedMap};

/// A flow. Its state does not grow with its packets.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) name: String,
    pub(super) from: u32,
    pub(super) to: u32,
    /// The network in which a node sends.
    pub(super) network: NetworkId,
    /// The last one, where the node selects it for each packet.
    pub(super) source: IpAddr,
    /// Whether the node selects it, by its routes at the moment (RFC 1122 section 3.3.4.3).
    pub(super) selects_source: bool,
    pub(super) destination: IpAddr,
    pub(super) stop: Instant,
    pub(super) every: core::time::Duration,
    pub(super) count: u64,
    pub(super) size: usize,
    pub(super) ttl: u8,
    pub(super) tally: Tally,
    pub(super) arrivals: Arrivals,
}

/// What became of the packets of a flow or an attack. One entry for each reason that occurred.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) sent: u64,
    /// Packets that reached a host, or a node's upper layers.
    pub(super) reached: u64,
    /// Those that nodes dropped, with the last node that did.
    pub(super) drops: SortedMap<DropReason, (u64, u32)>,
    /// Those that wires lost.
    pub(super) losses: SortedMap<Loss, u64>,
}

/// How the packets of a flow arrived where it goes.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    pub(super) delivered: u64,
    pub(super) duplicates: u64,
    /// Those that arrived behind one that was sent later (RFC 4737 section 3).
    pub(super) reordered: u64,
    /// Those that arrived somewhere else.
    pub(super) misdelivered: u64,
    pub(super) latency_sum: u64,
    pub(super) latency_min: Option<u64>,
    pub(super) latency_max: u64,
    /// The longest time between two arrivals, and when it ended.
    pub(super) longest_gap: u64,
    pub(super) gap_end: Instant,
    pub(super) last: Option<Instant>,
    /// The TTL of the last packet as it arrived.
    pub(super) ttl: Option<u8>,
    next: u64,
    /// The 64 numbers before `next` that arrived, the last in the lowest bit.
    window: u64,
}

/// What a test packet says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Probe {
    pub(super) flow: u32,
    pub(super) sequence: u64,
    pub(super) sent: Instant,
}

impl Flow {
    /// Bytes that a packet must have behind the UDP header.
    pub(super) const SMALLEST: usize = 24;
    /// The port of the discard protocol (RFC 863).
    pub(super) const PORT: u16 = 9;

    /// Where the packets of the flow with this number come from and go to.
    pub(super) fn addresses(&self, number: u32) -> Addresses {
        let [.., high, low] = number.to_be_bytes();
        Addresses {
            source: self.source,
            destination: self.destination,
            ports: [0xc000 | u16::from_be_bytes([high, low]), Self::PORT],
            ttl: self.ttl,
        }
    }
}

impl Tally {
    pub(super) fn dropped(&mut self, reason: DropReason, node: u32) {
        if let Some((count, last)) = self.drops.get_or_insert_with(reason, Default::default) {
            *count = count.saturating_add(1);
            *last = node;
        }
    }

    pub(super) fn lost(&mut self, loss: Loss) {
        if let Some(count) = self.losses.get_or_insert_with(loss, Default::default) {
            *count = count.saturating_add(1);
        }
    }
}

impl Arrivals {
    /// A packet arrived where it was to.
    pub(super) fn add(&mut self, now: Instant, probe: &Probe, ttl: u8) {
        let Probe { sequence, sent, .. } = *probe;
        if sequence >= self.next {
            let ahead = sequence.saturating_sub(self.next);
            self.window = u32::try_from(ahead.saturating_add(1))
                .ok()
                .and_then(|shift| self.window.checked_shl(shift))
                .unwrap_or_default()
                | 1;
            self.next = sequence.saturating_add(1);
        } else {
            let behind = self.next.saturating_sub(1).saturating_sub(sequence);
            let bit = u32::try_from(behind)
                .ok()
                .and_then(|shift| 1_u64.checked_shl(shift));
            if bit.is_some_and(|bit| self.window & bit != 0) {
                self.duplicates = self.duplicates.saturating_add(1);
                return;
            }
            self.window |= bit.unwrap_or_default();
            self.reordered = self.reordered.saturating_add(1);
        }
        self.delivered = self.delivered.saturating_add(1);
        let latency = now.as_nanos().saturating_sub(sent.as_nanos());
        self.latency_sum = self.latency_sum.saturating_add(latency);
        self.latency_min = Some(self.latency_min.map_or(latency, |least| least.min(latency)));
        self.latency_max = self.latency_max.max(latency);
        if let Some(last) = self.last {
            let gap = now.as_nanos().saturating_sub(last.as_nanos());
            if gap > self.longest_gap {
                (self.longest_gap, self.gap_end) = (gap, now);
            }
        }
        self.last = Some(now);
        self.ttl = Some(ttl);
    }
}

impl Probe {
    const MAGIC: [u8; 4] = *b"IIPt";

    /// Writes the payload of a test packet, `size` bytes.
    pub(super) fn write(&self, size: usize, payload: &mut Vec<u8>) {
        payload.clear();
        payload.extend_from_slice(&Self::MAGIC);
        payload.extend_from_slice(&self.flow.to_be_bytes());
        payload.extend_from_slice(&self.sequence.to_be_bytes());
        payload.extend_from_slice(&self.sent.as_nanos().to_be_bytes());
        payload.resize(size, 0x5a);
    }

    /// Reads the payload of a test packet.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        let rest = payload.strip_prefix(&Self::MAGIC)?;
        let (flow, rest) = rest.split_first_chunk()?;
        let (sequence, rest) = rest.split_first_chunk()?;
        let sent = rest.first_chunk()?;
        Some(Self {
            flow: u32::from_be_bytes(*flow),
            sequence: u64::from_be_bytes(*sequence),
            sent: Instant::from_nanos(u64::from_be_bytes(*sent)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_told_apart() {
        let mut arrivals = Arrivals::default();
        for (moment, sequence) in [0, 1, 3, 2, 3, 1, 100, 40, 35].into_iter().enumerate() {
            let probe = Probe {
                flow: 0,
                sequence,
                sent: Instant::ZERO,
            };
            arrivals.add(Instant::from_secs(moment as u64), &probe, 1);
        }
        let Arrivals {
            delivered,
            duplicates,
            reordered,
            ..
        } = arrivals;
        assert_eq!((delivered, duplicates, reordered), (7, 2, 3));
    }
}
