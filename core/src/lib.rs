//! IIPtran core.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod drop_reason;
pub mod esp;
pub mod fib;
mod mode;
pub mod outer;
mod packet;
pub mod spd;
mod time;
pub mod transform;
mod verdict;
pub mod wire;

pub use drop_reason::{DropReason, Explanation, ReasonGroup};
pub use mode::{Mode, TunnelEnds};
pub use packet::{Packet, PacketBuffer};
pub use time::Instant;
pub use verdict::Verdict;

/// A link of a node, physical or virtual: its place in the node's table of links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);
