//! The node.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;

use iiptran::config::{ConfigError, NodeConfig, read};
use iiptran::node::{self, Event};
use iiptran::sa::{SaId, WorkerId};
use iiptran::walkthrough::Recorder;
use iiptran::{Instant, LinkId, NetworkId, NoTrace, Packet, Tables, Trace, Verdict};
use serde::Serialize;

use crate::sad::refused;
use crate::{Burst, Error, EventReport, InboundSa, Misuse, Outcomes, Place};

/// One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole).
#[derive(Debug)]
pub struct Node(node::Node);

/// What a node reads, outbound SAs included: immutable, for as many nodes as there are cores.
#[derive(Clone, Debug)]
pub struct SharedTables(Arc<Tables>);

impl Node {
    /// The node of a document, its inbound SAs installed and all links up.
    ///
    /// # Errors
    /// [`Error::Config`].
    pub fn new(document: &str) -> Result<Self, Error> {
        Ok(Self(read::<NodeConfig>(document)?.node()?))
    }

    /// A node for another core: with the tables, and so the outbound SAs, of the first one, and no inbound
    /// SA. Those are handed over one by one.
    #[must_use]
    pub fn with_tables(tables: &SharedTables) -> Self {
        Self(node::Node::new(Arc::clone(&tables.0)))
    }

    /// Numbers the node among those of several workers with the same tables (RFC 9611), or among none, as a new
    /// node is. It seals with the outbound SAs of its number, and where there is none, with those for any worker.
    pub fn set_worker(&mut self, worker: Option<u16>) {
        self.0.set_worker(worker.map(WorkerId));
    }

    /// A node for another worker: it has the tables of this one, this number, and the inbound SAs that are for its
    /// number, which are handed over, windows and all.
    #[must_use]
    pub fn for_worker(&mut self, worker: u16) -> Self {
        Self(self.0.for_worker(WorkerId(worker)))
    }

    /// The tables, to share them with nodes of other cores.
    #[must_use]
    pub fn tables(&self) -> SharedTables {
        SharedTables(Arc::clone(self.0.tables()))
    }

    /// Replaces the tables by those of another document, between two packets. Outbound SAs that it has in
    /// common with the old one, by network, policy and SPI, go on with their sequence numbers. Inbound SAs
    /// stay, and those that are new are taken in; none is removed. Links and networks that keep their names
    /// keep counters and states.
    ///
    /// # Errors
    /// [`Error::Config`]; nothing has changed then.
    pub fn install(&mut self, document: &str) -> Result<(), Error> {
        let compiled = read::<NodeConfig>(document)?.compile()?;
        let tables = Arc::new(compiled.tables.continuing(self.0.tables()));
        // Each inbound SA is tried on a node of its own first: one that can't be is a mistake of the
        // document, whatever this node has.
        let mut trial = node::Node::new(Arc::clone(&tables));
        for (path, sa) in compiled.inbound {
            trial.insert_inbound_sa(sa).map_err(|error| ConfigError {
                path,
                cause: alloc::format!("{error}"),
                position: None,
            })?;
        }
        self.0.install(Arc::clone(&tables));
        for (network, _) in tables.networks() {
            let new: alloc::vec::Vec<SaId> = trial
                .sad(network)
                .into_iter()
                .flat_map(|sad| sad.iter().map(iiptran::sa::InboundSa::id))
                .collect();
            for id in new {
                if let Some(sa) = trial.remove_inbound_sa(network, &id) {
                    // One that the node has already stays as it is, window and all.
                    let _known = self.0.insert_inbound_sa(sa);
                }
            }
        }
        Ok(())
    }

    /// Replaces the tables by those of another core's node.
    pub fn install_tables(&mut self, tables: &SharedTables) {
        self.0.install(Arc::clone(&tables.0));
    }

    /// Sends a packet that this node made, in one of its networks. `now` is in nanoseconds.
    ///
    /// # Errors
    /// [`Error::Misuse`]. The place changes with [`Verdict::Transmit`] and [`Verdict::Deliver`] only.
    pub fn send(
        &mut self,
        now: u64,
        network: NetworkId,
        buffer: &mut [u8],
        place: &mut Place,
    ) -> Result<Verdict, Error> {
        self.traced_send(now, network, buffer, place, &mut NoTrace)
    }

