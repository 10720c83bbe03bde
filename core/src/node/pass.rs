//! One packet's way through a node: what the stages share.

use super::{State, TrailEntry};
use crate::esp;
use crate::tables::Tables;
use crate::trace::{Step, Trace};
use crate::wire::{Flow, InnerFlows, IpHeader};
use crate::{DropReason, Instant, LinkId, NetworkId, Packet, Verdict};

/// The node's tables and state for the time that one packet passes.
pub(super) struct Pass<'n, T> {
    pub(super) tables: &'n Tables,
    pub(super) state: &'n mut State,
    pub(super) trace: &'n mut T,
    /// What opening the first ESP packet found, if it was opened in a burst before.
    pub(super) opened: Option<Opened>,
}

/// Sequence number and ESP packet, as authentication gives them.
pub(super) type Opened = Result<(u64, esp::Opened), DropReason>;

/// Where the packet is on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transit {
    /// The network that it is in now.
    pub(super) network: NetworkId,
    /// The link that it arrived by in this network; `None` for a packet of this node.
    pub(super) arrival: Option<LinkId>,
    /// Its header as it is now.
    pub(super) header: IpHeader,
    /// Whether it has met the policy of the boundary that it is to cross next, in this network.
    pub(super) met_policy: bool,
    /// How many tunnels it went into or came out of.
    pub(super) nesting: usize,
}

/// Where a route leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hop {
    pub(super) link: LinkId,
    pub(super) next_hop: core::net::IpAddr,
}

impl<'n, T: Trace> Pass<'n, T> {
    pub(super) const fn new(
        tables: &'n Tables,
        state: &'n mut State,
        trace: &'n mut T,
        opened: Option<Opened>,
    ) -> Self {
        Self {
            tables,
            state,
            trace,
            opened,
        }
    }

    pub(super) const fn now(&self) -> Instant {
        self.state.now
    }

    #[inline]
    pub(super) fn step(&mut self, step: &Step<'_>) {
        if T::ENABLED {
            self.trace.step(step);
        }
    }

    /// The packet comes into a network: by a link, or from this node's own upper layers.
    #[inline]
    pub(super) fn enter(
        &self,
        packet: &mut Packet<'_>,
        network: NetworkId,
        arrival: Option<LinkId>,
    ) -> Result<Transit, DropReason> {
        let header = self.parse(packet)?;
        Ok(Transit {
            network,
            arrival,
            header,
            met_policy: false,
            nesting: 0,
        })
    }

    /// Reads the header anew and cuts link padding off.
    #[inline]
    pub(super) fn parse(&self, packet: &mut Packet<'_>) -> Result<IpHeader, DropReason> {
        let header = IpHeader::parse(packet.bytes(), self.tables.skip_list())?;
        packet.truncate(header.total_length);
        Ok(header)
    }

    /// What is inside the packet, for inner selectors.
    pub(super) fn look_through(&self, packet: &Packet<'_>, transit: &Transit) -> InnerFlows {
        InnerFlows::of(packet.bytes(), &transit.header, self.tables.skip_list())
    }

    /// Counts one more tunnel that the packet goes into or comes out of.
    #[inline]
    pub(super) fn nest(&self, transit: &mut Transit) -> Result<(), DropReason> {
        transit.nesting = transit.nesting.saturating_add(1);
        if transit.nesting > self.tables.limits().nesting {
            Err(DropReason::TunnelLoop)
        } else {
            Ok(())
        }
    }

    /// Notes what protected the packet.
    #[inline]
    pub(super) fn record(&mut self, entry: TrailEntry) -> Result<(), DropReason> {
        if self.state.trail.push(entry) {
            Ok(())
        } else {
            Err(DropReason::TunnelLoop)
        }
    }

    /// The packet is this node's own: to its upper layers.
    pub(super) fn deliver(&self, transit: &Transit) -> Result<Verdict, DropReason> {
        transit
            .arrival
            .map(|link| Verdict::Deliver { link })
            .ok_or(DropReason::NoRoute)
    }
}

impl Transit {
    #[inline]
    pub(super) fn flow(&self, packet: &Packet<'_>) -> Flow {
        Flow::of(packet.bytes(), &self.header)
    }
}
