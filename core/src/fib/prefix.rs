//! Address prefixes: `10.0.0.0/8`, `2001:db8::/32`.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use super::key::Key;
use crate::wire::IpVersion;

/// All addresses that begin with the same bits (RFC 4632 section 3.1, RFC 4291 section 2.3).
///
/// The bits behind the prefix are zero, so that equal sets of addresses are equal values. Prefixes
/// are ordered by IP version, then address, then length: each stands before those that it covers.
///
/// ```
/// use iiptran::fib::{Prefix, PrefixError};
///
/// let prefix: Prefix = "10.1.0.0/16".parse()?;
/// assert!(prefix.contains([10, 1, 2, 3].into()));
/// assert_eq!(
///     "10.1.2.3/16".parse::<Prefix>(),
///     Err(PrefixError::HostBits(prefix)),
/// );
/// # Ok::<(), PrefixError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    address: IpAddr,
    length: u8,
}

impl Prefix {
    /// The prefix of `length` bits; `None` if an address has fewer, or if bits behind them are set:
    /// `10.1.2.3/16` is more often a slip than a wish. For the wish: [`Self::containing`].
    #[must_use]
    pub fn new(address: IpAddr, length: u8) -> Option<Self> {
        Self::containing(address, length).filter(|prefix| prefix.address == address)
    }

    /// The prefix of `length` bits that `address` is in; `None` if an address has fewer bits.
    #[must_use]
    pub fn containing(address: IpAddr, length: u8) -> Option<Self> {
        let version = IpVersion::of(address);
        (length <= address_length(version)).then(|| Self {
            address: address_of(version, Key::new(address, length).first()),
            length,
        })
    }

    /// The prefix that contains this address alone.
    #[inline]
    #[must_use]
    pub const fn host(address: IpAddr) -> Self {
        Self {
            address,
            length: address_length(IpVersion::of(address)),
        }
    }

    /// The address in front of the slash.
    #[must_use]
    pub const fn address(&self) -> IpAddr {
        self.address
    }

    /// The number of bits behind the slash.
    #[must_use]
    pub const fn length(&self) -> u8 {
        self.length
    }

    /// The IP version of the addresses.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> IpVersion {
        IpVersion::of(self.address)
    }

    /// Whether the address begins with these bits; never so for an address of the other version.
    #[inline]
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.covers(&Self::host(address))
    }

    /// Whether this prefix contains every address of `other`.
    #[inline]
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.version() == other.version() && self.key().covers(other.key())
    }

    /// The lowest address.
    #[must_use]
    pub const fn first(&self) -> IpAddr {
        self.address
    }

    /// The highest address.
    #[must_use]
    pub fn last(&self) -> IpAddr {
        address_of(self.version(), self.key().last())
    }

    #[inline]
    pub(super) fn key(&self) -> Key {
        Key::new(self.address, self.length)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Prefix {
    type Err = PrefixError;

    fn from_str(text: &str) -> Result<Self, PrefixError> {
        let (address, length) = text.split_once('/').ok_or(PrefixError::NoLength)?;
        let address: IpAddr = address.parse().map_err(|_| PrefixError::BadAddress)?;
        if !is_plain_decimal(length) {
            return Err(PrefixError::BadLength);
        }
        let prefix = length
            .parse()
            .ok()
            .and_then(|length| Self::containing(address, length))
            .ok_or(PrefixError::TooLong(IpVersion::of(address)))?;
        if prefix.address != address {
            return Err(PrefixError::HostBits(prefix));
        }
        Ok(prefix)
    }
}

/// Why a text is not a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrefixError {
    /// There is no slash.
    NoLength,
    /// What stands before the slash is not an IP address.
    BadAddress,
    /// What stands behind the slash is not a plain decimal number.
    BadLength,
    /// The length exceeds an address of this version.
    TooLong(IpVersion),
    /// Bits behind the prefix are set; this prefix contains the address.
    HostBits(Prefix),
}

impl fmt::Display for PrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLength => f.write_str("a prefix is an address, a slash and a length"),
            Self::BadAddress => f.write_str("what stands before the slash is not an IP address"),
            Self::BadLength => f.write_str("what stands behind the slash is not a plain number"),
            Self::TooLong(IpVersion::V4) => f.write_str("an IPv4 prefix has at most 32 bits"),
            Self::TooLong(IpVersion::V6) => f.write_str("an IPv6 prefix has at most 128 bits"),
            Self::HostBits(prefix) => write!(
                f,
                "the address has bits set beyond the length; it lies in {prefix}"
            ),
        }
    }
}

