//! Which packets a key is for: SPIs and addresses, with the wildcards of Wireshark's table.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use iiptran::fib::Prefix;
use iiptran::wire::{IpVersion, Spi};

/// SPIs, or addresses of one version: those whose bits under a mask are as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bits<T> {
    value: T,
    mask: T,
}

/// Which SPIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpiPattern(Bits<u32>);

/// Which addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressPattern {
    /// All.
    Any,
    /// All of one version.
    Version(IpVersion),
    /// One.
    One(IpAddr),
    /// Several, of one version; IPv4 in the low 32 bits.
    #[expect(private_interfaces, reason = "made by parsing, and matched as a whole")]
    Some(IpVersion, Bits<u128>),
}

impl SpiPattern {
    /// One SPI.
    pub const fn one(spi: Spi) -> Self {
        Self(Bits {
            value: spi.0,
            mask: u32::MAX,
        })
    }

    /// The SPI, if it is one only.
    pub fn single(self) -> Option<Spi> {
        (self.0.mask == u32::MAX).then_some(Spi(self.0.value))
    }

    /// Whether an SPI is one of them.
    pub const fn matches(self, spi: Spi) -> bool {
        (spi.0 ^ self.0.value) & self.0.mask == 0
    }

    /// Reads `0x00001000`, `4096`, `*`, or hexadecimal digits with a `*` for any of them.
    pub fn parse(text: &str) -> Option<Self> {
        let any = Bits { value: 0, mask: 0 };
        if text == "*" {
            return Some(Self(any));
        }
        match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some("*") => Some(Self(any)),
            Some(digits) if (1..=8).contains(&digits.len()) => {
                let start = Bits {
                    value: 0,
                    mask: u32::MAX,
                };
                digits.chars().try_fold(start, nibble).map(Self)
            }
            Some(_) => None,
            None => text.parse().ok().map(|spi| Self::one(Spi(spi))),
        }
    }
}

/// One more hexadecimal digit, or `*`.
fn nibble(bits: Bits<u32>, digit: char) -> Option<Bits<u32>> {
    let (value, mask) = match digit {
        '*' => (0, 0),
        digit => (digit.to_digit(16)?, 0xf),
    };
    Some(Bits {
        value: bits.value << 4 | value,
        mask: bits.mask << 4 | mask,
    })
}

impl AddressPattern {
    /// One address, or any.
    pub fn of(address: Option<IpAddr>) -> Self {
        address.map_or(Self::Any, Self::One)
    }

    /// The address, if it is one only.
    pub const fn single(self) -> Option<IpAddr> {
        match self {
            Self::One(address) => Some(address),
            _ => None,
        }
    }

    /// Whether addresses take no part, beyond their version.
    pub const fn is_any(self) -> bool {
        matches!(self, Self::Any | Self::Version(_))
    }

    /// Whether an address is one of them.
    pub fn matches(self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Version(version) => IpVersion::of(address) == version,
            Self::One(one) => one == address,
            Self::Some(version, bits) => {
                IpVersion::of(address) == version && (number(address) ^ bits.value) & bits.mask == 0
            }
        }
    }

    /// Reads an address, a prefix such as `192.0.2.0/24`, `*`, or an address with a `*` in place of
    /// bytes of IPv4 or digits and groups of IPv6; of `version`, if one is asked for.
    pub fn parse(text: &str, version: Option<IpVersion>) -> Option<Self> {
        if text == "*" || text.is_empty() {
            return Some(version.map_or(Self::Any, Self::Version));
        }
        let fits = |found: IpVersion| version.is_none_or(|asked| asked == found);
        if let Ok(address) = text.parse::<IpAddr>() {
            return fits(IpVersion::of(address)).then_some(Self::One(address));
        }
        let (found, bits) = if text.contains('/') {
            prefix(text)?
        } else if text.contains(':') {
            (IpVersion::V6, groups(text)?)
        } else {
            (IpVersion::V4, bytes(text)?)
        };
        fits(found).then_some(Self::Some(found, bits))
    }
}

const fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_bits() as u128,
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn prefix(text: &str) -> Option<(IpVersion, Bits<u128>)> {
    let (address, length) = text.split_once('/')?;
    let prefix = Prefix::containing(address.parse().ok()?, length.parse().ok()?)?;
    let version = IpVersion::of(prefix.address());
    let width = match version {
        IpVersion::V4 => 32,
        IpVersion::V6 => 128,
    };
    let host = u32::from(width - prefix.length());
    let mask = u128::MAX.checked_shl(host).unwrap_or(0);
    let value = number(prefix.address());
    Some((version, Bits { value, mask }))
}

/// An IPv4 address with a `*` in place of some bytes.
fn bytes(text: &str) -> Option<Bits<u128>> {
    let mut parts = text.split('.');
    let mut bits = Bits {
        value: 0,
        mask: u128::MAX,
    };
    for _ in 0..4 {
        let (value, mask) = match parts.next()? {
            "*" => (0, 0),
            byte => (byte.parse::<u8>().ok()?, u8::MAX),
        };
        bits.value = bits.value << 8 | u128::from(value);
        bits.mask = bits.mask << 8 | u128::from(mask);
    }
    parts.next().is_none().then_some(bits)
}

