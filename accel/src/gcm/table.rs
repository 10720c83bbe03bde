//! What a key is turned into: round keys, and powers of the hash key.

use zeroize::{Zeroize, Zeroizing};

use crate::gcm::hash;
use crate::gcm::isa::{AesNi, BLOCK};

/// Blocks, hashed with one reduction, that the powers suffice for.
pub(crate) const POWERS: usize = 46;
/// Round keys of AES-256.
const MOST_ROUND_KEYS: usize = 15;
/// 32-bit words of those.
const MOST_WORDS: usize = 4 * MOST_ROUND_KEYS;
/// The powers, and zeros that the blocks a last quad does not have are multiplied with.
const POWER_BYTES: usize = (POWERS + 2) * BLOCK;

/// Round keys of AES and powers of the hash key: 1008 bytes, wiped when dropped.
#[repr(C)]
pub(crate) struct Table {
    /// The highest first, so that blocks in their order meet powers in theirs. Each is multiplied by x
    /// and has its bytes reversed, as `hash` wants it.
    powers: [u8; POWER_BYTES],
    round_keys: [[u8; BLOCK]; MOST_ROUND_KEYS],
}

impl Table {
    /// A table for a key of 16, 24 or 32 bytes.
    #[inline(always)]
    pub(crate) fn new(isa: AesNi, key: &[u8]) -> Self {
        let mut table = Self {
            round_keys: [[0; BLOCK]; MOST_ROUND_KEYS],
            powers: [0; POWER_BYTES],
        };
        table.expand(isa, key);

        let mut hash_key = isa.block(0);
        let rounds = key.len() / 4 + 6;
        let keys = table.round_keys.iter().take(rounds + 1);
        for (round, bytes) in keys.enumerate() {
            let round_key = isa.load_block(bytes);
            hash_key = match round {
                0 => round_key,
                _ if round == rounds => isa.last_round_block(hash_key, round_key),
                _ => isa.round_block(hash_key, round_key),
            };
        }
        let first = hash::times_x(isa.bytes(hash_key).swap_bytes());
        let first = isa.block(first);
        let mut power = first;
        let (powers, _) = table.powers.as_chunks_mut::<BLOCK>();
        for bytes in powers.iter_mut().rev().skip(2) {
            isa.store_block(bytes, power);
            power = hash::multiply(isa, power, first);
        }
        table
    }

    /// The key schedule (FIPS 197 section 5.2). Its S-box is the CPU's, not a table in memory.
    #[inline(always)]
    fn expand(&mut self, isa: AesNi, key: &[u8]) {
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
        for (round_key, block) in self.round_keys.iter_mut().zip(blocks) {
            let (bytes, _) = round_key.as_chunks_mut();
            for (bytes, word) in bytes.iter_mut().zip(block) {
                *bytes = word.to_le_bytes();
            }
        }
    }

    /// The round keys: 11, 13 or 15.
    #[inline(always)]
    pub(crate) fn round_keys<const R: usize>(&self) -> &[[u8; BLOCK]; R] {
        const { assert!(R <= MOST_ROUND_KEYS) };
        self.round_keys.first_chunk().unwrap_or(&[[0; BLOCK]; R])
    }

    /// This power, from 1 to `POWERS`, and all below it.
    #[inline(always)]
    pub(crate) fn powers_from(&self, power: usize) -> &[u8] {
        let start = POWERS.saturating_sub(power) * BLOCK;
        self.powers.get(start..).unwrap_or_default()
    }

    /// This power, from 1 to `POWERS`.
    #[inline(always)]
    pub(crate) fn power(&self, power: usize) -> &[u8; BLOCK] {
        self.powers_from(power).first_chunk().unwrap_or(&[0; BLOCK])
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        self.round_keys.zeroize();
        self.powers.zeroize();
    }
}
