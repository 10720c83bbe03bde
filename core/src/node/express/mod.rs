//! Bursts by known ways.
//!
//! What becomes of a packet in a tunnel follows from its headers, all but length, identification and checksum,
//! and from tables that stay while packets pass. So the first packet of a flow goes the general way, and a
//! trace notes what was decided; the next ones, if they are alike, only have it done: headers from
//! templates, numbers by the burst, one call of the cipher for all. Whatever is not alike, near a limit or
//! broken goes the general way at its place in the order, so that a burst is its packets one by one.
//!
//! A way is forgotten as soon as anything changes that it follows from: tables, links, SAs.

mod inwards;
mod learner;
mod outwards;

use alloc::boxed::Box;

use super::Node;
use super::pass::Opened;
use crate::trace::NoTrace;
use crate::wire::{FlowKey, PlainV4, Protocol};
use crate::{Instant, LinkId, NetworkId, Packet, Verdict};
use inwards::Inward;
use learner::Learner;
use outwards::Outward;

/// Where a burst comes into a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entrance {
    /// From this node's own upper layers, into a network.
    Send(NetworkId),
    /// By a link.
    Receive(LinkId),
}

/// The ways that a node knows.
#[derive(Debug)]
pub(super) struct Ways {
    outwards: Known<FlowKey, Outward>,
    inwards: Known<[FlowKey; 2], Inward>,
    /// All ones once a decision was seen that follows from the next layer, else zeros.
    next_layer: u32,
}

/// Ways by flow: each flow has one place, where the last one that came stays.
#[derive(Debug)]
struct Known<K, W>(Box<[Place<K, W>]>);

/// Nothing, or a flow and its way, if it has one that is known beforehand.
type Place<K, W> = Option<(K, Option<W>)>;

trait Key: Copy {
    fn hash(&self) -> u64;
    /// Without a call for so few words, nor a branch for each.
    fn is(&self, other: &Self) -> bool;
}

