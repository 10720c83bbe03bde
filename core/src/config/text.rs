//! Small values that are written as text: keys, prefixes, ranges, SPIs.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;
use core::ops::RangeInclusive;
use core::str::FromStr;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::fib::Prefix;
use crate::spd::{IcmpMessage, prefix_range};
use crate::transform::{SecretBytes, Transform};
use crate::wire::{Protocol, Spi};

/// A key in hexadecimal digits. Wiped when dropped; shown by none but the serialised document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct HexKey(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub SecretBytes);

/// A prefix such as `10.1.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct PrefixText(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub Prefix);

/// An interface's address and the length of the prefix around it, such as `10.1.0.1/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct InterfaceText {
    /// The address.
    pub address: IpAddr,
    /// Length of the prefix, bits.
    pub length: u8,
}

/// Addresses: one, a prefix, or the first and last of a range with a hyphen between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct AddressRangeText(
    #[cfg_attr(feature = "schema", schemars(with = "String"))] pub RangeInclusive<IpAddr>,
);

/// A port, `80`, or a range, `1000-2000`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Number", into = "String")]
pub struct PortRangeText(
    #[cfg_attr(feature = "schema", schemars(with = "String"))] pub RangeInclusive<u16>,
);

/// An ICMP type, `8`; a type and code, `3/1`; or a range of either, `3/1-5/2`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Number", into = "String")]
pub struct IcmpRangeText(
    #[cfg_attr(feature = "schema", schemars(with = "String"))] pub RangeInclusive<IcmpMessage>,
);

/// A protocol's number or name, such as `17` or `udp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Number", into = "String")]
pub struct ProtocolText(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub Protocol);

/// A security parameters index: a number, or text such as `0x00001000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Number", into = "String")]
pub struct SpiText(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub Spi);

/// A transform by its names, such as `aes-128-gcm-16`, or `aes-256-cbc + hmac-sha2-256-128`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct TransformText(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub Transform);

/// A time such as `1.5s`, `20ms`, `100us` or `0s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct DurationText(#[cfg_attr(feature = "schema", schemars(with = "String"))] pub Duration);

/// A number, or its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Number {
    /// As a number.
    Integer(u32),
    /// As text.
    Text(String),
}

/// Reads `0x` numbers too.
fn number<T: TryFrom<u32>>(text: &str) -> Option<T> {
    let value = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    T::try_from(value).ok()
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

impl FromStr for HexKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
        let (pairs, rest) = digits.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(format!(
                "a key has an odd number of hexadecimal digits: {}",
                digits.len()
            ));
        }
        // The digits themselves are not shown: it is a key.
        let byte = |&[high, low]: &[u8; 2]| Some(hex_digit(high)? << 4 | hex_digit(low)?);
        // Room for all of them at first: a vector that grows leaves parts of the key behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
        for pair in pairs {
            bytes.push(byte(pair).ok_or("a key has a character that is not a hexadecimal digit")?);
        }
        Ok(Self(SecretBytes::from(core::mem::take(&mut *bytes))))
    }
}

impl FromStr for InterfaceText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault =
            || format!("\"{text}\" is not an address with a prefix length, such as 10.1.0.1/16");
        let (address, length) = text.split_once('/').ok_or_else(fault)?;
        let address = address.parse().map_err(|_| fault())?;
        let length = length.parse().map_err(|_| fault())?;
        Prefix::containing(address, length).ok_or_else(fault)?;
        Ok(Self { address, length })
    }
}

impl InterfaceText {
    /// The prefix around the address.
    #[must_use]
    pub fn prefix(&self) -> Prefix {
        Prefix::containing(self.address, self.length).unwrap_or(Prefix::host(self.address))
    }
}

impl FromStr for AddressRangeText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || {
            format!("\"{text}\" is not an address, a prefix or a range such as 10.0.0.1-10.0.0.9")
        };
        let address = |text: &str| text.trim().parse::<IpAddr>().map_err(|_| fault());
        if let Some((first, last)) = text.split_once('-') {
            return Ok(Self(address(first)?..=address(last)?));
        }
        if text.contains('/') {
            let prefix: Prefix = text
                .parse()
                .map_err(|error| format!("\"{text}\": {error}"))?;
            let range = prefix_range(prefix.address(), prefix.length());
            return range.map(Self).map_err(|error| error.to_string());
        }
        address(text).map(|address| Self(address..=address))
    }
}

impl FromStr for PortRangeText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let port = |text: &str| {
            number(text.trim())
                .ok_or_else(|| format!("\"{text}\" is not a port, or a range such as 1000-2000"))
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Ok(Self(port(first)?..=port(last)?))
    }
}

impl FromStr for IcmpRangeText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || {
            format!(
                "\"{text}\" is not an ICMP type, a type and code such as 3/1, or a range such as 3/1-5/2"
            )
        };
        let message = |text: &str| -> Option<RangeInclusive<IcmpMessage>> {
            match text.trim().split_once('/') {
                Some((kind, code)) => {
                    let message = IcmpMessage::new(number(kind)?, number(code)?);
                    Some(message..=message)
                }
                None => Some(IcmpMessage::of_type(number(text.trim())?)),
            }
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let first = message(first).ok_or_else(fault)?;
        let last = message(last).ok_or_else(fault)?;
        Ok(Self(*first.start()..=*last.end()))
    }
}

