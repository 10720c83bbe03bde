//! Poly1305 of eight packets side by side, with the multiplications of 52 bits of AVX-512.
//!
//! Packets end together and begin one after the other: a sum that is zero stays zero until its packet begins.

use core::arch::x86_64::*;

use crate::chacha::poly::{self, BLOCK, OneTimeKey};
use crate::gcm::Aad;
use crate::gcm::isa::proven;

/// Packets side by side.
pub(crate) const EIGHT: usize = 8;

/// The proof that the CPU has AVX-512 F and IFMA.
#[derive(Clone, Copy)]
pub(crate) struct Ifma(());

/// What is authenticated of a packet.
#[derive(Clone, Copy)]
pub(crate) struct Message<'a> {
    pub(crate) key: OneTimeKey,
    aad: u128,
    /// The body without its last block.
    blocks: &'a [[u8; BLOCK]],
    /// The last block, which may be short, with zeros behind.
    last: u128,
    lengths: u128,
}

impl<'a> Message<'a> {
    pub(crate) const NONE: Self = Self {
        key: OneTimeKey::ZERO,
        aad: 0,
        blocks: &[],
        last: 0,
        lengths: 0,
    };

    /// `None` if associated data or body are empty, which ESP's never are.
    #[inline(always)]
    pub(crate) fn new(key: OneTimeKey, aad: Aad, body: &'a [u8]) -> Option<Self> {
        let before = body.len().checked_sub(1)? / BLOCK * BLOCK;
        let (blocks, last) = body.split_at_checked(before)?;
        let last = match last.try_into() {
            Ok(whole) => u128::from_le_bytes(whole),
            Err(_) => poly::padded(last),
        };
        (aad.bits() != 0).then_some(Self {
            key,
            aad: aad.block(),
            blocks: blocks.as_chunks().0,
            last,
            lengths: poly::lengths(aad, body.len()),
        })
    }

    /// Blocks between the associated data and the last.
    #[inline(always)]
    pub(crate) const fn between(&self) -> usize {
        self.blocks.len()
    }

    /// The block that stands so many before the last, and whether there is one.
    #[inline(always)]
    fn block(&self, before: usize) -> Option<u128> {
        match self.blocks.len().checked_sub(before) {
            Some(place) => self.blocks.get(place).map(|it| u128::from_le_bytes(*it)),
            None if before == self.blocks.len() + 1 => Some(self.aad),
            None => None,
        }
    }
}

/// Bits of the three numbers that make 130.
const LOW: i64 = (1 << 44) - 1;
const HIGH: i64 = (1 << 42) - 1;
/// The bit above a whole block, in the highest number.
const ABOVE: u64 = 1 << 40;

/// One number for each packet.
type Eight = __m512i;

/// What the sums are multiplied with.
#[derive(Clone, Copy)]
struct Factors {
    r: [Eight; 3],
    /// The same times 20: where a product passes 2^132, it comes in again five times, four times higher.
    folded: [Eight; 2],
}

impl Ifma {
    /// # Safety
    /// The CPU has the instructions that the type speaks of.
    #[inline(always)]
    pub(crate) const unsafe fn assume() -> Self {
        Self(())
    }

