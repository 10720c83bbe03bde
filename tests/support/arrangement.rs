//! How each arrangement uses the two sides of an SA. The two functions differ between tunnel mode and
//! IIPtran in who handles the outer header, and in nothing else (RFC 3884 section 3.1).

use iiptran::outer::{InnerFields, OuterHeader};
use iiptran::sa::{InboundSa, OutboundSa, SealOptions};
use iiptran::wire::SkipList;
use iiptran::{Arrangement, DropReason, Packet, ipip};

use crate::NOW;

/// Protects a packet; `outer` goes in front of it where the arrangement has a tunnel.
///
/// # Errors
/// As [`OutboundSa::seal_with`].
pub fn send(
    arrangement: Arrangement,
    sa: &OutboundSa,
    packet: &mut Packet<'_>,
    outer: OuterHeader,
    options: &SealOptions,
) -> Result<(), DropReason> {
    let mut options = *options;
    match arrangement {
        Arrangement::Transport => {}
        Arrangement::Iiptran => outer.push(packet)?,
        _ => options.outer = Some(outer),
    }
    sa.seal_with(NOW, packet, &options).map(drop)
}

/// Opens a packet, and gives the whole sequence number.
///
/// # Errors
/// As [`InboundSa::open`] and [`ipip::decapsulate`].
pub fn receive(
    arrangement: Arrangement,
    sa: &mut InboundSa,
    packet: &mut Packet<'_>,
) -> Result<u64, DropReason> {
    let received = sa.open(NOW, packet)?;
    if arrangement == Arrangement::Iiptran {
        let (outer, fields) = (received.header, InnerFields::default());
        ipip::decapsulate(packet, &outer, fields, &SkipList::default())?;
    }
    Ok(received.sequence)
}
