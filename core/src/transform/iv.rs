//! Initialisation vectors without a source of randomness on the data path.
//!
//! Counter modes need an IV that never repeats: the sequence number is one. CBC needs one that
//! nobody can predict (RFC 3602 section 2): the sequence number, encrypted under a key of its own.

use alloc::boxed::Box;

use aes::Aes128;
use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Keys, Transform};

/// An initialisation vector of up to 16 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Iv {
    bytes: [u8; 16],
    length: usize,
}

impl Iv {
    /// The IV of these bytes; `None` if there are more than 16.
    #[must_use]
    pub fn new(iv: &[u8]) -> Option<Self> {
        let mut bytes = [0; 16];
        bytes.get_mut(..iv.len())?.copy_from_slice(iv);
        Some(Self {
            bytes,
            length: iv.len(),
        })
    }

    /// The bytes.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Gives each sequence number of an SA its IV.
pub struct IvSequence(Rule);

enum Rule {
    None,
    Implicit,
    Counter { mask: u64 },
    Encrypted(Box<Aes128>),
}

impl IvSequence {
    /// The rule for a transform. The bits of `mask` are flipped in the counter of counter modes, so
    /// that several senders of one key stay apart; 0 otherwise.
    #[must_use]
    pub fn new(transform: Transform, keys: &Keys, mask: u64) -> Self {
        Self(match transform {
            Transform::Null { .. } => Rule::None,
            Transform::AesCbc { .. } => Rule::Encrypted(Box::new(Self::cbc_cipher(keys))),
            _ if transform.has_implicit_iv() => Rule::Implicit,
            _ => Rule::Counter { mask },
        })
    }

    /// The key that encrypts sequence numbers is derived from the encryption key, so that it differs
    /// from it and both ends need not agree on anything.
    fn cbc_cipher(keys: &Keys) -> Aes128 {
        const LABEL: &[u8] = b"ESP AES-CBC initialisation vector";
        let mut block = Zeroizing::new(Array::default());
        // HMAC takes keys of any length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(keys.encryption.expose()) {
            mac.update(LABEL);
            for (byte, value) in block.iter_mut().zip(mac.finalize().into_bytes()) {
                *byte = value;
            }
        }
        Aes128::new(&block)
    }

    /// The IV of the packet with this sequence number.
    #[inline]
    #[must_use]
    pub fn iv(&self, sequence: u64) -> Iv {
        let eight = |value: u64| {
            let mut iv = Iv {
                length: 8,
                ..Iv::default()
            };
            if let Some(bytes) = iv.bytes.first_chunk_mut() {
                *bytes = value.to_be_bytes();
            }
            iv
        };
        match &self.0 {
            Rule::None => Iv::default(),
            // RFC 8750 section 4: the sequence number, without ESN behind four zero bytes.
            Rule::Implicit => eight(sequence),
            Rule::Counter { mask } => eight(sequence ^ mask),
            Rule::Encrypted(aes) => {
                let mut block = Array::from(u128::from(sequence).to_be_bytes());
                aes.encrypt_block(&mut block);
                Iv {
                    bytes: block.into(),
                    length: 16,
                }
            }
        }
    }
}

impl IvSequence {
    /// What IVs differ from sequence numbers by, if they are of eight bytes and on the wire.
    #[inline]
    pub(crate) const fn counter(&self) -> Option<u64> {
        match self.0 {
            Rule::Counter { mask } => Some(mask),
            _ => None,
        }
    }

    /// Writes the IV of a packet to where it is on the wire.
    #[inline(never)]
    pub(crate) fn write(&self, sequence: u64, place: &mut [u8]) {
        for (byte, value) in place.iter_mut().zip(self.iv(sequence).as_bytes()) {
            *byte = *value;
        }
    }
}

impl core::fmt::Debug for IvSequence {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self.0 {
            Rule::None => "no IV",
            Rule::Implicit => "implicit IV",
            Rule::Counter { .. } => "counter IV",
            Rule::Encrypted(_) => "encrypted counter IV",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AesKey, Icv, Integrity};
    use super::*;

    #[test]
    fn counter_modes_count_and_cbc_does_not_show_it() {
        let keys = Keys {
            encryption: (&[7; 20][..]).into(),
            ..Keys::default()
        };
        let gcm = Transform::AesGcm {
            key: AesKey::Bits128,
            icv: Icv::Bytes16,
            implicit_iv: false,
        };
        let counter = IvSequence::new(gcm, &keys, 0xff00);
        assert_eq!(counter.iv(2).as_bytes(), [0, 0, 0, 0, 0, 0, 0xff, 2]);

        let cbc = Transform::AesCbc {
            key: AesKey::Bits128,
            integrity: Integrity::HmacSha2_256_128,
        };
        let encrypted = IvSequence::new(cbc, &keys, 0);
        let (first, second) = (encrypted.iv(1), encrypted.iv(2));
        let differing: u32 = first
            .as_bytes()
            .iter()
            .zip(second.as_bytes())
            .map(|(one, two)| (one ^ two).count_ones())
            .sum();
        assert!(
            differing > 32,
            "neighbours differ in {differing} bits of 128"
        );
        assert_eq!(first, encrypted.iv(1));
    }
}
