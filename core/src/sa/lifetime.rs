//! How long an SA may live (RFC 4301 section 4.4.2.1).

use core::time::Duration;

use crate::transform::BURST;
use crate::{DropReason, Instant};

/// Limits of one kind. Whichever is reached first counts; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Time since the SA was made.
    pub time: Option<Duration>,
    /// Bytes given to the cipher, padding and trailer included.
    pub bytes: Option<u64>,
    /// Packets.
    pub packets: Option<u64>,
}

/// When to replace an SA and when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// When the SA was made.
    pub created: Instant,
    /// When to start replacing it.
    pub soft: Limits,
    /// When it carries nothing more.
    pub hard: Limits,
}

/// What an SA has carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) bytes: u64,
    pub(super) packets: u64,
}

impl Usage {
    /// More than a burst can be, SAs inside SAs included.
    pub(super) const OF_BURST: Self = Self {
        bytes: (BURST as u64) << 20,
        packets: (BURST as u64) << 4,
    };
}

impl Default for Lifetime {
    /// Soft limit after 2^31 packets, half of the numbers that 32 bits give.
    fn default() -> Self {
        let soft = Limits {
            packets: Some(1 << 31),
            ..Limits::default()
        };
        Self {
            created: Instant::ZERO,
            soft,
            hard: Limits::default(),
        }
    }
}

impl Lifetime {
    /// Whether one more packet may be carried.
    #[inline]
    pub(super) fn check(&self, now: Instant, used: Usage) -> Result<(), DropReason> {
        if reached(self.hard.time, now.since(self.created)) {
            return Err(DropReason::SaExpired);
        }
        if reached(self.hard.bytes, used.bytes) || reached(self.hard.packets, used.packets) {
            return Err(DropReason::LifetimeExceeded);
        }
        Ok(())
    }

    /// Whether so many more packets, of so many bytes, reach no limit now; whether soft ones count too is
    /// the caller's to say.
    #[inline]
    pub(super) fn is_far_from(&self, now: Instant, used: Usage, more: Usage, soft: bool) -> bool {
        let then = Usage {
            bytes: used.bytes.saturating_add(more.bytes),
            packets: used.packets.saturating_add(more.packets),
        };
        self.check(now, then).is_ok() && !(soft && self.is_soft_expired(now, then))
    }

    /// Whether it is time to replace the SA.
    #[inline]
    pub(super) fn is_soft_expired(&self, now: Instant, used: Usage) -> bool {
        reached(self.soft.time, now.since(self.created))
            || reached(self.soft.bytes, used.bytes)
            || reached(self.soft.packets, used.packets)
    }
}

fn reached<T: PartialOrd>(limit: Option<T>, value: T) -> bool {
    limit.is_some_and(|limit| value >= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold_exactly() {
        let lifetime = Lifetime {
            created: Instant::from_secs(10),
            soft: Limits {
                bytes: Some(50),
                ..Limits::default()
            },
            hard: Limits {
                time: Some(Duration::from_secs(5)),
                bytes: Some(100),
                packets: Some(3),
            },
        };
        let at = |secs, bytes, packets| {
            lifetime.check(Instant::from_secs(secs), Usage { bytes, packets })
        };
        assert_eq!(at(14, 99, 2), Ok(()));
        assert_eq!(at(15, 0, 0), Err(DropReason::SaExpired));
        assert_eq!(at(14, 100, 0), Err(DropReason::LifetimeExceeded));
        assert_eq!(at(14, 0, 3), Err(DropReason::LifetimeExceeded));
        // A clock that stands before the beginning is not an expiry.
        assert_eq!(at(0, 0, 0), Ok(()));
        let soft = |bytes| lifetime.is_soft_expired(Instant::ZERO, Usage { bytes, packets: 0 });
        assert!(!soft(49) && soft(50));
    }
}
