//! Poly1305 (RFC 8439 section 2.5) of one message, in numbers of 64 bits.

use crate::gcm::Aad;

/// Bytes of a block.
pub(crate) const BLOCK: usize = 16;

/// A key for one message: the first half of a ChaCha20 block.
#[derive(Clone, Copy)]
pub(crate) struct OneTimeKey {
    /// What is multiplied with, some bits cleared.
    pub(crate) r: [u64; 2],
    /// What is added in the end.
    pub(crate) s: [u64; 2],
}

impl OneTimeKey {
    pub(crate) const ZERO: Self = Self {
        r: [0; 2],
        s: [0; 2],
    };

    /// From the first 32 bytes.
    #[inline(always)]
    pub(crate) fn new(block: &[u8; 64]) -> Self {
        let (words, _) = block.as_chunks::<8>();
        let word = |place: usize| u64::from_le_bytes(words.get(place).copied().unwrap_or_default());
        Self {
            r: [
                word(0) & 0x0fff_fffc_0fff_ffff,
                word(1) & 0x0fff_fffc_0fff_fffc,
            ],
            s: [word(2), word(3)],
        }
    }
}

/// The last block: lengths of associated data and body, bytes.
#[inline(always)]
pub(crate) fn lengths(aad: Aad, body: usize) -> u128 {
    (body as u128) << 64 | u128::from(aad.bits() / 8)
}

/// Up to 16 bytes, then zeros, as a number.
#[inline(always)]
pub(crate) fn padded(bytes: &[u8]) -> u128 {
    let mut block = [0; BLOCK];
    for (place, byte) in block.iter_mut().zip(bytes) {
        *place = *byte;
    }
    u128::from_le_bytes(block)
}

/// The tag of a packet (RFC 8439 section 2.8).
#[inline(always)]
pub(crate) fn tag(key: OneTimeKey, aad: Aad, body: &[u8]) -> u128 {
    let [r0, r1] = key.r;
    let mut sum = Sum {
        h: [0; 3],
        r0,
        r1,
        folded: r1 + (r1 >> 2),
    };
    if aad.bits() != 0 {
        sum.add(aad.block());
    }
    let (blocks, rest) = body.as_chunks::<BLOCK>();
    for block in blocks {
        sum.add(u128::from_le_bytes(*block));
    }
    if !rest.is_empty() {
        sum.add(padded(rest));
    }
    sum.add(lengths(aad, body.len()));
    finish(sum.h, key.s)
}

/// A polynomial under way, modulo 2^130 - 5 but not reduced: the last number is small.
struct Sum {
    h: [u64; 3],
    r0: u64,
    r1: u64,
    /// r1 * 5 / 4: what r1 is where a product passes 2^130. Its two lowest bits are clear.
    folded: u64,
}

impl Sum {
    /// Adds a whole block and multiplies.
    #[inline(always)]
    fn add(&mut self, block: u128) {
        let wide = |a: u64, b: u64| u128::from(a) * u128::from(b);
        let [h0, h1, h2] = self.h;
        let (low, carry) = (u128::from(h1) << 64 | u128::from(h0)).overflowing_add(block);
        let (h0, h1, h2) = (low as u64, (low >> 64) as u64, h2 + u64::from(carry) + 1);

        // Neither sum passes 2^128: r0 and r1 are below 2^60, and h2 is below 8.
        let first = wide(h0, self.r0) + wide(h1, self.folded);
        let second = wide(h0, self.r1) + wide(h1, self.r0) + u128::from(h2 * self.folded);
        let second = second + (first >> 64);
        let third = h2 * self.r0 + (second >> 64) as u64;

        // What is above 2^130 comes in again below, five times.
        let again = (third >> 2) + (third & !3);
        let low = u128::from(second as u64) << 64 | u128::from(first as u64);
        let (low, carry) = low.overflowing_add(again.into());
        self.h = [
            low as u64,
            (low >> 64) as u64,
            (third & 3) + u64::from(carry),
        ];
    }
}

/// Reduces the polynomial and adds the second half of the key.
#[inline(always)]
pub(crate) fn finish([h0, h1, h2]: [u64; 3], [s0, s1]: [u64; 2]) -> u128 {
    let low = u128::from(h1) << 64 | u128::from(h0);
    // If it is 2^130 - 5 or more, adding 5 passes 2^130, and what is below is the remainder.
    let (plus, carry) = low.overflowing_add(5);
    let above = 0_u128.wrapping_sub(u128::from((h2 + u64::from(carry)) >> 2 & 1));
    let reduced = (plus & above) | (low & !above);
    reduced.wrapping_add(u128::from(s1) << 64 | u128::from(s0))
}
