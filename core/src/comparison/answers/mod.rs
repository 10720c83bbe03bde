//! The rows: rules by which an answer follows from what was seen.

mod costs;
mod routing;
mod security;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::document::{Cell, Evidence, Row, Standing};
use super::experiments::Observations;
use super::sight::Sight;
use crate::Arrangement;

/// A row, and how it is answered.
pub(super) struct Rule {
    name: &'static str,
    title: &'static str,
    question: &'static str,
    /// Whether an alternative is compared in it although it does not do what it is for.
    of_all: bool,
    answer: fn(&Observations) -> Answer,
}

/// What a rule says.
pub(super) struct Answer {
    text: String,
    standing: Standing,
    explanation: String,
    evidence: Vec<Evidence>,
}

/// All rows, in the order of RFC 3884 section 4.2.
pub(super) const ROWS: &[Rule] = &[
    Rule {
        name: "static-routing",
        title: "Static routing",
        question: "The route to Y is moved by hand from link 3 to link 4. Do packets follow?",
        of_all: true,
        answer: routing::by_hand,
    },
    Rule {
        name: "dynamic-routing",
        title: "Dynamic routing",
        question: "B is cut off. Have routers met over the virtual links, and do packets find the way over C?",
        of_all: true,
        answer: routing::dynamic,
    },
    Rule {
        name: "source-selection",
        title: "Source selection by existing rules",
        question: "A itself sends to Y. Is the source that RFC 1122 gives A's address on the virtual link of the route?",
        of_all: true,
        answer: routing::source,
    },
    Rule {
        name: "ipsec-architecture",
        title: "Change to the IPsec architecture",
        question: "In which order are routes, policies and SAs asked, and who puts the outer header on? RFC 4301 has policy, SA, outer header, route.",
        of_all: true,
        answer: costs::architecture,
    },
    Rule {
        name: "routing-software",
        title: "Change to routing software",
        question: "Does a routing protocol as it is find the other way, or does it take another one?",
        of_all: true,
        answer: costs::software,
    },
    Rule {
        name: "ike",
        title: "Change to IKE",
        question: "A peer that knows tunnel mode alone has negotiated SAs. Can they be installed and used?",
        of_all: false,
        answer: costs::ike,
    },
    Rule {
        name: "inbound-check",
        title: "Inbound check in one step",
        question: "Who looks at the inner header of a packet that arrives: the SA that opens it, or somebody after it?",
        of_all: false,
        answer: security::inbound,
    },
    Rule {
        name: "inner-selectors",
        title: "Inner selectors in the SA",
        question: "Are the SA's selectors compared with the inner header?",
        of_all: false,
        answer: security::inner,
    },
];

impl Rule {
    /// The row without cells.
    pub(super) const fn row(&self) -> Row {
        Row {
            name: self.name,
            title: self.title,
            question: self.question,
            cells: Vec::new(),
        }
    }

    /// The cell of an arrangement.
    pub(super) fn cell(&self, label: Arrangement, seen: &Observations) -> Cell {
        let answer = if !self.of_all && is_dropped(seen) {
            not_compared(seen)
        } else {
            (self.answer)(seen)
        };
        Cell {
            arrangement: label.name().to_string(),
            answer: answer.text,
            standing: answer.standing,
            explanation: answer.explanation,
            evidence: answer.evidence,
        }
    }
}

/// Whether an arrangement changes IPsec, and dynamic routing does not work all the same. RFC 3884 drops such
/// an alternative from the comparison; tunnel mode, which changes nothing, is what all are compared with.
fn is_dropped(seen: &Observations) -> bool {
    let changes = costs::change(seen) != costs::Change::None;
    changes && !seen.unchanged.works() && !seen.changed.works()
}

fn not_compared(seen: &Observations) -> Answer {
    let (_, mut evidence) = routing::adjacencies(&seen.changed);
    evidence.extend(walk(
        "A's packet to Y after B was cut off",
        seen.changed.after.as_ref(),
    ));
    Answer {
        text: "not compared".to_string(),
        standing: Standing::Open,
        explanation: "The arrangement changes IPsec and yet gives no dynamic routing: with the protocol as it is, and with \
             one that knows the SAs, packets go on to B. What it was for it does not do, so RFC 3884 drops it here."
            .to_string(),
        evidence,
    }
}

fn walk(title: &str, sight: Option<&Sight>) -> Option<Evidence> {
    sight.map(|sight| Evidence::walk(title, &sight.walk))
}
