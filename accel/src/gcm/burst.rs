//! Packets in one go.

use core::{array, mem};

use crate::gcm::isa::{BLOCK, Isa};
use crate::gcm::lockstep::{Heads, MOST};
use crate::gcm::packet::{Kept, Packet};
use crate::gcm::stream::Stream;
use crate::gcm::table::Table;

/// How a packet is looked at where it lies: what those of a burst have in common.
pub(crate) trait Look<P> {
    /// A packet.
    type Packet<'p>: Packet
    where
        P: 'p,
        Self: 'p;

    fn packet<'p>(&'p self, place: usize, packet: &'p mut P) -> Self::Packet<'p>;

    /// What is left of a packet to wait for its tag.
    type Waiting<'p>
    where
        P: 'p,
        Self: 'p;

    /// In the place of a packet that is elsewhere meanwhile.
    fn nothing() -> P;

    /// What four begin with, that have these places.
    fn heads<I: Isa>(&self, isa: I, places: &[usize; 4], packets: &[P; 4]) -> Heads<I>;

    /// Bytes of its body.
    fn length(&self, packet: &P) -> usize;

    /// A part of its body from a byte on, with what is behind the body if that is shorter; `None` if there is not so
    /// much.
    fn part<'p, const N: usize>(&self, packet: &'p mut P, from: usize) -> Option<&'p mut [u8; N]>;

    /// Its body from a byte on.
    fn rest<'p>(&self, packet: &'p mut P, from: usize) -> &'p mut [u8];

    /// What the tags of four are to be, read before any of them is worked on.
    #[inline(always)]
    fn expected<I: Isa>(&self, isa: I, _: &[P; 4]) -> I::Quad {
        isa.zero()
    }

    /// The body of a packet, and what of it waits for the tag.
    fn parts<'p>(&self, packet: &'p mut P) -> (&'p mut [u8], Self::Waiting<'p>);

    /// A tag is found. Gives 1 if it is the one that was to be.
    fn tell<'p>(&self, waiting: Self::Waiting<'p>, tag: u128) -> u32
    where
        P: 'p;

    /// The same for the packet as a whole.
    #[inline(always)]
    fn finish(&self, packet: &mut P, tag: u128) -> u32 {
        let (_, waiting) = self.parts(packet);
        self.tell(waiting, tag)
    }

    /// The tags of four are found. Gives a bit for each, that of the first the lowest.
    #[inline(always)]
    fn finish_four<I: Isa>(
        &self,
        isa: I,
        packets: &mut [P; 4],
        _expected: I::Quad,
        tags: I::Quad,
    ) -> u32 {
        self.finish_each(isa, packets, tags)
    }

    /// The same, one after the other.
    #[inline(always)]
    fn finish_each<I: Isa>(&self, isa: I, [a, b, c, d]: &mut [P; 4], tags: I::Quad) -> u32 {
        let single = isa.single();
        let [e, f, g, h] = isa.split(tags);
        self.finish(a, single.bytes(e))
            | self.finish(b, single.bytes(f)) << 1
            | self.finish(c, single.bytes(g)) << 2
            | self.finish(d, single.bytes(h)) << 3
    }
}

/// Packets in lockstep, as functions of their own: beside packets one after the other, there are too many vectors for
/// the registers.
pub(crate) trait Groups: Copy {
    fn eight<const R: usize, const SEAL: bool, P, L: Look<P>>(
        self,
        table: &Table,
        look: &L,
        places: &[usize; 8],
        packets: &mut [P; 8],
        blocks: usize,
    ) -> u32;

    fn four<const R: usize, const SEAL: bool, P, L: Look<P>>(
        self,
        table: &Table,
        look: &L,
        places: &[usize; 4],
        packets: &mut [P; 4],
        blocks: usize,
    ) -> u32;
}

/// Packets that the caller has made: they know all by themselves.
pub(crate) struct Made;

impl<P: Kept> Look<P> for Made {
    type Packet<'p>
        = &'p mut P
    where
        P: 'p;

    type Waiting<'p>
        = P::Waiting<'p>
    where
        P: 'p;

    #[inline(always)]
    fn packet<'p>(&'p self, _: usize, packet: &'p mut P) -> &'p mut P {
        packet
    }

