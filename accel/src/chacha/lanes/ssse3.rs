//! SSSE3: four blocks.

use core::arch::x86_64::*;

use super::{BLOCK, Lanes, MOST};
use crate::chacha::eight::Ifma;
use crate::gcm::isa::proven;

/// The proof that the CPU has SSSE3.
#[derive(Clone, Copy)]
pub(crate) struct Ssse3(());

impl Ssse3 {
    /// # Safety
    /// The CPU has the instructions that the type speaks of.
    #[inline(always)]
    pub(crate) const unsafe fn assume() -> Self {
        Self(())
    }

    /// Columns made rows.
    #[inline(always)]
    fn transpose(self, [a, b, c, d]: [__m128i; 4]) -> [__m128i; 4] {
        let low = proven!([_mm_unpacklo_epi32(a, b), _mm_unpacklo_epi32(c, d)]);
        let high = proven!([_mm_unpackhi_epi32(a, b), _mm_unpackhi_epi32(c, d)]);
        proven!([
            _mm_unpacklo_epi64(low[0], low[1]),
            _mm_unpackhi_epi64(low[0], low[1]),
            _mm_unpacklo_epi64(high[0], high[1]),
            _mm_unpackhi_epi64(high[0], high[1]),
        ])
    }
}

impl Lanes for Ssse3 {
    const COUNT: usize = 4;
    type Words = __m128i;

    #[inline(always)]
    fn splat(self, word: u32) -> __m128i {
        proven!(_mm_set1_epi32(word.cast_signed()))
    }

    #[inline(always)]
    fn load(self, words: &[u32; MOST]) -> __m128i {
        // SAFETY: `self` proves SSSE3. The load is of the first 16 of 64 bytes that `words` borrows, and
        // needs no alignment.
        unsafe { _mm_loadu_si128(words.as_ptr().cast()) }
    }

    #[inline(always)]
    fn add(self, a: __m128i, b: __m128i) -> __m128i {
        proven!(_mm_add_epi32(a, b))
    }

    #[inline(always)]
    fn xor(self, a: __m128i, b: __m128i) -> __m128i {
        proven!(_mm_xor_si128(a, b))
    }

    #[inline(always)]
    fn rotate<const BITS: i32>(self, words: __m128i) -> __m128i {
        // Whole bytes move by one instruction.
        match BITS {
            16 => proven!(_mm_shuffle_epi8(
                words,
                _mm_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2)
            )),
            8 => proven!(_mm_shuffle_epi8(
                words,
                _mm_set_epi8(14, 13, 12, 15, 10, 9, 8, 11, 6, 5, 4, 7, 2, 1, 0, 3)
            )),
            _ => proven!(_mm_or_si128(
                _mm_sll_epi32(words, _mm_cvtsi32_si128(BITS)),
                _mm_srl_epi32(words, _mm_cvtsi32_si128(32 - BITS)),
            )),
        }
    }

    #[inline(always)]
    fn store(self, words: [__m128i; 16], blocks: &mut [[u8; BLOCK]; MOST]) {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = words;
        let quarters = [
            self.transpose([a, b, c, d]),
            self.transpose([e, f, g, h]),
            self.transpose([i, j, k, l]),
            self.transpose([m, n, o, p]),
        ];
        for (quarter, rows) in quarters.into_iter().enumerate() {
            for (block, row) in blocks.iter_mut().zip(rows) {
                let (places, _) = block.as_chunks_mut::<16>();
                if let Some(place) = places.get_mut(quarter) {
                    // SAFETY: `self` proves SSSE3. The store is to the 16 bytes that `place` borrows
                    // alone, and needs no alignment.
                    unsafe { _mm_storeu_si128(place.as_mut_ptr().cast(), row) }
                }
            }
        }
    }

    #[inline(always)]
    fn eight(self) -> Option<Ifma> {
        None
    }
}
