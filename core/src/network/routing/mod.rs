//! Routing inside the networks of a scenario.
//!
//! RFC 3884 is about dynamic routing over IPsec; OSPF, BGP and their like are far too large to be part of
//! its demonstration. A small distance-vector protocol stands in for them. It is honest where it
//! matters: its messages are IP packets in UDP to a link-scope multicast group, which a node sends out of
//! a link with [`crate::Node::send_via`] and gets by [`crate::Verdict::Deliver`], and its neighbours are
//! those whose messages arrive. Where an arrangement has no interface, there is nothing to send them out
//! of, and so no neighbour.
//!
//! Where forwarding asks the SAD, an SA is no interface either, and routers have to be changed: they speak
//! to the far ends of the SAs in their own SAD, and tell what those SAs carry; see [`Carried`].
//!
//! The [`oracle`] knows the topology without messages, to compare with.

mod carried;
mod channel;
mod daemon;
mod message;
pub(super) mod oracle;
mod table;

pub(super) use carried::Carried;
pub(super) use channel::Channel;
pub(super) use daemon::{Daemon, Interface, Message, Outbox, SaPeer};
pub(super) use message::{GROUPS, PORTS};
pub(super) use table::Change;
