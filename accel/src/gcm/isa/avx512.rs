//! VAES and VPCLMULQDQ on AVX-512: one register of 512 bits.

use core::arch::asm;
use core::arch::x86_64::*;
use core::slice;

use super::{AesNi, BLOCK, Isa, QUAD, REVERSED, proven};

/// The proof that the CPU has AVX-512 F, BW, DQ and VL, VAES, VPCLMULQDQ and BMI2, besides what
/// [`AesNi`] asks for.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(AesNi);

impl Avx512 {
    /// # Safety
    /// The CPU has the instructions that the type speaks of.
    #[inline(always)]
    pub(crate) const unsafe fn assume() -> Self {
        // SAFETY: the caller vouches for more than this.
        Self(unsafe { AesNi::assume() })
    }

    /// One bit for each of the first `length` bytes of a quad.
    #[inline(always)]
    fn mask(self, length: usize) -> __mmask64 {
        proven!(_bzhi_u64(u64::MAX, length.min(QUAD) as u32))
    }
}

impl Isa for Avx512 {
    type Quad = __m512i;
    type Key = __m512i;

    const ROOMY: bool = true;

    #[inline(always)]
    fn single(self) -> AesNi {
        self.0
    }

    #[inline(always)]
    fn zero(self) -> Self::Quad {
        proven!(_mm512_setzero_si512())
    }

    #[inline(always)]
    fn splat(self, block: __m128i) -> Self::Quad {
        proven!(_mm512_broadcast_i32x4(block))
    }

