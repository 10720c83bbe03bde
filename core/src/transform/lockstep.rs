//! Several packets in lockstep, where one alone waits for itself: a CBC encryption needs the block before,
//! and a SHA-256 the state before. Blocks of different packets need nothing of each other, and the CPU works
//! on as many as it can hold.

use aes::cipher::consts::U16;
use aes::cipher::{Array, BlockCipherEncrypt, BlockSizeUser};
use core::slice;
use sha2::block_api::compress256;
use zeroize::{Zeroize, Zeroizing};

use super::burst::BURST;

type AesBlock = Array<u8, U16>;

/// Packets that AES works on at once. Its latency is that of about eight blocks, and more of them hide what
/// else there is to do.
const LANES: usize = 16;

/// Encrypts packets, each an IV and a body of whole blocks (RFC 3602).
pub(super) fn cbc_encrypt<'a, C>(
    aes: &C,
    mut packets: impl Iterator<Item = (AesBlock, &'a mut [AesBlock])>,
) where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    let mut lanes: [slice::IterMut<'a, AesBlock>; LANES] =
        [const { [].as_mut_slice() }; LANES].map(|blocks: &mut [AesBlock]| blocks.iter_mut());
    // What each lane's next block is added to.
    let mut chains = [AesBlock::default(); LANES];
    let mut blocks = chains;
    loop {
        let mut places = [const { None }; LANES];
        let mut busy = 0;
        let mut free = blocks.iter_mut();
        for ((lane, chain), place) in lanes.iter_mut().zip(&mut chains).zip(&mut places) {
            let mut next = lane.next();
            if next.is_none()
                && let Some((iv, blocks)) = packets.find(|(_, blocks)| !blocks.is_empty())
            {
                *chain = iv;
                *lane = blocks.iter_mut();
                next = lane.next();
            }
            if let Some(found) = next
                && let Some(block) = free.next()
            {
                *block = *chain;
                for (byte, value) in block.iter_mut().zip(&*found) {
                    *byte ^= *value;
                }
                *place = Some(found);
                busy += 1;
            }
        }
        let blocks = blocks.get_mut(..busy).unwrap_or_default();
        if blocks.is_empty() {
            return;
        }
        aes.encrypt_blocks(blocks);
        let places = places.into_iter().zip(&mut chains);
        let found = places.filter_map(|(place, chain)| place.map(|place| (place, chain)));
        for ((place, chain), block) in found.zip(&*blocks) {
            (*place, *chain) = (*block, *block);
        }
    }
}

/// A SHA-256 under way.
type State = [u32; 8];

const HASH_BLOCK: usize = 64;

/// FIPS 180-4 section 5.3.3.
const START: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// HMAC-SHA-256 (RFC 2104): its two hashes, with the key's block behind them.
pub(super) struct HmacSha256 {
    inner: State,
    outer: State,
}

/// What is authenticated of a packet: its bytes, and up to four behind them.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) behind: [u8; 4],
    pub(super) behind_length: usize,
}

impl HmacSha256 {
    /// `None` for a key that is longer than a block, which ESP's never are.
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        let after = |pad: u8| {
            let mut block = Zeroizing::new([pad; HASH_BLOCK]);
            for (byte, key) in block.get_mut(..key.len())?.iter_mut().zip(key) {
                *byte ^= key;
            }
            let mut state = START;
            compress256(&mut state, slice::from_ref(&*block));
            Some(state)
        };
        Some(Self {
            inner: after(0x36)?,
            outer: after(0x5c)?,
        })
    }

    /// Hands out the values of as many messages as a burst has at most, each with its place.
    pub(super) fn compute<'a>(
        &self,
        messages: impl Iterator<Item = Message<'a>>,
        mut each: impl FnMut(usize, &[u8; 32]),
    ) {
        let mut lanes = [const { Lane::NONE }; BURST];
        let (mut count, mut most) = (0, 0);
        for (lane, message) in lanes.iter_mut().zip(messages) {
            *lane = Lane::new(self.inner, message);
            count += 1;
            most = most.max(lane.blocks.len());
        }
        let lanes = lanes.get_mut(..count).unwrap_or_default();
        for place in 0..most {
            for lane in &mut *lanes {
                if let Some(block) = lane.blocks.get(place) {
                    compress256(&mut lane.state, slice::from_ref(block));
                }
            }
        }
        for place in 0..2 {
            for lane in &mut *lanes {
                if let Some(block) = lane.ending.get(lane.ending_starts + place) {
                    compress256(&mut lane.state, slice::from_ref(block));
                }
            }
        }
        for lane in &mut *lanes {
            let mut block = [0; HASH_BLOCK];
            write_words(&mut block, &lane.state);
            close(&mut block, HASH_BLOCK + 32, 32);
            lane.state = self.outer;
            compress256(&mut lane.state, slice::from_ref(&block));
        }
        for (place, lane) in lanes.iter().enumerate() {
            let mut value = [0; 32];
            write_words(&mut value, &lane.state);
            each(place, &value);
        }
    }
}

/// A message under way.
struct Lane<'a> {
    state: State,
    blocks: &'a [[u8; HASH_BLOCK]],
    /// What is left of the message, and its padding: one block or two.
    ending: [[u8; HASH_BLOCK]; 2],
    ending_starts: usize,
}

impl<'a> Lane<'a> {
    const NONE: Self = Self {
        state: [0; 8],
        blocks: &[],
        ending: [[0; HASH_BLOCK]; 2],
        ending_starts: 0,
    };

    fn new(state: State, message: Message<'a>) -> Self {
        let (blocks, rest) = message.bytes.as_chunks();
        let behind = message.behind.get(..message.behind_length);
        let behind = behind.unwrap_or_default();
        let left = rest.len() + behind.len();
        // A bit that is set, and the length in 64 bits.
        let starts = usize::from(left + 1 + 8 <= HASH_BLOCK);
        let mut lane = Self {
            state,
            blocks,
            ending_starts: starts,
            ..Self::NONE
        };
        let ending = lane.ending.as_flattened_mut();
        let ending = ending.get_mut(starts * HASH_BLOCK..).unwrap_or_default();
        if let Some((place, after)) = ending.split_at_mut_checked(rest.len()) {
            place.copy_from_slice(rest);
            for (place, byte) in after.iter_mut().zip(behind) {
                *place = *byte;
            }
        }
        let length = HASH_BLOCK + message.bytes.len() + behind.len();
        close(ending, length, left);
        lane
    }
}

/// Puts padding behind so many bytes that are left of a message (FIPS 180-4 section 5.1.1).
fn close(ending: &mut [u8], length: usize, left: usize) {
    if let Some(place) = ending.get_mut(left) {
        *place = 0x80;
    }
    if let Some(place) = ending.last_chunk_mut() {
        *place = (length as u64).wrapping_mul(8).to_be_bytes();
    }
}

fn write_words(place: &mut [u8], state: &State) {
    for (place, word) in place.as_chunks_mut().0.iter_mut().zip(state) {
        *place = word.to_be_bytes();
    }
}

impl Drop for HmacSha256 {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}
