//! ICMP for IPv4 (RFC 792) and IPv6 (RFC 4443): the header, and what counts as an error message.

use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::IpVersion;
use crate::DropReason;

/// The header that all ICMP messages share.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct IcmpHeader {
    /// Message type.
    pub kind: u8,
    /// Message code.
    pub code: u8,
    /// Checksum; in ICMPv6 with pseudo header.
    pub checksum: U16,
    /// Depends on the type: MTU, pointer, or identifier and sequence number.
    pub rest: U32,
}

impl IcmpHeader {
    /// Length in bytes.
    pub const LENGTH: usize = size_of::<Self>();

    /// The header at the start of `bytes`.
    ///
    /// # Errors
    /// [`DropReason::Truncated`].
    pub fn parse(bytes: &[u8]) -> Result<&Self, DropReason> {
        Self::ref_from_prefix(bytes)
            .map(|(header, _)| header)
            .map_err(|_| DropReason::Truncated)
    }

    /// Whether the message reports an error, and so may never be answered by another error.
    #[must_use]
    pub const fn is_error(&self, version: IpVersion) -> bool {
        match version {
            IpVersion::V4 => matches!(self.kind, 3 | 4 | 5 | 11 | 12),
            IpVersion::V6 => self.kind < 128,
        }
    }
}

/// An error message that a node sends about a packet: type and code of each IP version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorMessage {
    /// Type and code in IPv4.
    pub v4: (u8, u8),
    /// Type and code in IPv6.
    pub v6: (u8, u8),
}

impl ErrorMessage {
    /// No route to the destination.
    pub const NO_ROUTE: Self = Self {
        v4: (3, 0),
        v6: (1, 0),
    };
    /// The destination host can't be reached.
    pub const HOST_UNREACHABLE: Self = Self {
        v4: (3, 1),
        v6: (1, 3),
    };
    /// Communication is administratively prohibited.
    pub const PROHIBITED: Self = Self {
        v4: (3, 13),
        v6: (1, 1),
    };
    /// Too big; the field behind the header carries the MTU.
    pub const TOO_BIG: Self = Self {
        v4: (3, 4),
        v6: (2, 0),
    };
    /// TTL or hop limit exceeded in transit.
    pub const TIME_EXCEEDED: Self = Self {
        v4: (11, 0),
        v6: (3, 0),
    };
    /// Erroneous header field; the field behind the header points at it.
    pub const PARAMETER_PROBLEM: Self = Self {
        v4: (12, 0),
        v6: (4, 0),
    };
}
