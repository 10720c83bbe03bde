//! Out of this node in a tunnel: one outer header, one SA.

use alloc::sync::Arc;

use super::super::Node;
use super::super::State;
use super::{Entrance, Known, next_layer};
use crate::sa::{OutboundSa, Wrapping, low_half};
use crate::transform::{BURST, Run};
use crate::wire::{FlowKey, HeaderTemplate, PlainV4, Protocol};
use crate::{LinkId, Packet, Verdict};

/// The way of a flow out of this node.
#[derive(Clone, Debug)]
pub(super) struct Outward {
    pub(super) sa: Arc<OutboundSa>,
    pub(super) template: HeaderTemplate,
    pub(super) numbers: Numbers,
    /// The interface that the packet goes into, if there is one.
    pub(super) tunnel: Option<LinkId>,
    /// The physical link.
    pub(super) link: LinkId,
    /// To transmit it.
    pub(super) verdict: Verdict,
    /// The longest packet that all links on the way take, bytes.
    pub(super) longest: usize,
    /// Whether a hop is taken off its TTL.
    pub(super) forwards: bool,
}

/// What the identification of outer headers counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Nothing: it is 0.
    None,
    /// The packets of the tunnel.
    Tunnel {
        /// Whether outer headers show it.
        shown: bool,
    },
    /// The SA's sequence numbers.
    Sequence,
}

impl Outward {
    /// Whether packets of both ways can go in one run.
    #[inline(always)]
    fn is_beside(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.sa, &other.sa) && self.tunnel == other.tunnel && self.link == other.link
    }
}

/// The header of a packet and its way, if it is known.
#[inline(always)]
fn find<'w>(
    ways: &'w Known<FlowKey, Outward>,
    packet: &Packet<'_>,
    mask: u32,
    entrance: u32,
) -> Option<(PlainV4, &'w Outward)> {
    let plain = PlainV4::read(packet.bytes())?;
    let next_layer = next_layer(plain, packet.bytes(), mask)?;
    let key = plain.flow_key(next_layer, entrance);
    Some((plain, ways.get(&key)??))
}

impl Node {
    /// Sends the first packets, as many as have known ways by one SA; gives how many.
    #[inline(always)]
    pub(super) fn outwards(
        &mut self,
        entrance: Entrance,
        packets: &mut [Packet<'_>],
        verdicts: &mut [Verdict],
    ) -> usize {
        let State {
            ways,
            counters,
            numbers,
            trail,
            now,
            ..
        } = &mut self.state;
        let (mask, entrance_number) = (ways.next_layer, entrance.number());
        let ways = &ways.outwards;
        let first_packet = packets.first();
        let found = first_packet.and_then(|packet| find(ways, packet, mask, entrance_number));
        let Some((_, first_way)) = found else {
            return 0;
        };
        let sa = &*first_way.sa;
        let wanted = packets.len().min(BURST);
        let wrapper = sa.wrapper().filter(|_| sa.is_far_from_limits(*now));
        let Some(wrapper) = wrapper else {
            return 0;
        };
        let Ok(first) = sa.reserve_burst(wanted) else {
            return 0;
        };
        let mut number = first_way
            .tunnel
            .and_then(|link| numbers.get_mut(link.index()));
        let (mut arrived, mut inside, mut left) = (0_usize, 0_usize, 0_usize);
        let layout = sa.layout();
        let mut bytes = 0_usize;
        let mut run = Run::new();
        let all = packets.iter_mut().zip(&mut *verdicts).take(wanted);
        for ((packet, verdict), sequence) in all.zip(first..) {
            let Some((plain, way)) = find(ways, packet, mask, entrance_number) else {
                break;
            };
            let length = plain.total_length();
            let lives = !way.forwards || plain.ttl() > 1;
            if !way.is_beside(first_way) || length > way.longest || !lives || plain.ttl() == 0 {
                break;
            }
            let identification = match (way.numbers, &number) {
                (Numbers::Sequence, _) => low_half(sequence),
                (Numbers::Tunnel { shown: true }, Some(last)) => low_half(last.wrapping_add(1)),
                _ => 0,
            };
            let wrapping = Wrapping {
                template: way.template,
                own_header: 0,
                identification,
                next_header: Protocol::IPV4,
            };
            let whole = packet.len();
            let Some((esp, _)) = wrapper.wrap(packet, length, sequence, &wrapping) else {
                break;
            };
            if way.forwards {
                plain.take_hop(layout.payload_mut(esp));
            }
            if let (Numbers::Tunnel { .. }, Some(last)) = (way.numbers, &mut number) {
                **last = last.wrapping_add(1);
            }
            arrived = arrived.wrapping_add(whole);
            inside = inside.wrapping_add(length);
            left = left.wrapping_add(esp.len()).wrapping_add(PlainV4::LENGTH);
            *verdict = way.verdict;
            bytes = bytes.wrapping_add(layout.body_of(esp.len()));
            run.push(esp, sequence);
        }
        sa.encrypt(&mut run, &mut |place, reason| {
            if let Some(verdict) = verdicts.get_mut(place) {
                *verdict = Verdict::Drop(reason);
                counters.finish(*verdict, 0);
            }
        });
        let done = run.len();
        sa.give_back(first, wanted, done);
        sa.count_bytes(bytes as u64);
        if let Entrance::Receive(link) = entrance {
            counters.received_many(link, done, arrived);
        }
        if let Some(link) = first_way.tunnel {
            counters.sent_many(link, done, inside);
        }
        counters.sent_many(first_way.link, done, left);
        if done > 0 {
            trail.clear();
        }
        done
    }
}
