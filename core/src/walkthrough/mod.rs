//! A packet's way, told step by step: what was looked up, which entries came into question and why they
//! were taken or not, and what happened to the bytes.
//!
//! A walkthrough is [`Node::send`](crate::Node::send) or [`Node::receive`](crate::Node::receive) with a
//! [`Recorder`] as the trace: what it tells is what the node did, not what it would do. It is a
//! document; pages, terminals and notebooks draw it and add nothing.
//!
//! ```
//! # #[cfg(feature = "config")] {
//! use iiptran::config::NodeConfig;
//! use iiptran::walkthrough::{Outcome, Recorder};
//! use iiptran::{Instant, PacketBuffer};
//!
//! let mut node = NodeConfig::from_toml(
//!     r#"
//!     arrangement = "iiptran"
//!     links = [{ name = "lan", side = "protected", addresses = ["10.1.0.1/16"] }]
//!     "#,
//! )?
//! .node()?;
//! let lan = node.tables().find_link("lan").ok_or("no link")?;
//! let packet = [
//!     0x45, 0, 0, 22, 0, 0, 0, 0, 64, 253, 0x65, 0xdf, 10, 1, 0, 5, 10, 2, 0, 5, 0xaa, 0xbb,
//! ];
//! let mut recorder = Recorder::new();
//! let _verdict = PacketBuffer::new(&packet)
//!     .process(|packet| node.receive(Instant::ZERO, lan, packet, &mut recorder));
//! let walk = recorder.into_walkthrough();
//! let titles: Vec<_> = walk.steps.iter().map(|step| step.title.as_str()).collect();
//! assert_eq!(
//!     titles,
//!     [
//!         "The packet arrives by lan",
//!         "Forwarding takes one hop off the TTL",
//!         "No route leads to 10.2.0.5",
//!     ]
//! );
//! assert!(matches!(walk.outcome, Some(Outcome::Drop { reason: "no-route", .. })));
//! # }
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod compare;
mod dissect;
mod document;
mod echo;
mod example;
mod recorder;
mod report;
mod tables;
mod words;

pub use dissect::layers;
pub use document::{
    Candidate, Change, EspReport, Field, Hex, HexError, Layer, Lookup, Outcome, WalkStep,
    Walkthrough, WindowReport,
};
pub use echo::{ECHO_PAYLOAD, Echo, echo};
pub use example::{GATEWAYS, Gateway};
pub use recorder::Recorder;
pub use report::{InboundSaReport, NodeReport, OutboundSaReport, TablesReport, arrival_link};
