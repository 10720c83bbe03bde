//! Packets, alone and many at once.
//!
//! Many: the key stream's blocks of all packets go side by side, whichever packet they are of, and so do the
//! sums of eight packets. What is opened is authenticated first and decrypted then, so that a forgery is
//! never decrypted.

use crate::chacha::cipher::{self, Counters, Key};
use crate::chacha::eight::{EIGHT, Ifma, Message};
use crate::chacha::lanes::{BLOCK, Lanes, MOST};
use crate::chacha::poly::{self, OneTimeKey};
use crate::gcm::{Aad, Icv, Kept, Nonce, Opening, Sealing};

/// Packets at once.
const MANY: usize = 32;

/// Seals a packet and gives the tag.
#[inline(always)]
pub(crate) fn seal<L: Lanes>(lanes: L, key: &Key, nonce: Nonce, aad: Aad, body: &mut [u8]) -> u128 {
    let alone = Alone::new(lanes, key, nonce);
    alone.crypt(lanes, key, nonce, body);
    poly::tag(alone.one_time_key(), aad, body)
}

/// Opens a packet, or leaves it as it is; gives whether it is authentic.
#[inline(always)]
pub(crate) fn open<L: Lanes>(
    lanes: L,
    key: &Key,
    nonce: Nonce,
    aad: Aad,
    body: &mut [u8],
    icv: Icv,
) -> bool {
    let alone = Alone::new(lanes, key, nonce);
    let authentic = icv.is_of(poly::tag(alone.one_time_key(), aad, body));
    if authentic {
        alone.crypt(lanes, key, nonce, body);
    }
    authentic
}

/// The first blocks of a packet's key stream.
struct Alone([[u8; BLOCK]; MOST]);

impl Alone {
    #[inline(always)]
    fn new<L: Lanes>(lanes: L, key: &Key, nonce: Nonce) -> Self {
        let mut blocks = [[0; BLOCK]; MOST];
        cipher::stream(lanes, key, &Counters::row(nonce, 0), &mut blocks);
        Self(blocks)
    }

    #[inline(always)]
    fn one_time_key(&self) -> OneTimeKey {
        OneTimeKey::new(&self.0[0])
    }

    #[inline(always)]
    fn crypt<L: Lanes>(&self, lanes: L, key: &Key, nonce: Nonce, body: &mut [u8]) {
        let known = self.0.iter().take(L::COUNT).skip(1);
        for (stream, bytes) in known.zip(body.chunks_mut(BLOCK)) {
            cipher::apply(stream, bytes);
        }
        let rest = body.get_mut((L::COUNT - 1) * BLOCK..).unwrap_or_default();
        let mut blocks = [[0; BLOCK]; MOST];
        let mut number = L::COUNT as u32;
        for bytes in rest.chunks_mut(L::COUNT * BLOCK) {
            cipher::stream(lanes, key, &Counters::row(nonce, number), &mut blocks);
            for (stream, bytes) in blocks.iter().zip(bytes.chunks_mut(BLOCK)) {
                cipher::apply(stream, bytes);
            }
            number = number.wrapping_add(L::COUNT as u32);
        }
    }
}

