//! The hosts' common ground: what C, Python and Node need alike.
//!
//! Documents in, answers out. A binding converts values of its language, calls, and converts what comes
//! back; what a packet, a policy or a mistake means is decided here or in the core, once for all of
//! them. So there are no generics, no lifetimes but those of the caller's buffers, and three kinds of
//! [`Error`].
//!
//! A document is JSON if it begins with a brace, and TOML if not. Time is nanoseconds since a moment that
//! the caller chose. Packets are bytes at a [`Place`] of a buffer with free room around them, and are
//! processed there.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(feature = "accel")]
extern crate std;

mod agreed;
mod burst;
mod error;
mod event;
mod fib;
mod kernel;
mod network;
mod node;
mod options;
mod ownership;
mod pcap;
mod place;
mod reason;
mod sa;
mod sad;
mod spd;

pub use agreed::AgreedSa;
pub use burst::{Burst, Outcomes};
pub use error::{Error, Misuse};
pub use event::{EventReport, FlowReport};
pub use fib::{Fib, NextHop};
#[cfg(feature = "accel")]
pub use kernel::{KERNEL_VARIABLE, follow_environment};
pub use kernel::{UnknownKernel, choose_kernel, kernel, kernels};
pub use network::{Network, PacketEnd, Watched, names_document, scenarios};
pub use node::{Node, SharedTables};
pub use options::SealOptions;
pub use ownership::OwnershipMisuse;
pub use place::Place;
pub use reason::explain;
pub use sa::{InboundSa, Opened, OutboundSa, Sealed};
pub use sad::{Sad, spi_of};
pub use spd::{PolicyMatch, Spd};

pub use iiptran::config::{ConfigError, LifetimeConfig, LimitsOfLifetime, LookupName, ModeName};
pub use iiptran::node::Event;
pub use iiptran::sa::SaId;
pub use iiptran::spd::Direction;
pub use iiptran::wire::Spi;
pub use iiptran::{DropReason, Explained, LinkId, NetworkId, PacketBuffer, Verdict};

/// The version of the library.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
