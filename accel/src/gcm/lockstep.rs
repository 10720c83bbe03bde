//! Short packets of as many blocks in lockstep, in groups of four.
//!
//! AES of one quad waits for each of its rounds; those of several packets fill the time. Quads of four packets are
//! turned into quads of places, in which each packet has one block: so all four are hashed with the same powers and
//! reduced at once, and what a packet has one block of lies beside that of the others: first counters, associated
//! data, lengths, and the blocks behind the last whole quad.

use crate::gcm::cipher::{Beside, Cipher, PARTS};
use crate::gcm::hash::Sum;
use crate::gcm::isa::{BLOCK, Isa, QUAD};
use crate::gcm::packet::Packet;
use crate::gcm::stream::{bits, last, whole};
use crate::gcm::table::Table;

/// Blocks of the longest packets that go in lockstep. Longer ones gain as much from batches of their own.
pub(crate) const MOST: usize = 16;

/// Four packets in a row.
pub(crate) struct Group<'s, I: Isa> {
    /// First counter blocks.
    pub(crate) firsts: I::Quad,
    /// Associated data.
    pub(crate) aads: I::Quad,
    /// Bits of associated data.
    pub(crate) aad_bits: [u64; 4],
    pub(crate) bodies: [&'s mut [u8]; 4],
}

impl<'s, I: Isa> Group<'s, I> {
    #[inline(always)]
    pub(crate) fn of<P: Packet>(isa: I, packets: &'s mut [P; 4]) -> Self {
        let [a, b, c, d] = packets;
        let nonces = [a.nonce(), b.nonce(), c.nonce(), d.nonce()];
        let aads = [a.aad(), b.aad(), c.aad(), d.aad()];
        let [e, f, g, h] = nonces;
        let [i, j, k, l] = aads;
        let firsts = [
            e.first_counter(),
            f.first_counter(),
            g.first_counter(),
            h.first_counter(),
        ];
        Self {
            firsts: join(isa, firsts),
            aads: join(isa, [i.block(), j.block(), k.block(), l.block()]),
            aad_bits: [i.bits(), j.bits(), k.bits(), l.bits()],
            bodies: [a.body(), b.body(), c.body(), d.body()],
        }
    }
}

/// Four numbers as blocks.
#[inline(always)]
fn join<I: Isa>(isa: I, [a, b, c, d]: [u128; 4]) -> I::Quad {
    let single = isa.single();
    isa.join([
        single.block(a),
        single.block(b),
        single.block(c),
        single.block(d),
    ])
}

/// Seals or opens `G` groups of packets with bodies of `blocks` blocks, from 1 to [`MOST`], of which the last may be
/// short, and gives their tags.
#[inline(always)]
pub(crate) fn lockstep<I: Isa, const R: usize, const G: usize, const SEAL: bool>(
    isa: I,
    table: &Table,
    cipher: &Cipher<'_, I, R>,
    groups: &mut [Group<'_, I>; G],
    blocks: usize,
) -> [[u128; 4]; G] {
    let single = isa.single();
    let splat = |value| isa.splat(single.block(value));
    let power = |power| isa.splat(single.load_block(table.power(power)));
    let (quads, behind) = (blocks / 4, blocks % 4);
    // The counter is the last byte, and does not overflow.
    let counter = |number: usize| (number as u128) << 120;

    let mut firsts = [isa.zero(); G];
    for (first, group) in firsts.iter_mut().zip(&*groups) {
        *first = group.firsts;
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
    for (sum, group) in sums.iter_mut().zip(&*groups) {
        sum.add(isa, isa.reverse(group.aads), aad_power);
        let [a, b, c, d] = &group.bodies;
        let [e, f, g, h] = group.aad_bits;
        let length = |bytes: usize, aad_bits: u64| u128::from(aad_bits) << 64 | bits(bytes);
        let lengths = [
            length(a.len(), e),
            length(b.len(), f),
            length(c.len(), g),
            length(d.len(), h),
        ];
        sum.add(isa, join(isa, lengths), length_power);
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
            for (body, stream) in group.bodies.iter_mut().zip(streams) {
                let rest = body.get_mut(number * QUAD..);
                let rest = rest.unwrap_or_default();
                *stream = if is_last {
                    last::<I, SEAL>(isa, rest, *stream)
                } else if let Some(quad) = rest.first_chunk_mut() {
                    whole::<I, SEAL>(isa, quad, *stream)
                } else {
                    isa.zero()
                };
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
        for ((group, tail), sum) in groups.iter_mut().zip(&tails).zip(&mut sums) {
            let hashed = behind_quads::<I, SEAL>(isa, &mut group.bodies, number * BLOCK, *tail);
            sum.add(isa, isa.reverse(hashed), power);
        }
    }

    let mut tags = [[0; 4]; G];
    for ((tags, sum), mask) in tags.iter_mut().zip(sums).zip(masks) {
        let hashes = isa.reverse(sum.reduce_each(isa));
        let [a, b, c, d] = isa.split(isa.xor(hashes, mask));
        *tags = [
            single.bytes(a),
            single.bytes(b),
            single.bytes(c),
            single.bytes(d),
        ];
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
fn behind_quads<I: Isa, const SEAL: bool>(
    isa: I,
    [a, b, c, d]: &mut [&mut [u8]; 4],
    from: usize,
    stream: I::Quad,
) -> I::Quad {
    let [a, b, c, d] = [
        block_of(a, from),
        block_of(b, from),
        block_of(c, from),
        block_of(d, from),
    ];
    let lengths = [a.len(), b.len(), c.len(), d.len()];
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

/// Up to a block of a body.
#[inline(always)]
fn block_of(body: &mut [u8], from: usize) -> &mut [u8] {
    let rest = body.get_mut(from..).unwrap_or_default();
    let length = rest.len().min(BLOCK);
    rest.get_mut(..length).unwrap_or_default()
}
