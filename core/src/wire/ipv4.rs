//! The IPv4 header (RFC 791).

use core::net::Ipv4Addr;

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::{Fragment, Protocol, checksum};
use crate::DropReason;

/// The fixed part of an IPv4 header.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+-------+-----------+---+-------------------------------+
/// |version|  IHL  |   DSCP    |ECN|          total length         |
/// +-------+-------+-----------+---+-----+-------------------------+
/// |         identification        |0|D|M|     fragment offset     |
/// +---------------+---------------+-----+-------------------------+
/// |      TTL      |    protocol   |        header checksum        |
/// +---------------+---------------+-------------------------------+
/// |                             source                            |
/// |                          destination                          |
/// +---------------------------------------------------------------+
/// ```
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct Ipv4Header {
    version_and_length: u8,
    /// DSCP (6 bits) and ECN (2 bits).
    pub traffic_class: u8,
    /// Header and payload, bytes.
    pub total_length: U16,
    /// Identification of a datagram's fragments.
    pub identification: U16,
    /// Flags (3 bits) and fragment offset (13 bits, in units of 8 bytes).
    pub flags_and_offset: U16,
    /// Time to live: hops left.
    pub ttl: u8,
    /// Next layer protocol.
    pub protocol: u8,
    /// Checksum of header and options.
    pub checksum: U16,
    /// Source address.
    pub source: [u8; 4],
    /// Destination address.
    pub destination: [u8; 4],
}

impl Ipv4Header {
    /// Length without options, bytes.
    pub const LENGTH: usize = size_of::<Self>();
    /// "Don't fragment" in [`Self::flags_and_offset`].
    pub const DONT_FRAGMENT: u16 = 0x4000;
    /// "More fragments" in [`Self::flags_and_offset`].
    pub const MORE_FRAGMENTS: u16 = 0x2000;
    const OFFSET_MASK: u16 = 0x1fff;

    /// A header without options, not a fragment, its checksum still zero.
    #[must_use]
    pub const fn new(source: Ipv4Addr, destination: Ipv4Addr, protocol: Protocol) -> Self {
        Self {
            version_and_length: 0x45,
            traffic_class: 0,
            total_length: U16::ZERO,
            identification: U16::ZERO,
            flags_and_offset: U16::ZERO,
            ttl: 0,
            protocol: protocol.0,
            checksum: U16::ZERO,
            source: source.octets(),
            destination: destination.octets(),
        }
    }

    /// The header at the start of `bytes`, checked as RFC 1122 section 3.2.1 and RFC 1812 section
    /// 5.2.2 ask: version, header length, total length, checksum.
    ///
    /// # Errors
    /// [`DropReason::Truncated`], [`DropReason::BadVersion`], [`DropReason::BadHeaderLength`],
    /// [`DropReason::BadTotalLength`] or [`DropReason::BadChecksum`].
    #[inline]
    pub fn parse(bytes: &[u8]) -> Result<&Self, DropReason> {
        let (header, _) = Self::ref_from_prefix(bytes).map_err(|_| DropReason::Truncated)?;
        if header.version_and_length >> 4 != 4 {
            return Err(DropReason::BadVersion);
        }
        let length = header.header_length();
        if length < Self::LENGTH {
            return Err(DropReason::BadHeaderLength);
        }
        let with_options = bytes.get(..length).ok_or(DropReason::Truncated)?;
        let total = usize::from(header.total_length.get());
        if total < length {
            return Err(DropReason::BadTotalLength);
        }
        if total > bytes.len() {
            return Err(DropReason::Truncated);
        }
        if checksum::internet(with_options) != 0 {
            return Err(DropReason::BadChecksum);
        }
        Ok(header)
    }

    /// Length with options, bytes, as the header says.
    #[inline]
    #[must_use]
    pub fn header_length(&self) -> usize {
        usize::from(self.version_and_length & 0x0f).saturating_mul(4)
    }

    /// Whether routers may not fragment the datagram.
    #[must_use]
    pub fn dont_fragment(&self) -> bool {
        self.flags_and_offset.get() & Self::DONT_FRAGMENT != 0
    }

    /// Which part of a datagram this is, if it is a fragment.
    #[inline]
    #[must_use]
    pub fn fragment(&self) -> Option<Fragment> {
        let field = self.flags_and_offset.get();
        Fragment::new(
            u32::from(self.identification.get()),
            (field & Self::OFFSET_MASK).saturating_mul(8),
            field & Self::MORE_FRAGMENTS != 0,
        )
    }

    /// Computes the checksum anew over a whole header, options included.
    #[inline]
    pub fn fill_checksum(header_with_options: &mut [u8]) {
        if let Ok((header, _)) = Self::mut_from_prefix(header_with_options) {
            header.checksum = U16::ZERO;
        }
        let sum = checksum::internet(header_with_options);
        if let Ok((header, _)) = Self::mut_from_prefix(header_with_options) {
            header.checksum = U16::new(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> [u8; 24] {
        let mut bytes = [0; 24];
        let mut header =
            Ipv4Header::new([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), Protocol::UDP);
        header.total_length = U16::new(24);
        header.ttl = 64;
        bytes[..20].copy_from_slice(header.as_bytes());
        Ipv4Header::fill_checksum(&mut bytes[..20]);
        bytes
    }

    fn outcome(change: impl FnOnce(&mut [u8; 24]), rechecksum: bool) -> Option<DropReason> {
        let mut bytes = header();
        change(&mut bytes);
        if rechecksum {
            Ipv4Header::fill_checksum(&mut bytes[..20]);
        }
        Ipv4Header::parse(&bytes).err()
    }

    #[test]
    fn each_fault_has_its_reason() {
        assert_eq!(outcome(|_| (), false), None);
        assert_eq!(outcome(|b| b[0] = 0x65, true), Some(DropReason::BadVersion));
        assert_eq!(
            outcome(|b| b[0] = 0x44, true),
            Some(DropReason::BadHeaderLength)
        );
        assert_eq!(
            outcome(|b| b[3] = 19, true),
            Some(DropReason::BadTotalLength)
        );
        assert_eq!(outcome(|b| b[3] = 25, true), Some(DropReason::Truncated));
        assert_eq!(outcome(|b| b[0] = 0x47, true), Some(DropReason::Truncated));
        assert_eq!(outcome(|b| b[8] = 63, false), Some(DropReason::BadChecksum));
        assert_eq!(
            Ipv4Header::parse(&header()[..19]).err(),
            Some(DropReason::Truncated)
        );
    }

    #[test]
    fn a_fragment_says_where_it_belongs() {
        let mut header = Ipv4Header::new([0; 4].into(), [0; 4].into(), Protocol::UDP);
        assert_eq!(header.fragment(), None);
        header.flags_and_offset = U16::new(0x2001);
        let fragment = header.fragment().unwrap();
        assert_eq!((fragment.offset, fragment.more), (8, true));
    }
}
