//! What the integration tests share: recorded packets, published vectors, packets made to order, and
//! a second implementation of the algorithms.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod arrangement;
pub mod behaviour;
pub mod captures;
pub mod fragments;
pub mod hosts;
mod ip;
mod kernel;
mod keyed;
pub mod lab;
pub mod reference;
pub mod sa;
pub mod vectors;

pub use arrangement::{receive, send};
pub use iiptran_calls::Hex;
pub use ip::{Ip, checksum, fill_checksum, with_traffic_class};
pub use kernel::choose_kernel;
pub use keyed::{ANY, KEY_BYTES, Keyed, associated, header_and_body, keys};

use core::net::IpAddr;
use std::path::PathBuf;

use iiptran::outer::OuterHeader;
use iiptran::wire::{self, IpHeader, Ipv4Header, SkipList};
use iiptran::{DropReason, Instant, Packet, PacketBuffer, TunnelEnds};

/// The moment at which everything happens: no test here is about time.
pub const NOW: Instant = Instant::ZERO;

/// The packet as `step` leaves it, or why it was dropped.
///
/// # Errors
/// As `step`.
pub fn process<T>(
    packet: &[u8],
    step: impl FnOnce(&mut Packet<'_>) -> Result<T, DropReason>,
) -> Result<Vec<u8>, DropReason> {
    let mut buffer = PacketBuffer::new(packet);
    buffer.process(step)?;
    Ok(buffer.bytes().to_vec())
}

/// The header of a packet that has a correct one.
#[must_use]
pub fn header(packet: &[u8]) -> IpHeader {
    IpHeader::parse(packet, &SkipList::default()).expect("a correct IP header")
}

/// The outer header of a protected packet with `inner` inside, each field as found.
#[must_use]
pub fn outer_header(packet: &[u8], inner: &[u8]) -> OuterHeader {
    let outer = header(packet);
    let identification = match outer.source {
        IpAddr::V4(_) => Ipv4Header::parse(packet).map(|v4| v4.identification.get()),
        IpAddr::V6(_) => Ok(0),
    };
    OuterHeader {
        ends: TunnelEnds {
            local: outer.source,
            remote: outer.destination,
        },
        protocol: header(inner).version().protocol(),
        traffic_class: outer.traffic_class,
        ttl: outer.ttl,
        dont_fragment: outer.dont_fragment,
        identification: identification.unwrap_or_default(),
        flow_label: outer.flow_label,
        encapsulation_limit: wire::encapsulation_limit(packet, &outer),
    }
}

/// Where a file of the test data is.
fn data(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "data", name].iter().collect()
}
