//! Bursts of packets that go there and back.

use core::ops::Range;
use std::time::Duration;

use iiptran::Packet;
use iiptran_turns::time;

use crate::packet;

const ROOM: usize = 128;
/// No power of two: the packets of a burst would all want the same lines of the cache.
const SLOT: usize = 2240;
/// Header of IPv4 and of UDP.
const HEADERS: usize = 28;

/// The packets of a burst, each in its own part of one piece of memory.
#[derive(Debug)]
pub struct Packets {
    memory: Vec<u8>,
    clear: Vec<Vec<u8>>,
    places: Vec<Range<usize>>,
}

impl Packets {
    /// UDP packets of so many bytes each, IPv4 headers included.
    #[must_use]
    pub fn new(source: [u8; 4], destination: [u8; 4], sizes: &[usize]) -> Self {
        let clear: Vec<_> = sizes
            .iter()
            .map(|size| packet(source, destination, size - HEADERS))
            .collect();
        Self {
            memory: vec![0; clear.len() * SLOT],
            places: vec![0..0; clear.len()],
            clear,
        }
    }

    /// Puts the packets back as they were at first.
    pub fn refill(&mut self) {
        for (index, packet) in self.clear.iter().enumerate() {
            let place = ROOM..ROOM + packet.len();
            self.memory[index * SLOT..][place.clone()].copy_from_slice(packet);
            self.places[index] = place;
        }
    }

    /// Times what is done to all packets at once.
    ///
    /// # Panics
    /// Never: there is room.
    pub fn time(&mut self, work: impl FnOnce(&mut [Packet<'_>])) -> Duration {
        let slots = self.memory.chunks_mut(SLOT).zip(&self.places);
        let mut packets: Vec<_> = slots
            .map(|(slot, place)| Packet::new(slot, place.clone()).unwrap())
            .collect();
        let time = time(|| work(core::hint::black_box(&mut packets)));
        for (place, packet) in self.places.iter_mut().zip(&packets) {
            *place = packet.range();
        }
        time
    }

    /// Checks that the packets are what they were at first; of forwarded packets the header may differ.
    ///
    /// # Panics
    /// If they are not.
    pub fn check(&self, forwarded: bool) {
        let from = if forwarded { 20 } else { 0 };
        for (index, packet) in self.clear.iter().enumerate() {
            let now = &self.memory[index * SLOT..][self.places[index].clone()];
            assert_eq!(now[from..], packet[from..], "a packet came through whole");
        }
    }
}
