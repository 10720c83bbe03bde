//! Taking a packet out of a tunnel.

use core::net::{IpAddr, Ipv6Addr};

use crate::outer::{self, EcnAnomaly, InnerFields};
use crate::wire::{IpHeader, SkipList};
use crate::{DropReason, Packet};

/// What came out of a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decapsulated {
    /// The inner header as it is now.
    pub inner: IpHeader,
    /// Whether the two ECN fields were a combination that no honest path produces.
    pub anomaly: Option<EcnAnomaly>,
}

/// Takes a packet out of a tunnel (RFC 2003 section 3): checks the inner packet, cuts what lies behind
/// its end, and carries ECN inwards. The inner TTL stays as it is; a TTL of 0 ends here.
///
/// # Errors
/// The reasons of group parse; [`DropReason::NotTunnelled`]; [`DropReason::TtlExpired`];
/// [`DropReason::Martian`] for an IPv6 source that can't come out of IPv4 (RFC 4213 section 3.6);
/// [`DropReason::EcnCongestionLost`]. The packet is then as it was.
#[inline]
pub fn decapsulate(
    packet: &mut Packet<'_>,
    outer: &IpHeader,
    fields: InnerFields,
    skip: &SkipList,
) -> Result<Decapsulated, DropReason> {
    let mut inner = outer::inspect(packet.bytes(), outer, skip)?;
    if inner.ttl == 0 {
        return Err(DropReason::TtlExpired);
    }
    if let (IpAddr::V4(_), IpAddr::V6(source)) = (outer.source, inner.source)
        && cant_come_out_of_ipv4(source)
    {
        return Err(DropReason::Martian);
    }
    let anomaly = outer::remove(packet, outer, &mut inner, fields)?;
    Ok(Decapsulated { inner, anomaly })
}

/// Multicast, unspecified, loopback, IPv4-mapped and IPv4-compatible addresses.
fn cant_come_out_of_ipv4(source: Ipv6Addr) -> bool {
    let [high @ .., _, _] = source.segments();
    source.is_multicast() || matches!(high, [0, 0, 0, 0, 0, 0 | 0xffff])
}
