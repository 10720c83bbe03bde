//! What the trie compares: the leading bits of an address, IPv4 and IPv6 alike.

use core::net::IpAddr;

/// The first `length` bits of an address, aligned to the left. The bits behind them are zero.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    bits: u128,
    length: u32,
}

impl Key {
    /// The first `length` bits of `address`.
    #[inline]
    pub(super) fn new(address: IpAddr, length: u8) -> Self {
        let bits = match address {
            IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
            IpAddr::V6(address) => address.to_bits(),
        };
        let length = u32::from(length);
        Self {
            bits: bits & mask(length),
            length,
        }
    }

    /// The lowest address that begins with these bits, aligned to the left.
    pub(super) const fn first(self) -> u128 {
        self.bits
    }

    /// The highest address that begins with these bits, aligned to the left.
    pub(super) fn last(self) -> u128 {
        self.bits | !mask(self.length)
    }

    /// Whether `other` begins with all of these bits.
    #[inline]
    pub(super) const fn covers(self, other: Self) -> bool {
        self.length <= other.length && self.length <= self.agreement(other)
    }

    /// The longest key that covers both.
    pub(super) fn common(self, other: Self) -> Self {
        let length = self.agreement(other).min(self.length).min(other.length);
        Self {
            bits: self.bits & mask(length),
            length,
        }
    }

    /// The number of bits.
    pub(super) const fn length(self) -> u32 {
        self.length
    }

    /// The bit behind the first `count` bits; `false` behind the end.
    #[inline]
    pub(super) fn bit(self, count: u32) -> bool {
        self.bits.checked_shl(count).unwrap_or(0) >> 127 == 1
    }

    /// The number that `count` bits behind the first `skip` make, at most 32; zeros behind the end.
    #[inline]
    pub(super) fn digits(self, skip: u32, count: u32) -> usize {
        let aligned = self.bits.checked_shl(skip).unwrap_or(0);
        aligned.checked_shr(128 - count).unwrap_or(0) as usize
    }

    /// How many leading bits are equal, padding included.
    const fn agreement(self, other: Self) -> u32 {
        (self.bits ^ other.bits).leading_zeros()
    }
}

/// Ones in the first `length` bits.
fn mask(length: u32) -> u128 {
    !u128::MAX.checked_shr(length).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::net::Ipv4Addr;

    fn v4(text: &str, length: u8) -> Key {
        Key::new(text.parse::<Ipv4Addr>().unwrap().into(), length)
    }

    #[test]
    fn the_mask_reaches_from_nothing_to_everything() {
        assert_eq!(mask(0), 0);
        assert_eq!(mask(1), 1 << 127);
        assert_eq!(mask(128), u128::MAX);
    }

    #[test]
    fn a_key_covers_what_begins_with_it() {
        let eight = v4("10.0.0.0", 8);
        assert!(eight.covers(eight) && eight.covers(v4("10.9.0.0", 16)));
        assert!(!v4("10.9.0.0", 16).covers(eight));
        // All of the bits agree, and yet the shorter one is not covered by the longer one.
        assert!(!v4("10.0.0.0", 9).covers(eight));
        assert!(!eight.covers(v4("11.0.0.0", 16)));
        assert!(v4("0.0.0.0", 0).covers(v4("255.0.0.0", 8)));
    }

    #[test]
    fn what_is_common_is_no_longer_than_either() {
        let common = v4("10.1.0.0", 16).common(v4("10.2.0.0", 16));
        assert!(common == v4("10.0.0.0", 14));
        assert!(v4("10.0.0.0", 8).common(v4("10.0.0.0", 16)) == v4("10.0.0.0", 8));
        assert!(v4("0.0.0.0", 8).common(v4("128.0.0.0", 8)) == v4("0.0.0.0", 0));
    }

    #[test]
    fn behind_the_end_every_bit_is_clear() {
        let half = v4("128.0.0.0", 1);
        assert!(half.bit(0) && !half.bit(1) && !half.bit(127) && !half.bit(128));
        assert!(Key::new(IpAddr::from([0xff; 16]), 128).bit(127));
    }
}
