//! Packets one after the other: encryption and hash in one pass.
//!
//! While AES works on a batch of quads, ciphertext is hashed that is there already. When opening, that is the same
//! batch; when sealing, the batch before it, also where it belongs to the packet before: neither the short batch at
//! the end of a packet nor its tag are waited for.

use core::arch::x86_64::__m128i;
use core::mem;

use crate::gcm::cipher::{Beside, Cipher, Counters, PARTS};
use crate::gcm::hash::Sum;
use crate::gcm::isa::{BLOCK, Isa, QUAD};
use crate::gcm::table::{POWERS, Table};

/// Blocks that one reduction suffices for, besides the associated data and the lengths.
pub(crate) const SEGMENT: usize = (POWERS - 2) * BLOCK;

/// Where longer packets are cut, with so many quads in a batch: behind a whole batch.
const fn cut(quads: usize) -> usize {
    SEGMENT - SEGMENT % (quads * QUAD)
}

/// What is hashed before a segment.
pub(crate) struct Before {
    pub(crate) block: __m128i,
    /// 1 if the block is yet to be multiplied by the hash key for itself: if it was not reduced before.
    pub(crate) factors: usize,
}

/// Packets on their way, with `R` round keys and up to `N` quads in a batch.
pub(crate) struct Stream<'a, I: Isa, const R: usize, const N: usize> {
    isa: I,
    table: &'a Table,
    cipher: Cipher<'a, I, R>,
    waiting: Waiting<'a, I>,
}

/// What is yet to be hashed.
struct Waiting<'a, I: Isa> {
    /// Of what comes before it in its segment.
    sum: Sum<I>,
    batch: Batch<'a, I>,
    /// What hides the hash of its packet.
    mask: __m128i,
}

/// Ciphertext where it lies: registers are too few to keep it in.
#[derive(Clone, Copy)]
struct Batch<'a, I: Isa> {
    quads: &'a [[u8; QUAD]],
    /// The quad behind them, which may be short.
    last: I::Quad,
    /// As many as there are quads with the last.
    powers: &'a [[u8; QUAD]],
}

/// A batch of up to `N` quads and the sum it is added to.
struct Hashing<'h, I: Isa, const N: usize> {
    isa: I,
    sum: &'h mut Sum<I>,
    batch: Batch<'h, I>,
}

