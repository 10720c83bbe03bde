//! Short packets of as many blocks in lockstep, in groups of four.
//!
//! AES of one quad waits for each of its rounds; those of several packets fill the time. Quads of four packets are
//! turned into quads of places, in which each packet has one block: so all four are hashed with the same powers and
//! reduced at once, and what a packet has one block of lies beside that of the others: first counters, associated
//! data, lengths, and the blocks behind the last whole quad.

use crate::gcm::burst::Look;
use crate::gcm::cipher::{Beside, Cipher, PARTS};
use crate::gcm::hash::Sum;
use crate::gcm::isa::{BLOCK, Isa, QUAD};
use crate::gcm::packet::Packet;
use crate::gcm::stream::{last, whole};
use crate::gcm::table::Table;

/// Blocks of the longest packets that go in lockstep. Longer ones gain as much from batches of their own.
pub(crate) const MOST: usize = 16;

/// What four packets begin with.
#[derive(Clone, Copy)]
pub(crate) struct Heads<I: Isa> {
    /// First counter blocks.
    pub(crate) firsts: I::Quad,
    /// Associated data.
    pub(crate) aads: I::Quad,
    /// Bits of associated data, in the high halves.
    pub(crate) aad_bits: I::Quad,
}

impl<I: Isa> Heads<I> {
    /// Of numbers that are known by themselves.
    #[inline(always)]
    pub(crate) fn of<P: Packet>(isa: I, packets: [&P; 4]) -> Self {
        let [a, b, c, d] = packets;
        let [e, f, g, h] = [a.aad(), b.aad(), c.aad(), d.aad()];
        let [i, j, k, l] = [a.nonce(), b.nonce(), c.nonce(), d.nonce()];
        let firsts = [
            i.first_counter(),
            j.first_counter(),
            k.first_counter(),
            l.first_counter(),
        ];
        let bits = [e.bits(), f.bits(), g.bits(), h.bits()];
        let [m, n, o, p] = bits;
        let high = |bits: u64| u128::from(bits) << 64;
        Self {
            firsts: join(isa, firsts),
            aads: join(isa, [e.block(), f.block(), g.block(), h.block()]),
            aad_bits: join(isa, [high(m), high(n), high(o), high(p)]),
        }
    }
}

/// Four packets on their way.
struct Lane<I: Isa> {
    heads: Heads<I>,
    /// Bytes of the bodies.
    lengths: I::Quad,
}

impl<I: Isa> Lane<I> {
    #[inline(always)]
    fn of<P, L: Look<P>>(isa: I, look: &L, places: &[usize; 4], packets: &[P; 4]) -> Self {
        let [a, b, c, d] = packets;
        let lengths = [
            look.length(a) as u128,
            look.length(b) as u128,
            look.length(c) as u128,
            look.length(d) as u128,
        ];
        Self {
            heads: look.heads(isa, places, packets),
            lengths: join(isa, lengths),
        }
    }
}

/// Four numbers as blocks.
#[inline(always)]
pub(crate) fn join<I: Isa>(isa: I, [a, b, c, d]: [u128; 4]) -> I::Quad {
    let single = isa.single();
    isa.join([
        single.block(a),
        single.block(b),
        single.block(c),
        single.block(d),
    ])
}

/// Seals or opens eight packets with bodies of so many blocks; gives a bit for each whose tag is the one that was to
/// be.
#[inline(always)]
pub(crate) fn eight<I: Isa, const R: usize, const SEAL: bool, P, L: Look<P>>(
    isa: I,
    table: &Table,
    look: &L,
    places: &[usize; 8],
    packets: &mut [P; 8],
    blocks: usize,
) -> u32 {
    let ([one, two], _) = packets.as_chunks_mut() else {
        return 0;
    };
    let ([e, f], _) = places.as_chunks() else {
        return 0;
    };
    let expected = [look.expected(isa, one), look.expected(isa, two)];
    let lanes = [Lane::of(isa, look, e, one), Lane::of(isa, look, f, two)];
    let mut groups = [one, two];
    let tags = lockstep::<I, R, 2, SEAL, P, L>(isa, table, look, lanes, &mut groups, blocks);
    let ([one, two], [e, f], [g, h]) = (groups, expected, tags);
    look.finish_four(isa, one, e, g) | look.finish_four(isa, two, f, h) << 4
}

