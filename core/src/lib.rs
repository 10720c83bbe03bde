//! RFC 3884, "Use of IPsec Transport Mode for Dynamic Routing", as a library.
//!
//! IPsec tunnel mode hides its virtual links from routing: there is no interface to route over. This
//! crate puts packets into an IPIP tunnel *interface* first, which routing sees like any other, and
//! protects the outer packet in *transport mode*. On the wire nobody can tell the difference.
//!
//! There are two levels, for two needs:
//!
//! - **SAs**, for a router with tables of its own: [`sa::OutboundSa::seal`], [`sa::InboundSa::open`],
//!   [`sa::Sad`], [`spd::Spd`], [`fib::Fib`].
//! - **Nodes**, for the whole of RFC 3884: [`Node::send`] and [`Node::receive`] take a packet and give a
//!   [`Verdict`]. [`Arrangement`] says how routing, encapsulation and IPsec are combined.
//!
//! Both are functions of their inputs: no clock, no randomness, no input and output, no global state.
//! Packets stay in the caller's buffer ([`Packet`]); the data path allocates nothing and copies no
//! payload. A packet that does not get through has exactly one [`DropReason`].
//!
//! ```
//! # #[cfg(feature = "config")] {
//! use iiptran::config::NodeConfig;
//! use iiptran::{Instant, NoTrace, PacketBuffer, Verdict};
//!
//! // A gateway: hosts of 10.1.0.0/16 behind it, a protected virtual link to 10.2.0.0/16.
//! let document = r#"
//!     arrangement = "iiptran"
//!     insecure-test-keys = true
//!     networks = [{ name = "base" }, { name = "vn" }]
//!     links = [
//!         { name = "wan", addresses = ["192.0.2.1/24"] },
//!         { name = "lan", network = "vn", side = "protected", addresses = ["10.1.0.1/16"] },
//!     ]
//!     routes = [{ network = "vn", prefix = "10.2.0.0/16", link = "tunnel" }]
//!
//!     [[virtual-links]]
//!     name = "tunnel"
//!     network = "vn"
//!     local = "192.0.2.1"
//!     remote = "192.0.2.2"
//!
//!     [virtual-links.protection]
//!     transform = "aes-128-gcm-16"
//!     outbound = { spi = 0x1000, key = "000102030405060708090a0b0c0d0e0f10111213" }
//! "#;
//! let mut node = NodeConfig::from_toml(document)?.node()?;
//! let lan = node.tables().find_link("lan").ok_or("no link")?;
//! let wan = node.tables().find_link("wan").ok_or("no link")?;
//!
//! // From 10.1.0.5 to 10.2.0.5: two bytes of an unassigned protocol.
//! let packet = [
//!     0x45, 0, 0, 22, 0, 0, 0, 0, 64, 253, 0x65, 0xdf, 10, 1, 0, 5, 10, 2, 0, 5, 0xaa, 0xbb,
//! ];
//! let mut buffer = PacketBuffer::new(&packet);
//! let verdict =
//!     buffer.process(|packet| node.receive(Instant::ZERO, lan, packet, &mut NoTrace));
//! assert_eq!(verdict, Verdict::Transmit { link: wan, next_hop: [192, 0, 2, 2].into() });
//! assert_eq!(buffer.bytes()[9], 50); // On the wire it is ESP, as of tunnel mode.
//! # }
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! # Features
//!
//! None is on by default, and none changes what another part does.
//!
//! - `config`: nodes described by JSON and TOML documents, [`config`].
//! - `walkthrough`: a trace that explains a packet's way, field by field, [`walkthrough`].
//! - `network`: many nodes on a virtual clock, described by scenarios, [`network`], and RFC 3884's
//!   comparison of the arrangements as running code, [`comparison`].
//! - `schema`: JSON Schema of the documents.
//! - `accel`: AES-GCM, AES-GMAC, ChaCha20-Poly1305 and lookups of routes in bursts with the vector instructions of
//!   x86-64, where the CPU has them; on other targets it is nothing.
#![no_std]
#![forbid(unsafe_code)]
#![warn(
    clippy::alloc_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core
)]
#![cfg_attr(not(feature = "network"), allow(rustdoc::broken_intra_doc_links))]

extern crate alloc;

#[cfg(feature = "network")]
pub mod comparison;
#[cfg(feature = "config")]
pub mod config;
mod counters;
mod drop_reason;
pub mod esp;
pub mod fib;
pub mod firewall;
pub mod ipip;
mod link;
mod mode;
pub mod negotiation;
#[cfg(feature = "network")]
pub mod network;
pub mod node;
pub mod outer;
mod packet;
pub mod sa;
mod sorted;
pub mod source_address;
pub mod spd;
pub mod tables;
mod time;
pub mod trace;
pub mod transform;
mod verdict;
#[cfg(feature = "walkthrough")]
pub mod walkthrough;
pub mod wire;

pub use counters::{Count, Counters, LinkCounters};
pub use drop_reason::{DropReason, Explained, Explanation, ReasonGroup};
pub use link::{InterfaceAddress, Link, LinkId, LinkKind, NetworkId, SaInterface, Side, Tunnel};
pub use mode::{Mode, TunnelEnds};
pub use node::Node;
pub use packet::{Packet, PacketBuffer};
pub use sorted::SortedMap;
pub use tables::{Arrangement, Tables, TablesBuilder};
pub use time::Instant;
pub use trace::{NoTrace, Trace};
pub use verdict::Verdict;