    /// Sends a packet that this node made out of a certain link, without asking for a route.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn send_via(
        &mut self,
        now: u64,
        link: LinkId,
        buffer: &mut [u8],
        place: &mut Place,
    ) -> Result<Verdict, Error> {
        self.traced_send_via(now, link, buffer, place, &mut NoTrace)
    }

    /// Takes a packet that came in by a physical link.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn receive(
        &mut self,
        now: u64,
        link: LinkId,
        buffer: &mut [u8],
        place: &mut Place,
    ) -> Result<Verdict, Error> {
        self.traced_receive(now, link, buffer, place, &mut NoTrace)
    }

    /// [`Self::send`] for packets together, of a network that [`Self::may_send`]; of another, each is
    /// dropped. Of no packet is the verdict a drop: that is its end.
    pub fn send_burst(
        &mut self,
        now: u64,
        network: NetworkId,
        burst: &mut Burst<'_>,
    ) -> Outcomes<Verdict> {
        let now = Instant::from_nanos(now);
        outcomes(burst, |packets, verdicts| {
            self.0
                .send_burst(now, network, packets, verdicts, &mut NoTrace);
        })
    }

    /// [`Self::receive`] for packets together, by a link that [`Self::may_receive`]; otherwise as
    /// [`Self::send_burst`].
    pub fn receive_burst(
        &mut self,
        now: u64,
        link: LinkId,
        burst: &mut Burst<'_>,
    ) -> Outcomes<Verdict> {
        let now = Instant::from_nanos(now);
        outcomes(burst, |packets, verdicts| {
            self.0
                .receive_burst(now, link, packets, verdicts, &mut NoTrace);
        })
    }

    /// Whether packets can be sent in a network.
    ///
    /// # Errors
    /// [`Misuse::UnknownNetwork`].
    pub fn may_send(&self, network: NetworkId) -> Result<(), Misuse> {
        let network = self.0.tables().network(network);
        network.map(|_| ()).ok_or(Misuse::UnknownNetwork)
    }

    /// Whether packets can come in by a link.
    ///
    /// # Errors
    /// [`Misuse::UnknownLink`] or [`Misuse::VirtualLink`].
    pub fn may_receive(&self, link: LinkId) -> Result<(), Misuse> {
        let link = self.0.tables().link(link).ok_or(Misuse::UnknownLink)?;
        match link.tunnel() {
            Some(_) => Err(Misuse::VirtualLink),
            None => Ok(()),
        }
    }

    /// [`Self::send`], and the walkthrough of the packet as JSON.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn walk_send(
        &mut self,
        now: u64,
        network: NetworkId,
        buffer: &mut [u8],
        place: &mut Place,
    ) -> Result<(Verdict, String), Error> {
        walk(|trace| self.traced_send(now, network, buffer, place, trace))
    }

    /// [`Self::send_via`], and the walkthrough of the packet as JSON.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn walk_send_via(
        &mut self,
        now: u64,
        link: LinkId,
        buffer: &mut [u8],
        place: &mut Place,
    ) -> Result<(Verdict, String), Error> {
        walk(|trace| self.traced_send_via(now, link, buffer, place, trace))
    }

    /// [`Self::receive`], and the walkthrough of the packet as JSON.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn walk_receive(
        &mut self,
        now: u64,
        link: LinkId,
        buffer: &mut [u8],
        place: &mut Place,
    ) -> Result<(Verdict, String), Error> {
        walk(|trace| self.traced_receive(now, link, buffer, place, trace))
    }

    fn traced_send<T: Trace>(
        &mut self,
        now: u64,
        network: NetworkId,
        buffer: &mut [u8],
        place: &mut Place,
        trace: &mut T,
    ) -> Result<Verdict, Error> {
        self.may_send(network)?;
        let now = Instant::from_nanos(now);
        process(buffer, place, |packet| {
            self.0.send(now, network, packet, trace)
        })
    }

    fn traced_send_via<T: Trace>(
        &mut self,
        now: u64,
        link: LinkId,
        buffer: &mut [u8],
        place: &mut Place,
        trace: &mut T,
    ) -> Result<Verdict, Error> {
        if self.0.tables().link(link).is_none() {
            return Err(Misuse::UnknownLink.into());
        }
        let now = Instant::from_nanos(now);
        process(buffer, place, |packet| {
            self.0.send_via(now, link, packet, trace)
        })
    }

    fn traced_receive<T: Trace>(
        &mut self,
        now: u64,
        link: LinkId,
        buffer: &mut [u8],
        place: &mut Place,
        trace: &mut T,
    ) -> Result<Verdict, Error> {
        self.may_receive(link)?;
        let now = Instant::from_nanos(now);
        process(buffer, place, |packet| {
            self.0.receive(now, link, packet, trace)
        })
    }

    /// Takes in an inbound SA, whose packets arrive in the node's first network.
    ///
    /// # Errors
    /// [`Misuse::DuplicateSa`] or [`Misuse::TunnelModeSa`], with the SA.
    pub fn insert_inbound_sa(&mut self, sa: InboundSa) -> Result<(), (Box<InboundSa>, Misuse)> {
        self.0.insert_inbound_sa(sa.0).map_err(refused)
    }

    /// Gives back an inbound SA whose packets arrive in a network, window and all, to hand it to another
    /// core.
    ///
    /// # Errors
    /// [`Misuse::UnknownNetwork`] or [`Misuse::UnknownSa`].
    pub fn remove_inbound_sa(
        &mut self,
        network: NetworkId,
        id: &SaId,
    ) -> Result<InboundSa, Misuse> {
        self.0.sad(network).ok_or(Misuse::UnknownNetwork)?;
        let sa = self.0.remove_inbound_sa(network, id).map(InboundSa);
        sa.ok_or(Misuse::UnknownSa)
    }

    /// Takes a link up or down.
    ///
    /// # Errors
    /// [`Misuse::UnknownLink`].
    pub fn set_link_up(&mut self, link: LinkId, up: bool) -> Result<(), Misuse> {
        self.0.tables().link(link).ok_or(Misuse::UnknownLink)?;
        self.0.set_link_up(link, up);
        Ok(())
    }

    /// The link of this name.
    ///
    /// # Errors
    /// [`Misuse::UnknownLink`].
    pub fn link(&self, name: &str) -> Result<LinkId, Misuse> {
        let link = self.0.tables().find_link(name);
        link.ok_or(Misuse::UnknownLink)
    }

    /// The name of a link.
    ///
    /// # Errors
    /// [`Misuse::UnknownLink`].
    pub fn link_name(&self, link: LinkId) -> Result<&str, Misuse> {
        let link = self.0.tables().link(link).ok_or(Misuse::UnknownLink)?;
        Ok(&link.name)
    }

    /// The network of this name.
    ///
    /// # Errors
    /// [`Misuse::UnknownNetwork`].
    pub fn network(&self, name: &str) -> Result<NetworkId, Misuse> {
        let network = self.0.tables().find_network(name);
        network.ok_or(Misuse::UnknownNetwork)
    }

    /// The counters as JSON.
    #[must_use]
    pub fn counters(&self) -> String {
        json(&self.0.counters().report(self.0.tables()))
    }

    /// How many packets met their end for a reason.
    #[must_use]
    pub fn drops(&self, reason: iiptran::DropReason) -> u64 {
        self.0.counters().drops(reason)
    }

    /// The oldest event that was not yet told.
    pub fn poll_event(&mut self) -> Option<EventReport> {
        loop {
            let event: Event = self.0.poll_event()?;
            // Of a policy or network that has gone there is nothing to tell.
            if let Some(report) = EventReport::of(&event, self.0.tables()) {
                return Some(report);
            }
        }
    }

    /// [`Self::poll_event`] as JSON.
    pub fn poll_event_document(&mut self) -> Option<String> {
        self.poll_event().map(|event| json(&event))
    }
}

