//! Packets one after the other: encryption and hash in one pass, the hash a batch behind.
//!
//! While AES works on a batch of quads, the batch before it is hashed, also where it belongs to the packet
//! before: neither the short batch at the end of a packet nor its tag are waited for.

use core::arch::x86_64::__m128i;
use core::mem;

use crate::gcm::cipher::{Beside, Cipher, Counters};
use crate::gcm::hash::Sum;
use crate::gcm::isa::{BLOCK, Isa, QUAD};
use crate::gcm::table::{POWERS, Table};

/// Blocks that one reduction suffices for, besides the associated data and the lengths.
pub(crate) const SEGMENT: usize = (POWERS - 2) * BLOCK;
/// Where longer packets are cut: whole batches of quads with each kernel.
pub(crate) const CUT: usize = 32 * BLOCK;

/// What is hashed before a segment.
pub(crate) struct Before {
    pub(crate) block: __m128i,
    /// 1 if the block is yet to be multiplied by the hash key for itself: if it was not reduced before.
    pub(crate) factors: usize,
}

/// Packets on their way, with `R` round keys and `N` quads in a batch.
pub(crate) struct Stream<'a, I: Isa, const R: usize, const N: usize> {
    isa: I,
    table: &'a Table,
    cipher: Cipher<I, R>,
    waiting: Waiting<'a, I, N>,
}

/// A batch that is yet to be hashed.
struct Waiting<'a, I: Isa, const N: usize> {
    isa: I,
    /// Of what comes before it in its segment.
    sum: Sum<I>,
    quads: [I::Quad; N],
    /// As many as there are quads.
    powers: &'a [[u8; QUAD]],
    /// What hides the hash of its packet.
    mask: __m128i,
}

impl<I: Isa, const N: usize> Beside<I> for Waiting<'_, I, N> {
    #[inline(always)]
    fn part(&mut self, number: usize, beside: &mut I::Quad) {
        let isa = self.isa;
        if let (Some(quad), Some(powers)) = (self.quads.get(number), self.powers.get(number)) {
            let mut quad = isa.reverse(*quad);
            isa.tie(&mut quad, beside);
            self.sum.add(isa, quad, isa.load(powers));
            self.sum.tie(isa, beside);
        }
    }
}

impl<'a, I: Isa, const R: usize, const N: usize> Stream<'a, I, R, N> {
    #[inline(always)]
    pub(crate) fn new(isa: I, table: &'a Table) -> Self {
        Self {
            isa,
            table,
            cipher: Cipher::new(isa, table.round_keys()),
            waiting: Waiting {
                isa,
                sum: Sum::zero(isa),
                quads: [isa.zero(); N],
                powers: &[],
                mask: isa.single().block(0),
            },
        }
    }

    #[inline(always)]
    pub(crate) const fn cipher(&self) -> &Cipher<I, R> {
        &self.cipher
    }

    /// Seals or opens `body`, and gives the tag of the packet before, if there was one.
    #[inline(always)]
    pub(crate) fn packet<const SEAL: bool>(
        &mut self,
        nonce: u128,
        aad: u128,
        body: &mut [u8],
        aad_bits: u64,
    ) -> u128 {
        let (isa, single, table) = (self.isa, self.isa.single(), self.table);
        let first = single.block(nonce);
        let mask = self.cipher.encrypt_block(first);
        let mut counters = Counters::behind(isa, first);
        let bits = single.block(u128::from(aad_bits) << 64 | bits(body.len()));

        let mut tag = None;
        let mut left = 0;
        let mut powers: &[[u8; QUAD]] = &[];
        let mut rest = body;
        loop {
            let begins = (left == 0).then(|| {
                let whole = rest.len() <= SEGMENT;
                left = if whole { rest.len() } else { CUT };
                let power = left.div_ceil(BLOCK) + usize::from(whole);
                (powers, _) = table.powers_from(power).as_chunks();
                (power, if whole { bits } else { single.block(0) })
            });
            let length = left.min(N * QUAD);
            let Some((batch, after)) = mem::take(&mut rest).split_at_mut_checked(length) else {
                break;
            };
            (left, rest) = (left - length, after);
            let count = length.div_ceil(QUAD);
            let quads = if length == N * QUAD {
                self.batch::<N, true, SEAL>(&mut counters, batch)
            } else {
                match count {
                    0 => self.batch::<0, false, SEAL>(&mut counters, batch),
                    1 => self.batch::<1, false, SEAL>(&mut counters, batch),
                    2 if N > 2 => self.batch::<2, false, SEAL>(&mut counters, batch),
                    3 if N > 3 => self.batch::<3, false, SEAL>(&mut counters, batch),
                    _ => self.batch::<N, false, SEAL>(&mut counters, batch),
                }
            };
            if let Some((power, last)) = begins {
                let before = if tag.is_some() {
                    Before {
                        block: self.waiting.sum.reduce(isa),
                        factors: 0,
                    }
                } else {
                    tag = Some(self.waiting.tag());
                    self.waiting.mask = mask;
                    Before {
                        block: single.reverse_block(single.block(aad)),
                        factors: 1,
                    }
                };
                let load = |power| single.load_block(table.power(power));
                let ends = [load(power + before.factors), load(1)];
                self.waiting.sum = Sum::of_pair(isa, [before.block, last], ends);
            }
            let (now, later) = powers.split_at_checked(count).unwrap_or((powers, &[]));
            (self.waiting.quads, self.waiting.powers, powers) = (quads, now, later);
            if rest.is_empty() {
                break;
            }
        }
        tag.unwrap_or_default()
    }

