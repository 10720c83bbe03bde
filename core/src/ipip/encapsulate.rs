//! Putting a packet into a tunnel.

use crate::outer::{OuterFields, OuterHeader};
use crate::wire::{self, IpHeader};
use crate::{DropReason, Packet, TunnelEnds};

/// Where a packet that goes into a tunnel comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// This node made it.
    Local,
    /// This node forwards it.
    Forwarded {
        /// Whether its source is an address of this node.
        source_is_own: bool,
    },
}

/// Puts a packet into a tunnel (RFC 2003 section 3, RFC 2473 section 3.1). Its own header stays as it
/// is: forwarding has already taken one hop off its TTL. What lies behind its end is cut. `number`
/// counts the tunnel's packets.
///
/// # Errors
/// [`DropReason::TtlExpired`], [`DropReason::RecursiveEncapsulation`],
/// [`DropReason::EncapsulationLimit`], [`DropReason::DfConflict`], or one of group size; no byte of the
/// packet has changed then.
#[inline]
pub fn encapsulate(
    packet: &mut Packet<'_>,
    inner: &IpHeader,
    origin: Origin,
    ends: TunnelEnds,
    fields: &OuterFields,
    number: u64,
) -> Result<OuterHeader, DropReason> {
    if inner.ttl == 0 {
        return Err(DropReason::TtlExpired);
    }
    // RFC 2003 section 4.4: such a packet has been through the tunnel before.
    let returned = match origin {
        Origin::Local => false,
        Origin::Forwarded { source_is_own } => {
            source_is_own || inner.source == ends.local || inner.source == ends.remote
        }
    };
    if returned {
        return Err(DropReason::RecursiveEncapsulation);
    }
    packet.truncate(inner.total_length);
    let mut outer = OuterHeader::choose(ends, fields, packet.bytes(), inner, number)?;
    if let Some(limit) = wire::encapsulation_limit(packet.bytes(), inner) {
        let left = limit.checked_sub(1).ok_or(DropReason::EncapsulationLimit)?;
        outer.encapsulation_limit = ends.remote.is_ipv6().then_some(left);
    }
    outer.push(packet)?;
    Ok(outer)
}
