//! The messages: those of RIP version 2 (RFC 2453) for IPv4 and of RIPng (RFC 2080) for IPv6.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::fib::Prefix;
use crate::wire::IpVersion;

/// The groups of all routers that speak the protocol, on one link: link scope.
pub(in crate::network) const GROUPS: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(224, 0, 0, 9)),
    IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 9)),
];
/// The UDP port of each version.
pub(in crate::network) const PORTS: [u16; 2] = [520, 521];
/// The metric of what can't be reached.
pub(super) const INFINITY: u8 = 16;

const HEADER: usize = 4;
pub(super) const ENTRY: usize = 20;
const REQUEST: u8 = 1;
const RESPONSE: u8 = 2;

/// What a message says.
#[derive(Debug)]
pub(super) enum Contents<'m> {
    /// The sender asks for all routes.
    Request,
    /// The sender's routes.
    Response(Entries<'m>),
}

/// The entries of a response.
#[derive(Clone, Debug)]
pub(super) struct Entries<'m> {
    version: IpVersion,
    bytes: &'m [u8],
}

/// How many entries fit into a message whose UDP payload may have `room` bytes. RFC 2453 section 3.6
/// allows 25.
pub(super) fn capacity(version: IpVersion, room: usize) -> usize {
    let fit = room.saturating_sub(HEADER) / ENTRY;
    match version {
        IpVersion::V4 => fit.min(25),
        IpVersion::V6 => fit,
    }
    .max(1)
}

/// Begins a response.
pub(super) fn response(version: IpVersion, message: &mut Vec<u8>) {
    header(version, RESPONSE, message);
}

/// A request for the whole table (RFC 2453 section 3.9.1, RFC 2080 section 2.4.1): one entry of no
/// address family, at infinity.
pub(super) fn request(version: IpVersion, message: &mut Vec<u8>) {
    header(version, REQUEST, message);
    message.resize(HEADER.saturating_add(ENTRY), 0);
    if let Some(last) = message.last_mut() {
        *last = INFINITY;
    }
}

fn header(version: IpVersion, command: u8, message: &mut Vec<u8>) {
    message.clear();
    let protocol_version = match version {
        IpVersion::V4 => 2,
        IpVersion::V6 => 1,
    };
    message.extend_from_slice(&[command, protocol_version, 0, 0]);
}

/// Adds a route to a response.
pub(super) fn add(prefix: &Prefix, metric: u8, message: &mut Vec<u8>) {
    let length = prefix.length();
    match prefix.address() {
        IpAddr::V4(address) => {
            let mask = u32::MAX
                .checked_shl(32_u32.saturating_sub(length.into()))
                .unwrap_or_default();
            message.extend_from_slice(&[0, 2, 0, 0]);
            message.extend_from_slice(&address.octets());
            message.extend_from_slice(&mask.to_be_bytes());
            message.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, metric]);
        }
        IpAddr::V6(address) => {
            message.extend_from_slice(&address.octets());
            message.extend_from_slice(&[0, 0, length, metric]);
        }
    }
}

/// Reads a message; `None` if it is none of this protocol and version.
pub(super) fn read(version: IpVersion, message: &[u8]) -> Option<Contents<'_>> {
    let (&[command, protocol_version, _, _], bytes) = message.split_first_chunk::<HEADER>()?;
    let expected = match version {
        IpVersion::V4 => 2,
        IpVersion::V6 => 1,
    };
    if protocol_version != expected || bytes.len() % ENTRY != 0 {
        return None;
    }
    match command {
        REQUEST => {
            (bytes.len() == ENTRY && bytes.last() == Some(&INFINITY)).then_some(Contents::Request)
        }
        RESPONSE => Some(Contents::Response(Entries { version, bytes })),
        _ => None,
    }
}

impl Iterator for Entries<'_> {
    /// A prefix and its metric.
    type Item = (Prefix, u8);

    fn next(&mut self) -> Option<(Prefix, u8)> {
        loop {
            let (entry, rest) = self.bytes.split_first_chunk::<ENTRY>()?;
            self.bytes = rest;
            // RFC 2453 section 3.9.2: an entry that is wrong is ignored, the others are not.
            if let Some(found) = read_entry(self.version, entry) {
                return Some(found);
            }
        }
    }
}

