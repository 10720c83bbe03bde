//! Watching a packet on its way, at no cost when nobody does.
//!
//! Each stage hands the trace what it looked at: the table, the key and the result, by reference. A
//! recorder can then ask the table itself which other entries came into question and why they were
//! not taken; the data path does no work for that.

use alloc::sync::Arc;
use core::fmt;
use core::net::IpAddr;

use crate::esp::{Opened, Sealed};
use crate::fib::{Fib, Path, Route};
use crate::firewall::{Demand, Firewall};
use crate::node::SaTrail;
use crate::outer::{EcnAnomaly, OuterHeader};
use crate::sa::{InboundSa, OutboundSa, SaId, Sad, WorkerId};
use crate::spd::{Direction, PolicyId, Spd};
use crate::wire::{Flow, InnerFlows, Spi};
use crate::{DropReason, Instant, LinkId, NetworkId, Tables, TunnelEnds, Verdict};

/// Receives the steps of a packet's way.
pub trait Trace {
    /// Whether steps are wanted at all. Where it is false, the compiler leaves them out.
    const ENABLED: bool = true;

    /// One step was done.
    fn step(&mut self, step: &Step<'_>);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTrace;

impl Trace for NoTrace {
    const ENABLED: bool = false;

    #[inline]
    fn step(&mut self, _: &Step<'_>) {}
}

/// Whoever watches, or nobody, told through a pointer.
///
/// The way through a node is compiled for each type of trace. This one stands for all of them where the size of
/// a program counts for more than the time that steps take which nobody wants.
#[derive(Default)]
pub struct Watcher<'t>(Option<&'t mut dyn FnMut(&Step<'_>)>);

impl<'t> Watcher<'t> {
    /// Steps are told to a function.
    pub fn telling(watch: &'t mut dyn FnMut(&Step<'_>)) -> Self {
        Self(Some(watch))
    }
}

impl Trace for Watcher<'_> {
    fn step(&mut self, step: &Step<'_>) {
        if let Some(watch) = &mut self.0 {
            watch(step);
        }
    }
}

impl fmt::Debug for Watcher<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher").finish_non_exhaustive()
    }
}

/// One step of a packet's way, with what it looked at and what it found. `packet` is the packet after
/// the step.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Step<'a> {
    /// The packet came to the node.
    Arrive {
        /// The node's tables.
        tables: &'a Tables,
        /// The network in which it came.
        network: NetworkId,
        /// The link that it came by; `None` if the node itself made it.
        link: Option<LinkId>,
        /// The packet.
        packet: &'a [u8],
    },
    /// A fragment was kept, or completed its datagram.
    Reassemble {
        /// Whether the datagram is whole.
        whole: bool,
        /// The datagram if it is whole, else the fragment.
        packet: &'a [u8],
    },
    /// A route was looked up.
    Route {
        /// The network whose table it is.
        network: NetworkId,
        /// The table.
        fib: &'a Fib,
        /// The key.
        destination: IpAddr,
        /// The longest match.
        route: Option<&'a Route>,
        /// The path chosen among its paths.
        path: Option<&'a Path>,
    },
    /// Forwarding took one hop off the TTL.
    Hop {
        /// The packet.
        packet: &'a [u8],
    },
    /// The SPD was searched.
    Policy {
        /// The network whose SPD it is.
        network: NetworkId,
        /// Which way the packet crosses the boundary.
        direction: Direction,
        /// The SPD.
        spd: &'a Spd,
        /// The packet's fields.
        flow: &'a Flow,
        /// What is inside it, if a policy has inner selectors.
        inner: Option<&'a InnerFlows>,
        /// The first match.
        policy: Option<PolicyId>,
    },
    /// An outbound SA was chosen among those of a policy.
    ChooseSa {
        /// The candidates, the newest first, those of other workers too.
        candidates: &'a [Arc<OutboundSa>],
        /// The worker that runs the node.
        worker: Option<WorkerId>,
        /// The packet's fields.
        flow: &'a Flow,
        /// What is inside it, if a policy or an SA has inner selectors.
        inner: Option<&'a InnerFlows>,
        /// The moment at which its lifetimes count.
        now: Instant,
        /// The choice, or why none is usable.
        chosen: Result<&'a OutboundSa, DropReason>,
    },
    /// The packet got an outer header.
    Encapsulate {
        /// The tunnel interface; `None` in tunnel mode.
        tunnel: Option<LinkId>,
        /// The base network, in which the packet now is.
        network: NetworkId,
        /// The outer header.
        outer: &'a OuterHeader,
        /// The packet.
        packet: &'a [u8],
    },
    /// The packet was sealed.
    Seal {
        /// The SA.
        sa: &'a OutboundSa,
        /// Where and how.
        sealed: &'a Sealed,
        /// The packet.
        packet: &'a [u8],
    },
    /// The SAD was searched.
    FindSa {
        /// The SAD.
        sad: &'a Sad,
        /// First part of the key.
        spi: Spi,
        /// Second part.
        destination: IpAddr,
        /// Third part.
        source: IpAddr,
        /// The longest match.
        found: Option<SaId>,
    },
    /// The packet was authenticated and decrypted, or was not.
    Open {
        /// The SA, its window as the packet left it.
        sa: &'a InboundSa,
        /// The low half of the sequence number, as it is on the wire.
        low: u32,
        /// The whole sequence number and the ESP packet, or why it is refused.
        opened: Result<(u64, &'a Opened), DropReason>,
        /// The packet.
        packet: &'a [u8],
    },
    /// ESP was taken out of the packet.
    Restore {
        /// The packet.
        packet: &'a [u8],
    },
    /// The packet was compared with its SA's selectors.
    Selectors {
        /// The SA.
        sa: &'a InboundSa,
        /// The packet's fields.
        flow: &'a Flow,
        /// What is inside it, if the SA has inner selectors.
        inner: Option<&'a InnerFlows>,
        /// Whether one of the SA's selector sets matches, and one of its inner sets if it has any.
        matches: bool,
    },
    /// A tunnel interface was looked up by an outer header.
    FindTunnel {
        /// The base network.
        network: NetworkId,
        /// The two ends, seen from here.
        ends: TunnelEnds,
        /// The interface.
        found: Option<LinkId>,
    },
    /// The outer header was taken off.
    Decapsulate {
        /// The tunnel interface by which the packet has now arrived; `None` in tunnel mode.
        tunnel: Option<LinkId>,
        /// The virtual network, in which the packet now is.
        network: NetworkId,
        /// A combination of ECN fields that no honest path produces.
        anomaly: Option<EcnAnomaly>,
        /// The packet.
        packet: &'a [u8],
    },
    /// The packet came out of a tunnel interface that demands something of it.
    Demand {
        /// The interface.
        link: LinkId,
        /// What it demands.
        demand: &'a Demand,
        /// The SAs and tunnels that the packet came by, this interface the last.
        trail: &'a SaTrail,
        /// The inner source.
        source: IpAddr,
        /// Whether the packet shows it.
        result: Result<(), DropReason>,
    },
    /// The firewall's rules were asked about a packet that is to be delivered or forwarded.
    Firewall {
        /// The link that the packet arrived by.
        link: LinkId,
        /// The firewall.
        firewall: &'a Firewall,
        /// The packet's fields.
        flow: &'a Flow,
        /// The SAs and tunnels that it came by.
        trail: &'a SaTrail,
        /// The place of the first rule that matches.
        rule: Option<usize>,
        /// What follows.
        result: Result<(), DropReason>,
    },
    /// The packet's way ends.
    End {
        /// What becomes of it.
        verdict: Verdict,
        /// The SAs and tunnels that it came by.
        trail: &'a SaTrail,
        /// The packet.
        packet: &'a [u8],
    },
}

