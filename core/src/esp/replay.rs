//! The anti-replay window (RFC 4303 section 3.4.3) as a ring of words (RFC 6479).
//!
//! ```text
//!                 top - size + 1             top
//!   ... seen/unseen |-------- window ---------|  not yet received ...
//!   left of window    one bit a number           always acceptable
//! ```
//!
//! A number's bit is at the number modulo the ring, so that nothing shifts: when the top moves, the
//! words that it enters are cleared. The ring has at least one word more than the window, so that a
//! word is never both cleared and in use.

use alloc::boxed::Box;
use core::fmt;

use crate::DropReason;

const WORD_BITS: u64 = u64::BITS as u64;

/// Which sequence numbers of an SA were received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayWindow {
    size: u64,
    top: u64,
    ring: Box<[u64]>,
}

/// Numbers above a window's top: what [`ReplayWindow::infer`] and [`ReplayWindow::check`] say of them, in few steps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ascent {
    top: u64,
    /// The half that is not on the wire, in its place.
    high: u64,
    /// How far above the top they may be: with extended numbers, less than would be of another run of 2^32.
    near: u64,
}

impl Ascent {
    /// Tells nothing.
    pub(crate) const NONE: Self = Self {
        top: u64::MAX,
        high: 0,
        near: 0,
    };

    #[inline(always)]
    pub(crate) const fn top(self) -> u64 {
        self.top
    }

    /// The whole number of a packet that is above `floor`, which is the top or more, and may come; `None` if that is
    /// yet to be asked.
    #[inline(always)]
    pub(crate) const fn above(self, floor: u64, low: u32) -> Option<u64> {
        let sequence = self.high | low as u64;
        if sequence > floor && sequence.wrapping_sub(self.top) < self.near {
            Some(sequence)
        } else {
            None
        }
    }
}

/// A window size that is not from [`ReplayWindow::SMALLEST`] to [`ReplayWindow::LARGEST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowSizeError(pub u32);

impl ReplayWindow {
    /// The smallest window that RFC 4303 permits.
    pub const SMALLEST: u32 = 32;
    /// The window that RFC 4303 recommends.
    pub const DEFAULT: u32 = 64;
    /// The largest window that this implementation takes: 16 KiB.
    pub const LARGEST: u32 = 65_536;

    /// A window of `size` sequence numbers, none of which was received.
    ///
    /// # Errors
    /// [`WindowSizeError`].
    pub fn new(size: u32) -> Result<Self, WindowSizeError> {
        if !(Self::SMALLEST..=Self::LARGEST).contains(&size) {
            return Err(WindowSizeError(size));
        }
        let words = size
            .div_ceil(u64::BITS)
            .saturating_add(1)
            .next_power_of_two();
        let words = usize::try_from(words).map_err(|_| WindowSizeError(size))?;
        Ok(Self {
            size: u64::from(size),
            top: 0,
            ring: alloc::vec![0; words].into(),
        })
    }

    /// How many sequence numbers the window covers.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The highest sequence number that was received; 0 at first.
    #[inline]
    #[must_use]
    pub const fn top(&self) -> u64 {
        self.top
    }

    /// Whether a packet with this number may still come. Nothing changes: a number counts as received
    /// only once its packet is authenticated.
    ///
    /// # Errors
    /// [`DropReason::Replayed`], for number 0 too; [`DropReason::LeftOfWindow`].
    #[inline]
    pub fn check(&self, sequence: u64) -> Result<(), DropReason> {
        if sequence == 0 {
            return Err(DropReason::Replayed);
        }
        if sequence > self.top {
            return Ok(());
        }
        if self.top.wrapping_sub(sequence) >= self.size {
            return Err(DropReason::LeftOfWindow);
        }
        if self.is_marked(sequence) {
            Err(DropReason::Replayed)
        } else {
            Ok(())
        }
    }

    /// Notes that an authenticated packet with this number, which [`Self::check`] let pass, was
    /// received.
    #[inline]
    pub fn receive(&mut self, sequence: u64) {
        if sequence > self.top {
            self.advance(sequence);
        }
        let place = self.place(sequence);
        if let Some(word) = self.ring.get_mut(place) {
            *word |= Self::bit(sequence);
        }
    }

