//! What is taken from memory while packets pass, and what is left in it afterwards.
//!
//! A test binary of its own, because it puts an allocator of its own under the whole process.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod allocator;
mod keys;
mod lookups;
mod nodes;
mod sas;

use iiptran::Packet;

/// A buffer that is there before any packet comes, as a host has it.
struct Place([u8; Self::SIZE]);

impl Place {
    const SIZE: usize = 4096;
    const HEADROOM: usize = 512;

    const fn new() -> Self {
        Self([0; Self::SIZE])
    }

    /// Puts a packet there and works on it.
    fn process<R>(&mut self, packet: &[u8], step: impl FnOnce(&mut Packet<'_>) -> R) -> R {
        let range = Self::HEADROOM..Self::HEADROOM + packet.len();
        self.0[range.clone()].copy_from_slice(packet);
        let mut packet = Packet::new(&mut self.0, range).expect("a place inside the buffer");
        step(&mut packet)
    }
}
