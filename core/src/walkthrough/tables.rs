//! What a table was asked, which entries came into question, and why they were taken or not.
//!
//! The data path only finds the entry that decides. Here the same table is asked again for its
//! neighbours, in the same order, so that what is told is what was done.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::{Candidate, Lookup};
use crate::fib::{Fib, Path, Route, Target};
use crate::firewall::{Firewall, Rule, RuleAction};
use crate::node::SaTrail;
use crate::sa::{InboundSa, OutboundSa, SaId, Sad, WorkerId};
use crate::spd::{Direction, Policy, PolicyId, Selectors, Spd};
use crate::wire::{Flow, InnerFlows, Spi, Upper};
use crate::{DropReason, Instant, LinkId, NetworkId, Tables, TunnelEnds};

/// What tables are asked for: a packet's fields, and what is inside it where selectors look there.
type Inspected<'f> = (&'f Flow, Option<&'f InnerFlows>);

const INNER_MISMATCH: &str = "the selectors on what is inside do not match";

/// How many entries are told at most; the rest is counted.
const MOST: usize = 32;

/// A forwarding table: every prefix that contains the destination, the longest first.
pub(super) fn route(
    tables: &Tables,
    network: NetworkId,
    fib: &Fib,
    destination: IpAddr,
    route: Option<&Route>,
    path: Option<&Path>,
) -> Lookup {
    let candidates: Vec<_> = fib
        .covering(destination)
        .take(MOST)
        .enumerate()
        .map(|(place, entry)| Candidate {
            entry: route_text(tables, entry),
            matches: place == 0,
            why: match (place, &entry.target, path) {
                (0, Target::Forward(_), None) => {
                    "the longest prefix that contains the destination, but its links are down"
                        .into()
                }
                (0, ..) => "the longest prefix that contains the destination".into(),
                _ if route.is_some_and(|route| route.prefix == entry.prefix) => {
                    "the same prefix with a lower preference".into()
                }
                _ => "a shorter prefix".into(),
            },
        })
        .collect();
    Lookup {
        table: format!("routes of {}", network_name(tables, network)),
        key: destination.to_string(),
        others: fib.len().saturating_sub(candidates.len()),
        candidates,
        found: path
            .map(|path| path_text(tables, path))
            .or_else(|| route.map(|route| route_text(tables, route))),
    }
}

pub(super) fn route_text(tables: &Tables, route: &Route) -> String {
    let target = match &route.target {
        Target::Forward(paths) => paths
            .as_slice()
            .iter()
            .map(|path| path_text(tables, path))
            .collect::<Vec<_>>()
            .join(" or "),
        Target::Blackhole => "blackhole".into(),
        Target::Unreachable => "unreachable".into(),
        Target::Prohibit => "prohibit".into(),
    };
    format!("{} {target}", route.prefix)
}

fn path_text(tables: &Tables, path: &Path) -> String {
    let link = link_name(tables, path.link);
    match path.via {
        Some(via) => format!("by {link} via {via}"),
        None => format!("by {link}"),
    }
}

/// An SPD: the policies in their order, up to the one that decides.
pub(super) fn policy(
    tables: &Tables,
    network: NetworkId,
    direction: Direction,
    spd: &Spd,
    (flow, inner): Inspected<'_>,
    found: Option<PolicyId>,
) -> Lookup {
    let tried = |id: &PolicyId| found.is_none_or(|found| *id <= found);
    let all = spd.iter().count();
    let asked = spd.iter().filter(|(id, _)| tried(id)).count();
    let candidates: Vec<_> = spd
        .iter()
        .filter(|(id, _)| tried(id))
        // The last ones tell most: the one that decides is among them.
        .skip(asked.saturating_sub(MOST))
        .map(|(id, policy)| Candidate {
            entry: policy_text(policy),
            matches: Some(id) == found,
            why: policy_why(policy, direction, (flow, inner)),
        })
        .collect();
    Lookup {
        table: format!(
            "SPD of {}, {}",
            network_name(tables, network),
            direction.name()
        ),
        key: flow_text(flow),
        others: all.saturating_sub(candidates.len()),
        candidates,
        found: found
            .and_then(|id| spd.policy(id))
            .map(|policy| policy.name().to_string()),
    }
}

pub(super) fn policy_text(policy: &Policy) -> String {
    let sets: Vec<_> = policy.selectors().iter().map(ToString::to_string).collect();
    format!(
        "{}: {} {}",
        policy.name(),
        policy.action().name(),
        sets.join("; or ")
    )
}

