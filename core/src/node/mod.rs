//! The node: bytes in, a verdict out (RFC 3884 as a whole).
//!
//! The stages are shared by all arrangements. What an arrangement is can be read off its
//! own file: it calls the stages in its own order, and that is all there is to it.

mod event;
mod express;
mod iiptran;
mod initial_lookup;
mod integrated;
mod interface_sa;
mod pass;
mod pipeline;
mod reassembly;
mod sources;
mod stages;
mod trail;
mod transport;
mod tunnel_mode;
mod workers;

pub use event::Event;
pub use trail::{SaTrail, Services, TrailEntry};

use alloc::boxed::Box;
use alloc::sync::Arc;

use crate::fib::Fib;
use crate::sa::{InboundSa, InsertCause, InsertError, SaId, Sad, WorkerId};
use crate::tables::{Orphans, Tables, VirtualLinkForm};
use crate::trace::{Step, Trace};
use crate::{Counters, DropReason, Instant, LinkId, Mode, NetworkId, Packet, Verdict};
use event::Events;
use express::{Entrance, Ways};
use pass::{Opened, Pass};
use pipeline::Pipeline;
use reassembly::Reassembly;

/// One core's share of a data plane. What it reads is shared and immutable; what it writes is its own.
///
/// A run is a function of its inputs: there is no clock, no randomness and no input or output.
#[derive(Debug)]
pub struct Node {
    tables: Arc<Tables>,
    state: State,
}

/// What a node writes.
#[derive(Debug)]
struct State {
    /// Inbound SAs by the network in which ESP arrives.
    sads: Box<[Sad]>,
    /// Which links are up as far as the caller says.
    up: Box<[bool]>,
    /// Which links have what they need to be up: an SA interface its SA.
    carrier: Box<[bool]>,
    /// How many packets each tunnel has encapsulated.
    numbers: Box<[u64]>,
    reassembly: Reassembly,
    counters: Counters,
    events: Events,
    trail: SaTrail,
    /// The ways of flows that were seen.
    ways: Ways,
    /// The worker that runs the node, if there are several.
    worker: Option<WorkerId>,
    /// The latest moment that the caller told. A clock that runs backwards brings nothing back.
    now: Instant,
}

impl Node {
    /// A node with these tables, all links up, no inbound SA and no number among workers.
    #[must_use]
    pub fn new(tables: Arc<Tables>) -> Self {
        let links = tables.links().len();
        let state = State {
            sads: tables.networks().map(|_| Sad::new()).collect(),
            up: alloc::vec![true; links].into(),
            carrier: carrier(&tables, None),
            numbers: alloc::vec![0; links].into(),
            reassembly: Reassembly::new(tables.limits()),
            counters: Counters::new(&tables),
            events: Events::new(),
            trail: SaTrail::new(),
            ways: Ways::new(Ways::DEFAULT),
            worker: None,
            now: Instant::ZERO,
        };
        Self { tables, state }
    }

    /// Sends a packet that this node made, in one of the networks that it is in. The packet is whole,
    /// source address included; afterwards it is what is to be transmitted.
    pub fn send<T: Trace>(
        &mut self,
        now: Instant,
        network: NetworkId,
        packet: &mut Packet<'_>,
        trace: &mut T,
    ) -> Verdict {
        self.state.now = self.state.now.max(now);
        self.run(
            network,
            None,
            None,
            packet,
            trace,
            |pipeline, pass, packet| (pipeline.send)(pass, packet, network, None),
        )
    }

    /// Sends a packet that this node made out of a certain link, without asking for a route: how
    /// routing protocols speak to their neighbours.
    pub fn send_via<T: Trace>(
        &mut self,
        now: Instant,
        link: LinkId,
        packet: &mut Packet<'_>,
        trace: &mut T,
    ) -> Verdict {
        let network = self.network_of(link);
        self.state.now = self.state.now.max(now);
        self.run(
            network,
            None,
            None,
            packet,
            trace,
            |pipeline, pass, packet| (pipeline.send)(pass, packet, network, Some(link)),
        )
    }

    /// Takes a packet that came in by a physical link.
    pub fn receive<T: Trace>(
        &mut self,
        now: Instant,
        link: LinkId,
        packet: &mut Packet<'_>,
        trace: &mut T,
    ) -> Verdict {
        let network = self.network_of(link);
        self.state.counters.received(link, packet.len());
        self.state.now = self.state.now.max(now);
        self.run(
            network,
            Some(link),
            None,
            packet,
            trace,
            |pipeline, pass, packet| (pipeline.receive)(pass, packet, network, link),
        )
    }

