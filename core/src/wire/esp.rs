//! The ESP header (RFC 4303 section 2).

use core::fmt;

use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

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
