//! What SAs carry, as routers tell it each other where forwarding asks the SAD (RFC 3884 section 4.1,
//! alternative 3).
//!
//! A prefix and a metric no longer say all: a packet to the prefix gets through only if the SAs on the
//! way carry it. So each route of a message has the selectors of the SA behind it, and routers use only
//! what their own SA and that one carry. This is no protocol that anybody has; it is what any protocol
//! would have to become.
//!
//! ```text
//! command, version | entry of RIP (20 bytes), sets (1 byte), sets * (local first, last, remote first, last) | ...
//! ```

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::message;
use crate::fib::Prefix;
use crate::spd::{AddressSet, Policy};
use crate::wire::IpVersion;

/// The addresses of an SA's selectors: those of this side and those of the far side, first and last.
/// Selectors of the transport layer are refused where forwarding asks the SAD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::network) struct Carried(Vec<[IpAddr; 4]>);

impl Carried {
    /// What the SAs of a policy carry of an IP version.
    pub(in crate::network) fn of(policy: &Policy, version: IpVersion) -> Self {
        let mut sets = Vec::new();
        for set in policy.selectors() {
            for [local, last_local] in ranges(set.local(), version) {
                for [remote, last_remote] in ranges(set.remote(), version) {
                    sets.push([local, last_local, remote, last_remote]);
                }
            }
        }
        Self(sets)
    }

    /// How many sets there are.
    pub(in crate::network) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether packets to all addresses of a prefix are carried, from some source.
    pub(in crate::network) fn leads_to(&self, prefix: &Prefix) -> bool {
        let (first, last) = (prefix.first(), prefix.last());
        let covers = |[_, _, from, to]: &[IpAddr; 4]| *from <= first && last <= *to;
        self.0.iter().any(covers)
    }

    /// Pairs of single addresses: a router's own, and one at the far end.
    pub(in crate::network) fn pairs(&self) -> impl Iterator<Item = (IpAddr, IpAddr)> {
        let single = |[local, last, remote, end]: &[IpAddr; 4]| {
            (local == last && remote == end).then_some((*local, *remote))
        };
        self.0.iter().filter_map(single)
    }

    /// The bytes of a route with sets as many as these.
    pub(super) const fn length(&self, version: IpVersion) -> usize {
        message::ENTRY
            .saturating_add(1)
            .saturating_add(self.0.len().saturating_mul(set_length(version)))
    }

    fn write(&self, message: &mut Vec<u8>) {
        let count = u8::try_from(self.0.len()).unwrap_or(u8::MAX);
        message.push(count);
        for address in self.0.iter().take(usize::from(count)).flatten() {
            match address {
                IpAddr::V4(address) => message.extend_from_slice(&address.octets()),
                IpAddr::V6(address) => message.extend_from_slice(&address.octets()),
            }
        }
    }

    fn read(version: IpVersion, bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (&count, bytes) = bytes.split_first()?;
        let length = set_length(version).checked_mul(usize::from(count))?;
        let (sets, rest) = bytes.split_at_checked(length)?;
        let addresses: Vec<IpAddr> = match version {
            IpVersion::V4 => sets
                .as_chunks::<4>()
                .0
                .iter()
                .map(|a| (*a).into())
                .collect(),
            IpVersion::V6 => sets
                .as_chunks::<16>()
                .0
                .iter()
                .map(|a| (*a).into())
                .collect(),
        };
        Some((Self(addresses.as_chunks::<4>().0.to_vec()), rest))
    }
}

/// Begins a message whose routes have selectors.
pub(super) fn response(version: IpVersion, message: &mut Vec<u8>) {
    message::response(version, message);
    if let Some(protocol_version) = message.get_mut(1) {
        *protocol_version = number(version);
    }
}

/// Adds a route and what the SAs behind it carry.
pub(super) fn add(prefix: &Prefix, metric: u8, carried: &Carried, message: &mut Vec<u8>) {
    message::add(prefix, metric, message);
    carried.write(message);
}

/// The routes of a message; `None` if it is none with selectors.
pub(super) fn read(version: IpVersion, message: &[u8]) -> Option<Vec<(Prefix, u8, Carried)>> {
    let [2, protocol_version, _, _, rest @ ..] = message else {
        return None;
    };
    if *protocol_version != number(version) {
        return None;
    }
    let (mut rest, mut routes) = (rest, Vec::new());
    while let Some((entry, behind)) = rest.split_first_chunk() {
        let (carried, behind) = Carried::read(version, behind)?;
        if let Some((prefix, metric)) = message::read_entry(version, entry) {
            routes.push((prefix, metric, carried));
        }
        rest = behind;
    }
    rest.is_empty().then_some(routes)
}

/// The version after RIP's, or RIPng's.
const fn number(version: IpVersion) -> u8 {
    match version {
        IpVersion::V4 => 3,
        IpVersion::V6 => 2,
    }
}

const fn set_length(version: IpVersion) -> usize {
    match version {
        IpVersion::V4 => 16,
        IpVersion::V6 => 64,
    }
}

fn ranges(set: &AddressSet, version: IpVersion) -> Vec<[IpAddr; 2]> {
    match (set, version) {
        (AddressSet::Any, IpVersion::V4) => {
            alloc::vec![[Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::BROADCAST.into()]]
        }
        (AddressSet::Any, IpVersion::V6) => {
            let last = Ipv6Addr::from_bits(u128::MAX);
            alloc::vec![[Ipv6Addr::UNSPECIFIED.into(), last.into()]]
        }
        (AddressSet::Ranges(ranges), _) => {
            let all = ranges.iter().map(|range| [*range.start(), *range.end()]);
            all.filter(|[first, _]| IpVersion::of(*first) == version)
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by hand from the drawing above and RFC 2453 section 4.
    #[test]
    fn alt_12_a_route_has_the_selectors_of_its_sa() {
        let ip = |text: &str| -> IpAddr { text.parse().unwrap() };
        let set = [
            ip("10.1.0.0"),
            ip("10.1.0.255"),
            ip("10.2.0.0"),
            ip("10.2.0.255"),
        ];
        let carried = Carried([set].into());
        let prefix: Prefix = "10.2.0.0/24".parse().unwrap();
        let mut message = Vec::new();
        response(IpVersion::V4, &mut message);
        add(&prefix, 2, &carried, &mut message);
        let bytes = [
            2, 3, 0, 0, // response, version 3
            0, 2, 0, 0, 10, 2, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 2, // the route
            1, 10, 1, 0, 0, 10, 1, 0, 255, 10, 2, 0, 0, 10, 2, 0, 255, // one set
        ];
        assert_eq!(message, bytes);
        assert_eq!(bytes.len(), 4 + carried.length(IpVersion::V4));
        assert_eq!(
            read(IpVersion::V4, &bytes),
            Some([(prefix, 2, carried.clone())].into())
        );
        assert!(carried.leads_to(&prefix));
        assert!(!carried.leads_to(&"10.2.0.0/16".parse().unwrap()));
        for end in 5..bytes.len() {
            assert_eq!(read(IpVersion::V4, &bytes[..end]), None, "{end}");
        }
        assert_eq!(read(IpVersion::V4, &[2, 2, 0, 0]), None, "RIP itself");
    }
}
