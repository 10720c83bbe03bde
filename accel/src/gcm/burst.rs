//! Packets in one go.

use core::mem;

use crate::gcm::isa::{BLOCK, Isa};
use crate::gcm::lockstep::{Group, MOST, lockstep};
use crate::gcm::packet::{Kept, Packet};
use crate::gcm::stream::Stream;
use crate::gcm::table::Table;

/// Where packets come from, one after the other.
pub(crate) trait Source<'s> {
    type Packet: Packet;
    /// What is left of a packet to wait for its tag.
    type Waiting;

    /// How many blocks the body of one of the next has; `None` behind the last.
    fn blocks_at(&mut self, place: usize) -> Option<usize>;

    /// The next one.
    fn one(&mut self) -> Option<Self::Packet>;

    /// The next four.
    fn four(&mut self) -> Option<[Self::Packet; 4]>;

    /// The body of a packet, and what of it waits for the tag.
    fn parts(packet: Self::Packet) -> (&'s mut [u8], Self::Waiting);

    /// A tag is found.
    fn finish(&mut self, packet: Self::Waiting, tag: u128);
}

/// Packets that the caller has made.
pub(crate) struct Made<'s, P>(pub(crate) &'s mut [P]);

impl<'s, P: Kept> Source<'s> for Made<'s, P> {
    type Packet = &'s mut P;
    type Waiting = P::Waiting<'s>;

    #[inline(always)]
    fn blocks_at(&mut self, place: usize) -> Option<usize> {
        let packet = self.0.get_mut(place)?;
        Some(packet.body().len().div_ceil(BLOCK))
    }

    #[inline(always)]
    fn one(&mut self) -> Option<&'s mut P> {
        let (packet, rest) = mem::take(&mut self.0).split_first_mut()?;
        self.0 = rest;
        Some(packet)
    }

    #[inline(always)]
    fn four(&mut self) -> Option<[&'s mut P; 4]> {
        let ([a, b, c, d], rest) = mem::take(&mut self.0).split_first_chunk_mut()?;
        self.0 = rest;
        Some([a, b, c, d])
    }

    #[inline(always)]
    fn parts(packet: &'s mut P) -> (&'s mut [u8], Self::Waiting) {
        packet.parts()
    }

    #[inline(always)]
    fn finish(&mut self, packet: Self::Waiting, tag: u128) {
        P::tell(packet, tag);
    }
}

/// Seals or opens packets: short ones eight or four at a time where as many in a row have the same number of blocks,
/// the others one after the other.
#[inline(always)]
pub(crate) fn burst<'s, I: Isa, const R: usize, const N: usize, const SEAL: bool, S: Source<'s>>(
    isa: I,
    table: &'s Table,
    source: &mut S,
) {
    let mut stream = Stream::<I, R, N>::new(isa, table);
    let mut before: Option<S::Waiting> = None;
    loop {
        if let Some((groups, blocks)) = if I::ROOMY { alike(source) } else { None } {
            let cipher = stream.cipher();
            if groups == 2
                && let (Some(mut first), Some(mut second)) = (source.four(), source.four())
            {
                let mut groups = [Group::of(isa, &mut first), Group::of(isa, &mut second)];
                let [tags, others] =
                    lockstep::<I, R, 2, SEAL>(isa, table, cipher, &mut groups, blocks);
                finish_four(source, first, tags);
                finish_four(source, second, others);
            } else if let Some(mut first) = source.four() {
                let mut groups = [Group::of(isa, &mut first)];
                let [tags] = lockstep::<I, R, 1, SEAL>(isa, table, cipher, &mut groups, blocks);
                finish_four(source, first, tags);
            }
        } else {
            let Some(now) = source.one() else {
                break;
            };
            let (nonce, aad) = (now.nonce().first_counter(), now.aad());
            let (body, waiting) = S::parts(now);
            let tag = stream.packet::<SEAL>(nonce, aad.block(), body, aad.bits());
            if let Some(before) = before.replace(waiting) {
                source.finish(before, tag);
            }
        }
    }
    if let Some(last) = before {
        source.finish(last, stream.finish());
    }
}

#[inline(always)]
fn finish_four<'s, S: Source<'s>>(source: &mut S, [a, b, c, d]: [S::Packet; 4], tags: [u128; 4]) {
    let [e, f, g, h] = tags;
    for (packet, tag) in [(a, e), (b, f), (c, g), (d, h)] {
        let (_, waiting) = S::parts(packet);
        source.finish(waiting, tag);
    }
}

/// How many groups of four, up to two, may go in lockstep, and how many blocks each of their packets has.
#[inline(always)]
fn alike<'s, S: Source<'s>>(source: &mut S) -> Option<(usize, usize)> {
    let first = source.blocks_at(0)?;
    if !(1..=MOST).contains(&first) {
        return None;
    }
    let mut group = |from: usize| {
        let mut blocks = |place| source.blocks_at(from + place);
        let all = (blocks(0), blocks(1), blocks(2), blocks(3));
        all == (Some(first), Some(first), Some(first), Some(first))
    };
    if !group(0) {
        return None;
    }
    Some((1 + usize::from(group(4)), first))
}
