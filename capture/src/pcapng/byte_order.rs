//! The byte order of a section.

use pcap_parser::BOM_MAGIC;

use crate::Cause;

/// Which byte of a number comes first; every section has its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ByteOrder {
    /// The least significant.
    #[default]
    Little,
    /// The most significant.
    Big,
}

impl ByteOrder {
    /// The order of the section whose header has this byte-order magic.
    pub(super) fn of_section(magic: [u8; 4]) -> Result<Self, Cause> {
        if u32::from_le_bytes(magic) == BOM_MAGIC {
            Ok(Self::Little)
        } else if u32::from_be_bytes(magic) == BOM_MAGIC {
            Ok(Self::Big)
        } else {
            Err(Cause::ByteOrder(magic))
        }
    }

    pub(super) const fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    pub(super) const fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    pub(super) const fn i64(self, bytes: [u8; 8]) -> i64 {
        match self {
            Self::Little => i64::from_le_bytes(bytes),
            Self::Big => i64::from_be_bytes(bytes),
        }
    }
}

/// The four bytes at `offset`; zeros where `bytes` end before.
pub(super) fn word(bytes: &[u8], offset: usize) -> [u8; 4] {
    let found = bytes.get(offset..).and_then(<[u8]>::first_chunk);
    found.copied().unwrap_or_default()
}
