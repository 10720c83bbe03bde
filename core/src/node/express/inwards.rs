//! Into this node by an SA and out of its tunnel, and on to where the inner packet goes.

use super::super::pass::Opened;
use super::super::trail::ShortTrail;
use super::super::{Node, State};
use super::{Entrance, Learner, next_layer};
use crate::counters::Counters;
use crate::sa::{Decrypted, Ends, SadPlace, SadQuery, Trailer, Waiting};
use crate::trace::NoTrace;
use crate::wire::{FlowKey, PlainV4, Protocol};
use crate::{LinkId, NetworkId, Packet, Verdict};

/// The way of a flow that comes in an SA.
#[derive(Clone, Debug)]
pub(super) struct Inward {
    /// The interface that the packet comes out of, if there is one.
    pub(super) tunnel: Option<LinkId>,
    /// The physical link that it leaves by.
    pub(super) link: LinkId,
    /// To transmit it.
    pub(super) verdict: Verdict,
    /// The longest packet that the link takes, bytes.
    pub(super) longest: usize,
    /// What the node knows of the packet then.
    pub(super) trail: ShortTrail,
}

/// The SA of a run, and what finds it.
#[derive(Clone, Copy)]
struct Run {
    network: NetworkId,
    place: SadPlace,
    link: LinkId,
    ends: Ends,
}

/// Where a run stops to go the general way.
enum Stop {
    /// All are done.
    End,
    /// The packet at this place is opened, and its way is not known.
    At(usize),
}

/// Packets in a row that went the same way.
#[derive(Default)]
struct Tally<'w> {
    way: Option<&'w Inward>,
    packets: usize,
    bytes: usize,
}

impl<'w> Tally<'w> {
    #[inline(always)]
    fn add(&mut self, way: &'w Inward, bytes: usize, counters: &mut Counters) {
        if !self.way.is_some_and(|known| core::ptr::eq(known, way)) {
            self.count(counters);
            self.way = Some(way);
        }
        self.packets = self.packets.wrapping_add(1);
        self.bytes = self.bytes.wrapping_add(bytes);
    }

    /// Tells the counters, and begins anew; gives the way.
    fn count(&mut self, counters: &mut Counters) -> Option<&'w Inward> {
        let Self {
            way,
            packets,
            bytes,
        } = core::mem::take(self);
        let way = way?;
        if let Some(tunnel) = way.tunnel {
            counters.received_many(tunnel, packets, bytes);
        }
        counters.sent_many(way.link, packets, bytes);
        Some(way)
    }
}

