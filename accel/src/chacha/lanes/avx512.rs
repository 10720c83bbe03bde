//! AVX-512: sixteen blocks.

use core::arch::x86_64::*;

use super::{BLOCK, Lanes, MOST};
use crate::chacha::eight::Ifma;
use crate::gcm::isa::proven;

/// The proof that the CPU has AVX-512 F and what [`Ifma`] asks for.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(Ifma);

impl Avx512 {
    /// # Safety
    /// The CPU has the instructions that the type speaks of.
    #[inline(always)]
    pub(crate) const unsafe fn assume() -> Self {
        // SAFETY: the caller vouches for this too.
        Self(unsafe { Ifma::assume() })
    }

    /// Four rows of 4x4 words in each 128-bit part, columns made rows.
    #[inline(always)]
    fn transpose_words(self, [a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
        let low = proven!([_mm512_unpacklo_epi32(a, b), _mm512_unpacklo_epi32(c, d)]);
        let high = proven!([_mm512_unpackhi_epi32(a, b), _mm512_unpackhi_epi32(c, d)]);
        proven!([
            _mm512_unpacklo_epi64(low[0], low[1]),
            _mm512_unpackhi_epi64(low[0], low[1]),
            _mm512_unpacklo_epi64(high[0], high[1]),
            _mm512_unpackhi_epi64(high[0], high[1]),
        ])
    }

    /// Four rows of four 128-bit parts, columns made rows.
    #[inline(always)]
    fn transpose_parts(self, [a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
        let even = proven!([
            _mm512_shuffle_i32x4(a, b, 0x88),
            _mm512_shuffle_i32x4(c, d, 0x88)
        ]);
        let odd = proven!([
            _mm512_shuffle_i32x4(a, b, 0xdd),
            _mm512_shuffle_i32x4(c, d, 0xdd)
        ]);
        proven!([
            _mm512_shuffle_i32x4(even[0], even[1], 0x88),
            _mm512_shuffle_i32x4(odd[0], odd[1], 0x88),
            _mm512_shuffle_i32x4(even[0], even[1], 0xdd),
            _mm512_shuffle_i32x4(odd[0], odd[1], 0xdd),
        ])
    }
}

impl Lanes for Avx512 {
    const COUNT: usize = 16;
    type Words = __m512i;

    #[inline(always)]
    fn splat(self, word: u32) -> __m512i {
        proven!(_mm512_set1_epi32(word.cast_signed()))
    }

    #[inline(always)]
    fn load(self, words: &[u32; MOST]) -> __m512i {
        // SAFETY: `self` proves AVX-512. The load is of the 64 bytes that `words` borrows, and needs no
        // alignment.
        unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
    }

    #[inline(always)]
    fn add(self, a: __m512i, b: __m512i) -> __m512i {
        proven!(_mm512_add_epi32(a, b))
    }

    #[inline(always)]
    fn xor(self, a: __m512i, b: __m512i) -> __m512i {
        proven!(_mm512_xor_si512(a, b))
    }

    #[inline(always)]
    fn rotate<const BITS: i32>(self, words: __m512i) -> __m512i {
        proven!(_mm512_rol_epi32(words, BITS))
    }

    #[inline(always)]
    fn store(self, words: [__m512i; 16], blocks: &mut [[u8; BLOCK]; MOST]) {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = words;
        let [a0, a1, a2, a3] = self.transpose_words([a, b, c, d]);
        let [b0, b1, b2, b3] = self.transpose_words([e, f, g, h]);
        let [c0, c1, c2, c3] = self.transpose_words([i, j, k, l]);
        let [d0, d1, d2, d3] = self.transpose_words([m, n, o, p]);
        // Part q of row r is of block 4q + r.
        let rows = [
            self.transpose_parts([a0, b0, c0, d0]),
            self.transpose_parts([a1, b1, c1, d1]),
            self.transpose_parts([a2, b2, c2, d2]),
            self.transpose_parts([a3, b3, c3, d3]),
        ];
        for (number, row) in rows.into_iter().enumerate() {
            let places = blocks.iter_mut().skip(number).step_by(4);
            for (place, block) in places.zip(row) {
                // SAFETY: `self` proves AVX-512. The store is to the 64 bytes that `place` borrows
                // alone, and needs no alignment.
                unsafe { _mm512_storeu_si512(place.as_mut_ptr().cast(), block) }
            }
        }
    }

    #[inline(always)]
    fn eight(self) -> Option<Ifma> {
        Some(self.0)
    }
}