    /// The tags of eight packets.
    #[inline(always)]
    pub(crate) fn tags(self, messages: &[Message<'_>; EIGHT]) -> [u128; EIGHT] {
        let factors = self.factors(messages);
        let mut sum = [proven!(_mm512_setzero_si512()); 3];
        let lengths = messages.each_ref().map(Message::between);
        let most = lengths.into_iter().fold(0, usize::max);
        let all = lengths.into_iter().fold(usize::MAX, usize::min);

        // Until all have begun.
        for before in (all + 1..=most + 1).rev() {
            let mut blocks = [0; EIGHT];
            let mut above = [0; EIGHT];
            for ((block, above), message) in blocks.iter_mut().zip(&mut above).zip(messages) {
                if let Some(found) = message.block(before) {
                    (*block, *above) = (found, ABOVE);
                }
            }
            sum = self.step(factors, sum, self.numbers(blocks), self.load(above));
        }
        let above = proven!(_mm512_set1_epi64(ABOVE.cast_signed()));
        let rests = messages.each_ref().map(|message| {
            let begun = message.between().wrapping_sub(all);
            message.blocks.get(begun..).unwrap_or_default()
        });
        for place in 0..all {
            let [
                Some(a),
                Some(b),
                Some(c),
                Some(d),
                Some(e),
                Some(f),
                Some(g),
                Some(h),
            ] = rests.map(|rest| rest.get(place))
            else {
                break;
            };
            let blocks = self.gather([a, b, c, d, e, f, g, h]);
            sum = self.step(factors, sum, blocks, above);
        }
        let last = self.numbers(messages.each_ref().map(|message| message.last));
        sum = self.step(factors, sum, last, above);
        let lengths = self.numbers(messages.each_ref().map(|message| message.lengths));
        sum = self.step(factors, sum, lengths, above);

        let [low, middle, high] = sum.map(|numbers| self.store(numbers));
        let mut tags = [0; EIGHT];
        let numbers = low.into_iter().zip(middle).zip(high);
        for ((tag, ((low, middle), high)), message) in tags.iter_mut().zip(numbers).zip(messages) {
            // The lower numbers have 44 bits each, but for a carry that the middle one may still hold.
            let low = u128::from(low) + (u128::from(middle) << 44);
            let (sum, carry) = low.overflowing_add(u128::from(high) << 88);
            let above = (high >> 40) + u64::from(carry);
            *tag = poly::finish([sum as u64, (sum >> 64) as u64, above], message.key.s);
        }
        tags
    }

    #[inline(always)]
    fn factors(self, messages: &[Message<'_>; EIGHT]) -> Factors {
        let low = messages.each_ref().map(|message| message.key.r[0]);
        let high = messages.each_ref().map(|message| message.key.r[1]);
        let r = self.split(self.load(low), self.load(high));
        let twenty = |numbers| {
            let four = proven!(_mm512_slli_epi64(numbers, 2));
            proven!(_mm512_slli_epi64(_mm512_add_epi64(numbers, four), 2))
        };
        Factors {
            r,
            folded: [twenty(r[1]), twenty(r[2])],
        }
    }

    /// (sum + block) * r, each number back to its bits but for a carry.
    #[inline(always)]
    fn step(
        self,
        factors: Factors,
        sum: [Eight; 3],
        block: [Eight; 3],
        above: Eight,
    ) -> [Eight; 3] {
        let Factors {
            r: [r0, r1, r2],
            folded: [s1, s2],
        } = factors;
        let h0 = self.add(sum[0], block[0]);
        let h1 = self.add(sum[1], block[1]);
        let h2 = self.add(sum[2], self.add(block[2], above));

        let (low0, high0) = self.products([h2, h0, h1], [s1, r0, s2]);
        let (low1, high1) = self.products([h2, h0, h1], [s2, r1, r0]);
        let (low2, high2) = self.products([h2, h0, h1], [r0, r2, r1]);

        // The high parts are of 2^52 times the low ones, so of 2^8 times what the next number counts.
        let next = self.add(low1, proven!(_mm512_slli_epi64(high0, 8)));
        let next = self.add(next, proven!(_mm512_srli_epi64(low0, 44)));
        let last = self.add(low2, proven!(_mm512_slli_epi64(high1, 8)));
        let last = self.add(last, proven!(_mm512_srli_epi64(next, 44)));
        let passed = proven!(_mm512_add_epi64(
            _mm512_srli_epi64(last, 42),
            _mm512_slli_epi64(high2, 10)
        ));
        let again = self.add(passed, proven!(_mm512_slli_epi64(passed, 2)));
        let first = self.add(self.keep(low0, LOW), again);
        let carry = proven!(_mm512_srli_epi64(first, 44));
        [
            self.keep(first, LOW),
            self.add(self.keep(next, LOW), carry),
            self.keep(last, HIGH),
        ]
    }

    /// The sum of three products: its low 52 bits, and what is above.
    #[inline(always)]
    fn products(self, a: [Eight; 3], b: [Eight; 3]) -> (Eight, Eight) {
        let zero = proven!(_mm512_setzero_si512());
        let (mut low, mut high) = (zero, zero);
        for (a, b) in a.into_iter().zip(b) {
            low = proven!(_mm512_madd52lo_epu64(low, a, b));
            high = proven!(_mm512_madd52hi_epu64(high, a, b));
        }
        (low, high)
    }

    #[inline(always)]
    fn numbers(self, blocks: [u128; EIGHT]) -> [Eight; 3] {
        let low = blocks.map(|block| block as u64);
        let high = blocks.map(|block| (block >> 64) as u64);
        self.split(self.load(low), self.load(high))
    }

    /// 128 bits as numbers of 44, 44 and 40.
    #[inline(always)]
    fn split(self, low: Eight, high: Eight) -> [Eight; 3] {
        let middle = proven!(_mm512_or_si512(
            _mm512_srli_epi64(low, 44),
            _mm512_slli_epi64(high, 20)
        ));
        [
            self.keep(low, LOW),
            self.keep(middle, LOW),
            proven!(_mm512_srli_epi64(high, 24)),
        ]
    }

    /// A block of each packet.
    #[inline(always)]
    fn gather(self, [a, b, c, d, e, f, g, h]: [&[u8; BLOCK]; EIGHT]) -> [Eight; 3] {
        // Halves of the blocks alternate where two registers are merged.
        let even = self.join([a, c, e, g]);
        let odd = self.join([b, d, f, h]);
        let low = proven!(_mm512_unpacklo_epi64(even, odd));
        let high = proven!(_mm512_unpackhi_epi64(even, odd));
        self.split(low, high)
    }

    #[inline(always)]
    fn join(self, [a, b, c, d]: [&[u8; BLOCK]; 4]) -> Eight {
        // SAFETY: `self` proves AVX-512. Each load is of the 16 bytes that a block borrows, and needs no
        // alignment.
        let block = |it: &[u8; BLOCK]| unsafe { _mm_loadu_si128(it.as_ptr().cast()) };
        let low = proven!(_mm256_inserti128_si256(
            _mm256_castsi128_si256(block(a)),
            block(b),
            1
        ));
        let high = proven!(_mm256_inserti128_si256(
            _mm256_castsi128_si256(block(c)),
            block(d),
            1
        ));
        proven!(_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1))
    }

    #[inline(always)]
    fn add(self, a: Eight, b: Eight) -> Eight {
        proven!(_mm512_add_epi64(a, b))
    }

    #[inline(always)]
    fn keep(self, numbers: Eight, bits: i64) -> Eight {
        proven!(_mm512_and_si512(numbers, _mm512_set1_epi64(bits)))
    }

    #[inline(always)]
    fn load(self, numbers: [u64; EIGHT]) -> Eight {
        // SAFETY: `self` proves AVX-512. The load is of the 64 bytes of `numbers`, and needs no alignment.
        unsafe { _mm512_loadu_si512(numbers.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store(self, numbers: Eight) -> [u64; EIGHT] {
        let mut stored = [0; EIGHT];
        // SAFETY: `self` proves AVX-512. The store is to the 64 bytes of `stored`, and needs no alignment.
        unsafe { _mm512_storeu_si512(stored.as_mut_ptr().cast(), numbers) }
        stored
    }
}
