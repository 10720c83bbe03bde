//! Networks of nodes on a virtual clock: RFC 3884's argument, run and not only read.
//!
//! A [`ScenarioConfig`] describes nodes, hosts, wires, virtual links, flows and events; [`Network`] runs
//! it. Each node is a [`Node`] as anybody would use it, and all that nodes know of each other is in
//! packets. What happens is told to an [`Observer`], and summed up in a [`NetworkReport`].
//!
//! There is no clock but the scenario's and no chance but its seed: the same scenario gives the same
//! run, byte for byte, on every host. Memory is that of nodes, links, flows and the packets that are
//! under way at once, however many packets a run has.
//!
//! ```
//! use iiptran::network::{Network, ScenarioConfig, shipped};
//!
//! let scenario = shipped("figure-3").ok_or("no such scenario")?;
//! let mut network = Network::new(&ScenarioConfig::from_toml(scenario.text)?)?;
//! network.run(&mut ());
//! let report = network.report();
//! assert!(report.flows.iter().all(|flow| flow.delivered > 0));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod build;
mod caller;
mod control;
pub(crate) mod datagram;
mod event;
mod flight;
mod flow;
mod keys;
mod random;
mod rekey;
mod report;
mod routes;
mod routing;
mod run;
pub mod scenario;
mod schedule;
mod shipped;
mod station;
mod wire;

pub use caller::Refusal;
pub use event::{Carriage, End, Event, Fate, KeyChange, Loss, Observer, Record};
pub use report::{
    AdjacencyReport, AttackReport, ConvergenceReport, FlowDropReport, FlowReport, LossReport,
    NetworkReport, RoutingReport, StationReport, WireReport,
};
pub use scenario::ScenarioConfig;
pub use shipped::{SHIPPED, Shipped, shipped};

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use crate::config::{NodeConfig, SaConfig, Warning};
use crate::{Arrangement, Instant, LinkId, Node, SortedMap};
use flight::Flights;
use flow::{Flow, Tally};
use random::Random;
use routing::Daemon;
use scenario::RoutingName;
use schedule::Schedule;
use station::{Action, Convergence, Station, VirtualLink};
use wire::{Arrival, Wire};

/// A network of nodes and hosts at a moment of its run.
#[derive(Debug)]
pub struct Network {
    title: String,
    arrangement: Arrangement,
    seed: u64,
    duration: Duration,
    now: Instant,
    random: Random,
    schedule: Schedule<Due>,
    flights: Flights,
    /// Where each network has its routes from.
    networks: Box<[RoutingName]>,
    /// Nodes first, then hosts.
    stations: Vec<Station>,
    wires: Vec<Wire>,
    virtual_links: Vec<VirtualLink>,
    /// The node at the far end of each virtual interface.
    far_ends: SortedMap<(u32, LinkId), u32>,
    flows: Vec<Flow>,
    attacks: Vec<Attack>,
    /// The scenario's events, each with its name.
    actions: Vec<(String, Action)>,
    daemons: Vec<Daemon>,
    convergence: Vec<Convergence>,
    /// SAs of the nodes' own documents.
    own_sas: Vec<SaConfig>,
    warnings: Vec<Warning>,
    /// What new SAs are made from, if any are.
    documents: Option<Vec<NodeConfig>>,
    scratch: Scratch,
    started: bool,
}

/// What came of packets that an event sent.
#[derive(Debug)]
struct Attack {
    path: String,
    tally: Tally,
}

/// Buffers that are used again and again.
#[derive(Debug, Default)]
struct Scratch {
    payload: Vec<u8>,
    datagram: Vec<u8>,
    packet: Vec<u8>,
    arrivals: Vec<Arrival>,
}

/// What is due at a moment.
#[derive(Debug)]
enum Due {
    /// A packet arrives at an end of a wire.
    Arrive { wire: u32, end: u32, flight: u32 },
    /// A flow sends.
    Send(u32),
    /// An event of the scenario.
    Action(u32),
    /// An event sends so many more packets.
    Inject { action: u32, left: u32 },
    /// A router's timer.
    Routing(u32),
    /// The inbound SAs before this generation of a virtual link have done their duty.
    Retire { link: u32, generation: u32 },
}

impl Network {
    /// How much time has passed.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// How long the scenario takes.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        self.duration
    }

    /// The arrangement of all nodes.
    #[must_use]
    pub const fn arrangement(&self) -> Arrangement {
        self.arrangement
    }

    /// The nodes with their names, in the order of the scenario.
    pub fn nodes(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.stations
            .iter()
            .filter_map(|station| Some((station.name.as_str(), &station.router()?.node)))
    }

    /// The nodes with their names, as they are now: what was a network is taken apart.
    pub fn into_nodes(self) -> impl Iterator<Item = (String, Node)> {
        self.stations
            .into_iter()
            .filter_map(|station| match station.kind {
                station::Kind::Node(router) => Some((station.name, router.node)),
                station::Kind::Host(_) => None,
            })
    }

    /// The names of the wires.
    pub fn wires(&self) -> impl Iterator<Item = &str> {
        self.wires.iter().map(|wire| wire.name.as_str())
    }

    /// What the scenario says in vain, in this arrangement.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// How many packets are under way.
    #[must_use]
    pub const fn under_way(&self) -> usize {
        self.flights.under_way()
    }

    fn station(&self, number: u32) -> Option<&Station> {
        self.stations.get(usize::try_from(number).ok()?)
    }

    fn station_mut(&mut self, number: u32) -> Option<&mut Station> {
        self.stations.get_mut(usize::try_from(number).ok()?)
    }

    fn name(&self, station: u32) -> &str {
        self.station(station)
            .map_or("", |station| station.name.as_str())
    }

    fn wire(&self, number: u32) -> Option<&Wire> {
        self.wires.get(usize::try_from(number).ok()?)
    }

    fn wire_mut(&mut self, number: u32) -> Option<&mut Wire> {
        self.wires.get_mut(usize::try_from(number).ok()?)
    }

    fn flow_mut(&mut self, number: u32) -> Option<&mut Flow> {
        self.flows.get_mut(usize::try_from(number).ok()?)
    }

    /// Who gets packets that a node sends out of a link to a neighbour.
    fn far_end(&self, station: u32, link: LinkId, next_hop: IpAddr) -> Option<u32> {
        let router = self.station(station)?.router()?;
        if let Some(port) = router.port(link) {
            let wire = self.wire(port.wire)?;
            let far = wire.far_end(port.end, next_hop)?;
            return wire.end(far).map(|end| end.station);
        }
        self.far_ends.get(&(station, link)).copied()
    }
}
