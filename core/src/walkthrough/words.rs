//! What a step did, in words.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::tables::{self, link_name};
use super::{Lookup, Outcome};
use crate::node::{SaTrail, TrailEntry};
use crate::outer::EcnAnomaly;
use crate::sa::{InboundSa, OutboundSa, WorkerId};
use crate::trace::Step;
use crate::{Arrangement, DropReason, LinkId, LinkKind, Tables, Verdict};

/// What is told of a step besides its bytes.
#[derive(Default)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) clause: &'static str,
    pub(super) notes: Vec<String>,
    pub(super) lookup: Option<Lookup>,
}

impl Words {
    fn new(clause: &'static str, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            clause,
            ..Self::default()
        }
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    fn lookup(mut self, lookup: Lookup) -> Self {
        self.lookup = Some(lookup);
        self
    }
}

pub(super) fn of(tables: &Tables, step: &Step<'_>) -> Words {
    match *step {
        Step::Arrive { link: None, .. } => {
            Words::new("RFC 4301 section 5.1", "This node sends a packet")
        }
        Step::Arrive {
            link: Some(link), ..
        } => Words::new(
            "RFC 4301 section 5.2",
            format!("The packet arrives by {}", link_name(tables, link)),
        ),
        Step::Reassemble { whole: true, .. } => Words::new(
            "RFC 4301 section 5.2 step 1",
            "The datagram is whole: its fragments are put together before IPsec sees them",
        ),
        Step::Reassemble { whole: false, .. } => Words::new(
            "RFC 4301 section 5.2 step 1",
            "The fragment waits for the others of its datagram",
        ),
        Step::Hop { .. } => Words::new(
            "RFC 1812 section 5.3.1",
            "Forwarding takes one hop off the TTL",
        ),
        Step::FindTunnel {
            network,
            ends,
            found,
        } => {
            let title = match found {
                Some(link) => format!(
                    "The outer addresses are the two ends of {}",
                    link_name(tables, link)
                ),
                None => "No tunnel interface has these two ends".to_owned(),
            };
            Words::new("RFC 3884 section 3.1", title)
                .lookup(tables::tunnel(tables, network, ends, found))
        }
        Step::Decapsulate {
            tunnel, anomaly, ..
        } => decapsulate(tables, tunnel, anomaly),
        Step::Restore { .. } => Words::new(
            "RFC 4303 section 3.4.4",
            "ESP is taken out: the packet is what it was before it was protected",
        ),
        Step::Route { .. }
        | Step::Policy { .. }
        | Step::ChooseSa { .. }
        | Step::Encapsulate { .. }
        | Step::Seal { .. } => outbound(tables, step),
        Step::FindSa { .. } | Step::Open { .. } | Step::Selectors { .. } => inbound(step),
        Step::Demand { .. } | Step::Firewall { .. } => after_decapsulation(tables, step),
        Step::End { .. } => Words::default(),
    }
}

/// RFC 3884 section 4.2.3: what tunnel mode checks in one step with the SA, IIPtran checks here.
fn after_decapsulation(tables: &Tables, step: &Step<'_>) -> Words {
    match *step {
        Step::Demand {
            link,
            demand,
            source,
            result,
            ..
        } => {
            let link = link_name(tables, link);
            let title = match result {
                Ok(()) if demand.bound => {
                    format!("The packet came by the SA that is bound to {link}")
                }
                Ok(()) => format!("The packet shows what {link} demands"),
                Err(reason) => format!("The packet does not show what {link} demands: {reason}"),
            };
            Words::new("RFC 3884 section 4.2.3", title).note(format!("Its source is {source}."))
        }
        Step::Firewall {
            link,
            firewall,
            flow,
            trail,
            rule,
            result,
        } => {
            let found = rule.and_then(|place| firewall.rules.get(place));
            let title = match (found, result) {
                (Some(rule), Ok(())) => format!("The rule {} accepts the packet", rule.name),
                (Some(rule), Err(_)) => format!("The rule {} discards the packet", rule.name),
                (None, Ok(())) => format!("No rule is for {}", link_name(tables, link)),
                (None, Err(_)) => "No rule accepts the packet".to_owned(),
            };
            Words::new("RFC 3884 section 4.2.3", title)
                .lookup(tables::firewall(tables, link, firewall, flow, trail, rule))
        }
        _ => Words::default(),
    }
}

fn decapsulate(tables: &Tables, tunnel: Option<LinkId>, anomaly: Option<EcnAnomaly>) -> Words {
    let words = match tunnel {
        Some(link) if is_sa_interface(tables, link) => Words::new(
            "RFC 3884 section 4.1.1",
            format!(
                "IPsec takes the outer header off: the packet has arrived on the SA's interface {}",
                link_name(tables, link)
            ),
        ),
        Some(link) => Words::new(
            "RFC 2003 section 3.1",
            format!(
                "The outer header comes off: the packet has arrived on the interface {}",
                link_name(tables, link)
            ),
        ),
        None => Words::new(
            "RFC 4301 section 5.2 step 4",
            "IPsec takes the outer header off; no interface tells that the packet came out of a tunnel",
        ),
    };
    match anomaly {
        None => words,
        Some(EcnAnomaly::Possible) => words.note(
            "No honest path makes this combination of ECN fields; it is counted (RFC 6040 section 4.2).",
        ),
        Some(EcnAnomaly::Dangerous) => words.note(
            "This combination of ECN fields may be an attack; it is counted (RFC 6040 section 4.2).",
        ),
    }
}

