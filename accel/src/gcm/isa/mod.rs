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
    /// The first bytes of each block, so many, then zeros.
    #[inline(always)]
    fn keep_each(self, quad: Self::Quad, [e, f, g, h]: [usize; 4]) -> Self::Quad {
        let [a, b, c, d] = self.split(quad);
        let keep = |block, length| {
            let [block, ..] = self.split(self.keep(self.splat(block), length));
            block
        };
        self.join([keep(a, e), keep(b, f), keep(c, g), keep(d, h)])
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
