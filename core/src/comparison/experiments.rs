//! The runs: one network, and what is done in it.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr};
use core::time::Duration;

use super::negotiated::{self, Negotiated};
use super::sight::{Lookout, Sight, Wanted};
use super::spoofed;
use crate::config::{ArrangementName, ConfigError, DurationText, RouteConfig};
use crate::network::scenario::{
    ActionConfig, EventConfig, RouteChangeConfig, RoutingName, ScenarioConfig,
};
use crate::network::{Event, Network, Observer, RoutingReport};
use crate::source_address::Source;
use crate::{DropReason, Instant, Node};

pub(super) const X: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 1, 0, 5));
pub(super) const Y: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 2, 0, 5));
/// The gateways in the base network.
pub(super) const A: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
pub(super) const B: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 5));
pub(super) const C: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9));
/// The virtual network.
pub(super) const VIRTUAL: &str = "vn";

const X_TO_Y: Wanted = Wanted {
    node: "A",
    source: Some(X),
    destination: Y,
};
const OWN_TO_Y: Wanted = Wanted {
    source: None,
    ..X_TO_Y
};
const A_TO_B: Wanted = Wanted {
    node: "B",
    source: Some(A),
    destination: B,
};

/// What was seen of an arrangement.
#[derive(Debug)]
pub(super) struct Observations {
    pub(super) fixed: StaticRun,
    /// With a routing protocol as it is.
    pub(super) unchanged: DynamicRun,
    /// With one that speaks through SAs and tells what they carry.
    pub(super) changed: DynamicRun,
    /// B receives a packet when links also check the traffic inside.
    pub(super) looked_through: Option<Sight>,
    /// B receives a packet from A whose inner source the link is not for.
    pub(super) spoofed: Option<Sight>,
    pub(super) negotiated: Negotiated,
}

/// Routes were set by hand, and then set otherwise.
#[derive(Debug)]
pub(super) struct StaticRun {
    /// A's packet from X to Y while the route leads to B.
    pub(super) before: Option<Sight>,
    /// The same when the route leads to C.
    pub(super) after: Option<Sight>,
    /// B receives one of the first packets.
    pub(super) inbound: Option<Sight>,
    /// The source that A selected for Y, and whether it is A's own at the virtual link of its route.
    pub(super) source: Result<(Source, bool), DropReason>,
    /// A's own packet to Y.
    pub(super) own: Option<Sight>,
    /// Routes that could not be set, and why.
    pub(super) vain: Vec<String>,
    /// Of the packets from X to Y after the change: how many were sent and delivered.
    pub(super) late: [u64; 2],
}

/// Routers found routes, and B was cut off.
#[derive(Debug)]
pub(super) struct DynamicRun {
    /// The neighbours that A heard over virtual links.
    pub(super) neighbours: Vec<String>,
    /// A's packet from X to Y before B was cut off.
    pub(super) before: Option<Sight>,
    /// The same afterwards, with time to find the other way.
    pub(super) after: Option<Sight>,
    /// The packets of the last seconds: sent and delivered.
    pub(super) late: [u64; 2],
    /// What routers of the virtual network sent.
    pub(super) routing: Vec<RoutingReport>,
}

impl Observations {
    pub(super) fn of(
        scenario: &ScenarioConfig,
        arrangement: ArrangementName,
    ) -> Result<Self, ConfigError> {
        let mut scenario = scenario.clone();
        scenario.arrangement = arrangement;
        let fixed = by_hand(&scenario);
        let mut checking = fixed.clone();
        for link in &mut checking.virtual_links {
            link.check_traffic = true;
        }
        let looked_through = first_received(&checking)?;
        Ok(Self {
            unchanged: DynamicRun::of(&scenario, false)?,
            changed: DynamicRun::of(&scenario, true)?,
            looked_through,
            spoofed: spoofed::received(&fixed)?,
            negotiated: negotiated::install(&fixed)?,
            fixed: StaticRun::of(&fixed)?,
        })
    }