fn outbound(tables: &Tables, step: &Step<'_>) -> Words {
    match *step {
        Step::Route {
            network,
            fib,
            destination,
            route,
            path,
        } => {
            let title = match (route, path) {
                (None, _) => format!("No route leads to {destination}"),
                (Some(_), None) => format!("The route to {destination} leads nowhere"),
                (Some(_), Some(path)) => {
                    let kind = match tables.link(path.link).map(|link| &link.kind) {
                        Some(LinkKind::Tunnel(_)) => "the tunnel interface ",
                        Some(LinkKind::Sa(_)) => "the SA interface ",
                        _ => "",
                    };
                    format!(
                        "The route to {destination} leads out of {kind}{}",
                        link_name(tables, path.link)
                    )
                }
            };
            Words::new("RFC 1812 section 5.2.4.3", title)
                .lookup(tables::route(tables, network, fib, destination, route, path))
        }
        Step::Policy {
            network,
            direction,
            spd,
            flow,
            inner,
            policy,
        } => {
            let title = match policy.and_then(|id| spd.policy(id)) {
                None => "No policy matches: the packet may not cross the boundary".to_owned(),
                Some(policy) => format!(
                    "The policy {} says {}",
                    policy.name(),
                    policy.action().name()
                ),
            };
            let lookup = tables::policy(tables, network, direction, spd, (flow, inner), policy);
            Words::new("RFC 4301 section 4.4.1", title).lookup(lookup)
        }
        Step::ChooseSa {
            candidates,
            flow,
            inner,
            now,
            worker,
            chosen,
        } => {
            let title = match chosen {
                Ok(sa) => format!("The SA {} protects the packet", sa.name()),
                Err(reason) => format!("No SA can protect the packet ({reason}): it is not sent in clear"),
            };
            let words = Words::new("RFC 4301 section 5.1 step 3a", title);
            let lookup = tables::outbound_sa((candidates, worker), (flow, inner), now, chosen);
            match group_note(candidates, worker, chosen) {
                Some(note) => words.note(note),
                None => words,
            }
            .lookup(lookup)
        }
        Step::Encapsulate {
            tunnel: Some(link),
            outer,
            ..
        } if is_sa_interface(tables, link) => Words::new(
            "RFC 4301 section 5.1.2",
            format!(
                "The SA of the interface {} puts its outer header in front, from {} to {}",
                link_name(tables, link),
                outer.ends.local,
                outer.ends.remote
            ),
        )
        .note("IPsec itself encapsulates here, beside RFC 2003 (RFC 3884 section 4.1.1)."),
        Step::Encapsulate {
            tunnel: Some(link),
            outer,
            ..
        } => Words::new(
            "RFC 2003 section 3",
            format!(
                "{} puts an outer header in front, from {} to {}",
                link_name(tables, link),
                outer.ends.local,
                outer.ends.remote
            ),
        )
        .note("From here on only the outer header counts: the SA is chosen by it (RFC 3884 section 3.1)."),
        Step::Encapsulate { outer, .. } => {
            let words = Words::new(
                "RFC 4301 section 5.1.2",
                format!(
                    "The SA's outer header goes in front, from {} to {}",
                    outer.ends.local, outer.ends.remote
                ),
            );
            match tables.arrangement() {
                Arrangement::TunnelMode => words.note(
                    "The policy chose the far end; no route was asked (RFC 3884 section 2.3).",
                ),
                _ => words,
            }
        }
        Step::Seal { sa, sealed, .. } => {
            let transform = sa.transform();
            let words = Words::new(
                "RFC 4303 section 3.3",
                format!(
                    "{} seals the packet as its number {}",
                    sa.name(),
                    sealed.authenticated.sequence
                ),
            )
            .note(format!(
                "{transform}: {} bytes of IV, {} of padding, {} of ICV.",
                transform.iv_length(),
                sealed.pad_length,
                transform.icv_length()
            ));
            if sa.extended_sequence() {
                words.note(
                    "The sequence number has 64 bits; the low half is on the wire, the ICV covers both.",
                )
            } else {
                words
            }
        }
        _ => Words::default(),
    }
}