/// Seals packets.
#[inline(always)]
pub(crate) fn seal_burst<L: Lanes>(lanes: L, key: &Key, packets: &mut [Sealing<'_>]) {
    for packets in packets.chunks_mut(MANY) {
        let keys = one_time_keys(lanes, key, packets);
        crypt(lanes, key, packets, |_| true);
        finish(lanes, &keys, packets);
    }
}

/// Opens packets; those that are not authentic are left as they are.
#[inline(always)]
pub(crate) fn open_burst<L: Lanes>(lanes: L, key: &Key, packets: &mut [Opening<'_>]) {
    for packets in packets.chunks_mut(MANY) {
        let keys = one_time_keys(lanes, key, packets);
        finish(lanes, &keys, packets);
        crypt(lanes, key, packets, Opening::is_authentic);
    }
}

/// Block 0 of each packet's key stream is its key of Poly1305.
#[inline(always)]
fn one_time_keys<L: Lanes, P: Kept>(lanes: L, key: &Key, packets: &[P]) -> [OneTimeKey; MANY] {
    let mut keys = [OneTimeKey::ZERO; MANY];
    let mut blocks = [[0; BLOCK]; MOST];
    for (keys, packets) in keys.chunks_mut(L::COUNT).zip(packets.chunks(L::COUNT)) {
        let mut counters = Counters::ZERO;
        for (lane, packet) in packets.iter().enumerate() {
            counters.set(lane, packet.nonce(), 0);
        }
        cipher::stream(lanes, key, &counters, &mut blocks);
        for (key, block) in keys.iter_mut().zip(&blocks) {
            *key = OneTimeKey::new(block);
        }
    }
    keys
}

/// Encrypts or decrypts the packets that are wanted.
#[inline(always)]
fn crypt<L: Lanes, P: Kept>(lanes: L, key: &Key, packets: &mut [P], wanted: impl Fn(&P) -> bool) {
    let mut blocks = [[0; BLOCK]; MOST];
    let mut counters = Counters::ZERO;
    // Where the next block goes: packet and byte.
    let (mut packet, mut start) = (0, 0);
    loop {
        let from = (packet, start);
        let mut lane = 0;
        while let Some(next) = packets.get(packet) {
            let length = if wanted(next) { next.bytes().len() } else { 0 };
            while lane < L::COUNT && start < length {
                counters.set(lane, next.nonce(), (start / BLOCK) as u32 + 1);
                start += BLOCK;
                lane += 1;
            }
            if start < length {
                break;
            }
            (packet, start) = (packet + 1, 0);
        }
        if lane == 0 {
            return;
        }
        cipher::stream(lanes, key, &counters, &mut blocks);
        let mut streams = blocks.iter().take(lane);
        let mut behind = from.1;
        for packet in packets.iter_mut().skip(from.0) {
            if wanted(packet) {
                let rest = packet.body().get_mut(behind..).unwrap_or_default();
                // The packet is asked first: a block that it does not need is the next one's.
                for (bytes, stream) in rest.chunks_mut(BLOCK).zip(&mut streams) {
                    cipher::apply(stream, bytes);
                }
            }
            behind = 0;
            if streams.len() == 0 {
                break;
            }
        }
    }
}

/// Computes the tags and tells the packets.
#[inline(always)]
fn finish<L: Lanes, P: Kept>(lanes: L, keys: &[OneTimeKey; MANY], packets: &mut [P]) {
    let mut tags = [0; MANY];
    match lanes.eight() {
        Some(ifma) => tags_by_eight(ifma, keys, packets, &mut tags),
        None => {
            for ((tag, key), packet) in tags.iter_mut().zip(keys).zip(&*packets) {
                *tag = poly::tag(*key, packet.aad(), packet.bytes());
            }
        }
    }
    for (packet, tag) in packets.iter_mut().zip(tags) {
        packet.finish(tag);
    }
}

#[inline(always)]
fn tags_by_eight<P: Kept>(
    ifma: Ifma,
    keys: &[OneTimeKey; MANY],
    packets: &[P],
    tags: &mut [u128; MANY],
) {
    let mut order = [0_u8; MANY];
    let order = by_length(packets, &mut order);
    for places in order.chunks(EIGHT) {
        let mut messages = [Message::NONE; EIGHT];
        let (mut blocks, mut most, mut fit) = (0, 0, true);
        for (message, place) in messages.iter_mut().zip(places) {
            let place = usize::from(*place);
            let (Some(key), Some(packet)) = (keys.get(place), packets.get(place)) else {
                continue;
            };
            match Message::new(*key, packet.aad(), packet.bytes()) {
                Some(new) => *message = new,
                None => fit = false,
            }
            blocks += message.between() + 3;
            most = most.max(message.between() + 3);
        }
        // Two blocks one after the other take about as long as eight side by side.
        if fit && blocks > 2 * most {
            for (place, tag) in places.iter().zip(ifma.tags(&messages)) {
                if let Some(found) = tags.get_mut(usize::from(*place)) {
                    *found = tag;
                }
            }
            continue;
        }
        for place in places.iter().map(|place| usize::from(*place)) {
            if let (Some(key), Some(packet)) = (keys.get(place), packets.get(place))
                && let Some(found) = tags.get_mut(place)
            {
                *found = poly::tag(*key, packet.aad(), packet.bytes());
            }
        }
    }
}

/// The packets' places, in the order of their lengths: a group takes as long as its longest.
#[inline(always)]
fn by_length<'o, P: Kept>(packets: &[P], order: &'o mut [u8; MANY]) -> &'o [u8] {
    let length = |place: u8| {
        packets
            .get(usize::from(place))
            .map_or(0, |it| it.bytes().len())
    };
    let count = packets.len().min(MANY);
    for (place, number) in order.iter_mut().zip(0..) {
        *place = number;
    }
    let order = order.get_mut(..count).unwrap_or_default();
    let is_sorted = order.is_sorted_by_key(|place| length(*place));
    if !is_sorted {
        order.sort_unstable_by_key(|place| length(*place));
    }
    order
}
