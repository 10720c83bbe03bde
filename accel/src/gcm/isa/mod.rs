//! What the kernels ask of the CPU: operations on a *quad*, four AES blocks side by side.
//!
//! A quad is one register of 512 bits, two of 256 or four of 128. The algorithms are written once, over
//! [`Isa`], as safe code: a value that implements `Isa` is the proof that the CPU has the instructions.
//! Everything is `inline(always)`, so that it becomes part of an entry point with `target_feature`.

mod aesni;
mod avx2;
mod avx512;
mod short;

pub(crate) use aesni::AesNi;
pub(crate) use avx2::Avx2;
pub(crate) use avx512::Avx512;

use core::arch::x86_64::__m128i;

/// Bytes of a block.
pub(crate) const BLOCK: usize = 16;
/// Bytes of a quad.
pub(crate) const QUAD: usize = 64;

/// The order of a block's bytes, reversed.
const REVERSED: u128 = 0x0001_0203_0405_0607_0809_0a0b_0c0d_0e0f;

/// Calls an intrinsic whose instructions the CPU has.
macro_rules! proven {
    ($call:expr) => {{
        // SAFETY: this stands in methods of an instruction set's value, and such a value is made only
        // by its `assume`, whose caller vouches for these instructions. The intrinsics given here
        // take and return values in registers; they touch no memory.
        unsafe { $call }
    }};
}
pub(crate) use proven;

/// An instruction set with AES and carry-less multiplication.
pub(crate) trait Isa: Copy {
    /// Four blocks.
    type Quad: Copy;
    /// A round key, as a round takes it.
    type Key: Copy;

    /// Whether its registers hold eight quads and their sums at once.
    const ROOMY: bool;

    /// The 128-bit instructions, which every instruction set here has.
    fn single(self) -> AesNi;

    fn zero(self) -> Self::Quad;
    /// The same block four times.
    fn splat(self, block: __m128i) -> Self::Quad;
    fn join(self, blocks: [__m128i; 4]) -> Self::Quad;
    fn split(self, quad: Self::Quad) -> [__m128i; 4];
    fn load(self, bytes: &[u8; QUAD]) -> Self::Quad;
    fn store(self, bytes: &mut [u8; QUAD], quad: Self::Quad);
    /// Up to 64 bytes, then zeros.
    fn load_short(self, bytes: &[u8]) -> Self::Quad;
    /// As many bytes as there is room for.
    fn store_short(self, bytes: &mut [u8], quad: Self::Quad);
    /// Up to 16 bytes, then zeros.
    #[inline(always)]
    fn load_short_block(self, bytes: &[u8]) -> __m128i {
        let [block, ..] = self.split(self.load_short(bytes));
        block
    }
    /// As many bytes as there is room for, up to 16.
    #[inline(always)]
    fn store_short_block(self, bytes: &mut [u8], block: __m128i) {
        self.store_short(bytes, self.splat(block));
    }
    /// The first bytes of each block, as many as the first byte of the block beside it says, then zeros.
    #[inline(always)]
    fn keep_each(self, quad: Self::Quad, lengths: Self::Quad) -> Self::Quad {
        let [a, b, c, d] = self.split(quad);
        let [e, f, g, h] = self.split(lengths);
        let keep = |block, length| {
            let length = self.single().bytes(length) & 0xff;
            let [block, ..] = self.split(self.keep(self.splat(block), length as usize));
            block
        };
        self.join([keep(a, e), keep(b, f), keep(c, g), keep(d, h)])
    }
    /// The low half of each block.
    #[inline(always)]
    fn low_halves(self, quad: Self::Quad) -> Self::Quad {
        let low = |block| self.single().bytes(block) & u128::from(u64::MAX);
        self.join(
            self.split(quad)
                .map(|block| self.single().block(low(block))),
        )
    }
    /// The high half of each block in the middle, and zeros beside it.
    #[inline(always)]
    fn high_halves_amid(self, quad: Self::Quad) -> Self::Quad {
        let amid = |block| self.single().bytes(block) >> 64 << 32;
        self.join(
            self.split(quad)
                .map(|block| self.single().block(amid(block))),
        )
    }
    /// The two words of the low half of each block, each in front of a word of zeros.
    #[inline(always)]
    fn low_words_apart(self, quad: Self::Quad) -> Self::Quad {
        let apart = |block| {
            let low = self.single().bytes(block) & u128::from(u64::MAX);
            low & u128::from(u32::MAX) | low >> 32 << 64
        };
        self.join(
            self.split(quad)
                .map(|block| self.single().block(apart(block))),
        )
    }
    /// Eight times the numbers of 64 bits.
    #[inline(always)]
    fn times_eight(self, quad: Self::Quad) -> Self::Quad {
        let low = u128::from(u64::MAX << 3);
        let times = |block| self.single().bytes(block) << 3 & (low << 64 | low);
        self.join(
            self.split(quad)
                .map(|block| self.single().block(times(block))),
        )
    }
    /// A bit for each block, that of the first the lowest: 1 if it is the same in both. The time does not depend on
    /// either.
    #[inline(always)]
    fn same_blocks(self, a: Self::Quad, b: Self::Quad) -> u32 {
        let [e, f, g, h] = self
            .split(self.xor(a, b))
            .map(|block| u32::from(self.single().bytes(block) == 0));
        e | f << 1 | g << 2 | h << 3
    }
    /// Each block four times.
    #[inline(always)]
    fn spread(self, quad: Self::Quad) -> [Self::Quad; 4] {
        let [a, b, c, d] = self.split(quad);
        [self.splat(a), self.splat(b), self.splat(c), self.splat(d)]
    }
    /// The first `length` bytes, then zeros.
    fn keep(self, quad: Self::Quad, length: usize) -> Self::Quad;