fn process(
    buffer: &mut [u8],
    place: &mut Place,
    way: impl FnOnce(&mut Packet<'_>) -> Verdict,
) -> Result<Verdict, Error> {
    let mut after = *place;
    let verdict = after.process(buffer, |packet| Ok(way(packet)))?;
    if moves(&verdict) {
        *place = after;
    }
    Ok(verdict)
}

/// Whether there is a packet at a new place.
const fn moves(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Transmit { .. } | Verdict::Deliver { .. })
}

/// What becomes of the packets of a burst that all go one way.
fn outcomes(
    burst: &mut Burst<'_>,
    way: impl FnOnce(&mut [Packet<'_>], &mut [Verdict]),
) -> Outcomes<Verdict> {
    let mut verdicts = [Verdict::Hold; Burst::LENGTH];
    way(burst.packets(), &mut verdicts);
    let outcome = |verdict| match verdict {
        Verdict::Drop(reason) => Err(reason),
        verdict => Ok(verdict),
    };
    burst.outcomes(&verdicts, outcome, |verdict| !moves(verdict))
}

fn walk(
    way: impl FnOnce(&mut Recorder) -> Result<Verdict, Error>,
) -> Result<(Verdict, String), Error> {
    let mut recorder = Recorder::new();
    let verdict = way(&mut recorder)?;
    Ok((verdict, json(recorder.walkthrough())))
}

/// A document as JSON; these have neither maps with other keys than text nor anything else that JSON has
/// no form for.
pub(crate) fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}
