//! Many packets of one key: short ones side by side.
//!
//! A short packet alone is all waiting: each round of AES waits for the one before it, the hash for the
//! ciphertext, the reduction for the hash. So the quads of a whole wave of packets form one stream, worked
//! through in batches that do not care where a packet ends. Each packet has its sum in memory, as a batch
//! may touch several. What packets need once (the mask of the tag, associated data and lengths,
//! the reduction) is done for four packets in one quad.
//!
//! The next quad of the stream is found without a branch that depends on lengths: packets of mixed lengths
//! cost no mispredictions.

use core::array;
use core::mem;

use crate::cipher::{Cipher, Counters};
use crate::hash::Sum;
use crate::isa::{BLOCK, Isa, QUAD};
use crate::packet::Packet;
use crate::single::{self, SEGMENT};
use crate::table::{POWERS, Table};

/// Packets in the stream at once.
const WAVE: usize = 32;
/// Packets that share what is done once for each.
const FOUR: usize = 4;
/// Sums: one for each packet, and some for the quads that fill the last batch.
const SUMS: usize = WAVE + 4;

/// Seals or opens packets and gives each its tag.
#[inline(always)]
pub(crate) fn crypt<I: Isa, const R: usize, const N: usize, const SEAL: bool, P: Packet>(
    isa: I,
    table: &Table,
    packets: &mut [P],
) {
    let cipher = Cipher::<I, R>::new(isa, table);
    let mut wave = Wave::new();
    for packet in packets {
        if packet.body().len() > SEGMENT {
            let (nonce, aad) = (packet.nonce(), packet.aad());
            let tag = single::crypt::<I, R, N, SEAL>(isa, table, nonce, aad, packet.body());
            packet.finish(tag);
        } else if wave.push(packet) == WAVE {
            wave.run::<I, R, N, SEAL>(isa, table, &cipher);
        }
    }
    wave.run::<I, R, N, SEAL>(isa, table, &cipher);
}

/// Short packets.
struct Wave<'a, P> {
    packets: [Option<&'a mut P>; WAVE],
    length: usize,
}

/// What is left of a packet's body.
struct Run<'a, I: Isa> {
    body: &'a mut [u8],
    counters: Counters<I>,
    /// Where the powers for the next blocks are in the table.
    powers: usize,
}

impl<'a, P: Packet> Wave<'a, P> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            packets: [const { None }; WAVE],
            length: 0,
        }
    }

    /// Adds a packet and gives the number of packets.
    #[inline(always)]
    fn push(&mut self, packet: &'a mut P) -> usize {
        if let Some(place) = self.packets.get_mut(self.length) {
            *place = Some(packet);
            self.length += 1;
        }
        self.length
    }

    #[inline(always)]
    fn run<I: Isa, const R: usize, const N: usize, const SEAL: bool>(
        &mut self,
        isa: I,
        table: &Table,
        cipher: &Cipher<I, R>,
    ) {
        let length = mem::take(&mut self.length);
        let packets = self.packets.get_mut(..length).unwrap_or_default();
        let mut sums = [Sum::zero(isa); SUMS];
        let mut masks = [isa.zero(); WAVE / FOUR];
        let mut runs: [Run<'_, I>; SUMS] = array::from_fn(|_| Run {
            body: Default::default(),
            counters: Counters::none(isa),
            powers: 0,
        });

        let mut quads = 0;
        let fours = packets.chunks_mut(FOUR).zip(sums.chunks_mut(FOUR));
        for (((packets, sums), runs), mask) in fours.zip(runs.chunks_mut(FOUR)).zip(&mut masks) {
            quads += begin(isa, table, cipher, packets, sums, runs, mask);
        }
        stream::<I, R, N, SEAL>(isa, table, cipher, quads, &mut runs, &mut sums);
        let fours = packets.chunks_mut(FOUR).zip(sums.chunks(FOUR));
        for ((packets, sums), mask) in fours.zip(masks) {
            finish(isa, packets, sums, mask);
        }
    }
}

