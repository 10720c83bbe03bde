//! Encapsulating Security Payload (RFC 4303): the packet format, sequence numbers and anti-replay.
//!
//! This is the part of ESP that knows nothing of IP headers, policies or SAs: it turns the tail of a
//! packet into an ESP packet and back.

#![warn(clippy::arithmetic_side_effects)]

mod extended_sequence;
mod format;
mod padding;
mod replay;
mod sequence;
mod udp_encapsulation;

pub(crate) use format::{Extent, seal_checked};
pub use format::{
    Lengths, OpenRequest, Opened, SealRequest, Sealed, check_length, check_padding, open, overhead,
    seal, strip,
};
pub use padding::{Padding, PaddingCheck};
pub(crate) use replay::Ascent;
pub use replay::{ReplayWindow, WindowSizeError};
pub use sequence::SequenceNumbers;
pub(crate) use udp_encapsulation::checksum_passes;
pub use udp_encapsulation::{UdpContent, UdpEncapsulation};