    /// [`Self::send`] for many packets of one network; each gets a verdict of its own. Packets beyond
    /// the verdicts are left alone.
    pub fn send_burst<T: Trace>(
        &mut self,
        now: Instant,
        network: NetworkId,
        packets: &mut [Packet<'_>],
        verdicts: &mut [Verdict],
        trace: &mut T,
    ) {
        if !T::ENABLED {
            return self.express(now, Entrance::Send(network), packets, verdicts);
        }
        for (packet, verdict) in packets.iter_mut().zip(verdicts) {
            *verdict = self.send(now, network, packet, trace);
        }
    }

    /// [`Self::receive`] for many packets of one link; each gets a verdict of its own. Packets beyond
    /// the verdicts are left alone.
    pub fn receive_burst<T: Trace>(
        &mut self,
        now: Instant,
        link: LinkId,
        packets: &mut [Packet<'_>],
        verdicts: &mut [Verdict],
        trace: &mut T,
    ) {
        if !T::ENABLED {
            return self.express(now, Entrance::Receive(link), packets, verdicts);
        }
        for (packet, verdict) in packets.iter_mut().zip(verdicts) {
            *verdict = self.receive(now, link, packet, trace);
        }
    }

    fn run<T: Trace>(
        &mut self,
        network: NetworkId,
        link: Option<LinkId>,
        opened: Option<Opened>,
        packet: &mut Packet<'_>,
        trace: &mut T,
        way: impl FnOnce(&Pipeline<T>, &mut Pass<'_, T>, &mut Packet<'_>) -> Result<Verdict, DropReason>,
    ) -> Verdict {
        let Self { tables, state } = self;
        state.trail.clear();
        if T::ENABLED {
            trace.step(&Step::Arrive {
                tables,
                network,
                link,
                packet: packet.bytes(),
            });
        }
        let pipeline = Pipeline::of(tables.arrangement());
        let mut pass = Pass::new(tables, state, trace, opened);
        let verdict = way(&pipeline, &mut pass, packet)
            .and_then(|verdict| pass.admit_delivery(packet, verdict));
        let verdict = Verdict::from(verdict);
        state.counters.finish(verdict, packet.len());
        if T::ENABLED {
            trace.step(&Step::End {
                verdict,
                trail: &state.trail,
                packet: packet.bytes(),
            });
        }
        verdict
    }

    /// Replaces the tables. A packet sees the old ones or the new ones, never a mixture. Links and
    /// networks that keep their names keep their counters, states and inbound SAs.
    pub fn install(&mut self, tables: Arc<Tables>) {
        let old = core::mem::replace(&mut self.tables, tables);
        self.state.ways.forget();
        self.state.follow(&old, &self.tables);
    }

    /// Changes the routes of one network: what a routing protocol does. Cheaper than
    /// [`Self::install`], as everything else stays; what other nodes share is copied first.
    pub fn change_fib(&mut self, network: NetworkId, change: impl FnOnce(&mut Fib)) {
        self.state.ways.forget();
        Arc::make_mut(&mut self.tables).change_fib(network, change);
    }

    /// The tables in use.
    #[must_use]
    pub const fn tables(&self) -> &Arc<Tables> {
        &self.tables
    }

    /// Takes in an inbound SA.
    ///
    /// # Errors
    /// [`InsertError`], with the SA in it.
    pub fn insert_inbound_sa(&mut self, sa: InboundSa) -> Result<(), InsertError> {
        self.state.ways.forget();
        let form = self.tables.arrangement().virtual_links();
        match sa.mode() {
            Mode::Tunnel(_) if form == VirtualLinkForm::SaInterface => {
                if self.tables.interface_of(&sa).is_none() {
                    return Err(InsertCause::NoInterface.of(sa));
                }
            }
            Mode::Tunnel(_) if !form.has_tunnel_mode_policies() => {
                return Err(InsertCause::TunnelMode.of(sa));
            }
            Mode::Tunnel(_) | Mode::Transport => {}
        }
        let network = self.arrival_network(&sa);
        match self.state.sads.get_mut(network.index()) {
            Some(sad) => sad.insert(sa),
            None => Err(InsertCause::UnknownNetwork.of(sa)),
        }
    }

    /// Gives an inbound SA back, window and all, to hand it to another core.
    pub fn remove_inbound_sa(&mut self, network: NetworkId, id: &SaId) -> Option<InboundSa> {
        self.state.ways.forget();
        self.state.sads.get_mut(network.index())?.remove(id)
    }

    /// The inbound SAs whose ESP packets arrive in a network.
    #[must_use]
    pub fn sad(&self, network: NetworkId) -> Option<&Sad> {
        self.state.sads.get(network.index())
    }

    /// Where the packets of an inbound SA arrive: in its own network in transport mode, in the base of
    /// its interface or else of its network in tunnel mode.
    pub(crate) fn arrival_network(&self, sa: &InboundSa) -> NetworkId {
        if let Some(interface) = self.tables.interface_of(sa) {
            return interface.base;
        }
        match (sa.mode(), self.tables.network(sa.network())) {
            (Mode::Tunnel(_), Some(network)) => network.base(),
            _ => sa.network(),
        }
    }

    /// Takes a link up or down. Routes that lead out of a link that is down drop their packets with
    /// [`DropReason::LinkDown`]; a route with several paths uses those that are up.
    pub fn set_link_up(&mut self, link: LinkId, up: bool) {
        if let Some(state) = self.state.up.get_mut(link.index()) {
            *state = up;
            self.state.ways.forget();
        }
    }

    /// Whether a link is up. An SA interface is up only while it has a usable SA.
    #[must_use]
    pub fn is_link_up(&self, link: LinkId) -> bool {
        self.state.is_up(link)
    }

    /// What went where.
    #[must_use]
    pub const fn counters(&self) -> &Counters {
        &self.state.counters
    }

    /// The SAs and tunnels that the packet of the last call came by.
    #[must_use]
    pub const fn trail(&self) -> &SaTrail {
        &self.state.trail
    }

    /// The oldest event that was not yet told.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.state.events.pop()
    }

    fn network_of(&self, link: LinkId) -> NetworkId {
        self.tables
            .link(link)
            .map_or(NetworkId::BASE, |link| link.network)
    }
}

impl State {
    fn sa(&self, network: NetworkId, id: &SaId) -> Option<&InboundSa> {
        self.sads.get(network.index())?.get(id)
    }

