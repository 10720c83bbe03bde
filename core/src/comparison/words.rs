//! What arrangements and answers are called.

use alloc::format;
use alloc::string::{String, ToString};
use core::net::IpAddr;

use super::experiments::{B, C};
use super::sight::Sight;
use crate::Arrangement;
use crate::walkthrough::Outcome;

/// What RFC 3884 calls an arrangement.
pub(super) const fn title(arrangement: Arrangement) -> &'static str {
    match arrangement {
        Arrangement::Transport => "Transport mode",
        Arrangement::TunnelMode => "Tunnel mode",
        Arrangement::Iiptran => "IIPtran",
        Arrangement::InterfaceSa => "Alternative 1",
        Arrangement::InitialLookupA => "Alternative 2",
        Arrangement::InitialLookupB => "Alternative 2 b",
        Arrangement::Integrated => "Alternative 3",
    }
}

/// Where a packet went, in words.
pub(super) fn way(sight: Option<&Sight>) -> String {
    let Some(sight) = sight else {
        return "was not sent".to_string();
    };
    match (&sight.walk.outcome, sight.left_to) {
        (Some(Outcome::Transmit { .. }), Some(address)) => format!("goes to {}", gateway(address)),
        (Some(Outcome::Drop { reason, .. }), _) => format!("is dropped: {reason}"),
        _ => "goes nowhere".to_string(),
    }
}

fn gateway(address: IpAddr) -> String {
    if address == B {
        "B".to_string()
    } else if address == C {
        "C".to_string()
    } else {
        address.to_string()
    }
}

/// How a packet ended, in words.
pub(super) fn fate(sight: &Sight) -> String {
    match &sight.walk.outcome {
        Some(Outcome::Drop { reason, .. }) => {
            format!("dropped as {reason} after the stage {}", sight.last_stage())
        }
        Some(Outcome::Transmit { link, .. }) => format!("sent on by {link}"),
        Some(Outcome::Deliver { .. }) => "delivered".to_string(),
        Some(Outcome::Hold) | None => "kept".to_string(),
    }
}
