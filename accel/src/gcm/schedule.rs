//! The key schedule of AES.

use zeroize::{Zeroize, Zeroizing};

use crate::gcm::isa::{AesNi, BLOCK};

/// Round keys of AES-256.
const MOST: usize = 15;
/// 32-bit words of those.
const MOST_WORDS: usize = 4 * MOST;

/// Round keys, wiped when dropped.
pub(crate) struct RoundKeys([[u8; BLOCK]; MOST]);

impl RoundKeys {
    /// The schedule of a key of 16, 24 or 32 bytes (FIPS 197 section 5.2). Its S-box is the CPU's, not a table in memory.
    #[inline(always)]
    pub(crate) fn new(isa: AesNi, key: &[u8]) -> Self {
        let mut round_keys = Self([[0; BLOCK]; MOST]);
        let length = key.len() / 4;
        let mut words = Zeroizing::new([0_u32; MOST_WORDS]);
        let (given, _) = key.as_chunks();
        for (word, bytes) in words.iter_mut().zip(given) {
            *word = u32::from_le_bytes(*bytes);
        }
        let mut constant = 1_u32;
        for index in length..4 * (length + 7) {
            let mut last = words.get(index - 1).copied().unwrap_or_default();
            if index % length == 0 {
                let [_, rotated] = isa.substitute(last);
                last = rotated ^ constant;
                // x times the constant, in the field of AES; no secret is in it.
                constant = (constant << 1) ^ ((constant >> 7) * 0x11b);
            } else if length == 8 && index % length == 4 {
                [last, _] = isa.substitute(last);
            }
            let before = words.get(index - length).copied().unwrap_or_default();
            if let Some(word) = words.get_mut(index) {
                *word = before ^ last;
            }
        }
        let (blocks, _) = words.as_chunks::<4>();
        for (round_key, block) in round_keys.0.iter_mut().zip(blocks) {
            let (bytes, _) = round_key.as_chunks_mut();
            for (bytes, word) in bytes.iter_mut().zip(block) {
                *bytes = word.to_le_bytes();
            }
        }
        round_keys
    }

    /// The round keys: 11, 13 or 15.
    #[inline(always)]
    pub(crate) fn of<const R: usize>(&self) -> &[[u8; BLOCK]; R] {
        const { assert!(R <= MOST) };
        self.0.first_chunk().unwrap_or(&[[0; BLOCK]; R])
    }

    /// As many as the longest key has; those that the key does not have are zeros.
    #[inline(always)]
    pub(crate) const fn all(&self) -> &[[u8; BLOCK]; MOST] {
        &self.0
    }
}

impl Drop for RoundKeys {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
