//! Four short packets of as many blocks, in lockstep.
//!
//! AES of one quad waits for each of its rounds; four fill the time. Quads of the packets are turned into quads
//! of places, in which each packet has one block: so all four are hashed with the same powers and reduced
//! at once, and what a packet has one block of lies beside that of the others: first counters, associated
//! data and lengths.

use crate::gcm::cipher::{Beside, Cipher};
use crate::gcm::hash::Sum;
use crate::gcm::isa::{BLOCK, Isa, QUAD};
use crate::gcm::packet::Packet;
use crate::gcm::stream::{bits, last, whole};
use crate::gcm::table::Table;

/// Blocks of the longest packets that go in lockstep. Longer ones gain as much from batches of their own.
pub(crate) const MOST: usize = 8;

/// A quad of each packet that is yet to be hashed.
struct Waiting<'a, I: Isa> {
    isa: I,
    sum: Sum<I>,
    /// A quad for each place.
    places: [I::Quad; 4],
    /// A power for each place, or none.
    powers: &'a [[u8; BLOCK]],
}

impl<I: Isa> Beside<I> for Waiting<'_, I> {
    #[inline(always)]
    fn part(&mut self, number: usize, beside: &mut I::Quad) {
        let isa = self.isa;
        if let (Some(place), Some(power)) = (self.places.get(number), self.powers.get(number)) {
            let mut place = isa.reverse(*place);
            isa.tie(&mut place, beside);
            let power = isa.splat(isa.single().load_block(power));
            self.sum.add(isa, place, power);
            self.sum.tie(isa, beside);
        }
    }
}

/// Seals or opens packets with bodies of `blocks` blocks, from 1 to [`MOST`], of which the last may be
/// short. `N` quads go side by side.
#[inline(always)]
pub(crate) fn four<I: Isa, const R: usize, const N: usize, const SEAL: bool, P: Packet>(
    isa: I,
    table: &Table,
    cipher: &Cipher<I, R>,
    packets: &mut [P; 4],
    blocks: usize,
) {
    let single = isa.single();
    let block = |value| single.block(value);
    let firsts = packets
        .each_ref()
        .map(|packet| block(packet.nonce().first_counter()));
    let mut masks = [isa.join(firsts)];
    cipher.encrypt(&mut masks);
    // The counter is the last byte, and does not overflow.
    let steps = isa.join([1, 2, 3, 4].map(|number| block(number << 120)));
    let next = isa.splat(block(4 << 120));
    let mut counters = firsts.map(|first| isa.add(isa.splat(first), steps));

    let power = |power| isa.splat(single.load_block(table.power(power)));
    let aads = packets.each_ref().map(|packet| block(packet.aad().block()));
    let lengths = packets
        .each_mut()
        .map(|packet| block(u128::from(packet.aad().bits()) << 64 | bits(packet.body().len())));
    let mut sum = Sum::zero(isa);
    sum.add(isa, isa.reverse(isa.join(aads)), power(blocks + 2));
    sum.add(isa, isa.join(lengths), power(1));

    let mut waiting = Waiting {
        isa,
        sum,
        places: [isa.zero(); 4],
        powers: &[],
    };
    let (powers, _) = table.powers_from(blocks + 1).as_chunks::<BLOCK>();
    let (powers, _) = powers.as_chunks::<4>();
    let quads = blocks.div_ceil(4);
    for (number, powers) in powers.iter().take(quads).enumerate() {
        let mut streams = counters;
        for counter in &mut counters {
            *counter = isa.add(*counter, next);
        }
        let (now, later) = streams.split_at_mut(N);
        cipher.encrypt_beside(now, &mut waiting);
        cipher.encrypt(later);
        let mut hashed = [isa.zero(); 4];
        for ((packet, stream), hashed) in packets.iter_mut().zip(streams).zip(&mut hashed) {
            let rest = packet.body().get_mut(number * QUAD..);
            let rest = rest.unwrap_or_default();
            *hashed = if number + 1 == quads {
                last::<I, SEAL>(isa, rest, stream)
            } else if let Some(quad) = rest.first_chunk_mut() {
                whole::<I, SEAL>(isa, quad, stream)
            } else {
                isa.zero()
            };
        }
        (waiting.places, waiting.powers) = (isa.transpose(hashed), powers);
    }
    for (place, power) in waiting.places.into_iter().zip(waiting.powers) {
        let power = isa.splat(single.load_block(power));
        waiting.sum.add(isa, isa.reverse(place), power);
    }
    let hashes = isa.reverse(waiting.sum.reduce_each(isa));
    let [masks] = masks;
    let tags = isa.split(isa.xor(hashes, masks));
    for (packet, tag) in packets.iter_mut().zip(tags) {
        packet.finish(single.bytes(tag));
    }
}
