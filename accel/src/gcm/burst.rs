//! Many packets of one key: those of about the same length go side by side.
//!
//! Packets are gathered by their number of quads; whenever there are four, they go. What is left at the end
//! goes with its neighbours, or alone.

use crate::gcm::isa::QUAD;
use crate::gcm::packet::Packet;

/// Packets side by side.
pub(crate) const FOUR: usize = 4;
/// Longer packets, in quads, have enough to do alone: 1536 bytes, more than Ethernet's.
const LONGEST: usize = 24;

/// Packets that go side by side, once there are four.
pub(crate) type Four<'a, P> = [Option<&'a mut P>; FOUR];

/// Has each packet sealed or opened, alone or with three others.
#[inline(always)]
pub(crate) fn gather<'a, P: Packet>(
    packets: &'a mut [P],
    one: impl Fn(&mut P),
    four: impl Fn(&mut Four<'a, P>),
) {
    let mut gathered: [Four<'_, P>; LONGEST + 1] = Default::default();
    let mut counts = [0_u8; LONGEST + 1];
    for packet in packets {
        let quads = packet.body().len().div_ceil(QUAD);
        let (Some(places), Some(count)) = (gathered.get_mut(quads), counts.get_mut(quads)) else {
            one(packet);
            continue;
        };
        if let Some(place) = places.get_mut(usize::from(*count)) {
            *place = Some(packet);
        }
        *count += 1;
        if usize::from(*count) == FOUR {
            *count = 0;
            four(places);
        }
    }
    for (places, count) in gathered.iter_mut().zip(counts) {
        for packet in places.iter_mut().take(count.into()).flatten() {
            one(packet);
        }
    }
}
