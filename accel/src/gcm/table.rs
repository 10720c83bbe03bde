//! What a key is turned into: round keys, and powers of the hash key.

use zeroize::Zeroize;

use crate::gcm::hash;
use crate::gcm::isa::{AesNi, BLOCK};
use crate::gcm::schedule::RoundKeys;

/// Blocks, hashed with one reduction, that the powers suffice for.
pub(crate) const POWERS: usize = 46;
/// The powers, and zeros that the blocks a last quad does not have are multiplied with.
const POWER_BYTES: usize = (POWERS + 2) * BLOCK;

/// Round keys of AES and powers of the hash key: 1008 bytes, wiped when dropped.
#[repr(C)]
pub(crate) struct Table {
    /// The highest first, so that blocks in their order meet powers in theirs. Each is multiplied by x
    /// and has its bytes reversed, as `hash` wants it.
    powers: [u8; POWER_BYTES],
    round_keys: RoundKeys,
}

impl Table {
    /// A table for a key of 16, 24 or 32 bytes.
    #[inline(always)]
    pub(crate) fn new(isa: AesNi, key: &[u8]) -> Self {
        let mut table = Self {
            round_keys: RoundKeys::new(isa, key),
            powers: [0; POWER_BYTES],
        };

        let mut hash_key = isa.block(0);
        let rounds = key.len() / 4 + 6;
        let keys = table.round_keys.all().iter().take(rounds + 1);
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

    #[inline(always)]
    pub(crate) const fn round_keys(&self) -> &RoundKeys {
        &self.round_keys
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
        // Round keys wipe themselves.
        self.powers.zeroize();
    }
}
