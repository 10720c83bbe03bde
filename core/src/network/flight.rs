//! Packets under way.

use alloc::vec::Vec;
use core::ops::Range;

use crate::{Packet, PacketBuffer};

/// A packet under way.
#[derive(Debug)]
pub(super) struct Flight {
    buffer: Vec<u8>,
    range: Range<usize>,
    /// Its number in the run; a copy that a wire made has the same.
    pub(super) number: u64,
    pub(super) origin: Origin,
}

/// Who made a packet. It travels beside the packet, for the report alone: no node sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A flow.
    Flow(u32),
    /// An event of the scenario.
    Attack(u32),
    /// A routing protocol.
    Routing,
    /// Whoever runs the network.
    Caller,
}

/// All packets under way, and buffers for more: memory is that of the most packets that were ever
/// under way at once.
#[derive(Debug, Default)]
pub(super) struct Flights {
    flying: Vec<Option<Flight>>,
    vacant: Vec<u32>,
    spare: Vec<Vec<u8>>,
    made: u64,
}

impl Flight {
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.range.clone()).unwrap_or_default()
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        self.buffer.get_mut(self.range.clone()).unwrap_or_default()
    }

    pub(super) const fn len(&self) -> usize {
        self.range.end.saturating_sub(self.range.start)
    }

    /// Runs `process` on the packet and keeps the place where it left the packet.
    pub(super) fn process<R>(&mut self, process: impl FnOnce(&mut Packet<'_>) -> R) -> Option<R> {
        let mut packet = Packet::new(&mut self.buffer, self.range.clone())?;
        let result = process(&mut packet);
        self.range = packet.range();
        Some(result)
    }
}

impl Flights {
    /// A new packet with these bytes.
    pub(super) fn make(&mut self, bytes: &[u8], origin: Origin) -> Flight {
        self.made = self.made.wrapping_add(1);
        self.fill(bytes, self.made, origin)
    }

    /// A second one like it.
    pub(super) fn copy(&mut self, flight: &Flight) -> Flight {
        self.fill(flight.bytes(), flight.number, flight.origin)
    }

    fn fill(&mut self, bytes: &[u8], number: u64, origin: Origin) -> Flight {
        let mut buffer = self.spare.pop().unwrap_or_default();
        let start = PacketBuffer::HEADROOM;
        let end = start.saturating_add(bytes.len());
        let needed = end.saturating_add(PacketBuffer::TAILROOM);
        if buffer.len() < needed {
            buffer.resize(needed, 0);
        }
        if let Some(place) = buffer.get_mut(start..end) {
            place.copy_from_slice(bytes);
        }
        Flight {
            buffer,
            range: start..end,
            number,
            origin,
        }
    }

    /// The packet is at its end; its buffer serves another.
    pub(super) fn end(&mut self, flight: Flight) {
        self.spare.push(flight.buffer);
    }

    /// The packet leaves; the number brings it back.
    pub(super) fn depart(&mut self, flight: Flight) -> u32 {
        let vacant = self.vacant.pop();
        let place = vacant.map(|place| usize::try_from(place).unwrap_or(usize::MAX));
        if let (Some(number), Some(slot)) = (vacant, place.and_then(|p| self.flying.get_mut(p))) {
            *slot = Some(flight);
            return number;
        }
        self.flying.push(Some(flight));
        u32::try_from(self.flying.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The packet that left with this number.
    pub(super) fn arrive(&mut self, number: u32) -> Option<Flight> {
        let slot = self.flying.get_mut(usize::try_from(number).ok()?)?;
        let flight = slot.take()?;
        self.vacant.push(number);
        Some(flight)
    }

    /// How many packets are under way.
    pub(super) const fn under_way(&self) -> usize {
        self.flying.len().saturating_sub(self.vacant.len())
    }
}
