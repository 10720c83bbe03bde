//! VAES and VPCLMULQDQ on AVX2: two registers of 256 bits.

use core::arch::x86_64::*;

use super::{AesNi, BLOCK, Isa, QUAD, REVERSED, proven, short};

/// The proof that the CPU has AVX2, VAES and VPCLMULQDQ, besides what [`AesNi`] asks for.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(AesNi);

impl Avx2 {
    /// # Safety
    /// The CPU has the instructions that the type speaks of.
    #[inline(always)]
    pub(crate) const unsafe fn assume() -> Self {
        // SAFETY: the caller vouches for more than this.
        Self(unsafe { AesNi::assume() })
    }

    #[inline(always)]
    fn two(self, low: __m128i, high: __m128i) -> __m256i {
        proven!(_mm256_set_m128i(high, low))
    }

    #[inline(always)]
    fn two_apart(self, pair: __m256i) -> [__m128i; 2] {
        [
            proven!(_mm256_castsi256_si128(pair)),
            proven!(_mm256_extracti128_si256(pair, 1)),
        ]
    }

    #[inline(always)]
    fn no_two(self) -> __m256i {
        proven!(_mm256_setzero_si256())
    }

    #[inline(always)]
    fn xor_two(self, a: __m256i, b: __m256i) -> __m256i {
        proven!(_mm256_xor_si256(a, b))
    }

    #[inline(always)]
    fn multiply_two<const HALVES: i32>(self, a: __m256i, b: __m256i) -> __m256i {
        proven!(_mm256_clmulepi64_epi128(a, b, HALVES))
    }
}

impl Isa for Avx2 {
    type Quad = [__m256i; 2];
    type Key = __m256i;

    const ROOMY: bool = false;

    #[inline(always)]
    fn single(self) -> AesNi {
        self.0
    }

    #[inline(always)]
    fn zero(self) -> Self::Quad {
        [self.no_two(); 2]
    }

    #[inline(always)]
    fn splat(self, block: __m128i) -> Self::Quad {
        [proven!(_mm256_broadcastsi128_si256(block)); 2]
    }

    #[inline(always)]
    fn join(self, [a, b, c, d]: [__m128i; 4]) -> Self::Quad {
        [self.two(a, b), self.two(c, d)]
    }

