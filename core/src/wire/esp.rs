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
    /// For each length of minimal padding that fits: bits of payload before it, and the padding (RFC 4303 section
    /// 2.4) with its length.
    const ENDS: [(u64, u64); 7] = {
        let mut ends = [(0, 0); 7];
        let mut length = 0;
        while length < ends.len() {
            let payload = 48 - 8 * length as u32;
            let padding = 0x0605_0403_0201 << payload & 0xffff_ffff_ffff;
            // A constant: no index is out of bounds when it runs.
            #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            {
                ends[length] = ((1 << payload) - 1, padding | (length as u64) << 48);
            }
            length += 1;
        }
        ends
    };
    const NEXT_HEADER: u32 = 56;

    /// The same payload with this padding and trailer behind it; `None` if the padding is too long.
    #[inline(always)]
    pub(crate) fn padded(self, pad_length: u8, next_header: Protocol) -> Option<Self> {
        let (payload, padding) = Self::ENDS.get(usize::from(pad_length))?;
        let next_header = u64::from(next_header.0) << Self::NEXT_HEADER;
        Some(Self(self.0 & payload | padding | next_header))
    }

    /// Whether all padding is here and right, and has this length, with this next header behind it.
    #[inline(always)]
    pub(crate) fn is_padded(self, pad_length: usize, next_header: Protocol) -> bool {
        Self::ENDS
            .get(pad_length)
            .is_some_and(|(payload, padding)| {
                self.0 & !payload == padding | u64::from(next_header.0) << Self::NEXT_HEADER
            })
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
        Self::ENDS
            .get(usize::from(pad_length))
            .is_some_and(|(payload, padding)| (self.0 & !payload ^ padding) << 8 == 0)
    }
}