/// Which SA of a group it is, and why; nothing to tell where no SA is one worker's.
fn group_note(
    candidates: &[Arc<OutboundSa>],
    worker: Option<WorkerId>,
    chosen: Result<&OutboundSa, DropReason>,
) -> Option<String> {
    candidates.iter().find(|sa| sa.worker().is_some())?;
    let whose = match (worker, chosen.map(OutboundSa::worker)) {
        (Some(worker), Ok(Some(_))) => {
            format!("It is worker {worker}'s own, so that workers share neither numbers nor window.")
        }
        (Some(worker), Ok(None)) => {
            format!("Worker {worker} has none of its own that is usable, and falls back on one for any worker.")
        }
        (None, Ok(_)) => {
            "The node has no number among the workers, and uses those for any worker.".to_owned()
        }
        (Some(worker), Err(_)) => {
            format!("Neither worker {worker} has one of its own, nor is there one for any worker that is usable.")
        }
        (None, Err(_)) => {
            "The node has no number among the workers, and there is none for any worker that is usable.".to_owned()
        }
    };
    Some(format!("{whose} (RFC 9611 section 5)"))
}

fn is_sa_interface(tables: &Tables, link: LinkId) -> bool {
    tables
        .link(link)
        .is_some_and(|link| matches!(link.kind, LinkKind::Sa(_)))
}

fn inbound(step: &Step<'_>) -> Words {
    match *step {
        Step::FindSa {
            sad,
            spi,
            destination,
            source,
            found,
        } => {
            let title = match found.and_then(|id| sad.get(&id)) {
                Some(sa) => format!("SPI {spi} is that of the SA {}", sa.name()),
                None => format!("No SA has SPI {spi}"),
            };
            Words::new("RFC 4301 section 4.1", title).lookup(tables::inbound_sa(
                sad,
                spi,
                destination,
                source,
                found,
            ))
        }
        Step::Open {
            sa, low, opened, ..
        } => match opened {
            Ok((sequence, _)) => Words::new(
                "RFC 4303 section 3.4",
                format!(
                    "{} opens the packet: number {sequence}, ICV correct",
                    sa.name()
                ),
            )
            .note(number_note(sa, low, sequence)),
            Err(reason) => Words::new(
                reason.explanation().clause,
                format!("{} refuses the packet: {reason}", sa.name()),
            )
            .note(refusal_note(sa, low, reason)),
        },
        Step::Selectors {
            sa,
            flow,
            inner,
            matches,
        } => {
            let title = if matches {
                format!("{} may carry this packet", sa.name())
            } else {
                format!("{} may not carry this packet", sa.name())
            };
            Words::new("RFC 4301 section 5.2 step 4", title)
                .lookup(tables::selectors(sa, (flow, inner)))
        }
        _ => Words::default(),
    }
}

fn number_note(sa: &InboundSa, low: u32, sequence: u64) -> String {
    match sa.window() {
        None => "There is no anti-replay window: any number is accepted.".to_owned(),
        Some(window) if sa.extended_sequence() => format!(
            "{low} is on the wire; with the high half inferred from the window the number is {sequence}. \
             The window reaches up to {} now.",
            window.top()
        ),
        Some(window) => format!(
            "The window of {} reaches up to {} now.",
            window.size(),
            window.top()
        ),
    }
}

fn refusal_note(sa: &InboundSa, low: u32, reason: DropReason) -> String {
    let Some(window) = sa.window() else {
        return reason.explanation().meaning.to_owned();
    };
    match reason {
        DropReason::Replayed => format!(
            "Number {low} was received before; the window of {} reaches up to {}.",
            window.size(),
            window.top()
        ),
        DropReason::LeftOfWindow => format!(
            "Number {low} on the wire is older than the window of {} that reaches up to {}.",
            window.size(),
            window.top()
        ),
        reason => reason.explanation().meaning.to_owned(),
    }
}

/// What became of the packet.
pub(super) fn outcome(
    tables: &Tables,
    verdict: Verdict,
    trail: &SaTrail,
    stage: &'static str,
) -> Outcome {
    match verdict {
        Verdict::Transmit { link, next_hop } => Outcome::Transmit {
            link: link_name(tables, link).to_owned(),
            next_hop: next_hop.to_string(),
            trail: trail_text(tables, trail),
        },
        Verdict::Deliver { link } => Outcome::Deliver {
            link: link_name(tables, link).to_owned(),
            trail: trail_text(tables, trail),
        },
        Verdict::Hold => Outcome::Hold,
        Verdict::Drop(reason) => {
            let text = reason.explanation();
            Outcome::Drop {
                reason: text.name,
                code: reason.code(),
                clause: text.clause,
                meaning: text.meaning,
                check: text.check,
                stage,
            }
        }
    }
}

fn trail_text(tables: &Tables, trail: &SaTrail) -> Vec<String> {
    trail
        .entries()
        .map(|entry| match entry {
            TrailEntry::Tunnel(link) => format!("interface {}", link_name(tables, *link)),
            TrailEntry::Sa {
                id,
                tunnel_mode,
                source,
                destination,
                ..
            } => {
                let mode = if *tunnel_mode { "tunnel" } else { "transport" };
                format!("SA {id} in {mode} mode, from {source} to {destination}")
            }
        })
        .collect()
}
