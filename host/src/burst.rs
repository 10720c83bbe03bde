//! Packets that are processed together.

use core::array;

use iiptran::{DropReason, Packet};

use crate::{Misuse, Place};

/// Packets that are processed together, each in a buffer of its own: a part of a burst, which may be longer.
/// What becomes of each is what would become of it alone, after those before it.
#[derive(Debug)]
pub struct Burst<'b> {
    packets: [Packet<'b>; LENGTH],
    /// Where they were.
    places: [Place; LENGTH],
    count: usize,
}

/// As many as the core seals and opens at once.
const LENGTH: usize = 32;

/// What became of each packet of a burst, in their order, and where it is now; nothing is said by those
/// beyond its length.
pub type Outcomes<R> = [Result<(R, Place), DropReason>; LENGTH];

impl<'b> Burst<'b> {
    /// The most packets that it has room for.
    pub const LENGTH: usize = LENGTH;

    /// No packets.
    #[must_use]
    pub fn new() -> Self {
        Self {
            packets: array::from_fn(|_| Packet::default()),
            places: [Place::default(); LENGTH],
            count: 0,
        }
    }

    /// Takes in the packet at a place of a buffer, behind the others. There must be room for it.
    ///
    /// # Errors
    /// [`Misuse::OutsideBuffer`]; the packets stay as they are.
    pub fn push(&mut self, buffer: &'b mut [u8], place: Place) -> Result<(), Misuse> {
        let packet = place.packet(buffer)?;
        if let (Some(free), Some(noted)) = (
            self.packets.get_mut(self.count),
            self.places.get_mut(self.count),
        ) {
            (*free, *noted) = (packet, place);
            self.count = self.count.saturating_add(1);
        }
        Ok(())
    }

    /// How many packets there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether there is no room for another.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.count == LENGTH
    }

    pub(crate) fn packets(&mut self) -> &mut [Packet<'b>] {
        self.packets.get_mut(..self.count).unwrap_or_default()
    }

    /// The outcomes of results, each with the place where its packet is now, or, if `stays`, was before.
    pub(crate) fn outcomes<T: Copy, R: Copy>(
        &self,
        results: &[T; LENGTH],
        result: impl Fn(T) -> Result<R, DropReason>,
        stays: impl Fn(&R) -> bool,
    ) -> Outcomes<R> {
        let mut outcomes = [Err(DropReason::Truncated); LENGTH];
        let packets = self.packets.iter().zip(&self.places).take(self.count);
        for ((outcome, given), (packet, before)) in outcomes.iter_mut().zip(results).zip(packets) {
            *outcome = result(*given).map(|result| {
                let place = if stays(&result) {
                    *before
                } else {
                    Place::of(packet)
                };
                (result, place)
            });
        }
        outcomes
    }
}

impl Default for Burst<'_> {
    fn default() -> Self {
        Self::new()
    }
}
