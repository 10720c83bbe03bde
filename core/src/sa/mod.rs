//! Security associations (RFC 4301 section 4.1): what one end needs to seal or open packets.
//!
//! An SA works in one direction, and there is a type for each. [`OutboundSa`] is shared by all that
//! send: numbers come from one atomic counter. [`InboundSa`] has one owner and one anti-replay window;
//! it moves and is never copied, as a copy would let a packet be received twice.

mod carried;
mod diagnosis;
mod esp_place;
mod group;
mod id;
mod inbound;
mod keys;
mod lifetime;
mod matched;
mod open_burst;
mod outbound;
mod parameters;
mod sad;
mod seal;
mod seal_burst;
mod steering;

pub use carried::Carried;
pub use diagnosis::{Diagnosis, Resynchronisation};
pub use esp_place::EspPlace;
pub use group::{SaGroup, WorkerId};
pub use id::SaId;
pub use inbound::{InboundSa, InboundUse, Received};
pub use lifetime::{Lifetime, Limits};
pub(crate) use open_burst::{Decrypted, Ends, Trailer, Waiting};
pub use outbound::OutboundSa;
pub use parameters::{SaError, SaParameters};
pub use sad::{InsertCause, InsertError, Sad, SadPlace, SadQuery};
pub use seal::{SealOptions, SealedPacket};
pub(crate) use seal_burst::{Wrapping, low_half};
pub use steering::Steering;