    #[inline(always)]
    fn nothing() -> P {
        P::nothing()
    }

    #[inline(always)]
    fn heads<I: Isa>(&self, isa: I, _: &[usize; 4], [a, b, c, d]: &[P; 4]) -> Heads<I> {
        Heads::of(isa, [a, b, c, d])
    }

    #[inline(always)]
    fn length(&self, packet: &P) -> usize {
        packet.bytes().len()
    }

    #[inline(always)]
    fn part<'p, const N: usize>(&self, packet: &'p mut P, from: usize) -> Option<&'p mut [u8; N]> {
        packet.body().get_mut(from..)?.first_chunk_mut()
    }

    #[inline(always)]
    fn rest<'p>(&self, packet: &'p mut P, from: usize) -> &'p mut [u8] {
        packet.body().get_mut(from..).unwrap_or_default()
    }

    #[inline(always)]
    fn parts<'p>(&self, packet: &'p mut P) -> (&'p mut [u8], P::Waiting<'p>) {
        packet.parts()
    }

    #[inline(always)]
    fn tell<'p>(&self, waiting: P::Waiting<'p>, tag: u128) -> u32
    where
        P: 'p,
    {
        P::tell(waiting, tag);
        0
    }
}

/// Short packets that wait for others of as many blocks: for each number of blocks how many, and their places.
struct Short([(u8, [u8; 8]); MOST]);

impl Short {
    /// Adds one of so many blocks; gives eight such, once they are eight.
    #[inline(always)]
    fn add(&mut self, place: u8, blocks: usize) -> Option<[usize; 8]> {
        let (count, places) = self.0.get_mut(blocks.wrapping_sub(1))?;
        *places.get_mut(usize::from(*count))? = place;
        *count += 1;
        if *count < 8 {
            return None;
        }
        *count = 0;
        let [a, b, c, d, e, f, g, h] = *places;
        Some([
            a.into(),
            b.into(),
            c.into(),
            d.into(),
            e.into(),
            f.into(),
            g.into(),
            h.into(),
        ])
    }

    /// Four of as many blocks, and how many blocks.
    #[inline(always)]
    fn four(&mut self) -> Option<([usize; 4], usize)> {
        for (blocks, (count, places)) in (1..).zip(&mut self.0) {
            if *count >= 4 {
                *count -= 4;
                let [a, b, c, d] = *places.get(usize::from(*count)..)?.first_chunk()?;
                return Some(([a.into(), b.into(), c.into(), d.into()], blocks));
            }
        }
        None
    }

    /// Any one.
    #[inline(always)]
    fn one(&mut self) -> Option<usize> {
        for (count, places) in &mut self.0 {
            if *count > 0 {
                *count -= 1;
                return places
                    .get(usize::from(*count))
                    .map(|place| usize::from(*place));
            }
        }
        None
    }
}

/// How many blocks the bodies of all eight have, if it is the same number, from 1 to [`MOST`].
#[inline(always)]
fn alike<P>(packets: &[P; 8], look: &impl Look<P>) -> Option<usize> {
    let [first, rest @ ..] = packets;
    // In this way 1 to 16 bytes are one block.
    let first = look.length(first).wrapping_sub(1);
    let mut differing = 0;
    for packet in rest {
        differing |= look.length(packet).wrapping_sub(1) ^ first;
    }
    let blocks = (first / BLOCK).wrapping_add(1);
    (differing / BLOCK == 0 && blocks <= MOST).then_some(blocks)
}

/// The most packets in one go.
pub(crate) const MOST_PACKETS: usize = 64;

