//! Packets side by side: each block of CBC needs the one before, but none of other packets.
//!
//! Four packets share a quad. Up to four blocks of each are loaded as they lie, which are turned into quads of one
//! block of each, and turned back when they are encrypted.

use core::mem;

use super::CbcPacket;
use crate::gcm::Cipher;
use crate::gcm::RoundKeys;
use crate::gcm::isa::{BLOCK, Isa, QUAD};

/// Quads under way: as many as AES begins before it has ended the first.
const GROUPS: usize = 8;

/// Four packets.
struct Group<'p> {
    /// What is left of each.
    bodies: [&'p mut [[u8; BLOCK]]; 4],
    /// What the next block of each is added to.
    chains: [u8; QUAD],
}

impl<'p> Group<'p> {
    fn none() -> Self {
        Self {
            bodies: Default::default(),
            chains: [0; QUAD],
        }
    }

    /// Takes packets in place of those that have ended, and says how many blocks the longest has.
    #[inline(always)]
    fn fill(&mut self, packets: &mut &mut dyn Iterator<Item = CbcPacket<'p>>) -> usize {
        let (chains, _) = self.chains.as_chunks_mut();
        let mut longest = 0;
        for (body, chain) in self.bodies.iter_mut().zip(chains) {
            if body.is_empty()
                && let Some(packet) = Iterator::find(packets, |packet| !packet.body.is_empty())
            {
                *body = packet.body;
                *chain = packet.iv;
            }
            longest = longest.max(body.len());
        }
        longest
    }

    /// The next blocks of each, up to four.
    #[inline(always)]
    fn take(&mut self) -> [&'p mut [[u8; BLOCK]]; 4] {
        self.bodies.each_mut().map(|body| {
            let all = mem::take(body);
            let (next, rest) = all.split_at_mut(all.len().min(4));
            *body = rest;
            next
        })
    }
}

/// Up to four blocks, then zeros.
#[inline(always)]
fn load<I: Isa>(isa: I, blocks: &[[u8; BLOCK]]) -> I::Quad {
    if let Some(quad) = blocks.as_flattened().first_chunk() {
        return isa.load(quad);
    }
    // Loads and stores by a mask take many times as long on some CPUs.
    let single = isa.single();
    let block = |place: usize| match blocks.get(place) {
        Some(bytes) => single.load_block(bytes),
        None => single.block(0),
    };
    isa.join([block(0), block(1), block(2), single.block(0)])
}

/// As many blocks as there is room for, up to four.
#[inline(always)]
fn store<I: Isa>(isa: I, places: &mut [[u8; BLOCK]], quad: I::Quad) {
    if let Some(place) = places.as_flattened_mut().first_chunk_mut() {
        isa.store(place, quad);
        return;
    }
    for (place, block) in places.iter_mut().zip(isa.split(quad)) {
        isa.single().store_block(place, block);
    }
}

/// Encrypts packets.
#[inline(always)]
pub(crate) fn encrypt<'p, I: Isa, const R: usize>(
    isa: I,
    keys: &RoundKeys,
    mut packets: &mut dyn Iterator<Item = CbcPacket<'p>>,
) {
    let cipher = Cipher::<I, R>::new(isa, keys);
    let mut groups = [(); GROUPS].map(|()| Group::none());
    loop {
        let mut longest = 0;
        for group in &mut groups {
            longest = longest.max(group.fill(&mut packets));
        }
        if longest == 0 {
            return;
        }
        let places = groups.each_mut().map(Group::take);
        let mut texts = [[isa.zero(); 4]; GROUPS];
        let mut chains = [isa.zero(); GROUPS];
        for ((text, place), (chain, group)) in texts
            .iter_mut()
            .zip(&places)
            .zip(chains.iter_mut().zip(&groups))
        {
            let [a, b, c, d] = place;
            *text = isa.transpose([load(isa, a), load(isa, b), load(isa, c), load(isa, d)]);
            *chain = isa.load(&group.chains);
        }
        // What a packet does not have is encrypted too, and nothing of it kept.
        for step in 0..longest.min(4) {
            for (chain, text) in chains.iter_mut().zip(&texts) {
                if let Some(text) = text.get(step) {
                    *chain = isa.xor(*chain, *text);
                }
            }
            cipher.encrypt(&mut chains);
            for (chain, text) in chains.iter().zip(&mut texts) {
                if let Some(text) = text.get_mut(step) {
                    *text = *chain;
                }
            }
        }
        for ((text, place), (chain, group)) in texts
            .into_iter()
            .zip(places)
            .zip(chains.into_iter().zip(&mut groups))
        {
            for (place, text) in place.into_iter().zip(isa.transpose(text)) {
                store(isa, place, text);
            }
            isa.store(&mut group.chains, chain);
        }
    }
}