/// An IPv6 address with a `*` in place of some groups or of digits in them.
fn groups(text: &str) -> Option<Bits<u128>> {
    let side = |text: &str| -> Option<Vec<Bits<u32>>> {
        if text.is_empty() {
            return Some(Vec::new());
        }
        text.split(':').map(group).collect()
    };
    let (head, tail) = match text.split_once("::") {
        Some((head, tail)) => (side(head)?, Some(side(tail)?)),
        None => (side(text)?, None),
    };
    let written = head.len() + tail.as_ref().map_or(0, Vec::len);
    let zeros = match tail {
        Some(_) if written < 8 => 8 - written,
        None if written == 8 => 0,
        _ => return None,
    };
    let zero = Bits {
        value: 0,
        mask: 0xffff,
    };
    let all = head
        .into_iter()
        .chain(core::iter::repeat_n(zero, zeros))
        .chain(tail.into_iter().flatten());
    let start = Bits { value: 0, mask: 0 };
    Some(all.fold(start, |bits, group| Bits {
        value: bits.value << 16 | u128::from(group.value),
        mask: bits.mask << 16 | u128::from(group.mask),
    }))
}

fn group(text: &str) -> Option<Bits<u32>> {
    if text == "*" {
        return Some(Bits { value: 0, mask: 0 });
    }
    let start = Bits {
        value: 0,
        mask: u32::MAX,
    };
    let bits = (1..=4).contains(&text.len()).then_some(start)?;
    let Bits { value, mask } = text.chars().try_fold(bits, nibble)?;
    Some(Bits {
        value,
        mask: mask & 0xffff,
    })
}

impl fmt::Display for SpiPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        (0..8).rev().try_for_each(|place| {
            let shift = place * 4;
            match self.0.mask >> shift & 0xf {
                0 => f.write_str("*"),
                _ => write!(f, "{:x}", self.0.value >> shift & 0xf),
            }
        })
    }
}

impl fmt::Display for AddressPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any | Self::Version(_) => f.write_str("*"),
            Self::One(address) => address.fmt(f),
            Self::Some(version, Bits { value, mask }) => match version {
                IpVersion::V4 => {
                    let bits = |value: u128| Ipv4Addr::from_bits((value & 0xffff_ffff) as u32);
                    write!(f, "{} with mask {}", bits(*value), bits(*mask))
                }
                IpVersion::V6 => {
                    let bits = Ipv6Addr::from_bits;
                    write!(f, "{} with mask {}", bits(*value), bits(*mask))
                }
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail anywhere")]
mod tests {
    use super::*;

    fn matches(pattern: &str, address: &str) -> bool {
        let pattern = AddressPattern::parse(pattern, None).unwrap();
        pattern.matches(address.parse().unwrap())
    }

    #[test]
    fn addresses_match_with_wildcards_and_prefixes() {
        assert!(matches("*", "192.0.2.1") && matches("*", "2001:db8::1"));
        assert!(matches("192.0.2.*", "192.0.2.77") && !matches("192.0.2.*", "192.0.3.77"));
        assert!(matches("192.0.2.0/25", "192.0.2.127") && !matches("192.0.2.0/25", "192.0.2.128"));
        assert!(matches("0.0.0.0/0", "8.8.8.8") && !matches("0.0.0.0/0", "::8"));
        assert!(matches("2001:db8::*", "2001:db8::9") && !matches("2001:db8::*", "2001:db8::1:9"));
        assert!(
            matches("2001:db8::f*", "2001:db8::fa") && !matches("2001:db8::f*", "2001:db8::ea")
        );
        assert!(
            matches("2001:db8::/32", "2001:db8:1::1") && !matches("2001:db8::/32", "2001:db9::")
        );
        for wrong in [
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.999",
            "2001::1::1",
            "1.2.3.4/33",
            "host",
        ] {
            assert_eq!(AddressPattern::parse(wrong, None), None, "{wrong}");
        }
        assert_eq!(
            AddressPattern::parse("192.0.2.1", Some(IpVersion::V6)),
            None
        );
        let any = AddressPattern::parse("*", Some(IpVersion::V6)).unwrap();
        assert!(any.matches("::1".parse().unwrap()) && !any.matches("1.1.1.1".parse().unwrap()));
    }

    #[test]
    fn spis_match_with_wildcards() {
        let spi = |text| SpiPattern::parse(text).unwrap();
        assert!(spi("*").matches(Spi(7)) && spi("0x*").matches(Spi(7)));
        assert_eq!(spi("4096").single(), Some(Spi(0x1000)));
        assert_eq!(spi("0x1000").single(), Some(Spi(0x1000)));
        let some = spi("0x0000100*");
        assert!(some.matches(Spi(0x100f)) && !some.matches(Spi(0x1010)));
        assert_eq!(
            (some.single(), some.to_string().as_str()),
            (None, "0x0000100*")
        );
        for wrong in ["", "0x", "0x123456789", "-1", "4294967296", "0xg"] {
            assert_eq!(SpiPattern::parse(wrong), None, "{wrong}");
        }
    }
}