impl Node {
    /// Opens the first packets, as many as are of one SA, and finishes them; gives how many.
    pub(super) fn inwards(
        &mut self,
        link: LinkId,
        plain: PlainV4,
        packets: &mut [Packet<'_>],
        verdicts: &mut [Verdict],
    ) -> usize {
        let Some(run) = self.find_run(link, plain, packets) else {
            return 0;
        };
        self.inwards_by(&run, packets, verdicts)
    }

    fn find_run(&self, link: LinkId, plain: PlainV4, packets: &[Packet<'_>]) -> Option<Run> {
        let network = self.network_of(link);
        let ends = Ends::of(plain, packets.first()?.bytes())?;
        let [source, destination] = ends.addresses();
        if self.state.ways.is_empty() || destination.is_multicast() {
            return None;
        }
        self.tables.owner(network, destination)?;
        let sad = self.state.sads.get(network.index())?;
        let place = sad.find(&SadQuery {
            spi: ends.spi,
            destination,
            source,
        })?;
        let is_far = sad.at(place)?.is_far_from_limits(self.state.now);
        is_far.then_some(Run {
            network,
            place,
            link,
            ends,
        })
    }

    /// Opens the next packets of a run and finishes them; gives how many.
    #[inline(always)]
    fn inwards_by(
        &mut self,
        run: &Run,
        packets: &mut [Packet<'_>],
        verdicts: &mut [Verdict],
    ) -> usize {
        let sad = self.state.sads.get(run.network.index());
        let Some(sa) = sad.and_then(|sad| sad.at(run.place)) else {
            return 0;
        };
        let mut decrypted = Decrypted::new();
        sa.decrypt(&run.ends, packets, &mut decrypted);
        let count = decrypted.len();
        let arrived = decrypted.arrived();
        self.state.counters.received_many(run.link, count, arrived);
        let mut from = 0;
        while let Stop::At(place) = self.finish_run(run, packets, &decrypted, verdicts, from) {
            if let (Some(packet), Some(verdict), Some(waiting)) = (
                packets.get_mut(place),
                verdicts.get_mut(place),
                decrypted.iter().nth(place),
            ) {
                *verdict = self.go_on(run, packet, &waiting);
            }
            from = place.saturating_add(1);
        }
        count
    }

    /// Finishes packets of a run from a place on, until one has no known way. That one is opened and counted.
    #[inline(always)]
    fn finish_run(
        &mut self,
        run: &Run,
        packets: &mut [Packet<'_>],
        decrypted: &Decrypted,
        verdicts: &mut [Verdict],
        from: usize,
    ) -> Stop {
        let State {
            sads,
            ways,
            counters,
            trail,
            now,
            ..
        } = &mut self.state;
        let sad = sads.get_mut(run.network.index());
        let Some(sa) = sad.and_then(|sad| sad.at_mut(run.place)) else {
            return Stop::End;
        };
        let mut tally = Tally::default();
        let mut stop = Stop::End;
        let all = packets.iter_mut().zip(decrypted.iter()).zip(verdicts);
        let all = all.enumerate();
        for (place, ((packet, waiting), verdict)) in all.skip(from) {
            if let Err(reason) = sa.count(*now, packet, &waiting) {
                *verdict = Verdict::Drop(reason);
                counters.finish(*verdict, packet.len());
                tally.count(counters);
                trail.clear();
                continue;
            }
            let way = sa.trailer(packet.bytes()).and_then(|trailer| {
                let (key, inner) = key(run, packet.bytes(), &trailer, ways.next_layer)?;
                let way = ways.inwards.get(&key)??;
                let fits = inner.total_length() <= way.longest && inner.ttl() > 1;
                (fits && trailer.next_header == Protocol::IPV4).then_some((trailer, inner, way))
            });
            let Some((trailer, inner, way)) = way else {
                stop = Stop::At(place);
                break;
            };
            let length = inner.total_length();
            packet.narrow(trailer.start, trailer.start.wrapping_add(length));
            inner.take_hop(packet.bytes_mut());
            *verdict = way.verdict;
            tally.add(way, length, counters);
        }
        if let Some(way) = tally.count(counters) {
            trail.copy_from(&way.trail);
        }
        stop
    }

    /// The general way of a packet that is opened and counted, watched if the flow's is not known.
    #[cold]
    fn go_on(&mut self, run: &Run, packet: &mut Packet<'_>, waiting: &Waiting) -> Verdict {
        let entrance = Entrance::Receive(run.link);
        let sad = self.state.sads.get(run.network.index());
        let sa = sad.and_then(|sad| sad.at(run.place));
        let opened: Option<Opened> = sa.map(|sa| {
            let opened = sa.opened(packet.bytes(), waiting.sequence);
            opened.map(|esp| (waiting.sequence, esp))
        });
        let mask = self.state.ways.next_layer;
        let inner = sa
            .and_then(|sa| sa.trailer(packet.bytes()))
            .and_then(|trailer| {
                let (key, inner) = key(run, packet.bytes(), &trailer, mask)?;
                let mut header = *packet.bytes().get(trailer.start..)?.first_chunk()?;
                inner.take_hop(&mut header);
                Some((key, header))
            });
        let inner = inner.filter(|(key, _)| self.state.ways.inwards.get(key).is_none());
        let Some((key, header)) = inner else {
            return self.run_from(entrance, opened, packet, &mut NoTrace);
        };
        let mut learner = Learner::default();
        let verdict = self.run_from(entrance, opened, packet, &mut learner);
        if learner.looks_at_next_layer && mask == 0 {
            self.state.ways.look_at_next_layer();
        } else {
            // The inner header is what it was, but for the hop.
            let header: [u8; PlainV4::LENGTH] = header;
            let is_same = packet.bytes().starts_with(&header);
            let trail = self.state.trail.short().filter(|_| is_same);
            let way = trail.and_then(|trail| learner.inward(&self.tables, trail, verdict));
            self.state.ways.inwards.insert(key, way);
        }
        verdict
    }
}

/// The flow of an opened packet of a run, and its inner header.
#[inline(always)]
fn key(run: &Run, packet: &[u8], trailer: &Trailer, mask: u32) -> Option<([FlowKey; 2], PlainV4)> {
    let outer = PlainV4::words(packet)?;
    let payload = packet.get(trailer.start..trailer.end)?;
    let inner = PlainV4::read(payload)?;
    let next_layer = next_layer(inner, payload, mask)?;
    let outer = outer.flow_key(run.ends.spi.0, Entrance::Receive(run.link).number());
    Some(([outer, inner.flow_key(next_layer, 0)], inner))
}