    fn xor(self, a: Self::Quad, b: Self::Quad) -> Self::Quad;
    fn xor3(self, a: Self::Quad, b: Self::Quad, c: Self::Quad) -> Self::Quad;
    /// Adds the 32-bit numbers.
    fn add(self, a: Self::Quad, b: Self::Quad) -> Self::Quad;
    /// Subtracts the 32-bit numbers.
    #[inline(always)]
    fn subtract(self, a: Self::Quad, b: Self::Quad) -> Self::Quad {
        let ones = self.splat(self.single().block(u128::MAX));
        let one = self.splat(
            self.single()
                .block(0x0000_0001_0000_0001_0000_0001_0000_0001),
        );
        self.add(a, self.add(self.xor(b, ones), one))
    }
    /// Reverses the bytes of each block.
    fn reverse(self, quad: Self::Quad) -> Self::Quad;
    /// Multiplies a half of each block with a half of the other's: bit 0 of `HALVES` picks it in `a`,
    /// bit 4 in `b`.
    fn multiply<const HALVES: i32>(self, a: Self::Quad, b: Self::Quad) -> Self::Quad;
    /// Swaps the halves of each block.
    fn turn(self, quad: Self::Quad) -> Self::Quad;
    /// The sum of the four blocks.
    fn fold(self, quad: Self::Quad) -> __m128i;
    /// The first blocks of four quads, their second, third and fourth ones.
    fn transpose(self, quads: [Self::Quad; 4]) -> [Self::Quad; 4];
    /// Nothing for the CPU, but for the compiler an instruction that gives both values anew: what they are
    /// made of stays before it, what is made of them behind. Compilers know the order of vector
    /// instructions only by what depends on what, and gather what should stand in turns. Nothing at all
    /// where registers are too few to keep both in.
    fn tie(self, a: &mut Self::Quad, b: &mut Self::Quad);

    /// The same, but compilers can't know, and read it again where they would keep it. The same to them as well where
    /// they keep what they read on the stack anyway.
    #[inline(always)]
    fn anew<T>(self, what: &[T]) -> &[T] {
        what
    }

    fn key(self, bytes: &[u8; BLOCK]) -> Self::Key;
    fn whiten(self, quad: Self::Quad, key: Self::Key) -> Self::Quad;
    fn round(self, quad: Self::Quad, key: Self::Key) -> Self::Quad;
    fn last_round(self, quad: Self::Quad, key: Self::Key) -> Self::Quad;

    /// The unreduced products of two blocks with two others, side by side in quads: those of the low halves, of the
    /// sums of both halves, and of the high halves.
    fn multiply_pair(self, a: [__m128i; 2], b: [__m128i; 2]) -> [Self::Quad; 3];
}