    /// The tag of the last packet.
    #[inline(always)]
    pub(crate) fn finish(mut self) -> u128 {
        self.waiting.hash();
        self.waiting.tag()
    }

    /// Encrypts or decrypts `T` quads, of which the last may be short unless they are `WHOLE`, hashes what
    /// waits and gives what is to be hashed next.
    #[inline(always)]
    fn batch<const T: usize, const WHOLE: bool, const SEAL: bool>(
        &mut self,
        counters: &mut Counters<I>,
        bytes: &mut [u8],
    ) -> [I::Quad; N] {
        let isa = self.isa;
        let mut hashed = [isa.zero(); N];
        if T == 0 {
            self.waiting.hash();
            return hashed;
        }
        let mut stream = counters.take::<T>(isa);
        self.cipher.encrypt_beside(&mut stream, &mut self.waiting);
        let whole = if WHOLE { T } else { T - 1 };
        let (quads, last) = bytes.split_at_mut_checked(whole * QUAD).unwrap_or_default();
        let (quads, _) = quads.as_chunks_mut::<QUAD>();
        for ((quad, stream), hashed) in quads.iter_mut().zip(stream).zip(&mut hashed) {
            *hashed = self::whole::<I, SEAL>(isa, quad, stream);
        }
        if !WHOLE && let (Some(stream), Some(hashed)) = (stream.last(), hashed.get_mut(T - 1)) {
            *hashed = self::last::<I, SEAL>(isa, last, *stream);
        }
        hashed
    }
}

impl<I: Isa, const N: usize> Waiting<'_, I, N> {
    /// Hashes it with nothing beside.
    #[inline(always)]
    fn hash(&mut self) {
        for (quad, powers) in self.quads.iter().zip(self.powers) {
            let quad = self.isa.reverse(*quad);
            self.sum.add(self.isa, quad, self.isa.load(powers));
        }
    }

    /// The tag of the packet, all of which is hashed.
    #[inline(always)]
    fn tag(&self) -> u128 {
        let single = self.isa.single();
        let hash = single.reverse_block(self.sum.reduce(self.isa));
        single.bytes(single.xor_block(hash, self.mask))
    }
}

/// Encrypts or decrypts a quad and gives what is hashed.
#[inline(always)]
pub(crate) fn whole<I: Isa, const SEAL: bool>(
    isa: I,
    quad: &mut [u8; QUAD],
    stream: I::Quad,
) -> I::Quad {
    let given = isa.load(quad);
    let result = isa.xor(given, stream);
    isa.store(quad, result);
    if SEAL { result } else { given }
}

/// The same with up to [`QUAD`] bytes.
#[inline(always)]
pub(crate) fn last<I: Isa, const SEAL: bool>(isa: I, bytes: &mut [u8], stream: I::Quad) -> I::Quad {
    let given = isa.load_short(bytes);
    let result = isa.xor(given, stream);
    isa.store_short(bytes, result);
    if SEAL {
        isa.keep(result, bytes.len())
    } else {
        given
    }
}

#[inline(always)]
pub(crate) fn bits(length: usize) -> u128 {
    // Longer packets than 64 bits can count in bits are refused before.
    (length as u128) << 3
}
