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
        let next = |last: u64| last.checked_add(1).filter(|&next| next <= self.limit);
        // Nothing else is published with the number, so no ordering is asked for.
        self.last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next)
            .map(|last| last.wrapping_add(1))
            .map_err(|_| DropReason::SequenceExhausted)
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
    }

    #[test]
    fn the_end_of_64_bits_is_an_end_too() {
        let numbers = SequenceNumbers::new(u64::MAX - 1, u64::MAX);
        assert_eq!(numbers.reserve(), Ok(u64::MAX));
        assert_eq!(numbers.reserve(), Err(DropReason::SequenceExhausted));
    }
}
