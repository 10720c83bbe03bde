//! AVX2: eight blocks.

use core::arch::x86_64::*;

use super::{BLOCK, Lanes, MOST};
use crate::chacha::eight::Ifma;
use crate::gcm::isa::proven;

/// The proof that the CPU has AVX2.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// # Safety
    /// The CPU has the instructions that the type speaks of.
    #[inline(always)]
    pub(crate) const unsafe fn assume() -> Self {
        Self(())
    }

    /// Four rows of 4x4 words in each 128-bit part, columns made rows.
    #[inline(always)]
    fn transpose_words(self, [a, b, c, d]: [__m256i; 4]) -> [__m256i; 4] {
        let low = proven!([_mm256_unpacklo_epi32(a, b), _mm256_unpacklo_epi32(c, d)]);
        let high = proven!([_mm256_unpackhi_epi32(a, b), _mm256_unpackhi_epi32(c, d)]);
        proven!([
            _mm256_unpacklo_epi64(low[0], low[1]),
            _mm256_unpackhi_epi64(low[0], low[1]),
            _mm256_unpacklo_epi64(high[0], high[1]),
            _mm256_unpackhi_epi64(high[0], high[1]),
        ])
    }
}

impl Lanes for Avx2 {
    const COUNT: usize = 8;
    type Words = __m256i;

    #[inline(always)]
    fn splat(self, word: u32) -> __m256i {
        proven!(_mm256_set1_epi32(word.cast_signed()))
    }

    #[inline(always)]
    fn load(self, words: &[u32; MOST]) -> __m256i {
        // SAFETY: `self` proves AVX2. The load is of the first 32 of 64 bytes that `words` borrows, and
        // needs no alignment.
        unsafe { _mm256_loadu_si256(words.as_ptr().cast()) }
    }

    #[inline(always)]
    fn add(self, a: __m256i, b: __m256i) -> __m256i {
        proven!(_mm256_add_epi32(a, b))
    }

    #[inline(always)]
    fn xor(self, a: __m256i, b: __m256i) -> __m256i {
        proven!(_mm256_xor_si256(a, b))
    }

    #[inline(always)]
    fn rotate<const BITS: i32>(self, words: __m256i) -> __m256i {
        // Whole bytes move by one instruction.
        match BITS {
            16 => proven!(_mm256_shuffle_epi8(
                words,
                _mm256_set_epi8(
                    13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2, 13, 12, 15, 14, 9, 8, 11,
                    10, 5, 4, 7, 6, 1, 0, 3, 2,
                )
            )),
            8 => proven!(_mm256_shuffle_epi8(
                words,
                _mm256_set_epi8(
                    14, 13, 12, 15, 10, 9, 8, 11, 6, 5, 4, 7, 2, 1, 0, 3, 14, 13, 12, 15, 10, 9, 8,
                    11, 6, 5, 4, 7, 2, 1, 0, 3,
                )
            )),
            _ => proven!(_mm256_or_si256(
                _mm256_sll_epi32(words, _mm_cvtsi32_si128(BITS)),
                _mm256_srl_epi32(words, _mm_cvtsi32_si128(32 - BITS)),
            )),
        }
    }

    #[inline(always)]
    fn store(self, words: [__m256i; 16], blocks: &mut [[u8; BLOCK]; MOST]) {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = words;
        let quarters = [
            self.transpose_words([a, b, c, d]),
            self.transpose_words([e, f, g, h]),
            self.transpose_words([i, j, k, l]),
            self.transpose_words([m, n, o, p]),
        ];
        // Part q of row r is of block 4q + r.
        let (low, high) = blocks.split_at_mut(4);
        for (quarter, rows) in quarters.into_iter().enumerate() {
            for ((low, high), row) in low.iter_mut().zip(high.iter_mut()).zip(rows) {
                let parts = proven!([
                    _mm256_castsi256_si128(row),
                    _mm256_extracti128_si256(row, 1)
                ]);
                for (block, part) in [low, high].into_iter().zip(parts) {
                    let (places, _) = block.as_chunks_mut::<16>();
                    if let Some(place) = places.get_mut(quarter) {
                        // SAFETY: `self` proves AVX2. The store is to the 16 bytes that `place`
                        // borrows alone, and needs no alignment.
                        unsafe { _mm_storeu_si128(place.as_mut_ptr().cast(), part) }
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn eight(self) -> Option<Ifma> {
        None
    }
}
