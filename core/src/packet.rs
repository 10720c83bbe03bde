//! A packet inside a larger buffer.
//!
//! Encapsulation puts headers in front of a packet and ESP puts a trailer behind it. Both happen in
//! place: the caller leaves room on either side, as an `sk_buff` or an mbuf does.
//!
//! ```text
//!  buffer  |<- headroom ->|<------- packet ------->|<- tailroom ->|
//! ```

use alloc::vec::Vec;
use core::ops::Range;

use crate::DropReason;

/// A packet inside a larger buffer that the caller owns.
///
/// No method panics, allocates or copies the payload.
#[derive(Debug)]
pub struct Packet<'b> {
    buffer: &'b mut [u8],
    // Invariant: start <= end <= buffer.len().
    start: usize,
    end: usize,
}

impl<'b> Packet<'b> {
    /// The packet that occupies `range` of `buffer`; `None` if the range is not inside the buffer.
    #[must_use]
    pub fn new(buffer: &'b mut [u8], range: Range<usize>) -> Option<Self> {
        let inside = range.start <= range.end && range.end <= buffer.len();
        inside.then_some(Self {
            start: range.start,
            end: range.end,
            buffer,
        })
    }

    /// The bytes of the packet.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        let bytes = self.buffer.get(self.start..self.end);
        bytes.unwrap_or_else(|| nothing())
    }

    /// The bytes of the packet, to change.
    #[inline]
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        let bytes = self.buffer.get_mut(self.start..self.end);
        bytes.unwrap_or_else(nothing)
    }

    /// Length in bytes.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether there is no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where in the buffer the packet is now.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Free bytes before the packet.
    #[inline]
    #[must_use]
    pub fn headroom(&self) -> usize {
        self.start
    }

    /// Free bytes after the packet.
    #[inline]
    #[must_use]
    pub fn tailroom(&self) -> usize {
        self.buffer.len().saturating_sub(self.end)
    }

    /// Grows the packet by `count` bytes at the front, whose contents are not defined.
    ///
    /// # Errors
    /// [`DropReason::NoHeadroom`]; the packet is as it was.
    #[inline]
    pub fn prepend(&mut self, count: usize) -> Result<(), DropReason> {
        self.start = self
            .start
            .checked_sub(count)
            .ok_or(DropReason::NoHeadroom)?;
        Ok(())
    }

    /// Grows the packet by `count` bytes at the end, whose contents are not defined.
    ///
    /// # Errors
    /// [`DropReason::NoTailroom`]; the packet is as it was.
    #[inline]
    pub fn append(&mut self, count: usize) -> Result<(), DropReason> {
        if count > self.tailroom() {
            return Err(DropReason::NoTailroom);
        }
        self.end = self.end.saturating_add(count);
        Ok(())
    }

    /// Cuts `count` bytes off the front.
    ///
    /// # Errors
    /// [`DropReason::Truncated`] if the packet is shorter; it is as it was.
    #[inline]
    pub fn remove_front(&mut self, count: usize) -> Result<(), DropReason> {
        if count > self.len() {
            return Err(DropReason::Truncated);
        }
        self.start = self.start.saturating_add(count);
        Ok(())
    }

    /// Shortens the packet to `length` bytes; a shorter packet stays as it is.
    #[inline]
    pub fn truncate(&mut self, length: usize) {
        self.end = self.end.min(self.start.saturating_add(length));
    }

    /// Opens a gap of `count` bytes behind the first `at` bytes, by moving those to the front.
    ///
    /// # Errors
    /// [`DropReason::NoHeadroom`], or [`DropReason::Truncated`] if the packet is shorter than `at`.
    #[inline]
    pub fn open_gap(&mut self, at: usize, count: usize) -> Result<(), DropReason> {
        if at > self.len() {
            return Err(DropReason::Truncated);
        }
        self.prepend(count)?;
        let moved = count..count.saturating_add(at);
        self.bytes_mut().copy_within(moved, 0);
        Ok(())
    }

    /// Takes out the `count` bytes behind the first `at` bytes, by moving those towards the end.
    ///
    /// # Errors
    /// [`DropReason::Truncated`] if the packet is shorter than `at + count`.
    #[inline]
    pub fn close_gap(&mut self, at: usize, count: usize) -> Result<(), DropReason> {
        if at.saturating_add(count) > self.len() {
            return Err(DropReason::Truncated);
        }
        self.bytes_mut().copy_within(..at, count);
        self.remove_front(count)
    }

    /// Cuts the packet to `length` bytes and grows it on both sides; gives its bytes, of which the new ones
    /// are not defined. `None` if there is no room; the packet is then as it was.
    #[inline(always)]
    pub(crate) fn enclose(
        &mut self,
        length: usize,
        before: usize,
        behind: usize,
    ) -> Option<&mut [u8]> {
        let start = self.start.checked_sub(before)?;
        let end = self.start.wrapping_add(length).wrapping_add(behind);
        let bytes = self.buffer.get_mut(start..end)?;
        (self.start, self.end) = (start, end);
        Some(bytes)
    }

    /// Makes the packet the bytes from `start` to `end` of itself; nothing happens if it has not so many.
    #[inline(always)]
    pub(crate) fn narrow(&mut self, start: usize, end: usize) {
        let start = self.start.wrapping_add(start);
        let end = self.start.wrapping_add(end);
        if self.start <= start && start <= end && end <= self.end {
            (self.start, self.end) = (start, end);
        }
    }

    /// Cuts the packet to `length` bytes, and gives those from `from` on; `None` if there are fewer, and it is as it
    /// was.
    #[inline(always)]
    pub(crate) fn cut(&mut self, from: usize, length: usize) -> Option<&mut [u8]> {
        let end = self.start.wrapping_add(length);
        if end > self.end {
            return None;
        }
        let bytes = self.buffer.get_mut(self.start.wrapping_add(from)..end)?;
        self.end = end;
        Some(bytes)
    }

    /// Replaces the whole packet, using headroom and tailroom as they come.
    ///
    /// # Errors
    /// [`DropReason::NoTailroom`] if `bytes` are longer than the buffer.
    pub fn replace(&mut self, bytes: &[u8]) -> Result<(), DropReason> {
        let shift = self
            .start
            .min(self.buffer.len().saturating_sub(bytes.len()));
        let target = self
            .buffer
            .get_mut(shift..shift.saturating_add(bytes.len()))
            .ok_or(DropReason::NoTailroom)?;
        target.copy_from_slice(bytes);
        self.start = shift;
        self.end = shift.saturating_add(bytes.len());
        Ok(())
    }
}

