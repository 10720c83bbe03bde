//! Sets of values, as lists of inclusive ranges.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::RangeInclusive;

use super::SelectorError;

/// Values that ranges are made of.
pub trait Successor: Copy + Ord {
    /// The value next to this one; `None` behind the last.
    fn successor(self) -> Option<Self>;
}

/// A set of values that is never empty.
///
/// The ranges are kept in ascending order, and those that overlap or touch are joined: equal sets are
/// equal lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeSet<T>(Box<[RangeInclusive<T>]>);

impl<T: Successor> RangeSet<T> {
    pub(super) fn new(
        ranges: impl IntoIterator<Item = RangeInclusive<T>>,
    ) -> Result<Self, SelectorError> {
        let mut ranges: Vec<_> = ranges.into_iter().collect();
        if ranges.is_empty() {
            return Err(SelectorError::EmptyList);
        }
        if ranges.iter().any(RangeInclusive::is_empty) {
            return Err(SelectorError::ReversedRange);
        }
        ranges.sort_unstable_by_key(|range| *range.start());
        ranges.dedup_by(|next, kept| {
            let gap = next.start() > kept.end() && kept.end().successor() != Some(*next.start());
            if !gap {
                *kept = *kept.start()..=*kept.end().max(next.end());
            }
            !gap
        });
        Ok(Self(ranges.into_boxed_slice()))
    }

    /// Whether the value is in the set.
    #[must_use]
    pub fn contains(&self, value: T) -> bool {
        self.around(value).is_some()
    }

    /// Whether every value of `other` is in this set.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        // Between two ranges of a set lies a value that it has not, so one range must hold all.
        other.0.iter().all(|range| {
            self.around(*range.start())
                .is_some_and(|own| range.end() <= own.end())
        })
    }

    /// The ranges, in ascending order, with gaps between them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &RangeInclusive<T>> {
        self.0.iter()
    }

    fn around(&self, value: T) -> Option<&RangeInclusive<T>> {
        let index = self.0.partition_point(|range| *range.end() < value);
        self.0.get(index).filter(|range| *range.start() <= value)
    }
}

impl<T: Successor> From<T> for RangeSet<T> {
    /// The set of one value.
    fn from(value: T) -> Self {
        Self(Box::new([value..=value]))
    }
}

impl Successor for u8 {
    fn successor(self) -> Option<Self> {
        self.checked_add(1)
    }
}

impl Successor for u16 {
    fn successor(self) -> Option<Self> {
        self.checked_add(1)
    }
}

impl Successor for IpAddr {
    /// The next address of the same family.
    fn successor(self) -> Option<Self> {
        match self {
            Self::V4(address) => u32::from(address)
                .checked_add(1)
                .map(|next| Ipv4Addr::from(next).into()),
            Self::V6(address) => u128::from(address)
                .checked_add(1)
                .map(|next| Ipv6Addr::from(next).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ranges: &[RangeInclusive<u16>]) -> RangeSet<u16> {
        RangeSet::new(ranges.iter().cloned()).unwrap()
    }

    #[test]
    fn equal_sets_are_equal_lists() {
        assert_eq!(
            set(&[7..=9, 1..=2, 3..=4, 2..=2, 8..=8]),
            set(&[1..=4, 7..=9])
        );
        assert_eq!(set(&[0..=65535, 3..=4]), set(&[0..=65535]));
        assert_ne!(set(&[1..=2, 4..=5]), set(&[1..=5]));
    }

    #[test]
    fn a_set_contains_both_ends_of_its_ranges() {
        let set = set(&[0..=0, 5..=7, 65535..=65535]);
        for (value, inside) in [(0, true), (1, false), (4, false), (5, true), (7, true)] {
            assert_eq!(set.contains(value), inside, "{value}");
        }
        assert!(!set.contains(8) && !set.contains(65534) && set.contains(65535));
    }

    #[test]
    fn a_set_covers_what_its_touching_ranges_hold_together() {
        assert!(set(&[1..=5, 6..=10]).covers(&set(&[3..=8])));
        assert!(set(&[1..=5, 7..=10]).covers(&set(&[2..=3, 10..=10])));
        assert!(!set(&[1..=5, 7..=10]).covers(&set(&[3..=8])));
        assert!(!set(&[5..=6]).covers(&set(&[4..=5])));
    }

    #[test]
    fn forb_08_empty_lists_and_reversed_ranges_are_refused() {
        assert_eq!(RangeSet::<u16>::new([]), Err(SelectorError::EmptyList));
        let reversed = RangeInclusive::new(9_u16, 8);
        assert_eq!(
            RangeSet::new([1..=1, reversed]),
            Err(SelectorError::ReversedRange)
        );
    }

    #[test]
    fn the_last_ipv4_address_does_not_touch_the_first_ipv6_address() {
        let last = IpAddr::from([255; 4]);
        let set = RangeSet::new([last..=last, IpAddr::from([0; 16])..=IpAddr::from([0; 16])]);
        assert_eq!(set.unwrap().iter().count(), 2);
    }
}