impl FromStr for ProtocolText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        number(text)
            .map(Protocol)
            .or_else(|| Protocol::from_name(text))
            .map(Self)
            .ok_or_else(|| format!("\"{text}\" is not a protocol's number or name"))
    }
}

impl FromStr for SpiText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let spi = number(text).map(Spi);
        spi.map(Self)
            .ok_or_else(|| format!("\"{text}\" is not an SPI of 32 bits"))
    }
}

impl FromStr for TransformText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (encryption, integrity) = match text.split_once('+') {
            Some((encryption, integrity)) => (encryption.trim(), Some(integrity.trim())),
            None => (text.trim(), None),
        };
        Transform::from_names(encryption, integrity)
            .map(Self)
            .map_err(|error| error.to_string())
    }
}

impl FromStr for DurationText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("\"{text}\" is not a time such as 1.5s, 20ms, 100us or 5ns");
        let unit = DURATION_UNITS
            .iter()
            .find_map(|&(unit, nanos)| Some((text.strip_suffix(unit)?, nanos)));
        let (number, unit) = unit.ok_or_else(fault)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let is_number =
            |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) {
            return Err(fault());
        }
        let mut nanos = whole
            .parse::<u64>()
            .ok()
            .and_then(|whole| whole.checked_mul(unit))
            .ok_or_else(fault)?;
        let mut place = unit;
        for digit in fraction.bytes() {
            place /= 10;
            nanos = nanos
                .checked_add(u64::from(digit.saturating_sub(b'0')).saturating_mul(place))
                .ok_or_else(fault)?;
        }
        Ok(Self(Duration::from_nanos(nanos)))
    }
}

/// Names of units with their lengths, nanoseconds; one that ends like another stands before it.
const DURATION_UNITS: [(&str, u64); 4] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
];

impl fmt::Display for DurationText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Seconds and what is less are digits one behind the other: numbers of 128 bits would need code of their own.
        let (seconds, nanos) = (self.0.as_secs(), u64::from(self.0.subsec_nanos()));
        let units = DURATION_UNITS.into_iter().zip([9_usize, 6, 3, 0]).rev();
        let fits = |((_, unit), _): &((&str, u64), usize)| nanos.is_multiple_of(*unit);
        let ((name, unit), digits) = units.clone().find(fits).unwrap_or((("ns", 1), 9));
        match (seconds, nanos / unit.max(1)) {
            (0, rest) => write!(f, "{rest}{name}"),
            (_, _) if digits == 0 => write!(f, "{seconds}{name}"),
            (_, rest) => write!(f, "{seconds}{rest:0digits$}{name}"),
        }
    }
}

impl fmt::Display for HexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .expose()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Display for PrefixText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for InterfaceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl fmt::Display for AddressRangeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        range(f, self.0.start(), self.0.end())
    }
}

impl fmt::Display for PortRangeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        range(f, self.0.start(), self.0.end())
    }
}

impl fmt::Display for IcmpRangeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.0.start(), self.0.end());
        write!(f, "{}/{}", first.kind, first.code)?;
        if first == last {
            Ok(())
        } else {
            write!(f, "-{}/{}", last.kind, last.code)
        }
    }
}

impl fmt::Display for ProtocolText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SpiText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TransformText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn range<T: fmt::Display + PartialEq>(
    f: &mut fmt::Formatter<'_>,
    first: &T,
    last: &T,
) -> fmt::Result {
    first.fmt(f)?;
    if first == last {
        Ok(())
    } else {
        write!(f, "-{last}")
    }
}

/// Lets serde read and write a value as its text.
macro_rules! as_text {
    ($from:ty: $($value:ty),*) => {$(
        impl TryFrom<$from> for $value {
            type Error = String;

            fn try_from(text: $from) -> Result<Self, String> {
                text.to_string().parse()
            }
        }

        impl From<$value> for String {
            fn from(value: $value) -> Self {
                value.to_string()
            }
        }
    )*};
}

as_text!(String: HexKey, PrefixText, InterfaceText, AddressRangeText, TransformText, DurationText);
as_text!(Number: PortRangeText, IcmpRangeText, ProtocolText, SpiText);

impl FromStr for PrefixText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|error| format!("\"{text}\": {error}"))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        for (text, nanos, shortest) in [
            ("1.5s", 1_500_000_000, "1500ms"),
            ("20ms", 20_000_000, "20ms"),
            ("0.25us", 250, "250ns"),
            ("5ns", 5, "5ns"),
            ("0s", 0, "0s"),
            ("1.0000000001s", 1_000_000_000, "1s"),
        ] {
            let time: DurationText = text.parse().unwrap();
            assert_eq!(time.0, Duration::from_nanos(nanos), "{text}");
            assert_eq!(time.to_string(), shortest);
        }
        for text in [
            "",
            "5",
            "s",
            "-1s",
            "1.s",
            ".5s",
            "1 s",
            "1m",
            "1e3s",
            "99999999999s",
        ] {
            assert!(text.parse::<DurationText>().is_err(), "{text}");
        }
    }
}
