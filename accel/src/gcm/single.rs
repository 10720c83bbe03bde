//! One packet: encryption and hash in one pass.

use core::arch::x86_64::__m128i;
use core::mem;

use crate::gcm::cipher::{Beside, Cipher, Counters};
use crate::gcm::hash::{Sum, multiply};
use crate::gcm::isa::{BLOCK, Isa, QUAD};
use crate::gcm::table::{POWERS, Table};

/// Blocks that one reduction suffices for, besides the associated data and the lengths.
pub(crate) const SEGMENT: usize = (POWERS - 2) * BLOCK;
/// Where longer packets are cut: whole batches of quads with each kernel.
const CUT: usize = 32 * BLOCK;

/// What is hashed before a segment.
struct Before {
    block: __m128i,
    /// 1 if the block is yet to be multiplied by the hash key for itself: if it was not reduced before.
    factors: usize,
}

/// Seals or opens `body` and gives the tag.
#[inline(always)]
pub(crate) fn crypt<I: Isa, const R: usize, const N: usize, const SEAL: bool>(
    isa: I,
    table: &Table,
    nonce: u128,
    aad: u128,
    body: &mut [u8],
    aad_bits: u64,
) -> u128 {
    let single = isa.single();
    let cipher = Cipher::<I, R>::new(isa, table);
    let first = single.block(nonce);
    let mask = cipher.encrypt_block(first);
    let bits = u128::from(aad_bits) << 64 | bits(body.len());

    let mut crypt = Crypt {
        isa,
        table,
        cipher,
        counters: Counters::behind(isa, first),
    };
    let mut before = Before {
        block: single.reverse_block(single.block(aad)),
        factors: 1,
    };
    let mut rest = body;
    while rest.len() > SEGMENT {
        let (segment, after) = mem::take(&mut rest).split_at_mut(CUT);
        let sum = crypt.segment::<N, SEAL>(before, single.block(0), CUT / BLOCK, segment);
        before = Before {
            block: sum.reduce(isa),
            factors: 0,
        };
        rest = after;
    }
    let powers = rest.len().div_ceil(BLOCK) + 1;
    let sum = crypt.segment::<N, SEAL>(before, single.block(bits), powers, rest);
    let hash = single.reverse_block(sum.reduce(isa));
    single.bytes(single.xor_block(hash, mask))
}

/// The tag of what is only authenticated: up to 32 bytes of `head`, whole blocks but for zeros at the
/// end, then `body`; `length` bytes in all.
#[inline(always)]
pub(crate) fn mac<I: Isa, const R: usize>(
    isa: I,
    table: &Table,
    nonce: u128,
    head: [u128; 2],
    body: &[u8],
    length: usize,
) -> u128 {
    let single = isa.single();
    let cipher = Cipher::<I, R>::new(isa, table);
    let mask = cipher.encrypt_block(single.block(nonce));
    let bits = bits(length) << 64;

    let power = |power| single.load_block(table.power(power));
    let [first, second] = head.map(|block| single.reverse_block(single.block(block)));
    let mut before = Before {
        block: single.xor_block(multiply(single, first, power(1)), second),
        factors: 1,
    };
    let mut rest = body;
    while rest.len() > SEGMENT {
        let (segment, after) = rest.split_at(CUT);
        let powers = CUT / BLOCK;
        let last = [power(powers + before.factors), power(1)];
        let mut sum = Sum::of_pair(isa, [before.block, single.block(0)], last);
        absorb(isa, table, &mut sum, powers, segment);
        before = Before {
            block: sum.reduce(isa),
            factors: 0,
        };
        rest = after;
    }
    let powers = rest.len().div_ceil(BLOCK) + 1;
    let last = [power(powers + before.factors), power(1)];
    let mut sum = Sum::of_pair(isa, [before.block, single.block(bits)], last);
    absorb(isa, table, &mut sum, powers, rest);
    let hash = single.reverse_block(sum.reduce(isa));
    single.bytes(single.xor_block(hash, mask))
}

/// Adds bytes to the hash, the first block with this power.
#[inline(always)]
fn absorb<I: Isa>(isa: I, table: &Table, sum: &mut Sum<I>, power: usize, bytes: &[u8]) {
    let (powers, _) = table.powers_from(power).as_chunks::<QUAD>();
    for (quad, powers) in bytes.chunks(QUAD).zip(powers) {
        sum.add(isa, isa.reverse(isa.load_short(quad)), isa.load(powers));
    }
}

#[inline(always)]
fn bits(length: usize) -> u128 {
    // Longer packets than 64 bits can count in bits are refused before.
    (length as u128) << 3
}

