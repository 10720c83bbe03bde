//! The ESP header (RFC 4303 section 2).

use core::fmt;

use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::Protocol;
use crate::DropReason;

/// A security parameters index: the receiver's name for an SA (RFC 4301 section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spi(pub u32);

impl Spi {
    /// The smallest value that an SA may have: 0 never is on the wire, and IANA keeps 1 to 255.
    pub const SMALLEST: Self = Self(256);
}

impl fmt::Display for Spi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:08x}", self.0)
    }
}

/// The part of an ESP packet that is never encrypted.
///
/// ```text
/// +---------------------------------------------------------------+ --+-------+
/// |                 security parameters index (SPI)               |   |       |
/// +---------------------------------------------------------------+   |       |
/// |                 sequence number (low 32 bits)                 |   | integ-|
/// +---------------------------------------------------------------+   | rity  |
/// |                              [IV]                             |   |       |
/// +---------------------------------------------------------------+ --|-+     |
/// |                 payload, [traffic-flow padding]               |   | | conf.
/// +               +---------------+---------------+---------------+   | |     |
/// |   padding     |               |  pad length   |  next header  |   | |     |
/// +---------------+---------------+---------------+---------------+ --+-+-----+
/// |                    integrity check value (ICV)                |
/// +---------------------------------------------------------------+
/// ```
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct EspHeader {
    /// Security parameters index.
    pub spi: U32,
    /// Low 32 bits of the sequence number.
    pub sequence: U32,
}

impl EspHeader {
    /// Length in bytes.
    pub const LENGTH: usize = size_of::<Self>();
    /// Pad length and next header, bytes.
    pub const TRAILER_LENGTH: usize = 2;

    /// The header at the start of `bytes`.
    ///
    /// # Errors
    /// [`DropReason::Truncated`].
    #[inline]
    pub fn parse(bytes: &[u8]) -> Result<&Self, DropReason> {
        Self::ref_from_prefix(bytes)
            .map(|(header, _)| header)
            .map_err(|_| DropReason::Truncated)
    }
}

/// The end of a body as the number that its last eight bytes are, the last of them the highest: payload, minimal
/// padding, pad length, next header.
#[derive(Clone, Copy)]
pub(crate) struct BodyEnd(pub(crate) u64);

impl BodyEnd {
    /// Bytes.
    pub(crate) const LENGTH: usize = size_of::<u64>();
    /// 1, 2, 3 and so on (RFC 4303 section 2.4), as many as fit.
    const PADDING: u64 = 0x0605_0403_0201;
    /// Where it may be.
    const BEFORE_TRAILER: u64 = 0xffff_ffff_ffff;

    /// Padding of so many bytes, and the bits of payload before it; `None` if it is longer than this end.
    #[inline(always)]
    fn padding(length: u8) -> Option<(u64, u64)> {
        let payload = 48_u32.checked_sub(u32::from(length).wrapping_mul(8))?;
        let bits = (1_u64 << payload).wrapping_sub(1);
        Some((Self::PADDING << payload & Self::BEFORE_TRAILER, bits))
    }

    /// The same payload with this padding and trailer behind it; `None` if the padding is too long.
    #[inline(always)]
    pub(crate) fn padded(self, pad_length: u8, next_header: Protocol) -> Option<Self> {
        let (padding, payload) = Self::padding(pad_length)?;
        let trailer = u64::from(u16::from_le_bytes([pad_length, next_header.0])) << 48;
        Some(Self(self.0 & payload | padding | trailer))
    }

    /// Pad length and next header.
    #[inline(always)]
    pub(crate) const fn trailer(self) -> (u8, Protocol) {
        let [.., pad_length, next_header] = self.0.to_le_bytes();
        (pad_length, Protocol(next_header))
    }

    /// Whether all padding is here, and 1, 2, 3 and so on.
    #[inline(always)]
    pub(crate) fn has_right_padding(self) -> bool {
        let (pad_length, _) = self.trailer();
        Self::padding(pad_length).is_some_and(|(padding, payload)| {
            (self.0 ^ padding) & Self::BEFORE_TRAILER & !payload == 0
        })
    }
}
