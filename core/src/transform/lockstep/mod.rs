//! Several packets in lockstep, where one alone waits for itself: a CBC encryption needs the block before,
//! and a SHA-256 the state before. Blocks of different packets need nothing of each other, and the CPU works
//! on as many as it can hold.

mod cbc;
mod hmac;
mod sha256;

pub(super) use cbc::SeveralCbc;
pub(super) use hmac::{HmacSha256, Message};
