//! What a packet's way is compiled to when nobody watches, and when somebody does.
//!
//! `cargo xtask no-trace` reads the assembly of these functions, and finds them by their names.

use iiptran::node::Node;
use iiptran::trace::{NoTrace, Step, Trace};
use iiptran::{Instant, LinkId, NetworkId, Packet, Verdict};

// An empty step might vanish where it is wanted; that it is not is what leaves out the work for it.
const _: () = assert!(!NoTrace::ENABLED);

/// Wants no steps. One that comes all the same is not inlined away, as one of [`NoTrace`] may be.
#[derive(Debug)]
pub struct Deaf;

impl Trace for Deaf {
    const ENABLED: bool = false;

    #[inline(never)]
    fn step(&mut self, _: &Step<'_>) {
        core::hint::black_box(());
    }
}

/// Wants steps, and does nothing with them.
#[derive(Debug)]
pub struct Watching;

impl Trace for Watching {
    #[inline(never)]
    fn step(&mut self, step: &Step<'_>) {
        core::hint::black_box(step);
    }
}

/// All calls that take a packet.
fn calls<T: Trace>(
    node: &mut Node,
    (network, link): (NetworkId, LinkId),
    packet: &mut Packet<'_>,
    trace: &mut T,
) -> [Verdict; 3] {
    [
        node.send(Instant::ZERO, network, packet, trace),
        node.send_via(Instant::ZERO, link, packet, trace),
        node.receive(Instant::ZERO, link, packet, trace),
    ]
}

/// With [`NoTrace`].
#[inline(never)]
pub fn nobody(node: &mut Node, by: (NetworkId, LinkId), packet: &mut Packet<'_>) -> [Verdict; 3] {
    calls(node, by, packet, &mut NoTrace)
}

/// With [`Deaf`].
#[inline(never)]
pub fn deaf(node: &mut Node, by: (NetworkId, LinkId), packet: &mut Packet<'_>) -> [Verdict; 3] {
    calls(node, by, packet, &mut Deaf)
}

/// With [`Watching`].
#[inline(never)]
pub fn watching(node: &mut Node, by: (NetworkId, LinkId), packet: &mut Packet<'_>) -> [Verdict; 3] {
    calls(node, by, packet, &mut Watching)
}