/// Seals or opens up to [`MOST_PACKETS`] packets: short ones eight or four at a time, of those that have the same
/// number of blocks, wherever they are; the others one after the other. In which order is nobody's matter. Gives a bit
/// for each of the first 32 whose tag is the one that was to be.
#[inline(always)]
pub(crate) fn burst<I: Isa, const R: usize, const N: usize, const SEAL: bool, P, L: Look<P>>(
    isa: I,
    groups: impl Groups,
    table: &Table,
    look: &L,
    packets: &mut [P],
) -> u32 {
    let (mut right, mut next) = (0_u32, 0);
    while I::ROOMY
        && let Some(eight) = packets.get_mut(next..).and_then(<[P]>::first_chunk_mut)
        && let Some(blocks) = alike(eight, look)
    {
        let mut places = [0, 1, 2, 3, 4, 5, 6, 7];
        for place in &mut places {
            *place += next;
        }
        let bits = groups.eight::<R, SEAL, P, L>(table, look, &places, eight, blocks);
        right |= bits.wrapping_shl(next as u32);
        next += 8;
    }
    if next == packets.len() {
        return right;
    }
    let mut others = Others(u64::MAX.wrapping_shl(next as u32));
    if I::ROOMY {
        let (bits, left) = mixed::<R, SEAL, P, L>(groups, table, look, packets, next);
        (right, others) = (right | bits, left);
    }
    let mut stream = Stream::<I, R, N>::new(isa, table);
    let mut before: Option<(u32, L::Waiting<'_>)> = None;
    let (mut rest, mut at) = (packets, 0);
    while let Some(place) = others.next() {
        let skipped = place.wrapping_sub(at);
        let after = mem::take(&mut rest).split_at_mut_checked(skipped);
        let Some((packet, after)) = after.and_then(|(_, after)| after.split_first_mut()) else {
            break;
        };
        (rest, at) = (after, place.wrapping_add(1));
        let now = look.packet(place, packet);
        let (nonce, aad) = (now.nonce().first_counter(), now.aad());
        drop(now);
        let (body, waiting) = look.parts(packet);
        let tag = stream.packet::<SEAL>(nonce, aad.block(), body, aad.bits());
        if let Some((before, waiting)) = before.replace((place as u32, waiting)) {
            right |= look.tell(waiting, tag).wrapping_shl(before);
        }
    }
    if let Some((before, waiting)) = before {
        right |= look.tell(waiting, stream.finish()).wrapping_shl(before);
    }
    right
}

/// Seals or opens short packets from a place on, and gives which others there are, too.
#[inline(always)]
fn mixed<const R: usize, const SEAL: bool, P, L: Look<P>>(
    groups: impl Groups,
    table: &Table,
    look: &L,
    packets: &mut [P],
    from: usize,
) -> (u32, Others) {
    let (mut right, mut others) = (0, Others(0));
    let mut short = Short([(0, [0; 8]); MOST]);
    for place in from..packets.len() {
        let blocks = packets
            .get(place)
            .map_or(0, |packet| look.length(packet).div_ceil(BLOCK));
        if !(1..=MOST).contains(&blocks) {
            others.push(place);
        } else if let Some(places) = short.add((place & 0xff) as u8, blocks) {
            let mut eight = array::from_fn(|_| L::nothing());
            swap(packets, &places, &mut eight);
            let bits = groups.eight::<R, SEAL, P, L>(table, look, &places, &mut eight, blocks);
            swap(packets, &places, &mut eight);
            right |= spread(bits, &places);
        }
    }
    while let Some((places, blocks)) = short.four() {
        let mut four = array::from_fn(|_| L::nothing());
        swap(packets, &places, &mut four);
        let bits = groups.four::<R, SEAL, P, L>(table, look, &places, &mut four, blocks);
        swap(packets, &places, &mut four);
        right |= spread(bits, &places);
    }
    while let Some(place) = short.one() {
        others.push(place);
    }
    (right, others)
}

/// Places of packets that go one after the other: a bit for each.
struct Others(u64);

impl Others {
    #[inline(always)]
    const fn push(&mut self, place: usize) {
        self.0 |= 1_u64.wrapping_shl(place as u32);
    }

    /// The first place, which is then no longer one.
    #[inline(always)]
    const fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let place = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        Some(place as usize)
    }
}

/// Exchanges packets with those at places.
#[inline(always)]
fn swap<P>(packets: &mut [P], places: &[usize], others: &mut [P]) {
    for (place, other) in places.iter().zip(others) {
        if let Some(packet) = packets.get_mut(*place) {
            mem::swap(packet, other);
        }
    }
}

/// Bits in a row to those of places.
#[inline(always)]
fn spread(bits: u32, places: &[usize]) -> u32 {
    let mut spread = 0;
    for (number, place) in (0..).zip(places) {
        spread |= (bits >> number & 1).wrapping_shl(*place as u32);
    }
    spread
}