    #[inline(always)]
    fn split(self, [low, high]: Self::Quad) -> [__m128i; 4] {
        let ([a, b], [c, d]) = (self.two_apart(low), self.two_apart(high));
        [a, b, c, d]
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; QUAD]) -> Self::Quad {
        let from = bytes.as_ptr().cast::<__m256i>();
        // SAFETY: `self` proves AVX2. Both loads are inside the 64 bytes that `bytes` borrows, and
        // need no alignment.
        unsafe { [_mm256_loadu_si256(from), _mm256_loadu_si256(from.add(1))] }
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; QUAD], [low, high]: Self::Quad) {
        let to = bytes.as_mut_ptr().cast::<__m256i>();
        // SAFETY: `self` proves AVX2. Both stores are inside the 64 bytes that `bytes` borrows
        // alone, and need no alignment.
        unsafe {
            _mm256_storeu_si256(to, low);
            _mm256_storeu_si256(to.add(1), high);
        }
    }

    #[inline(always)]
    fn load_short(self, bytes: &[u8]) -> Self::Quad {
        match bytes.first_chunk() {
            Some(all) => self.load(all),
            None => self.join(short::load(bytes).map(|block| self.0.block(block))),
        }
    }

    #[inline(always)]
    fn store_short(self, bytes: &mut [u8], quad: Self::Quad) {
        match bytes.first_chunk_mut() {
            Some(all) => self.store(all, quad),
            None => short::store(bytes, self.split(quad).map(|block| self.0.bytes(block))),
        }
    }

    #[inline(always)]
    fn keep(self, [a, b]: Self::Quad, length: usize) -> Self::Quad {
        let [c, d] = self.load(short::mask(length));
        [
            proven!(_mm256_and_si256(a, c)),
            proven!(_mm256_and_si256(b, d)),
        ]
    }

    #[inline(always)]
    fn xor(self, [a, b]: Self::Quad, [c, d]: Self::Quad) -> Self::Quad {
        [self.xor_two(a, c), self.xor_two(b, d)]
    }

    #[inline(always)]
    fn xor3(self, a: Self::Quad, b: Self::Quad, c: Self::Quad) -> Self::Quad {
        self.xor(self.xor(a, b), c)
    }

    #[inline(always)]
    fn add(self, [a, b]: Self::Quad, [c, d]: Self::Quad) -> Self::Quad {
        [
            proven!(_mm256_add_epi32(a, c)),
            proven!(_mm256_add_epi32(b, d)),
        ]
    }

    #[inline(always)]
    fn reverse(self, [a, b]: Self::Quad) -> Self::Quad {
        let order = self.0.block(REVERSED);
        let order = proven!(_mm256_broadcastsi128_si256(order));
        [
            proven!(_mm256_shuffle_epi8(a, order)),
            proven!(_mm256_shuffle_epi8(b, order)),
        ]
    }

    #[inline(always)]
    fn multiply<const HALVES: i32>(self, [a, b]: Self::Quad, [c, d]: Self::Quad) -> Self::Quad {
        [
            self.multiply_two::<HALVES>(a, c),
            self.multiply_two::<HALVES>(b, d),
        ]
    }

    #[inline(always)]
    fn fold(self, [a, b]: Self::Quad) -> __m128i {
        let [low, high] = self.two_apart(self.xor_two(a, b));
        self.0.xor_block(low, high)
    }

    #[inline(always)]
    fn turn(self, [a, b]: Self::Quad) -> Self::Quad {
        [
            proven!(_mm256_shuffle_epi32(a, 0x4e)),
            proven!(_mm256_shuffle_epi32(b, 0x4e)),
        ]
    }

    #[inline(always)]
    fn transpose(self, [a, b, c, d]: [Self::Quad; 4]) -> [Self::Quad; 4] {
        let low = |a, b| proven!(_mm256_permute2x128_si256(a, b, 0x20));
        let high = |a, b| proven!(_mm256_permute2x128_si256(a, b, 0x31));
        [
            [low(a[0], b[0]), low(c[0], d[0])],
            [high(a[0], b[0]), high(c[0], d[0])],
            [low(a[1], b[1]), low(c[1], d[1])],
            [high(a[1], b[1]), high(c[1], d[1])],
        ]
    }

    #[inline(always)]
    fn tie(self, _: &mut Self::Quad, _: &mut Self::Quad) {}

    #[inline(always)]
    fn key(self, bytes: &[u8; BLOCK]) -> Self::Key {
        proven!(_mm256_broadcastsi128_si256(self.0.load_block(bytes)))
    }

    #[inline(always)]
    fn whiten(self, [a, b]: Self::Quad, key: Self::Key) -> Self::Quad {
        [self.xor_two(a, key), self.xor_two(b, key)]
    }

    #[inline(always)]
    fn round(self, [a, b]: Self::Quad, key: Self::Key) -> Self::Quad {
        [
            proven!(_mm256_aesenc_epi128(a, key)),
            proven!(_mm256_aesenc_epi128(b, key)),
        ]
    }

    #[inline(always)]
    fn last_round(self, [a, b]: Self::Quad, key: Self::Key) -> Self::Quad {
        [
            proven!(_mm256_aesenclast_epi128(a, key)),
            proven!(_mm256_aesenclast_epi128(b, key)),
        ]
    }

    #[inline(always)]
    fn multiply_pair(self, [a, b]: [__m128i; 2], [c, d]: [__m128i; 2]) -> [Self::Quad; 3] {
        let (x, h) = (self.two(a, b), self.two(c, d));
        let both = |two| self.xor_two(two, proven!(_mm256_shuffle_epi32(two, 0x4e)));
        let middle = self.multiply_two::<0x00>(both(x), both(h));
        [
            [self.multiply_two::<0x00>(x, h), self.no_two()],
            [middle, self.no_two()],
            [self.multiply_two::<0x11>(x, h), self.no_two()],
        ]
    }
}