/// Masks, sums and runs of four packets; gives the number of quads in their bodies.
#[inline(always)]
fn begin<'a, I: Isa, const R: usize, P: Packet>(
    isa: I,
    table: &Table,
    cipher: &Cipher<I, R>,
    packets: &'a mut [Option<&mut P>],
    sums: &mut [Sum<I>],
    runs: &mut [Run<'a, I>],
    mask: &mut I::Quad,
) -> usize {
    let single = isa.single();
    let zero = single.block(0);
    let mut first = [zero; FOUR];
    let mut ends = [[zero; 2]; FOUR];
    let mut powers = [[zero; 2]; FOUR];
    let mut quads = 0;
    let packets = packets.iter_mut().flatten().zip(runs);
    let values = first.iter_mut().zip(&mut ends).zip(&mut powers);
    for ((packet, run), ((first, ends), powers)) in packets.zip(values) {
        *first = single.block(packet.nonce().first_counter());
        let (aad, body) = (packet.aad(), packet.body());
        let bits = u128::from(aad.bits()) << 64 | (body.len() as u128) << 3;
        *ends = [
            single.reverse_block(single.block(aad.block())),
            single.block(bits),
        ];
        let blocks = body.len().div_ceil(BLOCK);
        let power = |power| single.load_block(table.power(power));
        *powers = [power(blocks + 2), power(1)];
        quads += body.len().div_ceil(QUAD).max(1);
        *run = Run {
            counters: Counters::behind(isa, *first),
            powers: (POWERS - 1).saturating_sub(blocks) * BLOCK,
            body,
        };
    }
    [*mask] = cipher.encrypt([isa.join(first)]);
    let ([a, b, c, d], [e, f, g, h]) = (ends, powers);
    let two = |[a, b]: [_; 2], [c, d]: [_; 2]| isa.join([a, b, c, d]);
    let [one, other] = [
        Sum::of(isa, two(a, b), two(e, f)),
        Sum::of(isa, two(c, d), two(g, h)),
    ];
    let values = one.halves(isa).into_iter().chain(other.halves(isa));
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum = value;
    }
    quads
}

/// Works the quads of all runs through.
#[inline(always)]
fn stream<I: Isa, const R: usize, const N: usize, const SEAL: bool>(
    isa: I,
    table: &Table,
    cipher: &Cipher<I, R>,
    quads: usize,
    runs: &mut [Run<'_, I>; SUMS],
    sums: &mut [Sum<I>; SUMS],
) {
    let mut current = 0;
    for _ in 0..quads.div_ceil(N) {
        let mut counters = [isa.zero(); N];
        let mut parts: [(&mut [u8], usize, usize); N] = array::from_fn(|_| Default::default());
        for ((body, powers, number), counters) in parts.iter_mut().zip(&mut counters) {
            let Some(run) = runs.get_mut(current) else {
                continue;
            };
            let left = mem::take(&mut run.body);
            let (part, rest) = left.split_at_mut(left.len().min(QUAD));
            run.body = rest;
            (*body, *powers, *number) = (part, run.powers, current);
            [*counters] = run.counters.take(isa);
            run.powers += QUAD;
            current += usize::from(run.body.is_empty());
        }
        let stream = cipher.encrypt(counters);
        for ((body, powers, number), stream) in parts.into_iter().zip(stream) {
            let given = isa.load_short(body);
            let result = isa.xor(given, stream);
            isa.store_short(body, result);
            let hashed = if SEAL {
                isa.keep(result, body.len())
            } else {
                given
            };
            if let Some(sum) = sums.get_mut(number) {
                sum.add(
                    isa,
                    isa.reverse(hashed),
                    isa.load(table.four_powers(powers)),
                );
            }
        }
    }
}

/// The tags of four packets.
#[inline(always)]
fn finish<I: Isa, P: Packet>(
    isa: I,
    packets: &mut [Option<&mut P>],
    sums: &[Sum<I>],
    mask: I::Quad,
) {
    let mut four = [Sum::zero(isa); FOUR];
    for (to, sum) in four.iter_mut().zip(sums) {
        *to = *sum;
    }
    let hashes = isa.reverse(Sum::reduce_each(isa, four));
    let tags = isa.split(isa.xor(hashes, mask));
    for (packet, tag) in packets.iter_mut().flatten().zip(tags) {
        packet.finish(isa.single().bytes(tag));
    }
}
