//! Into this node by an SA and out of its tunnel, and on to where the inner packet goes.

use super::super::pass::Opened;
use super::super::trail::ShortTrail;
use super::super::{Node, State};
use super::{Entrance, LONGEST_RUN, Learner, next_layer};
use crate::sa::{SaId, Waiting};
use crate::trace::NoTrace;
use crate::wire::{EspHeader, FlowKey, PlainV4, Protocol, Spi};
use crate::{LinkId, NetworkId, Packet, Verdict};

/// The way of a flow that comes in an SA.
#[derive(Clone, Debug)]
pub(super) struct Inward {
    /// The interface that the packet comes out of, if there is one.
    pub(super) tunnel: Option<LinkId>,
    /// The physical link that it leaves by.
    pub(super) link: LinkId,
    pub(super) next_hop: core::net::IpAddr,
    /// The longest packet that the link takes, bytes.
    pub(super) longest: usize,
    /// What the node knows of the packet then.
    pub(super) trail: ShortTrail,
}

/// The SA of a run, and what finds it.
#[derive(Clone, Copy)]
struct Run {
    network: NetworkId,
    id: SaId,
    link: LinkId,
    outer: FlowKey,
}

/// Where a run stops to go the general way.
enum Stop {
    /// All are done.
    End,
    /// The packet at this place is opened, and its way is not known.
    At(usize),
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
        let network = self.network_of(link);
        let Some((run, outer_spi)) = self.find_run(link, network, plain, packets) else {
            return 0;
        };
        let sad = self.state.sads.get(network.index());
        let Some(sa) = sad.and_then(|sad| sad.get(&run.id)) else {
            return 0;
        };
        let mut waiting = [Waiting::NONE; LONGEST_RUN];
        let ends = (plain.source(), plain.destination());
        let is_own = |_: &SaId, other: PlainV4, spi: Spi| {
            spi == outer_spi && (other.source(), other.destination()) == ends
        };
        let done = sa.decrypt_run(self.state.now, packets, &mut waiting, is_own);
        let mut from = 0;
        while let Stop::At(place) = self.finish_run(&run, packets, &waiting, verdicts, from, done) {
            if let (Some(packet), Some(verdict), Some(waiting)) = (
                packets.get_mut(place),
                verdicts.get_mut(place),
                waiting.get(place),
            ) {
                *verdict = self.go_on(&run, packet, waiting);
            }
            from = place.saturating_add(1);
        }
        done
    }

    #[inline(always)]
    fn find_run(
        &self,
        link: LinkId,
        network: NetworkId,
        plain: PlainV4,
        packets: &[Packet<'_>],
    ) -> Option<(Run, Spi)> {
        let packet = packets.first()?.bytes().get(PlainV4::LENGTH..)?;
        let spi = Spi(EspHeader::parse(packet).ok()?.spi.get());
        let [source, destination] =
            [plain.source(), plain.destination()].map(core::net::IpAddr::from);
        if self.state.ways.is_empty() || destination.is_multicast() {
            return None;
        }
        self.tables.owner(network, destination)?;
        let sad = self.state.sads.get(network.index())?;
        let run = Run {
            network,
            id: sad.lookup(spi, destination, source)?,
            link,
            outer: plain.flow_key(spi.0, Entrance::Receive(link).number()),
        };
        Some((run, spi))
    }

    /// Finishes the packets of a run from a place on, until one has no known way. That one is opened and
    /// counted.
    #[inline(always)]
    fn finish_run(
        &mut self,
        run: &Run,
        packets: &mut [Packet<'_>],
        waiting: &[Waiting; LONGEST_RUN],
        verdicts: &mut [Verdict],
        from: usize,
        end: usize,
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
        let Some(sa) = sad.and_then(|sad| sad.get_mut(&run.id)) else {
            return Stop::End;
        };
        let mut last = None;
        let all = packets.iter_mut().zip(waiting).zip(verdicts).enumerate();
        for (place, ((packet, waiting), verdict)) in all.take(end).skip(from) {
            counters.received(run.link, waiting.length);
            if let Err(reason) = sa.count(*now, packet, waiting) {
                *verdict = Verdict::Drop(reason);
                counters.finish(*verdict, packet.len());
                last = None;
                trail.clear();
                continue;
            }
            let way = sa.trailer(packet.bytes()).and_then(|trailer| {
                let outer = PlainV4::read(packet.bytes())?;
                let payload = packet.bytes().get(trailer.start..trailer.end)?;
                let inner = PlainV4::read(payload)?;
                let key = key(run, outer, inner, payload, ways.next_layer)?;
                let way = ways.inwards.get(&key)??;
                let fits = inner.total_length() <= way.longest && inner.ttl() > 1;
                (fits && trailer.next_header == Protocol::IPV4).then_some((trailer, inner, way))
            });
            let Some((trailer, inner, way)) = way else {
                return Stop::At(place);
            };
            let length = inner.total_length();
            packet.narrow(trailer.start, trailer.start.wrapping_add(length));
            inner.take_hop(packet.bytes_mut());
            if let Some(tunnel) = way.tunnel {
                counters.received(tunnel, length);
            }
            *verdict = Verdict::Transmit {
                link: way.link,
                next_hop: way.next_hop,
            };
            counters.sent_many(way.link, 1, length);
            last = Some(way);
        }
        if let Some(way) = last {
            trail.copy_from(&way.trail);
        }
        Stop::End
    }

    /// The general way of a packet that is opened and counted, watched if the flow's is not known.
    #[cold]
    fn go_on(&mut self, run: &Run, packet: &mut Packet<'_>, waiting: &Waiting) -> Verdict {
        let entrance = Entrance::Receive(run.link);
        let sad = self.state.sads.get(run.network.index());
        let sa = sad.and_then(|sad| sad.get(&run.id));
        let opened: Option<Opened> = sa.map(|sa| {
            let opened = sa.opened(packet.bytes(), waiting.sequence);
            opened.map(|esp| (waiting.sequence, esp))
        });
        let mask = self.state.ways.next_layer;
        let inner = sa
            .and_then(|sa| sa.trailer(packet.bytes()))
            .and_then(|trailer| {
                let outer = PlainV4::read(packet.bytes())?;
                let payload = packet.bytes().get(trailer.start..trailer.end)?;
                let inner = PlainV4::read(payload)?;
                let mut header = [0; PlainV4::LENGTH];
                header.copy_from_slice(payload.first_chunk::<{ PlainV4::LENGTH }>()?);
                inner.take_hop(&mut header);
                Some((key(run, outer, inner, payload, mask)?, header))
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
            let is_same = packet.bytes().starts_with(&header);
            let trail = self.state.trail.short().filter(|_| is_same);
            let way = trail.and_then(|trail| learner.inward(&self.tables, trail, verdict));
            self.state.ways.inwards.insert(key, way);
        }
        verdict
    }
}

#[inline(always)]
fn key(
    run: &Run,
    outer: PlainV4,
    inner: PlainV4,
    payload: &[u8],
    mask: u32,
) -> Option<[FlowKey; 2]> {
    let [_, _, outer_entrance] = run.outer;
    let next_layer = next_layer(inner, payload, mask)?;
    let outer = outer.flow_key(run.id.spi.0, (outer_entrance >> 32) as u32);
    Some([outer, inner.flow_key(next_layer, 0)])
}