impl core::error::Error for PrefixError {}

/// Length of an address, bits.
const fn address_length(version: IpVersion) -> u8 {
    match version {
        IpVersion::V4 => 32,
        IpVersion::V6 => 128,
    }
}

/// The address whose bits these are, aligned to the left.
fn address_of(version: IpVersion, bits: u128) -> IpAddr {
    match (version, bits.to_be_bytes()) {
        (IpVersion::V4, [a, b, c, d, ..]) => Ipv4Addr::new(a, b, c, d).into(),
        (IpVersion::V6, octets) => Ipv6Addr::from(octets).into(),
    }
}

/// Digits alone, no sign and no leading zero: a prefix is written in one way only.
fn is_plain_decimal(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    fn prefix(text: &str) -> Prefix {
        text.parse().unwrap()
    }

    #[test]
    fn a_prefix_reads_back_as_it_was_written() {
        for text in [
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.1.2.3/32",
            "::/0",
            "2001:db8::/33",
            "::1/128",
        ] {
            assert_eq!(prefix(text).to_string(), text);
        }
    }

    #[test]
    fn each_fault_has_its_error() {
        let error = |text: &str| text.parse::<Prefix>().unwrap_err();
        assert_eq!(error("10.0.0.0"), PrefixError::NoLength);
        assert_eq!(error("10.0.0/8"), PrefixError::BadAddress);
        assert_eq!(error("/8"), PrefixError::BadAddress);
        for length in ["", "+8", "-1", "08", "8 ", "8/8", "255.0.0.0"] {
            assert_eq!(
                error(&alloc::format!("10.0.0.0/{length}")),
                PrefixError::BadLength
            );
        }
        assert_eq!(error("10.0.0.0/33"), PrefixError::TooLong(IpVersion::V4));
        assert_eq!(error("::/129"), PrefixError::TooLong(IpVersion::V6));
        assert_eq!(error("::/99999999999"), PrefixError::TooLong(IpVersion::V6));
        assert_eq!(
            error("2001:db8::1/32").to_string(),
            "the address has bits set beyond the length; it lies in 2001:db8::/32"
        );
    }

    #[test]
    fn host_bits_are_refused_or_cut() {
        let address = IpAddr::from([10, 1, 2, 3]);
        assert_eq!(Prefix::new(address, 16), None);
        assert_eq!(Prefix::containing(address, 16), Some(prefix("10.1.0.0/16")));
        assert_eq!(Prefix::new(address, 32), Some(Prefix::host(address)));
        assert_eq!(Prefix::containing(address, 33), None);
    }

    #[test]
    fn first_and_last_enclose_the_addresses() {
        let [ten, all] = [prefix("10.128.0.0/9"), prefix("::/0")];
        assert_eq!(ten.first(), IpAddr::from([10, 128, 0, 0]));
        assert_eq!(ten.last(), IpAddr::from([10, 255, 255, 255]));
        assert_eq!(all.last(), IpAddr::from([0xff; 16]));
    }

    #[test]
    fn the_ip_versions_never_meet() {
        assert!(!prefix("::/0").contains([0, 0, 0, 0].into()));
        assert!(!prefix("0.0.0.0/0").covers(&prefix("::/0")));
        assert!(prefix("255.0.0.0/8") < prefix("::/0"));
    }

    fn any_prefix() -> impl Strategy<Value = Prefix> {
        (any::<IpAddr>(), 0..=128_u8).prop_map(|(address, length)| {
            Prefix::containing(address, length).unwrap_or(Prefix::host(address))
        })
    }

    proptest! {
        #[test]
        fn text_and_value_agree(prefix in any_prefix()) {
            prop_assert_eq!(prefix.to_string().parse(), Ok(prefix));
        }

        #[test]
        fn to_contain_is_to_lie_between_first_and_last(
            prefix in any_prefix(), address in any::<IpAddr>(),
        ) {
            let between = prefix.first() <= address && address <= prefix.last();
            prop_assert_eq!(prefix.contains(address), between);
            prop_assert!(prefix.contains(prefix.first()) && prefix.contains(prefix.last()));
        }

        #[test]
        fn what_covers_stands_before(a in any_prefix(), length in 0..=128_u8) {
            if let Some(b) = Prefix::containing(a.address(), length) {
                prop_assert_eq!(a.covers(&b), a <= b);
            }
        }
    }
}
