//! Packet captures as a stream: pcap and pcapng in.
//!
//! A capture is read packet by packet through a buffer of bounded size, so that one of 10 GB takes no
//! more memory than a small one, whatever lengths a damaged file claims.

mod error;
mod link_type;
mod pcap;
mod pcapng;
mod reader;
mod source;

pub use error::{CaptureError, Cause};
pub use link_type::{Framing, LinkType, UnsupportedLinkType};
pub use reader::{CaptureReader, CapturedPacket};
