//! The address selectors: lists of ranges, or ANY.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::RangeInclusive;

use super::SelectorError;
use super::range::RangeSet;
use crate::wire::IpVersion;

/// The addresses that a selector accepts (RFC 4301 section 4.4.1.1).
///
/// ```
/// use iiptran::spd::AddressSet;
///
/// let gateway = "192.0.2.1".parse()?;
/// let set = AddressSet::prefix("10.1.0.0".parse()?, 16)?;
/// assert!(set.contains("10.1.255.255".parse()?) && !set.contains(gateway));
/// assert!(AddressSet::from(gateway).contains(gateway));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressSet {
    /// Every address of either family.
    Any,
    /// The addresses in these ranges, all of one family.
    Ranges(RangeSet<IpAddr>),
}

impl AddressSet {
    /// The addresses in any of these ranges.
    ///
    /// # Errors
    /// [`SelectorError::EmptyList`], [`SelectorError::ReversedRange`] or
    /// [`SelectorError::MixedFamilies`].
    pub fn ranges(
        ranges: impl IntoIterator<Item = RangeInclusive<IpAddr>>,
    ) -> Result<Self, SelectorError> {
        let ranges = RangeSet::new(ranges)?;
        // IPv4 comes before IPv6 in the order of addresses, so the two outermost tell.
        let first = ranges
            .iter()
            .next()
            .map(|range| IpVersion::of(*range.start()));
        let last = ranges
            .iter()
            .next_back()
            .map(|range| IpVersion::of(*range.end()));
        if first != last {
            return Err(SelectorError::MixedFamilies);
        }
        Ok(Self::Ranges(ranges))
    }

    /// The addresses whose first `length` bits are those of `address`.
    ///
    /// # Errors
    /// [`SelectorError::PrefixTooLong`].
    pub fn prefix(address: IpAddr, length: u8) -> Result<Self, SelectorError> {
        Self::ranges([prefix_range(address, length)?])
    }

    /// Whether the address is accepted.
    #[inline]
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Ranges(ranges) => ranges.contains(address),
        }
    }

    /// Whether this address is accepted and no other.
    #[must_use]
    pub fn is_only(&self, address: IpAddr) -> bool {
        match self {
            Self::Any => false,
            Self::Ranges(ranges) => ranges
                .iter()
                .all(|range| (*range.start(), *range.end()) == (address, address)),
        }
    }

    /// Whether every address of `other` is accepted.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Ranges(own), Self::Ranges(other)) => own.covers(other),
            (Self::Ranges(_), Self::Any) => false,
        }
    }

    /// The IP version of the addresses; `None` for ANY.
    #[must_use]
    pub fn version(&self) -> Option<IpVersion> {
        match self {
            Self::Any => None,
            Self::Ranges(ranges) => ranges
                .iter()
                .next()
                .map(|range| IpVersion::of(*range.start())),
        }
    }
}

impl From<IpAddr> for AddressSet {
    /// The set of one address.
    fn from(address: IpAddr) -> Self {
        Self::Ranges(address.into())
    }
}

/// The range of addresses whose first `length` bits are those of `address`.
///
/// # Errors
/// [`SelectorError::PrefixTooLong`].
pub fn prefix_range(address: IpAddr, length: u8) -> Result<RangeInclusive<IpAddr>, SelectorError> {
    let length = u32::from(length);
    let bits = match address {
        IpAddr::V4(_) => Ipv4Addr::BITS,
        IpAddr::V6(_) => Ipv6Addr::BITS,
    };
    if length > bits {
        return Err(SelectorError::PrefixTooLong);
    }
    Ok(match address {
        IpAddr::V4(address) => {
            let hosts = u32::MAX.checked_shr(length).unwrap_or(0);
            let first = u32::from(address) & !hosts;
            Ipv4Addr::from(first).into()..=Ipv4Addr::from(first | hosts).into()
        }
        IpAddr::V6(address) => {
            let hosts = u128::MAX.checked_shr(length).unwrap_or(0);
            let first = u128::from(address) & !hosts;
            Ipv6Addr::from(first).into()..=Ipv6Addr::from(first | hosts).into()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn range(first: &str, last: &str) -> RangeInclusive<IpAddr> {
        address(first)..=address(last)
    }

    #[test]
    fn a_prefix_is_the_range_of_its_addresses() {
        for (prefix, length, first, last) in [
            ("192.0.2.77", 24, "192.0.2.0", "192.0.2.255"),
            ("192.0.2.77", 32, "192.0.2.77", "192.0.2.77"),
            ("192.0.2.77", 0, "0.0.0.0", "255.255.255.255"),
            ("2001:db8::7", 127, "2001:db8::6", "2001:db8::7"),
            ("2001:db8::7", 128, "2001:db8::7", "2001:db8::7"),
            (
                "2001:db8::7",
                0,
                "::",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            ),
        ] {
            assert_eq!(
                prefix_range(address(prefix), length),
                Ok(range(first, last))
            );
        }
        for (prefix, length) in [("192.0.2.77", 33), ("2001:db8::", 129)] {
            let refused = AddressSet::prefix(address(prefix), length);
            assert_eq!(refused, Err(SelectorError::PrefixTooLong));
        }
    }

    #[test]
    fn forb_08_families_are_not_mixed() {
        let four = range("192.0.2.1", "192.0.2.9");
        let six = range("2001:db8::1", "2001:db8::9");
        let across = range("192.0.2.1", "2001:db8::9");
        let mixed = Err(SelectorError::MixedFamilies);
        assert_eq!(AddressSet::ranges([four.clone(), six.clone()]), mixed);
        assert_eq!(AddressSet::ranges([across, four]), mixed);
        assert_eq!(
            AddressSet::ranges([six]).unwrap().version(),
            Some(IpVersion::V6)
        );
    }

    #[test]
    fn any_has_both_families_and_a_full_range_has_one() {
        let four = AddressSet::prefix(address("0.0.0.0"), 0).unwrap();
        assert!(AddressSet::Any.covers(&four) && !four.covers(&AddressSet::Any));
        assert!(AddressSet::Any.contains(address("::1")) && !four.contains(address("::1")));
    }
}
