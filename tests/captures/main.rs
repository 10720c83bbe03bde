//! Packets of Linux 6.1, at the level of one SA: they open, they come out of the core byte for byte,
//! and none that was tampered with is taken.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod numbers;
mod open;
mod outer;
mod refuse;
mod seal;

use iiptran::Arrangement;
use iiptran_tests::captures::CapturedSa;

/// The other of the two arrangements that put a packet into a tunnel; `None` without a tunnel.
fn other_arrangement(captured: &CapturedSa) -> Option<Arrangement> {
    match captured.arrangement {
        Arrangement::Transport => None,
        Arrangement::Iiptran => Some(Arrangement::TunnelMode),
        _ => Some(Arrangement::Iiptran),
    }
}