/// The same for four.
#[inline(always)]
pub(crate) fn four<I: Isa, const R: usize, const SEAL: bool, P, L: Look<P>>(
    isa: I,
    table: &Table,
    look: &L,
    places: &[usize; 4],
    packets: &mut [P; 4],
    blocks: usize,
) -> u32 {
    let expected = look.expected(isa, packets);
    let lanes = [Lane::of(isa, look, places, packets)];
    let mut groups = [packets];
    let [tags] = lockstep::<I, R, 1, SEAL, P, L>(isa, table, look, lanes, &mut groups, blocks);
    let [packets] = groups;
    look.finish_four(isa, packets, expected, tags)
}

/// Seals or opens `G` groups of packets with bodies of `blocks` blocks, from 1 to [`MOST`], of which the last may be
/// short, and gives their tags.
#[inline(always)]
fn lockstep<I, const R: usize, const G: usize, const SEAL: bool, P, L>(
    isa: I,
    table: &Table,
    look: &L,
    lanes: [Lane<I>; G],
    groups: &mut [&mut [P; 4]; G],
    blocks: usize,
) -> [I::Quad; G]
where
    I: Isa,
    L: Look<P>,
{
    let cipher = Cipher::<I, R>::new(isa, table.round_keys());
    let single = isa.single();
    let splat = |value| isa.splat(single.block(value));
    let power = |power| isa.splat(single.load_block(table.power(power)));
    let (quads, behind) = (blocks / 4, blocks % 4);
    // The counter is the last byte, and does not overflow.
    let counter = |number: usize| (number as u128) << 120;

    let mut firsts = [isa.zero(); G];
    for (first, lane) in firsts.iter_mut().zip(&lanes) {
        *first = lane.heads.firsts;
    }
    // What hides the hashes, and the first block behind the quads.
    let mut ahead = [firsts; 2];
    let [masks, tails] = &mut ahead;
    if behind == 0 {
        cipher.encrypt(masks);
    } else {
        let place = splat(counter(4 * quads + 1));
        for tail in tails {
            *tail = isa.add(*tail, place);
        }
        cipher.encrypt(ahead.as_flattened_mut());
    }
    let [masks, mut tails] = ahead;

    let mut sums = [Sum::zero(isa); G];
    let (aad_power, length_power) = (power(blocks + 2), power(1));
    for (sum, Lane { heads, lengths }) in sums.iter_mut().zip(&lanes) {
        sum.add(isa, isa.reverse(heads.aads), aad_power);
        let bits = isa.xor(isa.times_eight(*lengths), heads.aad_bits);
        sum.add(isa, bits, length_power);
    }

    let steps = join(isa, [counter(1), counter(2), counter(3), counter(4)]);
    let mut waiting = Row {
        isa,
        table,
        sums,
        places: [[isa.zero(); 4]; G],
        power: 0,
    };
    for number in 0..quads {
        let steps = isa.add(steps, splat(counter(4 * number)));
        let mut streams = [[isa.zero(); 4]; G];
        for (streams, first) in streams.iter_mut().zip(firsts) {
            for (stream, first) in streams.iter_mut().zip(isa.spread(first)) {
                *stream = isa.add(first, steps);
            }
        }
        cipher.encrypt_beside(streams.as_flattened_mut(), &mut waiting);
        let is_last = behind == 0 && number + 1 == quads;
        for (group, streams) in groups.iter_mut().zip(&mut streams) {
            for (packet, stream) in group.iter_mut().zip(streams) {
                if is_last {
                    *stream = last::<I, SEAL>(isa, look.rest(packet, number * QUAD), *stream);
                } else if let Some(quad) = look.part(packet, number * QUAD) {
                    *stream = whole::<I, SEAL>(isa, quad, *stream);
                }
            }
        }
        for hashed in &mut streams {
            *hashed = isa.transpose(*hashed);
        }
        waiting.places = streams;
        waiting.power = blocks + 1 - 4 * number;
    }
    waiting.hash();
    let mut sums = waiting.sums;

    for number in 4 * quads..blocks {
        if number > 4 * quads {
            let place = splat(counter(number + 1));
            for (tail, first) in tails.iter_mut().zip(firsts) {
                *tail = isa.add(first, place);
            }
            cipher.encrypt(&mut tails);
        }
        let power = power(blocks + 1 - number);
        // One block less than there are, the first byte of a block counts: none is below 0.
        let before = splat((number * BLOCK) as u128);
        // Not as a loop: compilers don't unroll it, and the sums are then in memory.
        macro_rules! behind {
            ($($number:literal)*) => {$(
                if let (Some(group), Some(lane), Some(sum), Some(tail)) = (
                    groups.get_mut($number),
                    lanes.get($number),
                    sums.get_mut($number),
                    tails.get($number),
                ) {
                    let lengths = isa.subtract(lane.lengths, before);
                    let hashed =
                        behind_quads::<I, SEAL, P, L>(isa, look, group, number, lengths, *tail);
                    sum.add(isa, isa.reverse(hashed), power);
                }
            )*};
        }
        behind!(0 1);
    }

    let mut tags = [isa.zero(); G];
    for ((tags, sum), mask) in tags.iter_mut().zip(sums).zip(&masks) {
        let hashes = isa.reverse(sum.reduce_each(isa));
        *tags = isa.xor(hashes, *mask);
    }
    tags
}