/// No bytes, with no room around them.
impl Default for Packet<'_> {
    fn default() -> Self {
        Self {
            buffer: &mut [],
            start: 0,
            end: 0,
        }
    }
}

/// What the invariant rules out: a branch that is never taken costs less than a choice between two addresses.
#[cold]
const fn nothing<'a>() -> &'a mut [u8] {
    &mut []
}

/// An owned buffer with room around its packet, for hosts, tests and tools that have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketBuffer {
    buffer: Vec<u8>,
    range: Range<usize>,
}

impl PacketBuffer {
    /// Headroom that covers four nested tunnels with ESP and UDP on each.
    pub const HEADROOM: usize = 512;
    /// Tailroom that covers the longest padding, traffic-flow padding aside, and the longest ICV.
    pub const TAILROOM: usize = 512;

    /// Copies `packet` into a buffer with [`Self::HEADROOM`] and [`Self::TAILROOM`] around it.
    #[must_use]
    pub fn new(packet: &[u8]) -> Self {
        Self::with_room(packet, Self::HEADROOM, Self::TAILROOM)
    }

    /// Copies `packet` into a buffer with the given room before and after it, in bytes.
    #[must_use]
    pub fn with_room(packet: &[u8], headroom: usize, tailroom: usize) -> Self {
        let mut buffer = alloc::vec![0; headroom];
        buffer.extend_from_slice(packet);
        buffer.resize(buffer.len().saturating_add(tailroom), 0);
        Self {
            buffer,
            range: headroom..headroom.saturating_add(packet.len()),
        }
    }

    /// Runs `process` on the packet and keeps the place where it left the packet.
    pub fn process<R>(&mut self, process: impl FnOnce(&mut Packet<'_>) -> R) -> R {
        let mut packet = Packet {
            start: self.range.start,
            end: self.range.end,
            buffer: &mut self.buffer,
        };
        let result = process(&mut packet);
        self.range = packet.range();
        result
    }

    /// The bytes of the packet.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.buffer.get(self.range.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(buffer: &mut [u8; 10]) -> Packet<'_> {
        *buffer = [0, 0, 0, 1, 2, 3, 4, 0, 0, 0];
        Packet::new(buffer, 3..7).unwrap()
    }

    #[test]
    fn a_range_outside_the_buffer_is_refused() {
        let mut buffer = [0; 4];
        assert!(Packet::new(&mut buffer, 0..5).is_none());
        #[allow(clippy::reversed_empty_ranges)]
        let reversed = 3..2;
        assert!(Packet::new(&mut buffer, reversed).is_none());
    }

    #[test]
    fn a_gap_opens_and_closes_without_moving_the_payload() {
        let mut buffer = [0; 10];
        let mut packet = packet(&mut buffer);
        packet.open_gap(1, 2).unwrap();
        assert_eq!(
            (packet.bytes()[0], &packet.bytes()[3..]),
            (1, &[2, 3, 4][..])
        );
        packet.close_gap(1, 2).unwrap();
        assert_eq!(packet.bytes(), [1, 2, 3, 4]);
        assert_eq!(packet.range(), 3..7);
    }

    #[test]
    fn lack_of_room_changes_nothing() {
        let mut buffer = [0; 10];
        let mut packet = packet(&mut buffer);
        assert_eq!(packet.prepend(4), Err(DropReason::NoHeadroom));
        assert_eq!(packet.append(4), Err(DropReason::NoTailroom));
        assert_eq!(packet.remove_front(5), Err(DropReason::Truncated));
        assert_eq!(packet.open_gap(5, 1), Err(DropReason::Truncated));
        assert_eq!(packet.close_gap(3, 2), Err(DropReason::Truncated));
        assert_eq!(packet.bytes(), [1, 2, 3, 4]);
    }

    #[test]
    fn a_replacement_may_use_both_rooms() {
        let mut buffer = [0; 10];
        let mut packet = packet(&mut buffer);
        packet.replace(&[9; 10]).unwrap();
        assert_eq!(packet.bytes(), [9; 10]);
        assert_eq!(packet.replace(&[0; 11]), Err(DropReason::NoTailroom));
    }
}
