//! What ChaCha20 asks of the CPU: numbers of 32 bits side by side, each of a block of its own.
//!
//! The algorithm is written once, over [`Lanes`], as safe code: a value that implements it is the proof that
//! the CPU has the instructions. Everything is `inline(always)`, so that it becomes part of an entry point
//! with `target_feature`.

mod avx2;
mod avx512;
mod ssse3;

pub(crate) use avx2::Avx2;
pub(crate) use avx512::Avx512;
pub(crate) use ssse3::Ssse3;

use crate::chacha::eight::Ifma;

/// Bytes of a ChaCha20 block.
pub(crate) const BLOCK: usize = 64;
/// The most blocks side by side.
pub(crate) const MOST: usize = 16;

/// An instruction set that computes `COUNT` blocks side by side.
pub(crate) trait Lanes: Copy {
    /// Blocks side by side, [`MOST`] at most.
    const COUNT: usize;
    /// A word of each block.
    type Words: Copy;

    /// The same word in each block.
    fn splat(self, word: u32) -> Self::Words;
    /// The first `COUNT` words.
    fn load(self, words: &[u32; MOST]) -> Self::Words;
    fn add(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn xor(self, a: Self::Words, b: Self::Words) -> Self::Words;
    /// Rotates by so many bits to the left.
    fn rotate<const BITS: i32>(self, words: Self::Words) -> Self::Words;
    /// Writes the first `COUNT` blocks, of which these are the words in their order.
    fn store(self, words: [Self::Words; 16], blocks: &mut [[u8; BLOCK]; MOST]);

    /// What computes Poly1305 of eight packets side by side, if the CPU has that.
    fn eight(self) -> Option<Ifma>;
}
