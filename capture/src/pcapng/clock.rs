//! The clock of an interface.

use core::time::Duration;

const NANOS_PER_SECOND: u128 = 1_000_000_000;

/// How an interface counts time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    // The exponent of 10, or with BINARY of 2, whose power is the number of units in a second.
    resolution: u8,
    // Seconds to add to every time stamp.
    offset: i64,
}

impl Clock {
    /// The `if_tsresol` of an interface that says nothing of it: microseconds.
    pub(super) const DEFAULT_RESOLUTION: u8 = 6;
    const BINARY: u8 = 0x80;

    /// The clock that the options `if_tsresol` and `if_tsoffset` describe; `None` if the unit of time
    /// is so small that no number here can hold it.
    pub(super) fn new(resolution: u8, offset: i64) -> Option<Self> {
        let clock = Self { resolution, offset };
        clock.units_per_second().map(|_| clock)
    }

    /// The time since 1970 after so many units, rounded down to nanoseconds; `None` if that was before
    /// 1970 or does not fit.
    pub(super) fn time(self, units: u64) -> Option<Duration> {
        // Less than 2^94: a 64-bit number times 10^9.
        let nanos = u128::from(units) * NANOS_PER_SECOND / self.units_per_second()?;
        let seconds = u64::try_from(nanos / NANOS_PER_SECOND).ok()?;
        let subsecond = u32::try_from(nanos % NANOS_PER_SECOND).ok()?;
        let seconds = seconds.checked_add_signed(self.offset)?;
        Some(Duration::new(seconds, subsecond))
    }

    fn units_per_second(self) -> Option<u128> {
        let base: u128 = if self.resolution & Self::BINARY == 0 {
            10
        } else {
            2
        };
        base.checked_pow((self.resolution & !Self::BINARY).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(resolution: u8, offset: i64, units: u64) -> Option<Duration> {
        Clock::new(resolution, offset).unwrap().time(units)
    }

    #[test]
    fn powers_of_ten_and_of_two_count_time() {
        assert_eq!(time(0, 0, 7), Some(Duration::from_secs(7)));
        assert_eq!(time(6, 0, 1_500_000), Some(Duration::from_millis(1_500)));
        assert_eq!(time(9, 0, 1_000_000_001), Some(Duration::new(1, 1)));
        assert_eq!(time(12, 0, 1_999), Some(Duration::from_nanos(1)));
        assert_eq!(
            time(0x80 | 32, 0, 3 << 31),
            Some(Duration::from_millis(1_500))
        );
        assert_eq!(time(0xff, 0, u64::MAX), Some(Duration::ZERO));
    }

    #[test]
    fn the_offset_moves_whole_seconds_both_ways() {
        assert_eq!(time(6, 10, 5), Some(Duration::new(10, 5_000)));
        assert_eq!(time(6, -1, 1_000_005), Some(Duration::new(0, 5_000)));
    }

    #[test]
    fn what_does_not_fit_is_no_time() {
        assert_eq!(time(6, -1, 5), None);
        assert_eq!(time(0, 1, u64::MAX), None);
        assert_eq!(time(0, i64::MAX, u64::MAX), None);
        assert_eq!(Clock::new(39, 0), None);
        assert!(Clock::new(38, 0).is_some());
    }
}