    fn is_up(&self, link: LinkId) -> bool {
        let is_set = |states: &[bool]| states.get(link.index()).is_some_and(|&state| state);
        is_set(&self.up) && is_set(&self.carrier)
    }

    /// Notes that a link has lost what it needs to be up; `false` if that is known.
    fn lose_carrier(&mut self, link: LinkId) -> bool {
        let carrier = self.carrier.get_mut(link.index());
        let is_lost = carrier.is_some_and(|carrier| core::mem::replace(carrier, false));
        if is_lost {
            self.ways.forget();
        }
        is_lost
    }

    /// The next number of a tunnel.
    fn number(&mut self, tunnel: LinkId) -> u64 {
        match self.numbers.get_mut(tunnel.index()) {
            Some(number) => {
                *number = number.wrapping_add(1);
                *number
            }
            None => 0,
        }
    }

    /// Follows a change of tables.
    fn follow(&mut self, old: &Tables, new: &Tables) {
        self.counters.resize(old, new);
        self.carrier = carrier(new, self.worker);
        let place = |name: &str| old.find_link(name).map(LinkId::index);
        let up = |name: &str| {
            place(name)
                .and_then(|i| self.up.get(i))
                .is_none_or(|&up| up)
        };
        let number = |name: &str| place(name).and_then(|i| self.numbers.get(i)).copied();
        let (up, numbers) = new
            .links()
            .map(|(_, link)| (up(&link.name), number(&link.name).unwrap_or_default()))
            .unzip::<_, _, alloc::vec::Vec<_>, alloc::vec::Vec<_>>();
        (self.up, self.numbers) = (up.into(), numbers.into());
        let mut sads = core::mem::take(&mut self.sads);
        self.sads = new
            .networks()
            .map(|(_, network)| {
                old.find_network(network.name())
                    .and_then(|id| sads.get_mut(id.index()))
                    .map(core::mem::take)
                    .unwrap_or_default()
            })
            .collect();
        if new.orphans() == Orphans::Delete {
            for sad in &mut self.sads {
                sad.retain(|sa| new.has_policy_for(sa));
            }
        }
        if old.limits() != new.limits() {
            self.reassembly = Reassembly::new(new.limits());
        }
    }
}

fn carrier(tables: &Tables, worker: Option<WorkerId>) -> Box<[bool]> {
    tables
        .links()
        .map(|(id, _)| tables.has_carrier(id, worker))
        .collect()
}
