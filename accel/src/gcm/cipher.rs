//! AES, and counter blocks for it.

use core::arch::x86_64::__m128i;

use crate::gcm::isa::{BLOCK, Isa};
use crate::gcm::schedule::RoundKeys;

/// Parts of work beside AES: one for each round that all key lengths have, but for the last.
pub(crate) const PARTS: usize = 9;

/// Work that does not wait for AES.
pub(crate) trait Beside<I: Isa> {
    /// From 0 to [`PARTS`] - 1. To be inlined always, as everything that uses vectors. The quad is to be tied to the
    /// work.
    fn part(&mut self, number: usize, quad: &mut I::Quad);
}

struct Nothing;

impl<I: Isa> Beside<I> for Nothing {
    #[inline(always)]
    fn part(&mut self, _: usize, _: &mut I::Quad) {}
}

/// AES of `R` round keys, which stay in memory: the registers are needed for quads.
#[derive(Clone, Copy)]
pub(crate) struct Cipher<'a, I: Isa, const R: usize> {
    isa: I,
    keys: &'a [[u8; BLOCK]; R],
}

impl<'a, I: Isa, const R: usize> Cipher<'a, I, R> {
    #[inline(always)]
    pub(crate) fn new(isa: I, keys: &'a RoundKeys) -> Self {
        let keys = keys.of();
        Self { isa, keys }
    }

    /// Encrypts quads side by side, as one alone would wait for each round.
    #[inline(always)]
    pub(crate) fn encrypt(&self, quads: &mut [I::Quad]) {
        self.encrypt_beside(quads, &mut Nothing);
    }

    /// The same with other work in the rounds. CPUs look ahead, but not as far as from the first
    /// of these rounds to behind the last.
    #[inline(always)]
    pub(crate) fn encrypt_beside(&self, quads: &mut [I::Quad], beside: &mut impl Beside<I>) {
        let isa = self.isa;
        // Anew, or compilers load all keys before the first batch, and keep them on the stack.
        let [first, middle @ .., last] = isa.anew(self.keys) else {
            return;
        };
        for quad in &mut *quads {
            *quad = isa.whiten(*quad, isa.key(first));
        }
        // As a loop they are too much for compilers to unroll.
        macro_rules! rounds {
            ($($number:literal)*) => {$(
                if let Some(key) = middle.get($number) {
                    let key = isa.key(key);
                    for quad in &mut *quads {
                        *quad = isa.round(*quad, key);
                    }
                    self.tie(quads);
                    if $number < PARTS && let Some(quad) = quads.last_mut() {
                        beside.part($number, quad);
                    }
                }
            )*};
        }
        rounds!(0 1 2 3 4 5 6 7 8 9 10 11 12);
        for quad in quads {
            *quad = isa.last_round(*quad, isa.key(last));
        }
    }

    /// Keeps quads in step.
    #[inline(always)]
    fn tie(&self, quads: &mut [I::Quad]) {
        let mut rest = quads;
        while let [first, after @ ..] = rest {
            if let Some(second) = after.first_mut() {
                self.isa.tie(first, second);
            }
            rest = after;
        }
    }

    /// Encrypts a block.
    #[inline(always)]
    pub(crate) fn encrypt_block(&self, block: __m128i) -> __m128i {
        let single = self.isa.single();
        let [first, middle @ .., last] = self.keys.as_slice() else {
            return block;
        };
        let mut block = single.xor_block(block, single.load_block(first));
        for key in middle {
            block = single.round_block(block, single.load_block(key));
        }
        single.last_round_block(block, single.load_block(last))
    }
}

/// The next counter blocks of a packet, bytes reversed so that the counter is the lowest number.
#[derive(Clone, Copy)]
pub(crate) struct Counters<I: Isa>(I::Quad);

impl<I: Isa> Counters<I> {
    /// Those behind a block.
    #[inline(always)]
    pub(crate) fn behind(isa: I, first: __m128i) -> Self {
        let first = isa.splat(isa.single().reverse_block(first));
        Self(isa.add(first, from_one(isa)))
    }

    /// The next quads.
    #[inline(always)]
    pub(crate) fn take<const N: usize>(&mut self, isa: I) -> [I::Quad; N] {
        let four = isa.splat(isa.single().block(4));
        let mut quads = [isa.zero(); N];
        for quad in &mut quads {
            *quad = isa.reverse(self.0);
            self.0 = isa.add(self.0, four);
        }
        quads
    }
}

/// 1 to 4.
#[inline(always)]
fn from_one<I: Isa>(isa: I) -> I::Quad {
    let single = isa.single();
    isa.join([
        single.block(1),
        single.block(2),
        single.block(3),
        single.block(4),
    ])
}
