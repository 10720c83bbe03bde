//! Taking an outer header off.

use super::{Ecn, EcnAnomaly, InnerDscpRule, InnerFields};
use crate::wire::{self, IpHeader, IpVersion, Protocol, SkipList};
use crate::{DropReason, Packet};

/// Reads and checks the packet inside an outer header, and changes nothing.
///
/// # Errors
/// The reasons of group parse if the inner packet is malformed or is not of the version that the
/// outer header promises; [`DropReason::NotTunnelled`] if the outer header promises no IP packet.
#[inline]
pub fn inspect(packet: &[u8], outer: &IpHeader, skip: &SkipList) -> Result<IpHeader, DropReason> {
    let version = match outer.protocol {
        Protocol::IPV4 => IpVersion::V4,
        Protocol::IPV6 => IpVersion::V6,
        _ => return Err(DropReason::NotTunnelled),
    };
    let inner = IpHeader::parse(outer.payload(packet), skip)?;
    if inner.version() == version {
        Ok(inner)
    } else {
        Err(DropReason::BadVersion)
    }
}

/// Takes the outer header off the packet that [`inspect`] read, cuts what lies behind the inner
/// packet's end, and carries DSCP and ECN inwards.
///
/// Tells whether the two ECN fields were a combination that no honest path produces; `inner` becomes
/// the header as it is then.
///
/// # Errors
/// [`DropReason::EcnCongestionLost`]; the packet is then as it was.
#[inline]
pub fn remove(
    packet: &mut Packet<'_>,
    outer: &IpHeader,
    inner: &mut IpHeader,
    fields: InnerFields,
) -> Result<Option<EcnAnomaly>, DropReason> {
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
    Ok(EcnAnomaly::of(inside, outside))
}
