//! Taking an outer header off.

use super::{Ecn, EcnAnomaly, InnerDscpRule, InnerFields};
use crate::wire::{self, IpHeader, IpVersion, Protocol, SkipList};
use crate::{DropReason, Packet};

/// What came out of an outer header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The inner header as it is now.
    pub inner: IpHeader,
    /// Whether the two ECN fields were a combination that no honest path produces.
    pub anomaly: Option<EcnAnomaly>,
}

/// Takes the outer header `outer` off a packet whose payload is an IP packet, checks that packet, cuts
/// what lies behind its end, and carries DSCP and ECN inwards.
///
/// # Errors
/// The reasons of group parse if the inner packet is malformed or is not of the version that the
/// outer header promises; [`DropReason::NotTunnelled`] if the outer header promises no IP packet;
/// [`DropReason::EcnCongestionLost`]. The packet is then as it was.
#[inline]
pub fn remove(
    packet: &mut Packet<'_>,
    outer: &IpHeader,
    fields: InnerFields,
    skip: &SkipList,
) -> Result<Removed, DropReason> {
    let version = match outer.protocol {
        Protocol::IPV4 => IpVersion::V4,
        Protocol::IPV6 => IpVersion::V6,
        _ => return Err(DropReason::NotTunnelled),
    };
    let mut inner = IpHeader::parse(outer.payload(packet.bytes()), skip)?;
    if inner.version() != version {
        return Err(DropReason::BadVersion);
    }
    let (inside, outside) = (Ecn::of(inner.traffic_class), Ecn::of(outer.traffic_class));
    let ecn = fields.ecn.combine(inside, outside)?;
    let dscp = match fields.dscp {
        InnerDscpRule::Keep => inner.dscp(),
        InnerDscpRule::Overwrite => outer.dscp(),
    };
    packet.remove_front(outer.length)?;
    packet.truncate(inner.total_length);
    let traffic_class = dscp << 2 | ecn as u8;
    if traffic_class != inner.traffic_class {
        wire::set_traffic_class(packet.bytes_mut(), traffic_class);
        inner.traffic_class = traffic_class;
    }
    Ok(Removed {
        inner,
        anomaly: EcnAnomaly::of(inside, outside),
    })
}
