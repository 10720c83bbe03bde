//! AES-NI and PCLMULQDQ: four registers of 128 bits.

use core::arch::x86_64::*;
use core::mem;

use super::{BLOCK, Isa, QUAD, REVERSED, proven, short};

/// The proof that the CPU has AES-NI, PCLMULQDQ, SSSE3 and SSE4.1.
#[derive(Clone, Copy)]
pub(crate) struct AesNi(());

impl AesNi {
    /// # Safety
    /// The CPU has the instructions that the type speaks of.
    #[inline(always)]
    pub(crate) const unsafe fn assume() -> Self {
        Self(())
    }

    /// A block from its bytes, the first being the lowest.
    #[inline(always)]
    pub(crate) fn block(self, bytes: u128) -> __m128i {
        // SAFETY: both are 16 bytes, of which all values are valid.
        unsafe { mem::transmute(bytes) }
    }

    /// The bytes of a block.
    #[inline(always)]
    pub(crate) fn bytes(self, block: __m128i) -> u128 {
        // SAFETY: both are 16 bytes, of which all values are valid.
        unsafe { mem::transmute(block) }
    }

    #[inline(always)]
    pub(crate) fn load_block(self, bytes: &[u8; BLOCK]) -> __m128i {
        // SAFETY: every x86-64 CPU has SSE2. The load is of the 16 bytes that `bytes` borrows, and
        // needs no alignment.
        unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
    }

    #[inline(always)]
    pub(crate) fn store_block(self, bytes: &mut [u8; BLOCK], block: __m128i) {
        // SAFETY: every x86-64 CPU has SSE2. The store is to the 16 bytes that `bytes` borrows alone,
        // and needs no alignment.
        unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), block) }
    }

    #[inline(always)]
    pub(crate) fn xor_block(self, a: __m128i, b: __m128i) -> __m128i {
        proven!(_mm_xor_si128(a, b))
    }

    #[inline(always)]
    pub(crate) fn reverse_block(self, block: __m128i) -> __m128i {
        let order = self.block(REVERSED);
        proven!(_mm_shuffle_epi8(block, order))
    }

    #[inline(always)]
    pub(crate) fn turn_block(self, block: __m128i) -> __m128i {
        proven!(_mm_shuffle_epi32(block, 0x4e))
    }

    #[inline(always)]
    pub(crate) fn multiply_block<const HALVES: i32>(self, a: __m128i, b: __m128i) -> __m128i {
        proven!(_mm_clmulepi64_si128(a, b, HALVES))
    }

    #[inline(always)]
    pub(crate) fn round_block(self, block: __m128i, key: __m128i) -> __m128i {
        proven!(_mm_aesenc_si128(block, key))
    }

    #[inline(always)]
    pub(crate) fn last_round_block(self, block: __m128i, key: __m128i) -> __m128i {
        proven!(_mm_aesenclast_si128(block, key))
    }

    /// `SubWord` of FIPS 197, and the same rotated by `RotWord`.
    #[inline(always)]
    pub(crate) fn substitute(self, word: u32) -> [u32; 2] {
        let assisted = proven!(_mm_aeskeygenassist_si128(_mm_set1_epi32(word as i32), 0));
        let words = self.bytes(assisted);
        [words as u32, (words >> 32) as u32]
    }
}

/// Applies an operation to each of four blocks.
#[inline(always)]
fn each(mut a: [__m128i; 4], operation: impl Fn(__m128i) -> __m128i) -> [__m128i; 4] {
    for a in &mut a {
        *a = operation(*a);
    }
    a
}

/// Applies an operation to each of four pairs of blocks.
#[inline(always)]
fn both(
    mut a: [__m128i; 4],
    b: [__m128i; 4],
    operation: impl Fn(__m128i, __m128i) -> __m128i,
) -> [__m128i; 4] {
    for (a, b) in a.iter_mut().zip(b) {
        *a = operation(*a, b);
    }
    a
}

impl Isa for AesNi {
    type Quad = [__m128i; 4];
    type Key = __m128i;

    const ROOMY: bool = false;

    #[inline(always)]
    fn single(self) -> AesNi {
        self
    }

    #[inline(always)]
    fn zero(self) -> Self::Quad {
        [self.block(0); 4]
    }

    #[inline(always)]
    fn splat(self, block: __m128i) -> Self::Quad {
        [block; 4]
    }

    #[inline(always)]
    fn join(self, blocks: [__m128i; 4]) -> Self::Quad {
        blocks
    }

    #[inline(always)]
    fn split(self, quad: Self::Quad) -> [__m128i; 4] {
        quad
    }

