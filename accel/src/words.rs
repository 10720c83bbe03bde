//! AVX-512 F and BW: registers of sixteen words of 32 bits, each of a lane of its own.

use core::arch::asm;
use core::arch::x86_64::*;

use crate::gcm::isa::proven;

/// How many lanes there are.
pub(crate) const LANES: usize = 16;

/// The proof that the CPU has AVX-512 F and BW.
#[derive(Clone, Copy)]
pub(crate) struct Words(());

impl Words {
    /// # Safety
    /// The CPU has the instructions that the type speaks of.
    #[inline(always)]
    pub(crate) const unsafe fn assume() -> Self {
        Self(())
    }

    #[inline(always)]
    pub(crate) fn splat(self, word: u32) -> __m512i {
        proven!(_mm512_set1_epi32(word.cast_signed()))
    }

    #[inline(always)]
    pub(crate) fn load(self, words: &[u32; LANES]) -> __m512i {
        // SAFETY: `self` proves AVX-512. The load is of the 64 bytes that `words` borrows, and needs no
        // alignment.
        unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
    }

    #[inline(always)]
    pub(crate) fn store(self, place: &mut [u32; LANES], words: __m512i) {
        // SAFETY: `self` proves AVX-512. The store is to the 64 bytes that `place` borrows alone, and needs
        // no alignment.
        unsafe { _mm512_storeu_si512(place.as_mut_ptr().cast(), words) }
    }

    #[inline(always)]
    pub(crate) fn load_bytes(self, bytes: &[u8; 4 * LANES]) -> __m512i {
        // SAFETY: `self` proves AVX-512. The load is of the 64 bytes that `bytes` borrows, and needs no
        // alignment.
        unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    pub(crate) fn store_bytes(self, place: &mut [u8; 4 * LANES], words: __m512i) {
        // SAFETY: `self` proves AVX-512. The store is to the 64 bytes that `place` borrows alone, and needs
        // no alignment.
        unsafe { _mm512_storeu_si512(place.as_mut_ptr().cast(), words) }
    }

    /// Reverses the bytes of each word.
    #[inline(always)]
    pub(crate) fn swap_bytes(self, words: __m512i) -> __m512i {
        let order = proven!(_mm_set_epi8(
            12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3
        ));
        proven!(_mm512_shuffle_epi8(words, _mm512_broadcast_i32x4(order)))
    }

    #[inline(always)]
    pub(crate) fn add(self, a: __m512i, b: __m512i) -> __m512i {
        proven!(_mm512_add_epi32(a, b))
    }

    /// The sum in the lanes of the mask, `a` in the others.
    #[inline(always)]
    pub(crate) fn add_masked(self, lanes: u16, a: __m512i, b: __m512i) -> __m512i {
        proven!(_mm512_mask_add_epi32(a, lanes, a, b))
    }

    #[inline(always)]
    pub(crate) fn xor3(self, a: __m512i, b: __m512i, c: __m512i) -> __m512i {
        proven!(_mm512_ternarylogic_epi32(a, b, c, 0x96))
    }

    /// The bits of `b` where `a` has ones, those of `c` where it has zeros.
    #[inline(always)]
    pub(crate) fn choose(self, a: __m512i, b: __m512i, c: __m512i) -> __m512i {
        proven!(_mm512_ternarylogic_epi32(a, b, c, 0xca))
    }

    /// The bits that most have.
    #[inline(always)]
    pub(crate) fn majority(self, a: __m512i, b: __m512i, c: __m512i) -> __m512i {
        proven!(_mm512_ternarylogic_epi32(a, b, c, 0xe8))
    }

    /// Rotates to the right.
    #[inline(always)]
    pub(crate) fn rotate<const BITS: i32>(self, words: __m512i) -> __m512i {
        proven!(_mm512_ror_epi32(words, BITS))
    }

    /// Shifts to the right.
    #[inline(always)]
    pub(crate) fn shift<const BITS: u32>(self, words: __m512i) -> __m512i {
        proven!(_mm512_srli_epi32(words, BITS))
    }

    /// Nothing for the CPU, but for the compiler an instruction that gives both anew: compilers know of sums only
    /// what they are of, and add up in an order of their own.
    #[inline(always)]
    pub(crate) fn keep_apart(self, [a, b]: [__m512i; 2]) -> [__m512i; 2] {
        proven!(apart(a, b))
    }

    /// Word `j` of register `i` becomes word `i` of register `j`.
    #[inline(always)]
    pub(crate) fn transpose(self, rows: [__m512i; LANES]) -> [__m512i; LANES] {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = rows;
        let [a0, a1, a2, a3] = self.transpose_words([a, b, c, d]);
        let [b0, b1, b2, b3] = self.transpose_words([e, f, g, h]);
        let [c0, c1, c2, c3] = self.transpose_words([i, j, k, l]);
        let [d0, d1, d2, d3] = self.transpose_words([m, n, o, p]);
        let [a, e, i, m] = self.transpose_parts([a0, b0, c0, d0]);
        let [b, f, j, n] = self.transpose_parts([a1, b1, c1, d1]);
        let [c, g, k, o] = self.transpose_parts([a2, b2, c2, d2]);
        let [d, h, l, p] = self.transpose_parts([a3, b3, c3, d3]);
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
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

#[inline]
#[target_feature(enable = "avx512f")]
fn apart(mut a: __m512i, mut b: __m512i) -> [__m512i; 2] {
    // SAFETY: it is a comment: no instruction, no memory, and both registers keep their values.
    unsafe {
        asm!("/* {} {} */", inout(zmm_reg) a, inout(zmm_reg) b, options(pure, nomem, nostack, preserves_flags));
    }
    [a, b]
}