/// A prefix and its metric; `None` if the entry is wrong.
pub(super) fn read_entry(version: IpVersion, entry: &[u8; ENTRY]) -> Option<(Prefix, u8)> {
    let (prefix, metric) = match version {
        IpVersion::V4 => read_v4(entry),
        IpVersion::V6 => read_v6(entry),
    }?;
    (1..=INFINITY).contains(&metric).then_some((prefix, metric))
}

fn read_v4(entry: &[u8; ENTRY]) -> Option<(Prefix, u8)> {
    let [
        0,
        2,
        _,
        _,
        a,
        b,
        c,
        d,
        m0,
        m1,
        m2,
        m3,
        _,
        _,
        _,
        _,
        0,
        0,
        0,
        metric,
    ] = *entry
    else {
        return None;
    };
    let mask = u32::from_be_bytes([m0, m1, m2, m3]);
    let length = mask.leading_ones();
    if length.saturating_add(mask.trailing_zeros()) < 32 {
        return None;
    }
    let prefix = Prefix::new([a, b, c, d].into(), u8::try_from(length).ok()?)?;
    Some((prefix, metric))
}

fn read_v6(entry: &[u8; ENTRY]) -> Option<(Prefix, u8)> {
    let (address, &[_, _, length, metric]) = entry.split_first_chunk::<16>()? else {
        return None;
    };
    Some((Prefix::new((*address).into(), length)?, metric))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by hand from RFC 2453 section 4.
    #[test]
    fn a_response_is_that_of_rip_version_2() {
        let mut message = Vec::new();
        response(IpVersion::V4, &mut message);
        add(&"10.1.0.0/16".parse().unwrap(), 3, &mut message);
        let bytes = [
            2, 2, 0, 0, // response, version 2
            0, 2, 0, 0, 10, 1, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3,
        ];
        assert_eq!(message, bytes);
        let Some(Contents::Response(mut entries)) = read(IpVersion::V4, &bytes) else {
            panic!("a response");
        };
        assert_eq!(entries.next(), Some(("10.1.0.0/16".parse().unwrap(), 3)));
        assert_eq!(entries.next(), None);
    }

    /// Written by hand from RFC 2080 section 2.1.
    #[test]
    fn a_response_is_that_of_ripng() {
        let mut message = Vec::new();
        response(IpVersion::V6, &mut message);
        add(&"fd00:1::/64".parse().unwrap(), 16, &mut message);
        let bytes = [
            2, 1, 0, 0, 0xfd, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 16,
        ];
        assert_eq!(message, bytes);
        let Some(Contents::Response(mut entries)) = read(IpVersion::V6, &bytes) else {
            panic!("a response");
        };
        assert_eq!(entries.next(), Some(("fd00:1::/64".parse().unwrap(), 16)));
    }

    #[test]
    fn what_is_wrong_is_ignored() {
        let entry = |mask: [u8; 4], metric| {
            let mut message = alloc::vec![2, 2, 0, 0, 0, 2, 0, 0, 10, 0, 0, 0];
            message.extend(mask);
            message.extend([0, 0, 0, 0, 0, 0, 0, metric]);
            message
        };
        let count = |message: &[u8]| match read(IpVersion::V4, message) {
            Some(Contents::Response(entries)) => entries.count(),
            _ => usize::MAX,
        };
        assert_eq!(count(&entry([255, 0, 0, 0], 1)), 1);
        assert_eq!(count(&entry([255, 0, 255, 0], 1)), 0, "a mask with a hole");
        assert_eq!(count(&entry([255, 0, 0, 0], 0)), 0, "no metric is 0");
        assert_eq!(count(&entry([255, 0, 0, 0], 17)), 0);
        assert_eq!(count(&entry([254, 0, 0, 0], 1)), 1);
        assert_eq!(count(&entry([248, 0, 0, 0], 1)), 0, "bits behind the mask");
        assert!(read(IpVersion::V4, &[2, 1, 0, 0]).is_none(), "version 1");
        assert!(read(IpVersion::V4, &[2, 2, 0, 0, 9]).is_none());
        let mut message = Vec::new();
        request(IpVersion::V6, &mut message);
        assert!(matches!(
            read(IpVersion::V6, &message),
            Some(Contents::Request)
        ));
    }
}
