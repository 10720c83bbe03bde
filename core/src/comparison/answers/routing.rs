//! What routing can do.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Answer, walk};
use crate::comparison::document::{Evidence, Standing};
use crate::comparison::experiments::{DynamicRun, Observations};
use crate::comparison::words::way;
use crate::walkthrough::Outcome;

pub(super) fn by_hand(seen: &Observations) -> Answer {
    let run = &seen.fixed;
    let [sent, delivered] = run.late;
    let mut evidence: Vec<Evidence> = [
        walk(
            "A's packet from X to Y while the route leads to B",
            run.before.as_ref(),
        ),
        walk("The same when the route leads to C", run.after.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut facts = run.vain.clone();
    facts.push(format!(
        "after the change {delivered} of {sent} packets reach Y"
    ));
    evidence.push(Evidence::facts("The routes, and what came of them", facts));
    let ways = format!(
        "Before the change the packet {}, and after it {}.",
        way(run.before.as_ref()),
        way(run.after.as_ref())
    );
    let asked = run.after.as_ref().is_some_and(|sight| sight.asked_route);
    let (text, standing, why) = if run.works() {
        (
            "yes",
            Standing::Good,
            "The route is asked before an SA is chosen and names the virtual link, so whoever moves the route moves the packets.",
        )
    } else if asked {
        (
            "no",
            Standing::Bad,
            "The route is asked first, but all that the lookup returns is the physical link, and both virtual links leave by it. \
             In that link's SAD both SAs match; the first is taken, whatever the route says.",
        )
    } else {
        (
            "no",
            Standing::Bad,
            "The policy matches the packet's own header and names the SA, and with it the far end. No route of the virtual \
             network is asked before, and none could name an SA, which is no interface.",
        )
    };
    Answer {
        text: text.to_string(),
        standing,
        explanation: format!("{why} {ways}"),
        evidence,
    }
}

pub(super) fn dynamic(seen: &Observations) -> Answer {
    let (unchanged, mut evidence) = adjacencies(&seen.unchanged);
    let run = seen.routed();
    if !seen.unchanged.works() {
        let (_, more) = adjacencies(&seen.changed);
        evidence.extend(more.into_iter().map(|one| Evidence {
            title: format!("{}, when they speak through their SAs", one.title),
            ..one
        }));
    }
    evidence.extend(walk(
        "A's packet to Y before B is cut off",
        run.before.as_ref(),
    ));
    evidence.extend(walk(
        "A's packet to Y after B was cut off",
        run.after.as_ref(),
    ));
    let after = way(run.after.as_ref());
    let informed = way(seen.changed.after.as_ref());
    let (text, standing, explanation) = if seen.unchanged.works() {
        let text = format!(
            "Virtual links are interfaces: routers send hellos out of them and hear each other ({unchanged}). When B falls \
             silent its routes go, and the packet {after}."
        );
        ("yes", Standing::Good, text)
    } else if seen.changed.works() {
        let text = format!(
            "A routing protocol as it is finds no interface at the virtual links ({unchanged}). When routers instead look into \
             their own SAD, speak through each SA to its far end and tell what it carries, the packet {after}, but that is \
             another protocol, in every router."
        );
        ("yes, with changed protocols", Standing::Qualified, text)
    } else {
        let text = format!(
            "There is no interface to send hellos out of, so that no router of the virtual network has a neighbour \
             ({unchanged}). After B was cut off the packet {after}. Routers that look into the SADs are no help, as what \
             they find is not what picks the SA: with them the packet {informed}."
        );
        ("no", Standing::Bad, text)
    };
    Answer {
        text: text.to_string(),
        standing,
        explanation,
        evidence,
    }
}

/// Whom A hears, in words, and as evidence.
pub(super) fn adjacencies(run: &DynamicRun) -> (String, Vec<Evidence>) {
    let [sent, delivered] = run.late;
    let mut facts = run.neighbours.clone();
    let count = facts.len();
    if facts.is_empty() {
        facts.push("A hears nobody over a virtual link".to_string());
    }
    facts.push(format!("at the end {delivered} of {sent} packets reach Y"));
    let words = match count {
        1 => "A has 1 neighbour over them".to_string(),
        count => format!("A has {count} neighbours over them"),
    };
    (words, [Evidence::facts("Whom routers hear", facts)].into())
}

pub(super) fn source(seen: &Observations) -> Answer {
    let run = &seen.fixed;
    let own = run.own.as_ref();
    let mut evidence: Vec<Evidence> = walk("A's own packet to Y", own).into_iter().collect();
    let selected = match &run.source {
        Ok((source, _)) => format!("{} by the rule {:?}", source.address, source.rule),
        Err(reason) => format!("none: {}", reason.name()),
    };
    let facts = [format!("the source that A selects for Y is {selected}")];
    evidence.insert(0, Evidence::facts("Source address selection", facts.into()));
    let address = match &run.source {
        Ok((source, _)) => source.address.to_string(),
        Err(_) => "none".to_string(),
    };
    let then = match own.and_then(|sight| sight.walk.outcome.as_ref()) {
        Some(Outcome::Drop { reason, .. }) => {
            format!("The packet that has it is dropped: {reason}.")
        }
        Some(_) => format!("The packet that has it {}.", way(own)),
        None => "No packet is sent.".to_string(),
    };
    let (text, standing, why) = match &run.source {
        Ok((_, true)) => (
            "yes",
            Standing::Good,
            "The route to Y leads out of a virtual interface, and the interface has an address: the existing rules find it.",
        ),
        _ if !seen.unchanged.works() && seen.changed.works() => (
            "not stated",
            Standing::Open,
            "RFC 3884 does not say whether source selection would be changed together with forwarding. The rules as they are \
             find only the physical interface that the SA's packets leave by.",
        ),
        _ => (
            "no",
            Standing::Bad,
            "An SA is no interface and has no address. The rules fall through to the interface of the default gateway, or of \
             the physical link, which is in the base network.",
        ),
    };
    Answer {
        text: text.to_string(),
        standing,
        explanation: format!("{why} A selects {address}. {then}"),
        evidence,
    }
}