    /// The run in which routing works, with the protocol as it is if that does.
    pub(super) const fn routed(&self) -> &DynamicRun {
        if !self.unchanged.works() && self.changed.works() {
            &self.changed
        } else {
            &self.unchanged
        }
    }
}

impl StaticRun {
    fn of(scenario: &ScenarioConfig) -> Result<Self, ConfigError> {
        let mut network = Network::new(scenario)?;
        let mut vain = Vain::default();
        network.run_until(seconds(3), &mut vain);
        let [before, inbound] = look(&mut network, seconds(4), [X_TO_Y, A_TO_B]);
        let [own] = look(&mut network, millis(4_400), [OWN_TO_Y]);
        let source = source(&network);
        network.run_until(millis(4_600), &mut vain);
        let early = x_to_y(&network);
        let [after] = look(&mut network, seconds(5), [X_TO_Y]);
        network.run_until(millis(5_990), &mut vain);
        Ok(Self {
            before,
            after,
            inbound,
            source,
            own,
            vain: vain.0,
            late: since(x_to_y(&network), early),
        })
    }

    /// Whether packets followed the route.
    pub(super) fn works(&self) -> bool {
        left_to(self.before.as_ref()) == Some(B)
            && left_to(self.after.as_ref()) == Some(C)
            && arrives(self.late)
    }
}

impl DynamicRun {
    fn of(scenario: &ScenarioConfig, through_sas: bool) -> Result<Self, ConfigError> {
        let mut scenario = scenario.clone();
        for network in &mut scenario.networks {
            network.through_sas = through_sas;
        }
        let mut network = Network::new(&scenario)?;
        network.run_until(seconds(3), &mut ());
        let neighbours = network.adjacencies().into_iter().filter(|adjacency| {
            let mut links = scenario.virtual_links.iter();
            adjacency.node == "A" && links.any(|link| link.name == adjacency.link)
        });
        let neighbours =
            neighbours.map(|heard| format!("A hears {} on {}", heard.neighbour, heard.link));
        let neighbours = neighbours.collect();
        let [before] = look(&mut network, seconds(5), [X_TO_Y]);
        network.run_until(seconds(12), &mut ());
        let early = x_to_y(&network);
        let [after] = look(&mut network, seconds(14), [X_TO_Y]);
        network.run_until(millis(15_990), &mut ());
        let late = since(x_to_y(&network), early);
        let routing = network.report().routing.into_iter();
        Ok(Self {
            neighbours,
            before,
            after,
            late,
            routing: routing.filter(|row| row.network == VIRTUAL).collect(),
        })
    }

    /// Whether routing found the other way.
    pub(super) const fn works(&self) -> bool {
        !self.neighbours.is_empty() && arrives(self.late)
    }
}

/// The scenario without a routing protocol in the virtual network: routes by hand, over B and after
/// 4.5 s over C.
fn by_hand(scenario: &ScenarioConfig) -> ScenarioConfig {
    let mut scenario = scenario.clone();
    for network in &mut scenario.networks {
        network.routing = RoutingName::Static;
    }
    // A speaks after X, whose packets are looked at first.
    let own = scenario.flows.iter_mut().filter(|flow| flow.from == "A");
    own.for_each(|flow| flow.start = DurationText(Duration::from_millis(4_000)));
    let (x, y) = ("10.1.0.0/24", "10.2.0.0/24");
    let first = [
        ("A", y, "link-3"),
        ("B", y, "link-5"),
        ("B", x, "link-3"),
        ("C", y, "link-6"),
        ("C", x, "link-4"),
        ("D", x, "link-5"),
    ];
    let then = [("A", y, "link-4"), ("D", x, "link-6")];
    let events = |routes: &[_], at: &str| -> Vec<EventConfig> {
        routes.iter().filter_map(|route| event(at, route)).collect()
    };
    scenario.events = [events(&first, "0s"), events(&then, "4500ms")].concat();
    scenario
}

