//! What is checked of packets that arrive.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Answer, walk};
use crate::comparison::document::{Evidence, Standing};
use crate::comparison::experiments::{Observations, X, Y};
use crate::comparison::sight::Sight;
use crate::comparison::words::fate;
use crate::trace::Stage;

/// Whether the selectors of the SA that opened the packet were compared with the header inside.
fn sees_inside(sight: Option<&Sight>) -> bool {
    let saw = sight.and_then(|sight| sight.selectors_saw);
    saw.is_some_and(|(ends, looks_through)| ends == [X, Y] || looks_through)
}

fn saw(sight: Option<&Sight>) -> String {
    match sight.and_then(|sight| sight.selectors_saw) {
        Some(([source, destination], false)) => {
            format!("the SA's selectors are compared with {source} to {destination}")
        }
        Some(([source, destination], true)) => format!(
            "the SA's selectors are compared with {source} to {destination}, and others with the packet inside"
        ),
        None => "no selectors are compared".to_string(),
    }
}

pub(super) fn inbound(seen: &Observations) -> Answer {
    let (honest, spoofed) = (seen.fixed.inbound.as_ref(), seen.spoofed.as_ref());
    let mut evidence: Vec<Evidence> = [
        walk("B receives A's packet from X to Y", honest),
        walk(
            "B receives a packet by the same SA with an inner source that link 3 is not for",
            spoofed,
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    evidence.push(Evidence::facts("What is compared", [saw(honest)].into()));
    let by_demand = spoofed.is_some_and(|sight| sight.stages.contains(&Stage::Demand));
    let spoofed = spoofed.map_or_else(|| "not received".to_string(), fate);
    let (text, standing, why) = if sees_inside(honest) && by_demand {
        (
            "yes",
            Standing::Good,
            "The SA that opens the packet sees the inner header too, in the same step. Here it is an interface, and so for any \
             packet that routing sends there; what else is demanded, the interface demands.",
        )
    } else if sees_inside(honest) {
        (
            "yes",
            Standing::Good,
            "The SA that opens the packet sees the inner header too, in the same step.",
        )
    } else {
        (
            "no: a separate step after decapsulation",
            Standing::Qualified,
            "The SA sees the outer header alone. The inner one is seen once the packet has come out of the tunnel interface, and \
             the node has to remember which SA it came by.",
        )
    };
    Answer {
        text: text.to_string(),
        standing,
        explanation: format!("{why} A packet with a wrong inner source is {spoofed}."),
        evidence,
    }
}

pub(super) fn inner(seen: &Observations) -> Answer {
    let honest = seen.fixed.inbound.as_ref();
    let checked = seen.looked_through.as_ref();
    let mut evidence: Vec<Evidence> = walk("B receives A's packet from X to Y", honest)
        .into_iter()
        .collect();
    let mut facts = [saw(honest)].to_vec();
    if !sees_inside(honest) {
        facts.push(format!("with the extension, {}", saw(checked)));
        evidence.extend(walk(
            "The same when the link checks the traffic inside",
            checked,
        ));
    }
    evidence.push(Evidence::facts("What is compared", facts));
    let (text, standing, why) = if sees_inside(honest) {
        (
            "yes",
            Standing::Good,
            "In tunnel mode an SA's selectors are about the packet inside, so it can be for some traffic and not for other.",
        )
    } else if sees_inside(checked) {
        (
            "only with the extension",
            Standing::Qualified,
            "A transport-mode SA sees IP in IP between two gateways, and all traffic of the link looks alike. When selectors \
             look through IP as through an extension header, they see what tunnel mode sees.",
        )
    } else {
        (
            "no",
            Standing::Bad,
            "Nothing compares an SA's selectors with the packet inside.",
        )
    };
    Answer {
        text: text.to_string(),
        standing,
        explanation: why.to_string(),
        evidence,
    }
}
