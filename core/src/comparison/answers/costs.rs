//! What has to change.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Answer, walk};
use crate::Mode;
use crate::comparison::document::{Evidence, Standing};
use crate::comparison::experiments::{DynamicRun, Observations};
use crate::comparison::sight::{Encapsulator, Sight};
use crate::trace::Stage;

/// What an arrangement changes of RFC 4301's way of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing: policy, SA, and in tunnel mode the outer header.
    None,
    /// SAs are interfaces.
    Interfaces,
    /// A route is asked before, and decides nothing about the SA.
    Lookup,
    /// A route is asked before, and picks the SA: forwarding, not IPsec.
    Forwarding,
}

/// By the packet that A sends, and by whether it follows its route.
pub(super) fn change(seen: &Observations) -> Change {
    let Some(sight) = &seen.fixed.before else {
        return Change::None;
    };
    match sight.encapsulated_by {
        Some(Encapsulator::SaInterface) => Change::Interfaces,
        Some(Encapsulator::Ipsec) if sight.is_before(Stage::Route, Stage::Policy) => {
            if seen.fixed.works() {
                Change::Forwarding
            } else {
                Change::Lookup
            }
        }
        _ => Change::None,
    }
}

pub(super) fn architecture(seen: &Observations) -> Answer {
    let sight = seen.fixed.before.as_ref();
    let order = sight.map(Sight::order).unwrap_or_default();
    let mut evidence: Vec<Evidence> = walk("A's packet from X to Y", sight).into_iter().collect();
    let mut facts = alloc::vec![format!("the stages are: {order}")];
    facts.extend(
        seen.negotiated
            .refused
            .iter()
            .map(|refused| format!("another SA for the interface of link 3 is refused, {refused}")),
    );
    evidence.push(Evidence::facts("The order of stages", facts));
    let (text, standing, why) = match change(seen) {
        Change::None if encapsulated_by(sight) == Some(Encapsulator::TunnelInterface) => (
            "none",
            Standing::Good,
            "The tunnel interface has put the outer header on before IPsec sees the packet. What IPsec does then, policy, SA \
             and seal on that header, is transport mode as RFC 4301 has it.",
        ),
        Change::None => (
            "none",
            Standing::Good,
            "Policy, SA, outer header, route: this is RFC 4301, and the yardstick.",
        ),
        Change::Interfaces => (
            "SAs are interfaces, and SADs get rules for it",
            Standing::Qualified,
            "The SA is chosen by the interface that the route leads out of, and no policy is asked. IPsec encapsulates, as RFC \
             2003 does already, and each interface's SAD has to refuse what would make packets loop or merge two links.",
        ),
        Change::Lookup => (
            "an extra lookup",
            Standing::Qualified,
            "A forwarding lookup comes before the policy, which RFC 4301 does not have there. It finds the interface whose SAD \
             is searched, and nothing that tells two SAs in it apart.",
        ),
        Change::Forwarding => (
            "none, but to forwarding",
            Standing::Qualified,
            "The route names the far end of an SA, and the SAD is searched among the SAs to that end. IPsec does the rest as \
             ever: it is forwarding that now needs the SAD.",
        ),
    };
    Answer {
        text: text.to_string(),
        standing,
        explanation: why.to_string(),
        evidence,
    }
}

fn encapsulated_by(sight: Option<&Sight>) -> Option<Encapsulator> {
    sight?.encapsulated_by
}

pub(super) fn software(seen: &Observations) -> Answer {
    let mut evidence = alloc::vec![sent("The protocol as it is", &seen.unchanged)];
    let asked = seen.fixed.before.as_ref().is_some_and(|s| s.asked_route);
    let (text, standing, explanation) = if seen.unchanged.works() {
        let text =
            "Routers run the protocol as it is: to them a virtual link is a link like any other.";
        ("none".to_string(), Standing::Good, text.to_string())
    } else if seen.changed.works() {
        evidence.push(sent("The protocol that speaks through SAs", &seen.changed));
        let routers = seen.changed.routing.len();
        let size = bytes_of_a_route(&seen.changed);
        let usual = bytes_of_a_route(&seen.unchanged);
        let text = format!(
            "Every router has to find its neighbours in its SAD and to say of each route what the SAs behind it carry, or \
             packets end at an SA that does not take them. All {routers} routers run another protocol, read their SADs, and need \
             {size} bytes for a route instead of {usual}."
        );
        let answer = format!("substantial, in all {routers} routers");
        (answer, Standing::Bad, text)
    } else if asked {
        evidence.push(sent("The protocol that speaks through SAs", &seen.changed));
        let text = "A route is asked for, and routers need not change for that. They could not help either: what the lookup \
             returns does not tell the SAs apart.";
        ("none".to_string(), Standing::Open, text.to_string())
    } else {
        let text = "No route of the virtual network is asked when packets are sent, so that it does not matter what routing \
             software does.";
        ("-".to_string(), Standing::Open, text.to_string())
    };
    Answer {
        text,
        standing,
        explanation,
        evidence,
    }
}

/// Bytes behind the UDP header, per route; RIP's 20 and a share of the message's header.
fn bytes_of_a_route(run: &DynamicRun) -> u64 {
    let sum = |of: fn(&crate::network::RoutingReport) -> u64| run.routing.iter().map(of).sum();
    let (bytes, routes): (u64, u64) = (sum(|row| row.bytes), sum(|row| row.routes));
    bytes.checked_div(routes).unwrap_or_default()
}

fn sent(title: &str, run: &DynamicRun) -> Evidence {
    let rows = run.routing.iter().map(|row| {
        format!(
            "{} sent {} messages, {} bytes, {} routes, {} selector sets of SAs",
            row.node, row.messages, row.bytes, row.routes, row.selectors
        )
    });
    Evidence::facts(title, rows.collect())
}

pub(super) fn ike(seen: &Observations) -> Answer {
    let negotiated = &seen.negotiated;
    let used = negotiated.used.as_ref();
    let mut evidence: Vec<Evidence> = walk("A's packet from X to Y with the negotiated SAs", used)
        .into_iter()
        .collect();
    let done: String = match &negotiated.installed {
        Ok(mode) => format!(
            "a pair negotiated in tunnel mode is installed in {} mode",
            mode.name()
        ),
        Err(error) => format!("a pair negotiated in tunnel mode is refused: {error}"),
    };
    evidence.insert(0, Evidence::facts("Installing the pair", [done].into()));
    let (text, standing, why) = match &negotiated.installed {
        Ok(Mode::Tunnel(_)) => (
            "none",
            Standing::Good,
            "IKE negotiates tunnel mode, and the SAs are used as they were negotiated.".to_string(),
        ),
        Ok(Mode::Transport) => (
            "none: tunnel-mode SAs serve as transport mode",
            Standing::Good,
            "IKE may go on negotiating tunnel mode: installed in transport mode under the tunnel interface with the same two \
             ends, the SAs give the same bytes, and the peer can't tell. Where both ends know, negotiation gets simpler: the \
             selectors are the two ends."
                .to_string(),
        ),
        Err(error) => (
            "needed",
            Standing::Bad,
            format!("SAs that IKE negotiates today can't be used: {error}."),
        ),
    };
    Answer {
        text: text.to_string(),
        standing,
        explanation: why,
        evidence,
    }
}