/// A route by a virtual link is added.
fn event(at: &str, (node, prefix, link): &(&str, &str, &str)) -> Option<EventConfig> {
    let route = RouteConfig {
        network: None,
        prefix: prefix.to_string().try_into().ok()?,
        link: Some(link.to_string()),
        via: None,
        paths: Vec::new(),
        action: None,
        source: None,
        preference: 0,
    };
    let change = RouteChangeConfig {
        node: node.to_string(),
        network: Some(VIRTUAL.to_string()),
        remove: Vec::new(),
        add: [route].into(),
    };
    Some(EventConfig {
        at: at.to_string().try_into().ok()?,
        action: ActionConfig::Routes(change),
    })
}

/// How B receives the first packet that A sends it.
fn first_received(scenario: &ScenarioConfig) -> Result<Option<Sight>, ConfigError> {
    let mut network = Network::new(scenario)?;
    network.run_until(seconds(3), &mut ());
    let [seen] = look(&mut network, seconds(4), [A_TO_B]);
    Ok(seen)
}

/// A source that A selects for Y, and whether it is A's at the virtual link that its route takes.
fn source(network: &Network) -> Result<(Source, bool), DropReason> {
    let node = node(network, "A").ok_or(DropReason::NoRoute)?;
    let tables = node.tables();
    let virtual_network = tables.find_network(VIRTUAL).ok_or(DropReason::NoRoute)?;
    let source = node.select_source(virtual_network, Y)?;
    let link = tables.link(source.link);
    let is_right = source.network == virtual_network
        && link.is_some_and(|link| {
            link.network == virtual_network
                && network.way("A", VIRTUAL, Y) == Some(link.name.as_str())
        });
    Ok((source, is_right))
}

fn node<'n>(network: &'n Network, name: &str) -> Option<&'n Node> {
    let mut nodes = network.nodes();
    nodes
        .find(|(other, _)| *other == name)
        .map(|(_, node)| node)
}

/// Runs until all that is wanted was seen.
fn look<const N: usize>(
    network: &mut Network,
    until: Instant,
    wanted: [Wanted; N],
) -> [Option<Sight>; N] {
    let mut lookout = Lookout::new(&wanted);
    while !lookout.is_done() && network.now() < until {
        if network.step(&mut lookout).is_none() {
            break;
        }
    }
    let mut seen = lookout.into_seen().into_iter();
    core::array::from_fn(|_| seen.next().flatten())
}

/// How many packets from X to Y were sent and delivered.
fn x_to_y(network: &Network) -> [u64; 2] {
    let report = network.report();
    let mut flows = report.flows.iter();
    let flow = flows.find(|flow| (flow.source, flow.destination) == (X, Y));
    flow.map_or([0, 0], |flow| [flow.sent, flow.delivered])
}

fn since([sent, delivered]: [u64; 2], [before, early]: [u64; 2]) -> [u64; 2] {
    [sent.saturating_sub(before), delivered.saturating_sub(early)]
}

/// All but what is under way.
const fn arrives([sent, delivered]: [u64; 2]) -> bool {
    delivered > 0 && delivered.saturating_add(1) >= sent
}

/// Where a node sent a packet.
pub(super) fn left_to(sight: Option<&Sight>) -> Option<IpAddr> {
    sight?.left_to
}

pub(super) const fn seconds(seconds: u64) -> Instant {
    Instant::from_secs(seconds)
}

const fn millis(millis: u64) -> Instant {
    Instant::from_nanos(millis.saturating_mul(1_000_000))
}

/// Collects what a scenario says in vain.
#[derive(Debug, Default)]
struct Vain(Vec<String>);

impl Observer for Vain {
    fn event(&mut self, _: Instant, event: &Event<'_>) {
        if let Event::Vain { cause, .. } = event
            && !self.0.iter().any(|known| known == cause)
        {
            self.0.push((*cause).to_string());
        }
    }
}
