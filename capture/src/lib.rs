//! Packet captures as a stream, and their keys: pcap and pcapng in, pcap out.
//!
//! A capture is read packet by packet through a buffer of bounded size, so that one of 10 GB takes no
//! more memory than a small one, whatever lengths a damaged file claims.
//!
//! ```
//! use iiptran_capture::{CaptureReader, CaptureWriter, Framing, Precision};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut input = Vec::new();
//! # CaptureWriter::new("input", &mut input, Precision::default())?.finish()?;
//! let mut reader = CaptureReader::new("input", input.as_slice())?;
//! let mut output = Vec::new();
//! let mut writer = CaptureWriter::new("output", &mut output, Precision::Microseconds)?;
//! while let Some(packet) = reader.next()? {
//!     if let Framing::Ip { offset } = packet.link_type.ip_packet(packet.bytes)? {
//!         writer.write(packet.timestamp, &packet.bytes[offset..])?;
//!     }
//! }
//! writer.finish()?;
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod error;
pub mod keys;
mod link_type;
pub mod opening;
mod pcap;
mod pcapng;
mod pcapng_writer;
mod reader;
mod source;
mod writer;

pub use error::{CaptureError, Cause};
pub use link_type::{Framing, LinkType, UnsupportedLinkType};
pub use pcapng_writer::PcapngWriter;
pub use reader::{CaptureReader, CapturedPacket};
#[cfg(feature = "files")]
pub use writer::refuse_overwrite;
pub use writer::{CaptureWriter, Precision};
