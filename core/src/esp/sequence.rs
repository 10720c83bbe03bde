//! Giving out sequence numbers (RFC 4303 section 3.3.3).

use core::sync::atomic::{AtomicU64, Ordering};

use crate::DropReason;

/// The sequence numbers of an outbound SA. Many threads may take from it; none gets a number that
/// another got, and nothing past the limit is given out.
#[derive(Debug)]
pub struct SequenceNumbers {
    last: AtomicU64,
    limit: u64,
}

impl SequenceNumbers {
    /// Numbers from `start + 1` to `limit`. A fresh SA starts at 0, so that its first packet has 1.
    #[must_use]
    pub const fn new(start: u64, limit: u64) -> Self {
        Self {
            last: AtomicU64::new(start),
            limit,
        }
    }

    /// The next number.
    ///
    /// # Errors
    /// [`DropReason::SequenceExhausted`].
    #[inline]
    pub fn reserve(&self) -> Result<u64, DropReason> {
        self.reserve_many(1)
    }

    /// The next `count` numbers: the first of them.
    ///
    /// # Errors
    /// [`DropReason::SequenceExhausted`] if there are not as many; none is given out then.
    #[inline]
    pub fn reserve_many(&self, count: u64) -> Result<u64, DropReason> {
        // Nothing else is published with the numbers, so no ordering is asked for.
        let last = |last: u64| last.checked_add(count).filter(|&last| last <= self.limit);
        self.last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, last)
            .map(|last| last.wrapping_add(1))
            .map_err(|_| DropReason::SequenceExhausted)
    }

    /// Takes the last `unused` numbers before `end` back, which were given out and used by nobody, unless
    /// others were given out since: then they remain unused.
    #[inline]
    pub(crate) fn give_back(&self, end: u64, unused: u64) {
        let last = end.wrapping_sub(1);
        let before = last.saturating_sub(unused);
        let order = Ordering::Relaxed;
        // If it fails, somebody was faster, and nothing is to be done.
        let _ = self.last.compare_exchange(last, before, order, order);
    }

    /// The number that was given out last.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last.load(Ordering::Relaxed)
    }

    /// The last number that may be given out.
    #[must_use]
    pub const fn limit(&self) -> u64 {
        self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_start_at_one_and_end_at_the_limit() {
        let numbers = SequenceNumbers::new(0, 2);
        assert_eq!([numbers.reserve(), numbers.reserve()], [Ok(1), Ok(2)]);
        assert_eq!(numbers.reserve(), Err(DropReason::SequenceExhausted));
        assert_eq!(numbers.last(), 2);
        let numbers = SequenceNumbers::new(0, 5);
        assert_eq!(
            [numbers.reserve_many(3), numbers.reserve_many(2)],
            [Ok(1), Ok(4)]
        );
        numbers.give_back(5, 1);
        numbers.give_back(6, 1);
        assert_eq!(numbers.reserve(), Ok(5));
        let numbers = SequenceNumbers::new(0, 5);
        assert_eq!(numbers.reserve_many(6), Err(DropReason::SequenceExhausted));
        assert_eq!(numbers.reserve(), Ok(1));
    }

    #[test]
    fn the_end_of_64_bits_is_an_end_too() {
        let numbers = SequenceNumbers::new(u64::MAX - 1, u64::MAX);
        assert_eq!(numbers.reserve(), Ok(u64::MAX));
        assert_eq!(numbers.reserve(), Err(DropReason::SequenceExhausted));
    }
}
