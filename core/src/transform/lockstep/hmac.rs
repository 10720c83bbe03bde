//! HMAC-SHA-256 (RFC 2104) of several messages.

use core::slice;

use sha2::block_api::compress256;
use zeroize::{Zeroize, Zeroizing};

use super::sha256::{BLOCK, Block, Compressor, LANES, START, State, States};

/// Bytes of a SHA-256.
const HASH: usize = 32;

/// HMAC-SHA-256: its two hashes, with the key's block behind them.
pub(in super::super) struct HmacSha256 {
    inner: State,
    outer: State,
    compressor: Compressor,
}

/// What is authenticated of a packet: its bytes, and up to four behind them.
#[derive(Clone, Copy)]
pub(in super::super) struct Message<'a> {
    pub(in super::super) bytes: &'a [u8],
    pub(in super::super) behind: [u8; 4],
    pub(in super::super) behind_length: usize,
}

impl HmacSha256 {
    /// `None` for a key that is longer than a block, which ESP's never are.
    pub(in super::super) fn new(key: &[u8]) -> Option<Self> {
        let after = |pad: u8| {
            let mut block = Zeroizing::new([pad; BLOCK]);
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
            compressor: Compressor::new(),
        })
    }

    /// Hands out the values of messages, each with its place, in the order in which they are ready.
    pub(in super::super) fn compute<'a>(
        &self,
        messages: impl Iterator<Item = Message<'a>>,
        mut each: impl FnMut(usize, &[u8; HASH]),
    ) {
        let mut waiting = messages.enumerate();
        let mut lanes = [const { Lane::NONE }; LANES];
        let mut states = States::NONE;
        let mut steps = 0;
        loop {
            for (number, lane) in lanes.iter_mut().enumerate() {
                lane.go_on(steps);
                if !lane.ahead().is_empty() {
                    continue;
                }
                if lane.part == Part::Inner {
                    lane.begin_outer(&states.get(number));
                    states.set(number, &self.outer);
                    continue;
                }
                if lane.part == Part::Outer {
                    let mut value = [0; HASH];
                    write_words(&mut value, &states.get(number));
                    each(lane.place, &value);
                    lane.part = Part::Nothing;
                }
                if let Some((place, message)) = waiting.next() {
                    lane.begin(place, message);
                    states.set(number, &self.inner);
                }
            }
            let ahead = lanes.each_ref().map(Lane::ahead);
            steps = self.compressor.compress(&mut states, ahead);
            if steps == 0 {
                return;
            }
        }
    }
}

/// What a lane works on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Nothing,
    /// The hash of the message.
    Inner,
    /// The hash of that hash.
    Outer,
}

/// A message under way.
struct Lane<'a> {
    part: Part,
    place: usize,
    blocks: &'a [Block],
    /// What is left behind the blocks, and its padding: two blocks, one or none.
    ending: [Block; 2],
    ending_starts: usize,
}

impl<'a> Lane<'a> {
    const NONE: Self = Self {
        part: Part::Nothing,
        place: 0,
        blocks: &[],
        ending: [[0; BLOCK]; 2],
        ending_starts: 2,
    };

    /// The blocks that come next and lie behind each other.
    fn ahead(&self) -> &[Block] {
        if self.blocks.is_empty() {
            self.ending.get(self.ending_starts..).unwrap_or_default()
        } else {
            self.blocks
        }
    }

    /// So many blocks of those ahead are done, unless there are none.
    fn go_on(&mut self, steps: usize) {
        if let Some(blocks) = self.blocks.get(steps..)
            && !self.blocks.is_empty()
        {
            self.blocks = blocks;
        } else if self.ending_starts < self.ending.len() {
            self.ending_starts += steps;
        }
    }

    fn begin(&mut self, place: usize, message: Message<'a>) {
        let (blocks, rest) = message.bytes.as_chunks();
        let behind = message.behind.get(..message.behind_length);
        let behind = behind.unwrap_or_default();
        let left = rest.len() + behind.len();
        self.part = Part::Inner;
        self.place = place;
        self.blocks = blocks;
        let ending = self.end(message.bytes.len() + behind.len(), left);
        if let Some((place, after)) = ending.split_at_mut_checked(rest.len()) {
            place.copy_from_slice(rest);
            for (place, byte) in after.iter_mut().zip(behind) {
                *place = *byte;
            }
        }
    }

