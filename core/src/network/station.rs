//! Nodes and hosts, as a network holds them.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use super::routing::Channel;
use super::scenario::PacketConfig;
use crate::config::{ModeName, RouteConfig, UdpEncapsulationConfig};
use crate::fib::Prefix;
use crate::transform::Transform;
use crate::{Instant, LinkId, NetworkId, Node};

/// A node or a host.
#[derive(Debug)]
pub(super) struct Station {
    pub(super) name: String,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Node(Box<Router>),
    Host(Host),
}

/// A node and what it is connected to.
#[derive(Debug)]
pub(super) struct Router {
    pub(super) node: Node,
    /// By link: the wire and the end of it that the link is.
    pub(super) ports: Box<[Option<Port>]>,
    /// By the node's networks: the scenario's number.
    pub(super) networks: Box<[u32]>,
    /// By the node's networks: the router that runs in it.
    pub(super) daemons: Box<[Option<u32>]>,
}

/// A host: addresses and one wire.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) addresses: Box<[(IpAddr, Prefix)]>,
    pub(super) gateway: Option<IpAddr>,
    pub(super) port: Port,
    pub(super) network: u32,
}

/// An end of a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Port {
    pub(super) wire: u32,
    pub(super) end: u32,
}

/// A virtual link of the scenario.
#[derive(Debug)]
pub(super) struct VirtualLink {
    pub(super) name: String,
    /// The scenario's number of the network that it is a link of.
    pub(super) network: u32,
    pub(super) ends: [LinkEnd; 2],
    pub(super) transform: Option<Transform>,
    pub(super) mode: ModeName,
    pub(super) extended_sequence: bool,
    pub(super) udp_encapsulation: Option<UdpEncapsulationConfig>,
    pub(super) rekey: bool,
    /// How many times its SAs have been replaced.
    pub(super) generation: u32,
    /// How many of the first generations are gone.
    pub(super) retired: u32,
}

/// One end of a virtual link.
#[derive(Debug)]
pub(super) struct LinkEnd {
    pub(super) station: u32,
    /// The interface, where the arrangement has one.
    pub(super) link: Option<LinkId>,
    /// What a route into it leads through, where one can.
    pub(super) channel: Option<Channel>,
    pub(super) local: IpAddr,
}

/// An action of the scenario, its names resolved.
#[derive(Debug)]
pub(super) enum Action {
    Wire {
        wire: u32,
        up: bool,
    },
    Link {
        station: u32,
        link: LinkId,
        up: bool,
    },
    Mtu {
        wire: u32,
        mtu: usize,
    },
    Rekey {
        link: u32,
        overlap: Duration,
    },
    DeleteSas(u32),
    Routes {
        station: u32,
        network: NetworkId,
        remove: Vec<Prefix>,
        add: Vec<RouteConfig>,
        /// Where the routes stand in the scenario.
        path: String,
    },
    Inject {
        station: u32,
        link: LinkId,
        packet: Injected,
        count: u32,
        every: Duration,
        tally: u32,
    },
    /// It has no effect in this arrangement.
    Vain {
        path: String,
        cause: String,
    },
}

/// A packet that comes from nowhere.
#[derive(Clone, Debug)]
pub(super) enum Injected {
    Made(PacketConfig),
    /// The last one that arrived at this end of a wire.
    Recorded(Port),
}

/// A moment of the scenario after which routing may have to find new ways.
#[derive(Debug)]
pub(super) struct Convergence {
    pub(super) at: Instant,
    pub(super) cause: String,
    pub(super) changes: u64,
    pub(super) last: Instant,
}

impl Station {
    pub(super) fn router(&self) -> Option<&Router> {
        match &self.kind {
            Kind::Node(router) => Some(router),
            Kind::Host(_) => None,
        }
    }

    pub(super) fn router_mut(&mut self) -> Option<&mut Router> {
        match &mut self.kind {
            Kind::Node(router) => Some(router),
            Kind::Host(_) => None,
        }
    }
}

impl Router {
    pub(super) fn port(&self, link: LinkId) -> Option<Port> {
        self.ports.get(link.index()).copied().flatten()
    }

    /// The name of a link.
    pub(super) fn link_name(&self, link: LinkId) -> &str {
        let link = self.node.tables().link(link);
        link.map_or("", |link| link.name.as_str())
    }

    /// The node's own number of a network of the scenario.
    pub(super) fn network(&self, number: u32) -> Option<NetworkId> {
        self.networks
            .iter()
            .position(|&other| other == number)
            .map(NetworkId::at)
    }
}

impl Host {
    /// Whether an address is the host's own.
    pub(super) fn owns(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|(own, _)| *own == address)
    }

    /// The neighbour that packets to a destination are given to.
    pub(super) fn next_hop(&self, destination: IpAddr) -> IpAddr {
        let is_near = self
            .addresses
            .iter()
            .any(|(_, prefix)| prefix.contains(destination));
        match self.gateway {
            Some(gateway) if !is_near => gateway,
            _ => destination,
        }
    }
}