/// A packet on its way.
struct Crypt<'a, I: Isa, const R: usize> {
    isa: I,
    table: &'a Table,
    cipher: Cipher<I, R>,
    counters: Counters<I>,
}

impl<I: Isa, const R: usize> Crypt<'_, I, R> {
    /// Encrypts or decrypts a segment and hashes what is before it, itself and what is last. Its first
    /// block has the power `powers`.
    #[inline(always)]
    fn segment<const N: usize, const SEAL: bool>(
        &mut self,
        before: Before,
        last: __m128i,
        powers: usize,
        segment: &mut [u8],
    ) -> Sum<I> {
        let power = |power| self.isa.single().load_block(self.table.power(power));
        let ends = [power(powers + before.factors), power(1)];
        let mut sum = Sum::of_pair(self.isa, [before.block, last], ends);

        let (mut powers, _) = self.table.powers_from(powers).as_chunks::<QUAD>();
        let whole = segment.len() - segment.len() % (N * QUAD);
        let (batches, rest) = segment.split_at_mut_checked(whole).unwrap_or_default();
        let mut sealed: Option<&[[u8; QUAD]; N]> = None;
        for batch in batches.as_chunks_mut::<QUAD>().0.as_chunks_mut::<N>().0 {
            let counters = self.counters.take::<N>(self.isa);
            let quads = if SEAL { sealed } else { Some(&*batch) };
            let stream = match quads.zip(powers.split_first_chunk::<N>()) {
                Some((quads, (now, after))) => {
                    powers = after;
                    let (isa, sum) = (self.isa, &mut sum);
                    let mut hash = Hash {
                        isa,
                        sum,
                        quads,
                        powers: now,
                    };
                    self.cipher.encrypt_beside(counters, &mut hash)
                }
                None => self.cipher.encrypt(counters),
            };
            for (quad, stream) in batch.iter_mut().zip(stream) {
                let result = self.isa.xor(self.isa.load(quad), stream);
                self.isa.store(quad, result);
            }
            sealed = Some(batch);
        }
        let last = sealed.filter(|_| SEAL).zip(powers.split_first_chunk::<N>());
        if let Some((quads, (now, after))) = last {
            powers = after;
            let (isa, sum) = (self.isa, &mut sum);
            let mut hash = Hash {
                isa,
                sum,
                quads,
                powers: now,
            };
            for number in 0..N {
                hash.part(number);
            }
        }
        match rest.len().div_ceil(QUAD) {
            0 => {}
            1 => self.batch::<1, SEAL>(&mut sum, rest, powers),
            2 => self.batch::<2, SEAL>(&mut sum, rest, powers),
            3 => self.batch::<3, SEAL>(&mut sum, rest, powers),
            _ => self.batch::<4, SEAL>(&mut sum, rest, powers),
        }
        sum
    }

    /// `N` quads, of which the last may be short.
    #[inline(always)]
    fn batch<const N: usize, const SEAL: bool>(
        &mut self,
        sum: &mut Sum<I>,
        bytes: &mut [u8],
        powers: &[[u8; QUAD]],
    ) {
        let isa = self.isa;
        let stream = self.cipher.encrypt(self.counters.take::<N>(isa));
        let whole = (N - 1) * QUAD;
        let Some((quads, last)) = bytes.split_at_mut_checked(whole) else {
            return;
        };
        let (quads, _) = quads.as_chunks_mut::<QUAD>();
        for ((quad, stream), powers) in quads.iter_mut().zip(stream).zip(powers) {
            let given = isa.load(quad);
            let result = isa.xor(given, stream);
            isa.store(quad, result);
            let hashed = if SEAL { result } else { given };
            sum.add(isa, isa.reverse(hashed), isa.load(powers));
        }
        if let (Some(stream), Some(powers)) = (stream.last(), powers.get(N - 1)) {
            let given = isa.load_short(last);
            let result = isa.xor(given, *stream);
            isa.store_short(last, result);
            let hashed = if SEAL {
                isa.keep(result, last.len())
            } else {
                given
            };
            sum.add(isa, isa.reverse(hashed), isa.load(powers));
        }
    }
}

/// Hashing a batch.
struct Hash<'a, I: Isa, const N: usize> {
    isa: I,
    sum: &'a mut Sum<I>,
    quads: &'a [[u8; QUAD]; N],
    powers: &'a [[u8; QUAD]; N],
}

impl<I: Isa, const N: usize> Beside for Hash<'_, I, N> {
    #[inline(always)]
    fn part(&mut self, number: usize) {
        if let (Some(quad), Some(powers)) = (self.quads.get(number), self.powers.get(number)) {
            let quad = self.isa.reverse(self.isa.load(quad));
            self.sum.add(self.isa, quad, self.isa.load(powers));
        }
    }
}