    /// [`Self::receive`] for several numbers that ascend.
    #[inline]
    pub(crate) fn receive_ascending(&mut self, sequences: &[u64]) {
        let (Some(&first), Some(&last)) = (sequences.first(), sequences.last()) else {
            return;
        };
        let behind = sequences.len().wrapping_sub(1) as u64;
        let (start, end) = (first / WORD_BITS, last / WORD_BITS);
        // As almost always: one behind the other, in one word of the ring or two.
        if last.wrapping_sub(first) != behind || end.wrapping_sub(start) > 1 {
            sequences
                .iter()
                .for_each(|&sequence| self.receive(sequence));
            return;
        }
        if last > self.top {
            self.advance(last);
        }
        let from_first = u64::MAX << (first % WORD_BITS);
        let above = (WORD_BITS - 1).wrapping_sub(last % WORD_BITS);
        let to_last = u64::MAX >> above;
        let words = if start == end {
            [(start, from_first & to_last), (end, 0)]
        } else {
            [(start, from_first), (end, to_last)]
        };
        for (word, bits) in words {
            let place = self.place_of_word(word);
            if let Some(word) = self.ring.get_mut(place) {
                *word |= bits;
            }
        }
    }

    /// What tells at once that a number is above all that were received.
    #[inline]
    pub(crate) const fn ascent(&self, extended: bool) -> Ascent {
        let high = self.top & !(u32::MAX as u64);
        Ascent {
            top: self.top,
            high: if extended { high } else { 0 },
            near: if extended { 1 << 31 } else { u64::MAX },
        }
    }

    /// Sets the window to this highest number, with just these numbers received: for an SA that is
    /// restored, and for known-answer tests. Numbers outside the window are ignored.
    pub fn restore(&mut self, top: u64, received: impl IntoIterator<Item = u64>) {
        self.top = top;
        self.ring.fill(0);
        for sequence in received {
            if self.check(sequence).is_ok() && sequence <= top {
                self.receive(sequence);
            }
        }
    }

    /// How far `sequence` lies left of the window: 1 for the first number that is too old. 0 if it is
    /// not.
    #[must_use]
    pub const fn lateness(&self, sequence: u64) -> u64 {
        self.top
            .saturating_sub(sequence)
            .saturating_add(1)
            .saturating_sub(self.size)
    }

    /// Whether a number inside the window was received.
    #[must_use]
    pub fn is_received(&self, sequence: u64) -> bool {
        self.check(sequence) == Err(DropReason::Replayed)
    }

    #[inline]
    fn advance(&mut self, top: u64) {
        let (old, new) = (self.top / WORD_BITS, top / WORD_BITS);
        let entered = new.wrapping_sub(old).min(self.ring.len() as u64);
        for step in 0..entered {
            let place = self.place_of_word(new.wrapping_sub(step));
            if let Some(word) = self.ring.get_mut(place) {
                *word = 0;
            }
        }
        self.top = top;
    }

    fn is_marked(&self, sequence: u64) -> bool {
        self.ring
            .get(self.place(sequence))
            .is_some_and(|word| word & Self::bit(sequence) != 0)
    }

    fn place(&self, sequence: u64) -> usize {
        self.place_of_word(sequence / WORD_BITS)
    }

    fn place_of_word(&self, word: u64) -> usize {
        // The ring's length is a power of two.
        let mask = self.ring.len().wrapping_sub(1) as u64;
        usize::try_from(word & mask).unwrap_or_default()
    }

    const fn bit(sequence: u64) -> u64 {
        1 << (sequence % WORD_BITS)
    }
}

impl fmt::Display for WindowSizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (smallest, largest) = (ReplayWindow::SMALLEST, ReplayWindow::LARGEST);
        write!(
            f,
            "an anti-replay window of {} is not from {smallest} to {largest}",
            self.0
        )
    }
}

impl core::error::Error for WindowSizeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_outside_the_range_are_refused() {
        assert_eq!(ReplayWindow::new(31), Err(WindowSizeError(31)));
        assert_eq!(ReplayWindow::new(65_537), Err(WindowSizeError(65_537)));
        for size in [32, 64, 65, 1024, 65_536] {
            let window = ReplayWindow::new(size).unwrap();
            assert!(window.ring.len() as u64 * WORD_BITS >= window.size + WORD_BITS);
        }
    }

    #[test]
    fn the_window_reaches_back_exactly_its_size() {
        let mut window = ReplayWindow::new(64).unwrap();
        window.receive(100);
        assert_eq!(window.check(37), Ok(()));
        assert_eq!(window.check(36), Err(DropReason::LeftOfWindow));
        assert_eq!((window.lateness(36), window.lateness(37)), (1, 0));
        assert_eq!(window.check(100), Err(DropReason::Replayed));
        assert_eq!(window.check(0), Err(DropReason::Replayed));
        assert_eq!(window.check(u64::MAX), Ok(()));
    }

    #[test]
    fn a_restored_window_knows_what_it_was_told() {
        let mut window = ReplayWindow::new(64).unwrap();
        window.restore(100, [100, 90, 1, 101]);
        assert_eq!(window.top(), 100);
        assert!(window.is_received(90) && window.is_received(100));
        assert_eq!(window.check(91), Ok(()));
    }
}
