//! AVX-512: sixteen blocks.

use core::arch::x86_64::*;

use super::{BLOCK, Lanes, MOST};
use crate::chacha::eight::Ifma;
use crate::gcm::isa::proven;
use crate::words::Words;

/// The proof that the CPU has what [`Words`] and [`Ifma`] ask for.
#[derive(Clone, Copy)]
pub(crate) struct Avx512 {
    words: Words,
    eight: Ifma,
}

impl Avx512 {
    /// # Safety
    /// The CPU has the instructions that the type speaks of.
    #[inline(always)]
    pub(crate) const unsafe fn assume() -> Self {
        // SAFETY: the caller vouches for both.
        let (words, eight) = unsafe { (Words::assume(), Ifma::assume()) };
        Self { words, eight }
    }
}

impl Lanes for Avx512 {
    const COUNT: usize = 16;
    type Words = __m512i;

    #[inline(always)]
    fn splat(self, word: u32) -> __m512i {
        self.words.splat(word)
    }

    #[inline(always)]
    fn load(self, words: &[u32; MOST]) -> __m512i {
        self.words.load(words)
    }

    #[inline(always)]
    fn add(self, a: __m512i, b: __m512i) -> __m512i {
        self.words.add(a, b)
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
        for (place, block) in blocks.iter_mut().zip(self.words.transpose(words)) {
            self.words.store_bytes(place, block);
        }
    }

    #[inline(always)]
    fn eight(self) -> Option<Ifma> {
        Some(self.eight)
    }
}
