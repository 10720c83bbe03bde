//! The IPv6 header (RFC 8200 section 3).

use core::net::Ipv6Addr;

use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::Protocol;
use crate::DropReason;

/// The fixed IPv6 header.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+---------------+---------------------------------------+
/// |version| traffic class |              flow label               |
/// +-------+---------------+-------+---------------+---------------+
/// |         payload length        |  next header  |   hop limit   |
/// +-------------------------------+---------------+---------------+
/// |                     source (16 bytes)                         |
/// |                     destination (16 bytes)                    |
/// +---------------------------------------------------------------+
/// ```
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Ipv6Header {
    version_class_flow: U32,
    /// Everything behind this header, bytes.
    pub payload_length: U16,
    /// The type of what follows.
    pub next_header: u8,
    /// Hops left.
    pub hop_limit: u8,
    /// Source address.
    pub source: [u8; 16],
    /// Destination address.
    pub destination: [u8; 16],
}

impl Ipv6Header {
    /// Length in bytes.
    pub const LENGTH: usize = size_of::<Self>();
    /// Where [`Self::next_header`] is.
    pub const NEXT_HEADER_OFFSET: usize = 6;
    const FLOW_MASK: u32 = 0x000f_ffff;

    /// A header with traffic class, flow label, payload length and hop limit 0.
    #[must_use]
    pub const fn new(source: Ipv6Addr, destination: Ipv6Addr, next_header: Protocol) -> Self {
        Self {
            version_class_flow: U32::new(0x6000_0000),
            payload_length: U16::ZERO,
            next_header: next_header.0,
            hop_limit: 0,
            source: source.octets(),
            destination: destination.octets(),
        }
    }

    /// The header at the start of `bytes`, checked: version and payload length.
    ///
    /// # Errors
    /// [`DropReason::Truncated`] or [`DropReason::BadVersion`].
    #[inline]
    pub fn parse(bytes: &[u8]) -> Result<&Self, DropReason> {
        let (header, payload) = Self::ref_from_prefix(bytes).map_err(|_| DropReason::Truncated)?;
        if header.version_class_flow.get() >> 28 != 6 {
            return Err(DropReason::BadVersion);
        }
        if usize::from(header.payload_length.get()) > payload.len() {
            return Err(DropReason::Truncated);
        }
        Ok(header)
    }

    /// DSCP (6 bits) and ECN (2 bits).
    #[inline]
    #[must_use]
    pub fn traffic_class(&self) -> u8 {
        let [.., class] = (self.version_class_flow.get() >> 20).to_be_bytes();
        class
    }

    /// Flow label, 20 bits.
    #[must_use]
    pub fn flow_label(&self) -> u32 {
        self.version_class_flow.get() & Self::FLOW_MASK
    }

    /// Sets traffic class and flow label; bits of `flow_label` beyond 20 are ignored.
    pub fn set_class_and_flow(&mut self, traffic_class: u8, flow_label: u32) {
        self.version_class_flow
            .set(0x6000_0000 | (u32::from(traffic_class) << 20) | (flow_label & Self::FLOW_MASK));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_and_flow_share_a_word_with_the_version() {
        let mut header = Ipv6Header::new(Ipv6Addr::LOCALHOST, Ipv6Addr::UNSPECIFIED, Protocol::ESP);
        header.set_class_and_flow(0xa5, 0xfff1_2345);
        assert_eq!(header.as_bytes()[..4], [0x6a, 0x51, 0x23, 0x45]);
        assert_eq!(
            (header.traffic_class(), header.flow_label()),
            (0xa5, 0x1_2345)
        );
    }

    #[test]
    fn each_fault_has_its_reason() {
        let mut header = Ipv6Header::new(Ipv6Addr::LOCALHOST, Ipv6Addr::UNSPECIFIED, Protocol::ESP);
        header.payload_length = U16::new(1);
        assert_eq!(
            Ipv6Header::parse(header.as_bytes()).err(),
            Some(DropReason::Truncated)
        );
        assert_eq!(
            Ipv6Header::parse(&[0x60; 39]).err(),
            Some(DropReason::Truncated)
        );
        assert_eq!(
            Ipv6Header::parse(&[0x45; 80]).err(),
            Some(DropReason::BadVersion)
        );
    }
}
