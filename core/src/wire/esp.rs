//! The ESP header (RFC 4303 section 2).

use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::DropReason;

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
