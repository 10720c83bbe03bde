//! Packets of a run on their way through the cipher: each written down once, as bytes and number.

use core::array;

use super::burst::{BURST, EspLayout, EspPacket};
use super::{Opener, Sealer};
use crate::DropReason;

/// ESP packets, each from its SPI to its end, with their whole sequence numbers. Their layout fits: nothing is too
/// short.
pub(crate) struct Run<'p> {
    packets: [&'p mut [u8]; BURST],
    sequences: [u64; BURST],
    count: usize,
}

impl<'p> Run<'p> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self {
            packets: array::from_fn(|_| <&mut [u8]>::default()),
            sequences: [0; BURST],
            count: 0,
        }
    }

    /// Adds one, if there is a place.
    #[inline(always)]
    pub(crate) fn push(&mut self, packet: &'p mut [u8], sequence: u64) {
        if let (Some(place), Some(number)) = (
            self.packets.get_mut(self.count),
            self.sequences.get_mut(self.count),
        ) {
            (*place, *number) = (packet, sequence);
            self.count = self.count.wrapping_add(1);
        }
    }

    #[inline(always)]
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    /// A place for each packet that there may be; those behind the last mean nothing.
    #[inline(always)]
    pub(crate) const fn sequences(&self) -> &[u64; BURST] {
        &self.sequences
    }

    /// Everything behind the IV of one.
    pub(crate) fn payload_mut(&mut self, layout: EspLayout, place: usize) -> &mut [u8] {
        let packet = self.packets.get_mut(place);
        packet.map_or(&mut [], |packet| layout.payload_mut(packet))
    }

    #[inline(always)]
    pub(super) fn parts(&mut self) -> (&mut [&'p mut [u8]], &[u64]) {
        (
            self.packets.get_mut(..self.count).unwrap_or_default(),
            self.sequences.get(..self.count).unwrap_or_default(),
        )
    }

    /// Has something done to the packets as those of a burst, and tells of failures.
    #[inline(never)]
    fn each(
        &mut self,
        work: impl FnOnce(&mut [EspPacket<'_>]),
        failed: &mut dyn FnMut(usize, DropReason),
    ) {
        let mut burst = [const { EspPacket::new(&mut [], 0) }; BURST];
        let (packets, sequences) = self.parts();
        let count = packets.len();
        for (place, (packet, sequence)) in burst.iter_mut().zip(packets.iter_mut().zip(sequences)) {
            *place = EspPacket::new(packet, *sequence);
        }
        let burst = burst.get_mut(..count).unwrap_or_default();
        work(burst);
        for (place, packet) in burst.iter().enumerate() {
            if let Err(reason) = packet.result() {
                failed(place, reason);
            }
        }
    }
}

impl Sealer {
    /// [`Self::seal_burst`] for a run; `failed` hears of those that failed.
    #[inline(always)]
    pub(crate) fn seal_run(
        &self,
        layout: EspLayout,
        run: &mut Run<'_>,
        failed: &mut dyn FnMut(usize, DropReason),
    ) {
        #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
        if let Some(engine) = self.0.accelerated()
            && engine.seal_run(layout, run)
        {
            return;
        }
        run.each(|packets| self.seal_burst(layout, packets), failed);
    }
}

impl Opener {
    /// [`Self::open_burst`] for a run; `failed` hears of those that failed.
    #[inline(always)]
    pub(crate) fn open_run(
        &self,
        layout: EspLayout,
        run: &mut Run<'_>,
        failed: &mut dyn FnMut(usize, DropReason),
    ) {
        #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
        if let Some(engine) = self.0.accelerated()
            && engine.open_run(layout, run, failed)
        {
            return;
        }
        run.each(|packets| self.open_burst(layout, packets), failed);
    }
}