    fn begin_outer(&mut self, inner: &State) {
        self.part = Part::Outer;
        if let Some(place) = self.end(HASH, HASH).first_chunk_mut() {
            write_words(place, inner);
        }
    }

    /// Where what is left of a message of so many bytes behind the key's block is to be, with padding behind it: a
    /// bit that is set, and the length in 64 bits (FIPS 180-4 section 5.1.1).
    fn end(&mut self, length: usize, left: usize) -> &mut [u8] {
        self.ending_starts = usize::from(left + 1 + 8 <= BLOCK);
        self.ending = [[0; BLOCK]; 2];
        let start = self.ending_starts * BLOCK;
        let ending = self.ending.as_flattened_mut().get_mut(start..);
        let ending = ending.unwrap_or_default();
        if let Some(place) = ending.get_mut(left) {
            *place = 0x80;
        }
        if let Some(place) = ending.last_chunk_mut() {
            *place = ((BLOCK + length) as u64).wrapping_mul(8).to_be_bytes();
        }
        ending
    }
}

fn write_words(place: &mut [u8; HASH], state: &State) {
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

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::*;

    /// With what the CPU has, and without.
    fn both(key: &[u8]) -> [HmacSha256; 2] {
        [Compressor::new(), Compressor::in_turn()].map(|compressor| {
            let mut mac = HmacSha256::new(key).unwrap();
            mac.compressor = compressor;
            mac
        })
    }

    fn computed(mac: &HmacSha256, messages: &[(Vec<u8>, usize)]) -> Vec<[u8; HASH]> {
        let mut values = alloc::vec![[0; HASH]; messages.len()];
        let mut missing = messages.len();
        let each = messages.iter().map(|(bytes, behind_length)| Message {
            bytes,
            behind: *b"high",
            behind_length: *behind_length,
        });
        mac.compute(each, |place, value| {
            *values.get_mut(place).unwrap() = *value;
            missing -= 1;
        });
        assert_eq!(missing, 0);
        values
    }

    fn agrees(key: &[u8], messages: &[(Vec<u8>, usize)]) {
        let expected: Vec<[u8; HASH]> = messages
            .iter()
            .map(|(bytes, behind)| {
                let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
                mac.update(bytes);
                mac.update(b"high".get(..*behind).unwrap());
                mac.finalize().into_bytes().into()
            })
            .collect();
        for mac in both(key) {
            assert_eq!(computed(&mac, messages), expected);
        }
    }

    /// Bytes and numbers without an order, the same in each run.
    struct Numbers(u32);

    impl Numbers {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(0x915f_77f5).wrapping_add(1);
            (self.0 >> 8) as usize % limit
        }

        fn bytes(&mut self, length: usize) -> Vec<u8> {
            (0..length).map(|_| self.below(256) as u8).collect()
        }
    }

    #[test]
    fn rfc_4231_case_2_in_each_lane() {
        let message = (b"what do ya want for nothing?".to_vec(), 0);
        let expected = [
            0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95,
            0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9,
            0x64, 0xec, 0x38, 0x43,
        ];
        for count in [1, 7, 8, 16, 33] {
            let messages = alloc::vec![message.clone(); count];
            for mac in both(b"Jefe") {
                assert_eq!(
                    computed(&mac, &messages),
                    alloc::vec![expected; count].as_slice()
                );
            }
        }
    }

    #[test]
    fn each_length_is_what_another_implementation_makes_of_it() {
        let mut numbers = Numbers(1);
        for behind in [0, 4] {
            let messages: Vec<_> = (0..=300)
                .map(|length| (numbers.bytes(length), behind))
                .collect();
            agrees(&numbers.bytes(32), &messages);
        }
    }

    #[test]
    fn so_are_mixed_lengths() {
        for round in 0..60 {
            let mut numbers = Numbers(round);
            let most = [100, 1500, 9000].get(numbers.below(3)).copied().unwrap();
            let messages: Vec<_> = (0..=numbers.below(40))
                .map(|_| {
                    let length = numbers.below(most);
                    (numbers.bytes(length), 4 * numbers.below(2))
                })
                .collect();
            agrees(&numbers.bytes(32), &messages);
        }
    }
}
