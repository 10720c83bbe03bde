//! Four packets side by side.
//!
//! A packet alone is much waiting: each round of AES waits for the one before it, the hash for the
//! ciphertext, the reduction for the hash. Here a quad of each of four packets goes in every step, with all
//! that is in flight in registers; and what a packet needs once (the mask of its tag, associated data
//! and lengths, the reduction) is done for the four in one quad.

use core::arch::x86_64::__m128i;
use core::mem;

use crate::gcm::burst::{FOUR, Four};
use crate::gcm::cipher::{Beside, Cipher, Lockstep};
use crate::gcm::hash::Sum;
use crate::gcm::isa::{BLOCK, Isa, QUAD};
use crate::gcm::packet::Packet;
use crate::gcm::table::{POWERS, Table};

/// Quads that one reduction suffices for.
const SEGMENT: usize = (POWERS - 2) * BLOCK / QUAD;

/// Where the last segment begins, in quads, if the longest packet has so many. Packets that go together
/// end behind it.
pub(crate) const fn last_cut(quads: usize) -> usize {
    quads.saturating_sub(1) / SEGMENT * SEGMENT
}

/// Seals or opens four packets and gives each its tag.
#[inline(always)]
pub(crate) fn crypt<I: Isa, const R: usize, const SEAL: bool, P: Packet>(
    isa: I,
    table: &Table,
    packets: &mut Four<'_, P>,
) {
    let lockstep = Steps::<I, R, SEAL> {
        isa,
        table,
        cipher: Cipher::new(isa, table),
    };
    lockstep.run(packets);
}

/// What the tag of a packet begins with, and its body.
struct Start<'a> {
    nonce: __m128i,
    aad: __m128i,
    length: __m128i,
    body: &'a mut [u8],
}

struct Steps<'a, I: Isa, const R: usize, const SEAL: bool> {
    isa: I,
    table: &'a Table,
    cipher: Cipher<I, R>,
}