impl Key for FlowKey {
    #[inline(always)]
    fn hash(&self) -> u64 {
        // An odd multiplier carries low bits up, where the place is taken from.
        let [a, b, c] = *self;
        (a ^ b.rotate_left(21) ^ c.rotate_left(42)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[inline(always)]
    fn is(&self, other: &Self) -> bool {
        let [[a, b, c], [d, e, f]] = [self, other];
        (a ^ d) | (b ^ e) | (c ^ f) == 0
    }
}

impl Key for [FlowKey; 2] {
    #[inline(always)]
    fn hash(&self) -> u64 {
        let [outer, inner] = self;
        inner.hash() ^ outer.hash().rotate_left(32)
    }

    #[inline(always)]
    fn is(&self, other: &Self) -> bool {
        let [[a, b], [c, d]] = [self, other];
        a.is(c) & b.is(d)
    }
}

impl<K: Key, W> Known<K, W> {
    fn new(flows: usize) -> Self {
        let places = if flows == 0 {
            0
        } else {
            flows.next_power_of_two()
        };
        Self((0..places).map(|_| None).collect())
    }

    #[inline(always)]
    fn place(&self, key: &K) -> usize {
        let mask = self.0.len().wrapping_sub(1) as u64;
        usize::try_from(key.hash() >> 32 & mask).unwrap_or_default()
    }

    /// `None` if the flow was never seen, or another came to its place; `Some(None)` if it has no way that
    /// is known beforehand.
    #[inline(always)]
    fn get(&self, key: &K) -> Option<Option<&W>> {
        match self.0.get(self.place(key)) {
            Some(Some((known, way))) if known.is(key) => Some(way.as_ref()),
            _ => None,
        }
    }

    fn insert(&mut self, key: K, way: Option<W>) {
        let place = self.place(&key);
        if let Some(place) = self.0.get_mut(place) {
            *place = Some((key, way));
        }
    }

    fn forget(&mut self) {
        self.0.fill_with(|| None);
    }
}

impl Ways {
    /// How many flows each direction remembers.
    pub(super) const DEFAULT: usize = 256;

    pub(super) fn new(flows: usize) -> Self {
        Self {
            outwards: Known::new(flows),
            inwards: Known::new(flows),
            next_layer: 0,
        }
    }

    /// Forgets all ways, as something has changed that they follow from.
    pub(super) fn forget(&mut self) {
        self.outwards.forget();
        self.inwards.forget();
        self.next_layer = 0;
    }

    fn is_empty(&self) -> bool {
        self.outwards.0.is_empty()
    }

    /// From now on the next layer is a part of each flow.
    fn look_at_next_layer(&mut self) {
        self.forget();
        self.next_layer = u32::MAX;
    }
}

impl Entrance {
    /// Tells entrances apart.
    #[inline(always)]
    const fn number(self) -> u32 {
        match self {
            Self::Send(network) => network.0 | 1 << 31,
            Self::Receive(link) => link.0 & !(1 << 31),
        }
    }
}

/// What of the next layer takes part in a flow; `None` if the packet is too short to show it.
#[inline(always)]
fn next_layer(plain: PlainV4, packet: &[u8], mask: u32) -> Option<u32> {
    if mask == 0 {
        return Some(0);
    }
    let has_ports = plain.protocol().has_ports();
    if !has_ports && plain.protocol() != Protocol::ICMP {
        return Some(0);
    }
    let payload = packet.get(PlainV4::LENGTH..plain.total_length())?;
    let word = u32::from_le_bytes(*payload.first_chunk()?);
    // Of ICMP, type and code.
    Some(if has_ports { word } else { word & 0xffff })
}

impl Node {
    /// Remembers the ways of so many flows in each direction, a power of two, for bursts; 0 for none. By
    /// default 256. Ways that are known already are forgotten.
    pub fn remember_flows(&mut self, flows: usize) {
        self.state.ways = Ways::new(flows);
    }

    /// A burst that nobody watches.
    pub(super) fn express(
        &mut self,
        now: Instant,
        entrance: Entrance,
        packets: &mut [Packet<'_>],
        verdicts: &mut [Verdict],
    ) {
        self.state.now = self.state.now.max(now);
        let count = packets.len().min(verdicts.len());
        let mut packets = packets.get_mut(..count).unwrap_or_default();
        let mut verdicts = verdicts.get_mut(..count).unwrap_or_default();
        while let Some(first) = packets.first() {
            let plain = PlainV4::read(first.bytes());
            let done = match (plain, entrance) {
                (Some(plain), Entrance::Receive(link)) if plain.protocol() == Protocol::ESP => {
                    self.inwards(link, plain, packets, verdicts)
                }
                (Some(_), _) => self.outwards(entrance, packets, verdicts),
                (None, _) => 0,
            };
            let done = if done == 0 {
                if let ([packet, ..], [verdict, ..]) = (&mut *packets, &mut *verdicts) {
                    *verdict = self.learn(entrance, plain, packet);
                }
                1
            } else {
                done
            };
            packets = packets.get_mut(done..).unwrap_or_default();
            verdicts = verdicts.get_mut(done..).unwrap_or_default();
        }
    }

    /// The general way, watched if the flow's is not known.
    fn learn(
        &mut self,
        entrance: Entrance,
        plain: Option<PlainV4>,
        packet: &mut Packet<'_>,
    ) -> Verdict {
        let ways = &self.state.ways;
        let key = plain.and_then(|plain| {
            let next_layer = next_layer(plain, packet.bytes(), ways.next_layer)?;
            Some(plain.flow_key(next_layer, entrance.number()))
        });
        let key = key.filter(|key| !ways.is_empty() && ways.outwards.get(key).is_none());
        if let Entrance::Receive(link) = entrance {
            self.state.counters.received(link, packet.len());
        }
        let Some(key) = key else {
            return self.run_from(entrance, None, packet, &mut NoTrace);
        };
        let mut learner = Learner::default();
        let verdict = self.run_from(entrance, None, packet, &mut learner);
        if learner.looks_at_next_layer && self.state.ways.next_layer == 0 {
            self.state.ways.look_at_next_layer();
        } else {
            let way = learner.outward(&self.tables, packet.bytes(), verdict);
            self.state.ways.outwards.insert(key, way);
        }
        verdict
    }

    fn run_from<T: crate::trace::Trace>(
        &mut self,
        entrance: Entrance,
        opened: Option<Opened>,
        packet: &mut Packet<'_>,
        trace: &mut T,
    ) -> Verdict {
        match entrance {
            Entrance::Send(network) => self.run(
                network,
                None,
                opened,
                packet,
                trace,
                |pipeline, pass, packet| (pipeline.send)(pass, packet, network, None),
            ),
            Entrance::Receive(link) => {
                let network = self.network_of(link);
                let arrival = Some(link);
                self.run(
                    network,
                    arrival,
                    opened,
                    packet,
                    trace,
                    |pipeline, pass, packet| (pipeline.receive)(pass, packet, network, link),
                )
            }
        }
    }
}