/// A quad of each packet, turned into places, and yet to be hashed: beside AES of the next.
struct Row<'t, I: Isa, const G: usize> {
    isa: I,
    table: &'t Table,
    sums: [Sum<I>; G],
    places: [[I::Quad; 4]; G],
    /// Of the first place; 0 if there is nothing.
    power: usize,
}

impl<I: Isa, const G: usize> Row<'_, I, G> {
    /// Hashes what is in a place.
    #[inline(always)]
    fn hash_place(&mut self, place: usize) {
        let isa = self.isa;
        let power = isa.splat(
            isa.single()
                .load_block(self.table.power(self.power - place)),
        );
        for (sum, places) in self.sums.iter_mut().zip(&self.places) {
            if let Some(hashed) = places.get(place) {
                sum.add(isa, isa.reverse(*hashed), power);
            }
        }
    }

    /// Hashes it with nothing beside.
    #[inline(always)]
    fn hash(&mut self) {
        if self.power > 0 {
            for place in 0..4 {
                self.hash_place(place);
            }
        }
    }
}

impl<I: Isa, const G: usize> Beside<I> for Row<'_, I, G> {
    #[inline(always)]
    fn part(&mut self, number: usize, beside: &mut I::Quad) {
        if self.power == 0 {
            return;
        }
        for place in number * 4 / PARTS..(number + 1) * 4 / PARTS {
            self.hash_place(place);
            for sum in &mut self.sums {
                sum.tie(self.isa, beside);
            }
        }
    }
}

/// Encrypts or decrypts up to a block of each packet, and gives what is hashed.
#[inline(always)]
fn behind_quads<I: Isa, const SEAL: bool, P, L: Look<P>>(
    isa: I,
    look: &L,
    [a, b, c, d]: &mut [P; 4],
    number: usize,
    lengths: I::Quad,
    stream: I::Quad,
) -> I::Quad {
    let single = isa.single();
    let from = number * BLOCK;
    // What is behind a body is written as it was: a whole block is loaded and stored sooner than a part.
    if let (Some(a), Some(b), Some(c), Some(d)) = (
        look.part(a, from),
        look.part(b, from),
        look.part(c, from),
        look.part(d, from),
    ) {
        let given = isa.join([
            single.load_block(a),
            single.load_block(b),
            single.load_block(c),
            single.load_block(d),
        ]);
        let result = isa.xor(given, isa.keep_each(stream, lengths));
        let [e, f, g, h] = isa.split(result);
        single.store_block(a, e);
        single.store_block(b, f);
        single.store_block(c, g);
        single.store_block(d, h);
        return isa.keep_each(if SEAL { result } else { given }, lengths);
    }
    let [a, b, c, d] = [
        block_of(look.rest(a, from)),
        block_of(look.rest(b, from)),
        block_of(look.rest(c, from)),
        block_of(look.rest(d, from)),
    ];
    let given = isa.join([
        isa.load_short_block(a),
        isa.load_short_block(b),
        isa.load_short_block(c),
        isa.load_short_block(d),
    ]);
    let result = isa.xor(given, stream);
    let [e, f, g, h] = isa.split(result);
    isa.store_short_block(a, e);
    isa.store_short_block(b, f);
    isa.store_short_block(c, g);
    isa.store_short_block(d, h);
    if SEAL {
        isa.keep_each(result, lengths)
    } else {
        given
    }
}

/// Up to a block of what is left of a body.
#[inline(always)]
fn block_of(rest: &mut [u8]) -> &mut [u8] {
    let length = rest.len().min(BLOCK);
    rest.get_mut(..length).unwrap_or_default()
}