impl<I: Isa, const R: usize, const SEAL: bool> Steps<'_, I, R, SEAL> {
    #[inline(always)]
    fn run<P: Packet>(&self, packets: &mut Four<'_, P>) {
        let isa = self.isa;
        let single = isa.single();
        let zero = single.block(0);
        let [Some(a), Some(b), Some(c), Some(d)] = packets else {
            return;
        };
        let (i, j, k, l) = (
            self.start(&mut **a),
            self.start(&mut **b),
            self.start(&mut **c),
            self.start(&mut **d),
        );
        let nonces = [i.nonce, j.nonce, k.nonce, l.nonce];
        let aads = [i.aad, j.aad, k.aad, l.aad];
        let lengths = [i.length, j.length, k.length, l.length];
        let mut bodies = [i.body, j.body, k.body, l.body];
        let [mask] = self.cipher.encrypt([isa.join(nonces)]);
        let mut counters = Lockstep::behind(isa, nonces);

        // All but the last segment.
        let mut before = aads;
        let mut factors = 1;
        let mut longest = 0;
        for body in &bodies {
            longest = body.len().div_ceil(QUAD).max(longest);
        }
        for _ in 0..last_cut(longest) / SEGMENT {
            let powers = SEGMENT * QUAD / BLOCK;
            let ends = [[powers + factors; 2]; FOUR];
            let mut sums = self.ends(before, [zero; FOUR], ends);
            let mut segments: [&mut [u8]; FOUR] = Default::default();
            for (segment, body) in segments.iter_mut().zip(&mut bodies) {
                (*segment, *body) = mem::take(body)
                    .split_at_mut_checked(SEGMENT * QUAD)
                    .unwrap_or_default();
            }
            self.steps(&mut sums, &mut counters, segments, [powers; FOUR]);
            before = isa.split(Sum::reduce_each(isa, sums));
            factors = 0;
        }
        let mut powers = [0; FOUR];
        let mut ends = [[0; 2]; FOUR];
        for ((powers, ends), body) in powers.iter_mut().zip(&mut ends).zip(&bodies) {
            *powers = body.len().div_ceil(BLOCK) + 1;
            *ends = [*powers + factors, 1];
        }
        let mut sums = self.ends(before, lengths, ends);
        self.steps(&mut sums, &mut counters, bodies, powers);
        let hashes = isa.reverse(Sum::reduce_each(isa, sums));
        let tags = isa.split(isa.xor(hashes, mask));
        let [i, j, k, l] = tags;
        a.finish(single.bytes(i));
        b.finish(single.bytes(j));
        c.finish(single.bytes(k));
        d.finish(single.bytes(l));
    }

    #[inline(always)]
    fn start<'p, P: Packet>(&self, packet: &'p mut P) -> Start<'p> {
        let single = self.isa.single();
        let (nonce, aad) = (packet.nonce(), packet.aad());
        let body = packet.body();
        let bits = u128::from(aad.bits()) << 64 | (body.len() as u128) << 3;
        Start {
            nonce: single.block(nonce.first_counter()),
            aad: single.reverse_block(single.block(aad.block())),
            length: single.block(bits),
            body,
        }
    }

    /// The products of what is before and behind the bodies with these powers.
    #[inline(always)]
    fn ends(
        &self,
        [a, b, c, d]: [__m128i; FOUR],
        [e, f, g, h]: [__m128i; FOUR],
        powers: [[usize; 2]; FOUR],
    ) -> [Sum<I>; FOUR] {
        let isa = self.isa;
        let mut blocks = [[isa.single().block(0); 2]; FOUR];
        for (blocks, powers) in blocks.iter_mut().zip(powers) {
            for (block, power) in blocks.iter_mut().zip(powers) {
                *block = isa.single().load_block(self.table.power(power));
            }
        }
        let [[i, j], [k, l], [m, n], [o, p]] = blocks;
        let [first, second] =
            Sum::of(isa, isa.join([a, e, b, f]), isa.join([i, j, k, l])).halves(isa);
        let [third, fourth] =
            Sum::of(isa, isa.join([c, g, d, h]), isa.join([m, n, o, p])).halves(isa);
        [first, second, third, fourth]
    }

    /// Encrypts or decrypts what is in the bodies and hashes it, their first blocks with these powers.
    #[inline(always)]
    fn steps(
        &self,
        sums: &mut [Sum<I>; FOUR],
        counters: &mut Lockstep<I, FOUR>,
        bodies: [&mut [u8]; FOUR],
        powers: [usize; FOUR],
    ) {
        let mut places = powers;
        let mut shortest = usize::MAX;
        let mut longest = 0;
        for (place, body) in places.iter_mut().zip(&bodies) {
            *place = POWERS.saturating_sub(*place) * BLOCK;
            shortest = shortest.min(body.len());
            longest = longest.max(body.len());
        }
        let whole = shortest / QUAD;
        let [a, b, c, d] = bodies;
        let (a, mut e) = quads(a, whole);
        let (b, mut f) = quads(b, whole);
        let (c, mut g) = quads(c, whole);
        let (d, mut h) = quads(d, whole);
        let mut sealed: Option<[&[u8; QUAD]; FOUR]> = None;
        for (((a, b), c), d) in a.iter_mut().zip(b).zip(c).zip(d) {
            let quads = if SEAL { sealed } else { Some([&*a, b, c, d]) };
            let counters = counters.take(self.isa);
            let stream = match quads {
                Some(quads) => {
                    let mut hash = Hash {
                        steps: self,
                        sums,
                        quads,
                        places: &mut places,
                    };
                    self.cipher.encrypt_beside(counters, &mut hash)
                }
                None => self.cipher.encrypt(counters),
            };
            let [i, j, k, l] = stream;
            let (a, b) = (self.exchange(a, i), self.exchange(b, j));
            sealed = Some([a, b, self.exchange(c, k), self.exchange(d, l)]);
        }
        if let (true, Some(quads)) = (SEAL, sealed) {
            let mut hash = Hash {
                steps: self,
                sums,
                quads,
                places: &mut places,
            };
            for number in 0..FOUR {
                hash.part(number);
            }
        }
        for _ in whole..longest.div_ceil(QUAD) {
            let mut parts: [&mut [u8]; FOUR] = Default::default();
            let rests = [&mut e, &mut f, &mut g, &mut h];
            for (part, rest) in parts.iter_mut().zip(rests) {
                let length = rest.len().min(QUAD);
                (*part, *rest) = mem::take(rest).split_at_mut(length);
            }
            self.short_step(sums, counters, parts, &mut places);
        }
    }

    /// Encrypts or decrypts a quad.
    #[inline(always)]
    fn exchange<'a>(&self, quad: &'a mut [u8; QUAD], stream: I::Quad) -> &'a [u8; QUAD] {
        let result = self.isa.xor(self.isa.load(quad), stream);
        self.isa.store(quad, result);
        quad
    }

    /// The next quad of each body, which may be short.
    #[inline(always)]
    fn short_step(
        &self,
        sums: &mut [Sum<I>; FOUR],
        counters: &mut Lockstep<I, FOUR>,
        bodies: [&mut [u8]; FOUR],
        places: &mut [usize; FOUR],
    ) {
        let isa = self.isa;
        let stream = self.cipher.encrypt(counters.take(isa));
        let values = sums.iter_mut().zip(places);
        for ((body, stream), (sum, place)) in bodies.into_iter().zip(stream).zip(values) {
            let given = isa.load_short(body);
            let result = isa.xor(given, stream);
            isa.store_short(body, result);
            let hashed = if SEAL {
                isa.keep(result, body.len())
            } else {
                given
            };
            let powers = isa.load(self.table.four_powers(*place));
            sum.add(isa, isa.reverse(hashed), powers);
            *place += QUAD;
        }
    }
}

/// Hashing a quad of each packet.
struct Hash<'a, I: Isa, const R: usize, const SEAL: bool> {
    steps: &'a Steps<'a, I, R, SEAL>,
    sums: &'a mut [Sum<I>; FOUR],
    quads: [&'a [u8; QUAD]; FOUR],
    places: &'a mut [usize; FOUR],
}

impl<I: Isa, const R: usize, const SEAL: bool> Beside for Hash<'_, I, R, SEAL> {
    #[inline(always)]
    fn part(&mut self, number: usize) {
        let Steps { isa, table, .. } = self.steps;
        let (isa, quad) = (*isa, self.quads.get(number));
        let values = self.sums.get_mut(number).zip(self.places.get_mut(number));
        if let (Some((sum, place)), Some(quad)) = (values, quad) {
            let powers = isa.load(table.four_powers(*place));
            sum.add(isa, isa.reverse(isa.load(quad)), powers);
            *place += QUAD;
        }
    }
}

/// So many quads, and what is behind them.
#[inline(always)]
fn quads(body: &mut [u8], count: usize) -> (&mut [[u8; QUAD]], &mut [u8]) {
    let (quads, rest) = body.split_at_mut_checked(count * QUAD).unwrap_or_default();
    (quads.as_chunks_mut().0, rest)
}
