//! The UDP header (RFC 768).

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::DropReason;

/// A UDP header.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct UdpHeader {
    /// Source port.
    pub source: U16,
    /// Destination port.
    pub destination: U16,
    /// Header and payload, bytes.
    pub length: U16,
    /// Checksum with pseudo header; 0 for none.
    pub checksum: U16,
}

impl UdpHeader {
    /// Length in bytes.
    pub const LENGTH: usize = size_of::<Self>();
    /// Where [`Self::checksum`] is.
    pub const CHECKSUM_OFFSET: usize = 6;

    /// The header at the start of `bytes`, its length checked against them, and the payload.
    ///
    /// # Errors
    /// [`DropReason::Truncated`] or [`DropReason::BadHeaderLength`].
    #[inline]
    pub fn parse(bytes: &[u8]) -> Result<(&Self, &[u8]), DropReason> {
        let (header, _) = Self::ref_from_prefix(bytes).map_err(|_| DropReason::Truncated)?;
        let length = usize::from(header.length.get());
        if length < Self::LENGTH {
            return Err(DropReason::BadHeaderLength);
        }
        let payload = bytes
            .get(Self::LENGTH..length)
            .ok_or(DropReason::Truncated)?;
        Ok((header, payload))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_field_is_checked_against_the_bytes() {
        let bytes = [0x11, 0x94, 0x11, 0x94, 0, 10, 0, 0, 7, 8, 9];
        let (header, payload) = UdpHeader::parse(&bytes).unwrap();
        assert_eq!((header.source.get(), payload), (4500, &[7, 8][..]));
        assert_eq!(
            UdpHeader::parse(&bytes[..9]).err(),
            Some(DropReason::Truncated)
        );
        assert_eq!(
            UdpHeader::parse(&[0, 0, 0, 0, 0, 7, 0, 0]).err(),
            Some(DropReason::BadHeaderLength)
        );
    }
}
