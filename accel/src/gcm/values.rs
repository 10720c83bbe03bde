//! What is passed as a value, in registers: nonce, associated data, tag.

use core::fmt;

use crate::Error;

/// A nonce of 12 bytes: in ESP the salt of the SA and the IV of the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce(u128);

impl Nonce {
    /// Twelve zeros: where there is no packet yet.
    pub const ZERO: Self = Self::new([0; 4], [0; 8]);

    /// From its two parts (RFC 4106 section 4).
    #[inline]
    #[must_use]
    pub const fn new(salt: [u8; 4], iv: [u8; 8]) -> Self {
        Self((u32::from_le_bytes(salt) as u128) | (u64::from_le_bytes(iv) as u128) << 32 | 1 << 120)
    }

    /// The first counter block: the nonce and a 1. The first byte is the lowest.
    #[inline]
    pub(crate) const fn first_counter(self) -> u128 {
        self.0
    }

    /// As numbers, the first byte the lowest.
    #[inline]
    pub(crate) const fn words(self) -> [u32; 3] {
        [self.0 as u32, (self.0 >> 32) as u32, (self.0 >> 64) as u32]
    }
}

impl From<[u8; 12]> for Nonce {
    #[inline]
    fn from([a, b, c, d, rest @ ..]: [u8; 12]) -> Self {
        Self::new([a, b, c, d], rest)
    }
}

/// Associated data of up to 16 bytes: in ESP, SPI and sequence number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aad {
    block: u128,
    length: u8,
}

impl Aad {
    /// No associated data.
    pub const EMPTY: Self = Self {
        block: 0,
        length: 0,
    };

    /// `None` for more than 16 bytes.
    #[inline]
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut block = [0; 16];
        block.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self {
            block: u128::from_le_bytes(block),
            length: u8::try_from(bytes.len()).ok()?,
        })
    }

    /// The bytes and zeros. The first byte is the lowest.
    #[inline]
    pub(crate) const fn block(self) -> u128 {
        self.block
    }

    #[inline]
    pub(crate) const fn bits(self) -> u64 {
        8 * self.length as u64
    }
}

impl From<[u8; 8]> for Aad {
    #[inline]
    fn from(bytes: [u8; 8]) -> Self {
        Self {
            block: u64::from_le_bytes(bytes).into(),
            length: 8,
        }
    }
}

impl From<[u8; 12]> for Aad {
    #[inline]
    fn from([a, b, c, d, rest @ ..]: [u8; 12]) -> Self {
        let low = u32::from_le_bytes([a, b, c, d]);
        Self {
            block: u128::from(low) | u128::from(u64::from_le_bytes(rest)) << 32,
            length: 12,
        }
    }
}

/// A tag of 16 bytes. A shorter ICV is its first bytes.
#[derive(Clone, Copy, Default)]
pub struct Tag(pub(crate) u128);

impl Tag {
    /// Its bytes.
    #[inline]
    #[must_use]
    pub const fn bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({:032x})", self.0.swap_bytes())
    }
}

/// The ICV of a received packet: 8, 12 or 16 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Icv {
    bytes: u128,
    mask: u128,
}

impl Icv {
    /// Sixteen zeros: where there is no packet yet.
    pub const ZEROS: Self = Self {
        bytes: 0,
        mask: u128::MAX,
    };

    /// `None` for another length than 8, 12 or 16 bytes.
    #[inline]
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mask = u128::MAX >> 128_usize.checked_sub(8 * bytes.len())?.min(127);
        Some(Self {
            mask,
            bytes: match *bytes {
                [a, b, c, d, e, f, g, h] => u64::from_le_bytes([a, b, c, d, e, f, g, h]).into(),
                [a, b, c, d, ref rest @ ..] if rest.len() == 8 => {
                    let high = u64::from_le_bytes(rest.try_into().ok()?);
                    u128::from(high) << 32 | u128::from(u32::from_le_bytes([a, b, c, d]))
                }
                _ => u128::from_le_bytes(bytes.try_into().ok()?),
            },
        })
    }

    /// The ICV of a packet of which the length is right; zeros else.
    #[inline(always)]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        // The usual length is one load.
        if let Some(bytes) = bytes.first_chunk() {
            return Self {
                bytes: u128::from_le_bytes(*bytes),
                mask: u128::MAX,
            };
        }
        Self::new(bytes).unwrap_or(Self::ZEROS)
    }

    /// Compares it with a tag, in constant time.
    ///
    /// # Errors
    /// [`Error::NotAuthentic`] if it is not the beginning of the tag.
    #[inline]
    pub const fn check(self, tag: Tag) -> Result<(), Error> {
        if self.is_of(tag.0) {
            Ok(())
        } else {
            Err(Error::NotAuthentic)
        }
    }

    /// Whether it is the beginning of this tag, in a time that does not depend on either: all bytes
    /// are compared at once.
    #[inline]
    pub(crate) const fn is_of(self, tag: u128) -> bool {
        (self.bytes ^ tag) & self.mask == 0
    }
}