fn policy_why(policy: &Policy, direction: Direction, (flow, inner): Inspected<'_>) -> String {
    if !policy.applies().includes(direction) {
        format!("it is not for {} packets", direction.name())
    } else if policy.matches(direction, flow) && !policy.matches_through(direction, flow, inner) {
        INNER_MISMATCH.into()
    } else {
        selectors_why(policy.selectors(), direction, flow)
    }
}

fn selectors_why(sets: &[Selectors], direction: Direction, flow: &Flow) -> String {
    let mut reasons: Vec<String> = Vec::new();
    for set in sets {
        match set.mismatch(direction, flow) {
            None => return "every selector matches".into(),
            Some(mismatch) => {
                let reason = mismatch.to_string();
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
    }
    reasons.join("; ")
}

/// The outbound SAs of a policy, the newest first.
pub(super) fn outbound_sa(
    (candidates, worker): (&[Arc<OutboundSa>], Option<WorkerId>),
    (flow, inner): Inspected<'_>,
    now: Instant,
    chosen: Result<&OutboundSa, DropReason>,
) -> Lookup {
    let entries: Vec<_> = candidates
        .iter()
        .take(MOST)
        .map(|sa| {
            let is_chosen = chosen.is_ok_and(|chosen| core::ptr::eq(chosen, sa.as_ref()));
            let other = sa.worker().filter(|&of| Some(of) != worker);
            let why = if is_chosen {
                "the newest that may carry the packet and is usable".into()
            } else if let Some(other) = other {
                format!("it is worker {other}'s")
            } else if !sa.may_carry_through(flow, inner) {
                "its selectors or DSCPs are for other packets".into()
            } else {
                match sa.check(now) {
                    Err(reason) => reason.explanation().meaning.into(),
                    Ok(()) if sa.worker().is_none() && is_of(chosen, worker) => {
                        "it is for workers that have none of their own".into()
                    }
                    Ok(()) => "an older one".into(),
                }
            };
            Candidate {
                entry: sa_text(
                    sa.name(),
                    sa.spi(),
                    sa.mode().name(),
                    sa.transform().to_string(),
                ),
                matches: is_chosen,
                why,
            }
        })
        .collect();
    Lookup {
        table: "outbound SAs of the policy".into(),
        key: flow_text(flow),
        others: candidates.len().saturating_sub(entries.len()),
        candidates: entries,
        found: chosen.ok().map(|sa| sa.name().to_string()),
    }
}

/// Whether the SA that was chosen is a worker's own.
fn is_of(chosen: Result<&OutboundSa, DropReason>, worker: Option<WorkerId>) -> bool {
    worker.is_some() && chosen.is_ok_and(|sa| sa.worker() == worker)
}

/// An SAD: the three keys of a packet, the longest first.
pub(super) fn inbound_sa(
    sad: &Sad,
    spi: Spi,
    destination: IpAddr,
    source: IpAddr,
    found: Option<SaId>,
) -> Lookup {
    let candidates: Vec<_> = SaId::candidates(spi, destination, source)
        .into_iter()
        .map(|id| {
            let sa = sad.get(&id);
            let is_found = found == Some(id);
            let why = match sa {
                None => "no SA has this key".to_string(),
                Some(sa) if is_found => format!(
                    "the longest key that an SA has: {}",
                    sa_text(sa.name(), spi, sa.mode().name(), sa.transform().to_string())
                ),
                Some(_) => "a shorter key".to_string(),
            };
            Candidate {
                entry: id.to_string(),
                matches: is_found,
                why,
            }
        })
        .collect();
    Lookup {
        table: "SAD".into(),
        key: format!("SPI {spi}, to {destination}, from {source}"),
        candidates,
        others: sad.len().saturating_sub(usize::from(found.is_some())),
        found: found
            .and_then(|id| sad.get(&id))
            .map(|sa| sa.name().to_string()),
    }
}

/// The selectors of the SA that opened a packet.
pub(super) fn selectors(sa: &InboundSa, (flow, inner): Inspected<'_>) -> Lookup {
    let fits_inside = sa.check_selectors(flow, inner).is_ok();
    let candidates: Vec<_> = sa
        .selectors()
        .iter()
        .take(MOST)
        .map(|set| {
            let mismatch = set.mismatch(Direction::Inbound, flow);
            Candidate {
                entry: set.to_string(),
                matches: mismatch.is_none() && fits_inside,
                why: match mismatch {
                    Some(mismatch) => mismatch.to_string(),
                    None if fits_inside => "every selector matches".into(),
                    None => INNER_MISMATCH.into(),
                },
            }
        })
        .collect();
    let found = candidates.iter().find(|candidate| candidate.matches);
    Lookup {
        table: format!("selectors of {}", sa.name()),
        key: flow_text(flow),
        others: sa.selectors().len().saturating_sub(candidates.len()),
        found: found.map(|candidate| candidate.entry.clone()),
        candidates,
    }
}

/// The rules of a firewall in their order, up to the one that decides.
pub(super) fn firewall(
    tables: &Tables,
    link: LinkId,
    firewall: &Firewall,
    flow: &Flow,
    trail: &SaTrail,
    found: Option<usize>,
) -> Lookup {
    let asked = found.map_or(firewall.rules.len(), |found| found.saturating_add(1));
    let candidates: Vec<_> = firewall
        .rules
        .iter()
        .enumerate()
        .take(asked)
        .skip(asked.saturating_sub(MOST))
        .map(|(place, rule)| {
            let action = match rule.action {
                RuleAction::Accept => "accept",
                RuleAction::Discard => "discard",
            };
            let sets: Vec<_> = rule.selectors.iter().map(ToString::to_string).collect();
            Candidate {
                entry: format!("{}: {action} {}", rule.name, sets.join("; or ")),
                matches: Some(place) == found,
                why: rule_why(rule, link, flow, trail),
            }
        })
        .collect();
    Lookup {
        table: format!("firewall, by {}", link_name(tables, link)),
        key: flow_text(flow),
        others: firewall.rules.len().saturating_sub(candidates.len()),
        candidates,
        found: found
            .and_then(|place| firewall.rules.get(place))
            .map(|rule| rule.name.clone()),
    }
}

fn rule_why(rule: &Rule, link: LinkId, flow: &Flow, trail: &SaTrail) -> String {
    if rule.matches(link, flow, trail) {
        "the first that matches".into()
    } else if !rule.is_for(link) {
        "it is for other links".into()
    } else if !rule.fragments.includes(flow.fragment) {
        "it is for packets in another state of fragmentation".into()
    } else if !rule.trail.holds(trail) {
        "the packet came by other SAs or interfaces".into()
    } else if rule
        .selectors
        .iter()
        .any(|set| set.matches(Direction::Inbound, flow))
    {
        "it is for other DSCPs".into()
    } else {
        selectors_why(&rule.selectors, Direction::Inbound, flow)
    }
}

/// The tunnel interfaces over a base network.
pub(super) fn tunnel(
    tables: &Tables,
    network: NetworkId,
    ends: TunnelEnds,
    found: Option<LinkId>,
) -> Lookup {
    let tunnels: Vec<_> = tables
        .links()
        .filter_map(|(id, link)| Some((id, link, link.tunnel()?)))
        .filter(|(.., tunnel)| tunnel.base == network)
        .collect();
    let candidates: Vec<_> = tunnels
        .iter()
        // The one that decides comes first where there are too many to tell.
        .filter(|(id, ..)| tunnels.len() <= MOST || Some(*id) == found)
        .map(|(id, link, tunnel)| Candidate {
            entry: format!(
                "{}: {} to {}",
                link.name, tunnel.ends.local, tunnel.ends.remote
            ),
            matches: Some(*id) == found,
            why: if tunnel.ends.local != ends.local {
                "its near end is another address".into()
            } else if tunnel.ends.remote != ends.remote {
                "its far end is another address".into()
            } else {
                "its two ends are the outer addresses".into()
            },
        })
        .collect();
    Lookup {
        table: format!("tunnel interfaces over {}", network_name(tables, network)),
        key: format!("near end {}, far end {}", ends.local, ends.remote),
        others: tunnels.len().saturating_sub(candidates.len()),
        candidates,
        found: found.map(|link| link_name(tables, link).to_string()),
    }
}

pub(super) fn sa_text(name: &str, spi: Spi, mode: &str, transform: String) -> String {
    format!("{name} (SPI {spi}, {mode} mode, {transform})")
}

/// The fields of a packet that tables are asked for.
pub(super) fn flow_text(flow: &Flow) -> String {
    let mut text = format!(
        "from {} to {}, protocol {}",
        flow.source, flow.destination, flow.protocol
    );
    text += &match flow.upper {
        Upper::Ports {
            source,
            destination,
        } => format!(", ports {source} to {destination}"),
        Upper::Icmp { kind, code } => format!(", type {kind} code {code}"),
        Upper::Mobility { kind } => format!(", type {kind}"),
        Upper::Absent => String::new(),
        Upper::Unavailable => ", ports hidden".into(),
    };
    text
}

pub(super) fn link_name(tables: &Tables, link: LinkId) -> &str {
    tables.link(link).map_or("?", |link| link.name.as_str())
}

pub(super) fn network_name(tables: &Tables, network: NetworkId) -> &str {
    tables
        .network(network)
        .map_or("?", |network| network.name())
}
