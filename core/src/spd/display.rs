//! Selectors in words, for traces and messages: `local 10.1.0.0/16, remote any, protocol tcp, remote port 22`.

use core::fmt::{self, Display, Formatter};
use core::net::IpAddr;
use core::ops::RangeInclusive;

use super::range::Successor;
use super::{
    AddressSet, FieldSet, IcmpMessage, NextLayer, Selectors, Sides, UpperSelector, prefix_range,
};
use crate::wire::IpVersion;

impl Display for Selectors {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if *self == Self::ANY {
            return f.write_str("any packet");
        }
        write!(f, "local {}, remote {}", self.local, self.remote)?;
        self.next_layer.fmt(f)
    }
}

impl Display for AddressSet {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Ranges(ranges) => list(f, ranges.iter(), address_range),
        }
    }
}

impl Display for NextLayer {
    /// With a comma in front, unless it is ANY, which needs no word.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => Ok(()),
            Self::Opaque => f.write_str(", protocol opaque"),
            Self::Protocol { protocol, upper } => {
                write!(f, ", protocol {protocol}")?;
                match upper {
                    UpperSelector::Any => Ok(()),
                    UpperSelector::Ports(sides) => fields(f, "port", sides, |f, port| port.fmt(f)),
                    UpperSelector::Icmp(sides) => fields(f, "message", sides, |f, message| {
                        let IcmpMessage { kind, code } = message;
                        write!(f, "{kind}/{code}")
                    }),
                    UpperSelector::Mobility(sides) => {
                        fields(f, "type", sides, |f, kind| kind.fmt(f))
                    }
                }
            }
        }
    }
}

fn fields<T: Successor + PartialEq>(
    f: &mut Formatter<'_>,
    word: &str,
    sides: &Sides<T>,
    value: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (side, set) in [("local", &sides.local), ("remote", &sides.remote)] {
        match set {
            FieldSet::Any => {}
            FieldSet::Opaque => write!(f, ", {side} {word} opaque")?,
            FieldSet::Ranges(ranges) => {
                write!(f, ", {side} {word} ")?;
                list(f, ranges.iter(), |f, range| span(f, range, &value))?;
            }
        }
    }
    Ok(())
}

fn list<'r, T: 'r>(
    f: &mut Formatter<'_>,
    ranges: impl Iterator<Item = &'r RangeInclusive<T>>,
    one: impl Fn(&mut Formatter<'_>, &RangeInclusive<T>) -> fmt::Result,
) -> fmt::Result {
    for (index, range) in ranges.enumerate() {
        if index > 0 {
            f.write_str(" or ")?;
        }
        one(f, range)?;
    }
    Ok(())
}

fn span<T: PartialEq>(
    f: &mut Formatter<'_>,
    range: &RangeInclusive<T>,
    value: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    value(f, range.start())?;
    if range.start() != range.end() {
        f.write_str("-")?;
        value(f, range.end())?;
    }
    Ok(())
}

/// As a prefix where the range is one.
fn address_range(f: &mut Formatter<'_>, range: &RangeInclusive<IpAddr>) -> fmt::Result {
    let longest = match IpVersion::of(*range.start()) {
        IpVersion::V4 => 32,
        IpVersion::V6 => 128,
    };
    let length =
        (0..longest).find(|&length| prefix_range(*range.start(), length).as_ref() == Ok(range));
    match length {
        Some(length) => write!(f, "{}/{length}", range.start()),
        None => span(f, range, |f, address| address.fmt(f)),
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::spd::PortSet;
    use crate::wire::Protocol;

    #[test]
    fn a_set_reads_like_a_sentence() {
        let local = AddressSet::prefix([10, 1, 0, 0].into(), 16).unwrap();
        let first = IpAddr::from([192, 0, 2, 1]);
        let remote = AddressSet::ranges([first..=IpAddr::from([192, 0, 2, 5])]).unwrap();
        let upper = UpperSelector::Ports(Sides {
            local: PortSet::Any,
            remote: PortSet::ranges([22..=22, 80..=90]).unwrap(),
        });
        let next_layer = NextLayer::Protocol {
            protocol: Protocol::TCP,
            upper,
        };
        let set = Selectors::new(local, remote, next_layer).unwrap();
        assert_eq!(
            set.to_string(),
            "local 10.1.0.0/16, remote 192.0.2.1-192.0.2.5, protocol tcp, remote port 22 or 80-90"
        );
        assert_eq!(Selectors::ANY.to_string(), "any packet");
    }

    #[test]
    fn one_address_is_not_a_range() {
        let one = AddressSet::from(IpAddr::from([192, 0, 2, 1]));
        assert_eq!(one.to_string(), "192.0.2.1");
        let all = AddressSet::prefix([0; 4].into(), 0).unwrap();
        assert_eq!(all.to_string(), "0.0.0.0/0");
    }
}