    #[inline(always)]
    fn load(self, bytes: &[u8; QUAD]) -> Self::Quad {
        let (blocks, _) = bytes.as_chunks::<BLOCK>();
        let mut quad = self.zero();
        for (block, bytes) in quad.iter_mut().zip(blocks) {
            *block = self.load_block(bytes);
        }
        quad
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8; QUAD], quad: Self::Quad) {
        let (blocks, _) = bytes.as_chunks_mut::<BLOCK>();
        for (bytes, block) in blocks.iter_mut().zip(quad) {
            self.store_block(bytes, block);
        }
    }

    #[inline(always)]
    fn load_short(self, bytes: &[u8]) -> Self::Quad {
        match bytes.first_chunk() {
            Some(all) => self.load(all),
            None => short::load(bytes).map(|block| self.block(block)),
        }
    }

    #[inline(always)]
    fn store_short(self, bytes: &mut [u8], quad: Self::Quad) {
        match bytes.first_chunk_mut() {
            Some(all) => self.store(all, quad),
            None => short::store(bytes, quad.map(|block| self.bytes(block))),
        }
    }

    #[inline(always)]
    fn keep(self, quad: Self::Quad, length: usize) -> Self::Quad {
        both(quad, self.load(short::mask(length)), |a, b| {
            proven!(_mm_and_si128(a, b))
        })
    }

    #[inline(always)]
    fn xor(self, a: Self::Quad, b: Self::Quad) -> Self::Quad {
        both(a, b, |a, b| self.xor_block(a, b))
    }

    #[inline(always)]
    fn xor3(self, a: Self::Quad, b: Self::Quad, c: Self::Quad) -> Self::Quad {
        self.xor(self.xor(a, b), c)
    }

    #[inline(always)]
    fn add(self, a: Self::Quad, b: Self::Quad) -> Self::Quad {
        both(a, b, |a, b| proven!(_mm_add_epi32(a, b)))
    }

    #[inline(always)]
    fn reverse(self, quad: Self::Quad) -> Self::Quad {
        each(quad, |block| self.reverse_block(block))
    }

    #[inline(always)]
    fn multiply<const HALVES: i32>(self, a: Self::Quad, b: Self::Quad) -> Self::Quad {
        both(a, b, |a, b| self.multiply_block::<HALVES>(a, b))
    }

    #[inline(always)]
    fn fold(self, [a, b, c, d]: Self::Quad) -> __m128i {
        self.xor_block(self.xor_block(a, b), self.xor_block(c, d))
    }

    #[inline(always)]
    fn turn(self, quad: Self::Quad) -> Self::Quad {
        each(quad, |block| self.turn_block(block))
    }

    #[inline(always)]
    fn transpose(self, [a, b, c, d]: [Self::Quad; 4]) -> [Self::Quad; 4] {
        [
            [a[0], b[0], c[0], d[0]],
            [a[1], b[1], c[1], d[1]],
            [a[2], b[2], c[2], d[2]],
            [a[3], b[3], c[3], d[3]],
        ]
    }

    #[inline(always)]
    fn tie(self, _: &mut Self::Quad, _: &mut Self::Quad) {}

    #[inline(always)]
    fn key(self, bytes: &[u8; BLOCK]) -> Self::Key {
        self.load_block(bytes)
    }

    #[inline(always)]
    fn whiten(self, quad: Self::Quad, key: Self::Key) -> Self::Quad {
        each(quad, |block| self.xor_block(block, key))
    }

    #[inline(always)]
    fn round(self, quad: Self::Quad, key: Self::Key) -> Self::Quad {
        each(quad, |block| self.round_block(block, key))
    }

    #[inline(always)]
    fn last_round(self, quad: Self::Quad, key: Self::Key) -> Self::Quad {
        each(quad, |block| self.last_round_block(block, key))
    }

    #[inline(always)]
    fn multiply_pair(self, [a, b]: [__m128i; 2], [c, d]: [__m128i; 2]) -> [Self::Quad; 3] {
        let zero = self.block(0);
        let two = |first, second| [first, second, zero, zero];
        let both = |block| self.xor_block(block, self.turn_block(block));
        [
            two(
                self.multiply_block::<0x00>(a, c),
                self.multiply_block::<0x00>(b, d),
            ),
            two(
                self.multiply_block::<0x00>(both(a), both(c)),
                self.multiply_block::<0x00>(both(b), both(d)),
            ),
            two(
                self.multiply_block::<0x11>(a, c),
                self.multiply_block::<0x11>(b, d),
            ),
        ]
    }
}
