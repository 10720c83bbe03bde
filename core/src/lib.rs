//! IIPtran core.
#![no_std]
#![forbid(unsafe_code)]
#![warn(
    clippy::alloc_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core
)]
extern crate alloc;

#[cfg(feature = "config")]
pub mod config;
mod counters;
mod drop_reason;
pub mod esp;
pub mod fib;
pub mod ipip;
mod link;
mod mode;
pub mod node;
pub mod outer;
mod packet;
pub mod sa;
pub mod spd;
pub mod tables;
mod time;
pub mod trace;
pub mod transform;
mod verdict;
pub mod wire;

pub use counters::{Count, Counters, LinkCounters};
pub use drop_reason::{DropReason, Explanation, ReasonGroup};
pub use link::{InterfaceAddress, Link, LinkId, LinkKind, NetworkId, Side, Tunnel};
pub use mode::{Mode, TunnelEnds};
pub use node::Node;
pub use packet::{Packet, PacketBuffer};
pub use tables::{Arrangement, Tables, TablesBuilder};
pub use time::Instant;
pub use trace::{NoTrace, Trace};
pub use verdict::Verdict;