    #[inline(always)]
    fn join(self, [a, b, c, d]: [__m128i; 4]) -> Self::Quad {
        let low = proven!(_mm256_set_m128i(b, a));
        let high = proven!(_mm256_set_m128i(d, c));
        proven!(_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1))
    }

    #[inline(always)]
    fn split(self, quad: Self::Quad) -> [__m128i; 4] {
        [
            proven!(_mm512_castsi512_si128(quad)),
            proven!(_mm512_extracti32x4_epi32(quad, 1)),
            proven!(_mm512_extracti32x4_epi32(quad, 2)),
            proven!(_mm512_extracti32x4_epi32(quad, 3)),
        ]
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; QUAD]) -> Self::Quad {
        // SAFETY: `self` proves AVX-512. The load is of the 64 bytes that `bytes` borrows, and needs
        // no alignment.
        unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; QUAD], quad: Self::Quad) {
        // SAFETY: `self` proves AVX-512. The store is to the 64 bytes that `bytes` borrows alone, and
        // needs no alignment.
        unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), quad) }
    }

    #[inline(always)]
    fn load_short(self, bytes: &[u8]) -> Self::Quad {
        let mask = self.mask(bytes.len());
        // SAFETY: `self` proves AVX-512. The mask has no bit for bytes that `bytes` does not borrow,
        // and a masked load touches no others.
        unsafe { _mm512_maskz_loadu_epi8(mask, bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store_short(self, bytes: &mut [u8], quad: Self::Quad) {
        let mask = self.mask(bytes.len());
        // SAFETY: `self` proves AVX-512. The mask has no bit for bytes that `bytes` does not borrow
        // alone, and a masked store touches no others.
        unsafe { _mm512_mask_storeu_epi8(bytes.as_mut_ptr().cast(), mask, quad) }
    }

    #[inline(always)]
    fn load_short_block(self, bytes: &[u8]) -> __m128i {
        let mask = block_mask(bytes.len());
        // SAFETY: `self` proves AVX-512. The mask has no bit for bytes that `bytes` does not borrow,
        // and a masked load touches no others.
        unsafe { _mm_maskz_loadu_epi8(mask, bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store_short_block(self, bytes: &mut [u8], block: __m128i) {
        let mask = block_mask(bytes.len());
        // SAFETY: `self` proves AVX-512. The mask has no bit for bytes that `bytes` does not borrow
        // alone, and a masked store touches no others.
        unsafe { _mm_mask_storeu_epi8(bytes.as_mut_ptr().cast(), mask, block) }
    }

    #[inline(always)]
    fn keep_each(self, quad: Self::Quad, lengths: Self::Quad) -> Self::Quad {
        let numbers = self.splat(self.0.block(REVERSED.swap_bytes()));
        let lengths = proven!(_mm512_shuffle_epi8(lengths, _mm512_setzero_si512()));
        let mask = proven!(_mm512_cmplt_epu8_mask(numbers, lengths));
        proven!(_mm512_maskz_mov_epi8(mask, quad))
    }

    #[inline(always)]
    fn low_halves(self, quad: Self::Quad) -> Self::Quad {
        proven!(_mm512_maskz_mov_epi64(0b0101_0101, quad))
    }

    #[inline(always)]
    fn high_halves_amid(self, quad: Self::Quad) -> Self::Quad {
        proven!(_mm512_bslli_epi128(_mm512_bsrli_epi128(quad, 8), 4))
    }

    #[inline(always)]
    fn low_words_apart(self, quad: Self::Quad) -> Self::Quad {
        proven!(_mm512_maskz_shuffle_epi32(0x5555, quad, 0b01_01_00_00))
    }

    #[inline(always)]
    fn times_eight(self, quad: Self::Quad) -> Self::Quad {
        proven!(_mm512_slli_epi64(quad, 3))
    }

    #[inline(always)]
    fn same_blocks(self, a: Self::Quad, b: Self::Quad) -> u32 {
        let halves = u32::from(proven!(_mm512_cmpeq_epi64_mask(a, b)));
        proven!(_pext_u32(halves & halves >> 1, 0b0101_0101))
    }

    #[inline(always)]
    fn spread(self, quad: Self::Quad) -> [Self::Quad; 4] {
        [
            proven!(_mm512_shuffle_i32x4(quad, quad, 0x00)),
            proven!(_mm512_shuffle_i32x4(quad, quad, 0x55)),
            proven!(_mm512_shuffle_i32x4(quad, quad, 0xaa)),
            proven!(_mm512_shuffle_i32x4(quad, quad, 0xff)),
        ]
    }

    #[inline(always)]
    fn keep(self, quad: Self::Quad, length: usize) -> Self::Quad {
        proven!(_mm512_maskz_mov_epi8(self.mask(length), quad))
    }

    #[inline(always)]
    fn xor(self, a: Self::Quad, b: Self::Quad) -> Self::Quad {
        proven!(_mm512_xor_si512(a, b))
    }

    #[inline(always)]
    fn xor3(self, a: Self::Quad, b: Self::Quad, c: Self::Quad) -> Self::Quad {
        proven!(_mm512_ternarylogic_epi64(a, b, c, 0x96))
    }

    #[inline(always)]
    fn add(self, a: Self::Quad, b: Self::Quad) -> Self::Quad {
        proven!(_mm512_add_epi32(a, b))
    }

    #[inline(always)]
    fn subtract(self, a: Self::Quad, b: Self::Quad) -> Self::Quad {
        proven!(_mm512_sub_epi32(a, b))
    }

    #[inline(always)]
    fn reverse(self, quad: Self::Quad) -> Self::Quad {
        let order = self.0.block(REVERSED);
        proven!(_mm512_shuffle_epi8(quad, _mm512_broadcast_i32x4(order)))
    }

    #[inline(always)]
    fn multiply<const HALVES: i32>(self, a: Self::Quad, b: Self::Quad) -> Self::Quad {
        proven!(_mm512_clmulepi64_epi128(a, b, HALVES))
    }

    #[inline(always)]
    fn fold(self, quad: Self::Quad) -> __m128i {
        let low = proven!(_mm512_castsi512_si256(quad));
        let two = proven!(_mm256_xor_si256(low, _mm512_extracti64x4_epi64(quad, 1)));
        let low = proven!(_mm256_castsi256_si128(two));
        self.0
            .xor_block(low, proven!(_mm256_extracti128_si256(two, 1)))
    }

    #[inline(always)]
    fn turn(self, quad: Self::Quad) -> Self::Quad {
        proven!(_mm512_shuffle_epi32(quad, 0x4e))
    }

    #[inline(always)]
    fn transpose(self, [a, b, c, d]: [Self::Quad; 4]) -> [Self::Quad; 4] {
        // Halves of two quads side by side, then every other block of those.
        let [ab, cd] = [[a, b], [c, d]].map(|[a, b]| {
            [
                proven!(_mm512_shuffle_i64x2(a, b, 0b01_00_01_00)),
                proven!(_mm512_shuffle_i64x2(a, b, 0b11_10_11_10)),
            ]
        });
        let [[a, b], [c, d]] = [[ab[0], cd[0]], [ab[1], cd[1]]].map(|[ab, cd]| {
            [
                proven!(_mm512_shuffle_i64x2(ab, cd, 0b10_00_10_00)),
                proven!(_mm512_shuffle_i64x2(ab, cd, 0b11_01_11_01)),
            ]
        });
        [a, b, c, d]
    }

    #[inline(always)]
    fn tie(self, a: &mut Self::Quad, b: &mut Self::Quad) {
        (*a, *b) = proven!(tied(*a, *b));
    }

    #[inline(always)]
    #[allow(
        clippy::pointers_in_nomem_asm_block,
        reason = "nothing is read or written through it"
    )]
    fn anew<T>(self, what: &[T]) -> &[T] {
        let mut start = what.as_ptr();
        // SAFETY: it is a comment: no instruction, no memory, and the register keeps its value.
        unsafe {
            asm!("/* {} */", inout(reg) start, options(nomem, nostack, preserves_flags));
        }
        // SAFETY: it is what was given, with its lifetime.
        unsafe { slice::from_raw_parts(start, what.len()) }
    }

    #[inline(always)]
    fn key(self, bytes: &[u8; BLOCK]) -> Self::Key {
        self.splat(self.0.load_block(bytes))
    }

    #[inline(always)]
    fn whiten(self, quad: Self::Quad, key: Self::Key) -> Self::Quad {
        self.xor(quad, key)
    }

    #[inline(always)]
    fn round(self, quad: Self::Quad, key: Self::Key) -> Self::Quad {
        proven!(_mm512_aesenc_epi128(quad, key))
    }

    #[inline(always)]
    fn last_round(self, quad: Self::Quad, key: Self::Key) -> Self::Quad {
        proven!(_mm512_aesenclast_epi128(quad, key))
    }

    #[inline(always)]
    fn multiply_pair(self, [a, b]: [__m128i; 2], [c, d]: [__m128i; 2]) -> [Self::Quad; 3] {
        let x = proven!(_mm256_set_m128i(b, a));
        let h = proven!(_mm256_set_m128i(d, c));
        let both = |two| proven!(_mm256_xor_si256(two, _mm256_shuffle_epi32(two, 0x4e)));
        let middle = proven!(_mm256_clmulepi64_epi128(both(x), both(h), 0x00));
        let low = proven!(_mm256_clmulepi64_epi128(x, h, 0x00));
        let high = proven!(_mm256_clmulepi64_epi128(x, h, 0x11));
        [
            proven!(_mm512_zextsi256_si512(low)),
            proven!(_mm512_zextsi256_si512(middle)),
            proven!(_mm512_zextsi256_si512(high)),
        ]
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn tied(mut a: __m512i, mut b: __m512i) -> (__m512i, __m512i) {
    // SAFETY: it is a comment: no instruction, no memory, and both registers keep their values.
    unsafe {
        asm!("/* {} {} */", inout(zmm_reg) a, inout(zmm_reg) b, options(pure, nomem, nostack, preserves_flags));
    }
    (a, b)
}

/// A bit for each of the first bytes of a block.
#[inline(always)]
fn block_mask(length: usize) -> u16 {
    let bits = (1_u32 << length.min(BLOCK)) - 1;
    (bits & 0xffff) as u16
}