impl<I: Isa, const N: usize> Beside<I> for Hashing<'_, I, N> {
    #[inline(always)]
    fn part(&mut self, number: usize, beside: &mut I::Quad) {
        let (
            isa,
            Batch {
                quads,
                last,
                powers,
            },
        ) = (self.isa, self.batch);
        for place in number * N / PARTS..(number + 1) * N / PARTS {
            // The last quad, which was made last, comes last.
            let found = if place == N - 1 {
                powers.last().map(|power| (last, power))
            } else {
                let quad = quads.get(place).map(|quad| isa.load(quad));
                quad.zip(powers.get(place))
            };
            if let Some((quad, power)) = found {
                let mut quad = isa.reverse(quad);
                isa.tie(&mut quad, beside);
                self.sum.add(isa, quad, isa.load(power));
                self.sum.tie(isa, beside);
            }
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
                sum: Sum::zero(isa),
                batch: Batch {
                    quads: &[],
                    last: isa.zero(),
                    powers: &[],
                },
                mask: isa.single().block(0),
            },
        }
    }

    /// Seals or opens `body`, and gives the tag of the packet before, if there was one.
    #[inline(always)]
    pub(crate) fn packet<const SEAL: bool>(
        &mut self,
        nonce: u128,
        aad: u128,
        body: &'a mut [u8],
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
                left = if whole { rest.len() } else { cut(N) };
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
            let (now, later) = powers.split_at_checked(count).unwrap_or((powers, &[]));
            powers = later;
            // What is sealed is hashed a batch behind, so in the segment that ends here, if one does.
            if SEAL {
                self.batch::<SEAL>(&mut counters, batch, count, now);
                self.begin(begins, aad, mask, &mut tag);
            } else {
                self.begin(begins, aad, mask, &mut tag);
                self.batch::<SEAL>(&mut counters, batch, count, now);
            }
            if rest.is_empty() {
                break;
            }
        }
        tag.unwrap_or_default()
    }

    /// Begins a segment, if one begins, with the power of its first block and what is hashed last in it. At the first
    /// of a packet, `tag` is that of the packet before.
    #[inline(always)]
    fn begin(
        &mut self,
        begins: Option<(usize, __m128i)>,
        aad: u128,
        mask: __m128i,
        tag: &mut Option<u128>,
    ) {
        let (isa, single, table) = (self.isa, self.isa.single(), self.table);
        let Some((power, last)) = begins else {
            return;
        };
        let before = if tag.is_some() {
            Before {
                block: self.waiting.sum.reduce(isa),
                factors: 0,
            }
        } else {
            *tag = Some(self.tag());
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

    /// The tag of the last packet.
    #[inline(always)]
    pub(crate) fn finish(mut self) -> u128 {
        self.hash();
        self.tag()
    }

    /// Encrypts or decrypts `count` quads, up to `N`, of which the last may be short. What is opened is hashed as it
    /// was; when sealing, what waits is hashed, and this waits.
    #[inline(always)]
    fn batch<const SEAL: bool>(
        &mut self,
        counters: &mut Counters<I>,
        bytes: &'a mut [u8],
        count: usize,
        powers: &'a [[u8; QUAD]],
    ) {
        macro_rules! counts {
            ($($count:literal)*) => {
                match count {
                    0 => {
                        self.hash();
                        self.waiting.batch.powers = &[];
                    }
                    $($count if N > $count => self.quads::<$count, SEAL>(counters, bytes, powers),)*
                    _ => self.quads::<N, SEAL>(counters, bytes, powers),
                }
            };
        }
        counts!(1 2 3 4 5 6 7 8 9 10);
    }

    /// The same for a number of quads that the compiler knows.
    #[inline(always)]
    fn quads<const T: usize, const SEAL: bool>(
        &mut self,
        counters: &mut Counters<I>,
        bytes: &'a mut [u8],
        powers: &'a [[u8; QUAD]],
    ) {
        let isa = self.isa;
        let Waiting { sum, batch, .. } = &mut self.waiting;
        let whole = (T - 1) * QUAD;
        let (quads, last) = bytes.split_at_mut_checked(whole).unwrap_or_default();
        let (quads, _) = quads.as_chunks_mut::<QUAD>();
        let mut streams = counters.take::<T>(isa);
        if SEAL {
            let batch = *batch;
            let mut hashing = Hashing::<I, N> { isa, sum, batch };
            self.cipher.encrypt_beside(&mut streams, &mut hashing);
        } else {
            // Read again when it is decrypted: it would be too much to keep.
            let own = Batch {
                quads: isa.anew(quads),
                last: isa.load_short(last),
                powers,
            };
            let mut hashing = Hashing::<I, T> {
                isa,
                sum,
                batch: own,
            };
            self.cipher.encrypt_beside(&mut streams, &mut hashing);
        }
        for (quad, stream) in quads.iter_mut().zip(streams) {
            self::whole::<I, SEAL>(isa, quad, stream);
        }
        let Some(stream) = streams.last() else {
            return;
        };
        let last = self::last::<I, SEAL>(isa, last, *stream);
        if SEAL {
            *batch = Batch {
                quads,
                last,
                powers,
            };
        }
    }

    /// Hashes what waits with nothing beside.
    #[inline(always)]
    fn hash(&mut self) {
        let (isa, Waiting { sum, batch, .. }) = (self.isa, &mut self.waiting);
        for (quad, power) in batch.quads.iter().zip(batch.powers) {
            sum.add(isa, isa.reverse(isa.load(quad)), isa.load(power));
        }
        if let Some(power) = batch.powers.last() {
            sum.add(isa, isa.reverse(batch.last), isa.load(power));
        }
    }

    /// The tag of the packet, all of which is hashed.
    #[inline(always)]
    fn tag(&self) -> u128 {
        let single = self.isa.single();
        let hash = single.reverse_block(self.waiting.sum.reduce(self.isa));
        single.bytes(single.xor_block(hash, self.waiting.mask))
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
