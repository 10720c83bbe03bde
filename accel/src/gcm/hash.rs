//! GHASH (NIST SP 800-38D section 6.4), several blocks at once.
//!
//! GHASH reads bits in the opposite order to the CPU's multiplication. Instead of reversing bits, bytes are
//! reversed and the hash key is multiplied by x (RFC 8452 appendix A shows why this is the same). The
//! product of two such blocks is 256 bits; products are summed first and reduced once.

use core::arch::x86_64::__m128i;

use crate::gcm::isa::{AesNi, Isa};

/// The upper half of x^127 + x^126 + x^121, the field's polynomial without its ends.
const POLYNOMIAL: u64 = 0xc200_0000_0000_0000;

/// A sum of unreduced products, four side by side: products of the low halves, of the sums of both halves, and of the
/// high halves. The middle of a product is the second less the others (Karatsuba): three multiplications instead of
/// four, which CPUs do one at a time.
#[derive(Clone, Copy)]
pub(crate) struct Sum<I: Isa>([I::Quad; 3]);

impl<I: Isa> Sum<I> {
    /// The products of two blocks with two others.
    #[inline(always)]
    pub(crate) fn of_pair(isa: I, a: [__m128i; 2], b: [__m128i; 2]) -> Self {
        Self(isa.multiply_pair(a, b))
    }

    /// Adds the products of blocks with powers.
    #[inline(always)]
    pub(crate) fn add(&mut self, isa: I, blocks: I::Quad, powers: I::Quad) {
        let Self([low, both, high]) = self;
        let halves = |quad| isa.xor(quad, isa.turn(quad));
        *low = isa.xor(*low, isa.multiply::<0x00>(blocks, powers));
        *both = isa.xor(*both, isa.multiply::<0x00>(halves(blocks), halves(powers)));
        *high = isa.xor(*high, isa.multiply::<0x11>(blocks, powers));
    }

    /// No products.
    #[inline(always)]
    pub(crate) fn zero(isa: I) -> Self {
        Self([isa.zero(); 3])
    }

    /// Keeps what is added from here on in its place: see [`Isa::tie`].
    #[inline(always)]
    pub(crate) fn tie(&mut self, isa: I, quad: &mut I::Quad) {
        for part in &mut self.0 {
            isa.tie(part, quad);
        }
    }

    /// Each product as a block of its own.
    #[inline(always)]
    pub(crate) fn reduce_each(self, isa: I) -> I::Quad {
        let Self([low, both, high]) = self;
        let middle = isa.xor3(both, low, high);
        let polynomial = isa.splat(polynomial(isa.single()));
        let folded = isa.multiply::<0x01>(polynomial, low);
        let middle = isa.xor3(middle, folded, isa.turn(low));
        let folded = isa.multiply::<0x01>(polynomial, middle);
        isa.xor3(high, folded, isa.turn(middle))
    }

    /// All four products as one block.
    #[inline(always)]
    pub(crate) fn reduce(self, isa: I) -> __m128i {
        let Self([low, both, high]) = self;
        let middle = isa.fold(isa.xor3(both, low, high));
        let halves = [isa.fold(low), middle, isa.fold(high)];
        reduce(isa.single(), halves)
    }
}

#[inline(always)]
fn polynomial(isa: AesNi) -> __m128i {
    isa.block(u128::from(POLYNOMIAL) << 64)
}

/// The low half is folded into the middle, and that into the high one: division by x^128 (Montgomery's
/// reduction), which the factor x in the powers is a part of.
#[inline(always)]
fn reduce(isa: AesNi, [low, middle, high]: [__m128i; 3]) -> __m128i {
    let polynomial = polynomial(isa);
    let folded = isa.multiply_block::<0x01>(polynomial, low);
    let middle = isa.xor_block(isa.xor_block(middle, folded), isa.turn_block(low));
    let folded = isa.multiply_block::<0x01>(polynomial, middle);
    isa.xor_block(isa.xor_block(high, folded), isa.turn_block(middle))
}

/// The product of two blocks.
#[inline(always)]
pub(crate) fn multiply(isa: AesNi, a: __m128i, b: __m128i) -> __m128i {
    let middle = isa.xor_block(
        isa.multiply_block::<0x01>(a, b),
        isa.multiply_block::<0x10>(a, b),
    );
    let low = isa.multiply_block::<0x00>(a, b);
    reduce(isa, [low, middle, isa.multiply_block::<0x11>(a, b)])
}

/// x times a block, without a branch that depends on it.
#[inline(always)]
pub(crate) const fn times_x(block: u128) -> u128 {
    let carry = (block >> 127).wrapping_neg();
    block << 1 ^ carry & ((POLYNOMIAL as u128) << 64 | 1)
}