/// The kinds of steps, in the words of the RFCs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The packet came to the node.
    Arrive,
    /// Fragments become a datagram.
    Reassemble,
    /// Forwarding lookup.
    Route,
    /// One hop off the TTL.
    Hop,
    /// SPD lookup.
    Policy,
    /// Choice of an outbound SA.
    ChooseSa,
    /// An outer header is put in front.
    Encapsulate,
    /// ESP is put in.
    Seal,
    /// SAD lookup.
    FindSa,
    /// Anti-replay, integrity, decryption.
    Open,
    /// ESP is taken out.
    Restore,
    /// Selectors of the SA.
    Selectors,
    /// Lookup of a tunnel interface.
    FindTunnel,
    /// The outer header is taken off.
    Decapsulate,
    /// What a tunnel interface demands.
    Demand,
    /// The firewall's rules.
    Firewall,
    /// The verdict.
    End,
}

impl Step<'_> {
    /// The kind of step.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Arrive { .. } => Stage::Arrive,
            Self::Reassemble { .. } => Stage::Reassemble,
            Self::Route { .. } => Stage::Route,
            Self::Hop { .. } => Stage::Hop,
            Self::Policy { .. } => Stage::Policy,
            Self::ChooseSa { .. } => Stage::ChooseSa,
            Self::Encapsulate { .. } => Stage::Encapsulate,
            Self::Seal { .. } => Stage::Seal,
            Self::FindSa { .. } => Stage::FindSa,
            Self::Open { .. } => Stage::Open,
            Self::Restore { .. } => Stage::Restore,
            Self::Selectors { .. } => Stage::Selectors,
            Self::FindTunnel { .. } => Stage::FindTunnel,
            Self::Decapsulate { .. } => Stage::Decapsulate,
            Self::Demand { .. } => Stage::Demand,
            Self::Firewall { .. } => Stage::Firewall,
            Self::End { .. } => Stage::End,
        }
    }
}

impl Stage {
    /// The name, in lower case with hyphens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arrive => "arrive",
            Self::Reassemble => "reassemble",
            Self::Route => "route",
            Self::Hop => "hop",
            Self::Policy => "policy",
            Self::ChooseSa => "choose-sa",
            Self::Encapsulate => "encapsulate",
            Self::Seal => "seal",
            Self::FindSa => "find-sa",
            Self::Open => "open",
            Self::Restore => "restore",
            Self::Selectors => "selectors",
            Self::FindTunnel => "find-tunnel",
            Self::Decapsulate => "decapsulate",
            Self::Demand => "demand",
            Self::Firewall => "firewall",
            Self::End => "end",
        }
    }
}
