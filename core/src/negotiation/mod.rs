//! Where key exchange meets IIPtran (RFC 3884 section 4.2.4; RFC 7296).
//!
//! Key exchange itself is not here: keys and SPIs come from whoever negotiated them, and manual keys do
//! as well. What is here is what RFC 3884 adds:
//!
//! - [`Node::install_negotiated`](crate::Node::install_negotiated): a pair of SAs that was negotiated in
//!   tunnel mode, with a peer that knows nothing else, is installed in transport mode over the tunnel
//!   interface that has the same two ends. On the wire nobody can tell.
//! - [`LinkSetup`]: the three steps in which a protected virtual link comes about, as a scripted control
//!   plane on an injected clock, for tests and simulations.

mod install;
mod message;
pub mod notify;
mod pair;
mod setup;

pub use install::{InstalledPair, TrafficCheck};
pub use message::Message;
pub use pair::{NegotiatedPair, NegotiationError};
pub use setup::{Action, LinkSetup, Role, Script, SetupFault};
