//! SHA-256 (FIPS 180-4) of several messages: side by side with AVX-512, and elsewhere a block of each in turn.

use core::slice;

#[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
use iiptran_accel::Sha256Lanes;
use sha2::block_api::compress256;

/// A SHA-256 under way.
pub(super) type State = [u32; 8];
pub(super) const BLOCK: usize = 64;
pub(super) type Block = [u8; BLOCK];

/// Messages that are under way at once.
pub(super) const LANES: usize = 16;

/// FIPS 180-4 section 5.3.3.
pub(super) const START: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The states of all lanes, word by word.
pub(super) struct States([[u32; LANES]; 8]);

impl States {
    pub(super) const NONE: Self = Self([[0; LANES]; 8]);

    pub(super) fn get(&self, lane: usize) -> State {
        self.0
            .map(|words| words.get(lane).copied().unwrap_or_default())
    }

    pub(super) fn set(&mut self, lane: usize, state: &State) {
        for (words, new) in self.0.iter_mut().zip(state) {
            if let Some(word) = words.get_mut(lane) {
                *word = *new;
            }
        }
    }
}

/// What compresses.
#[derive(Clone, Copy)]
pub(super) struct Compressor {
    #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
    side_by_side: Option<Sha256Lanes>,
}

impl Compressor {
    /// The fastest that may be chosen.
    pub(super) fn new() -> Self {
        Self {
            #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
            side_by_side: iiptran_accel::chosen().and_then(Sha256Lanes::new),
        }
    }

    #[cfg(test)]
    pub(super) const fn in_turn() -> Self {
        Self {
            #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
            side_by_side: None,
        }
    }

    /// Compresses the next blocks of each lane, as many as the shortest has that has any, and says how many: 0 if
    /// there are no blocks.
    pub(super) fn compress(self, states: &mut States, blocks: [&[Block]; LANES]) -> usize {
        #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
        if let Some(lanes) = self.side_by_side {
            /// Fewer are faster one after the other, by the SHA instructions.
            const LEAST: usize = 8;
            let busy = blocks.iter().filter(|blocks| !blocks.is_empty());
            if busy.count() >= LEAST {
                return lanes.compress(&mut states.0, blocks);
            }
        }
        in_turn(states, blocks)
    }
}

/// The CPU begins one lane's block before it has ended the other's.
fn in_turn(states: &mut States, blocks: [&[Block]; LANES]) -> usize {
    let lengths = blocks.iter().map(|blocks| blocks.len());
    let steps = lengths.filter(|length| *length > 0).min().unwrap_or(0);
    let mut each = [[0; 8]; LANES];
    for (lane, (state, blocks)) in each.iter_mut().zip(&blocks).enumerate() {
        if !blocks.is_empty() {
            *state = states.get(lane);
        }
    }
    for step in 0..steps {
        for (state, blocks) in each.iter_mut().zip(&blocks) {
            if let Some(block) = blocks.get(step) {
                compress256(state, slice::from_ref(block));
            }
        }
    }
    for (lane, (state, blocks)) in each.iter().zip(&blocks).enumerate() {
        if !blocks.is_empty() {
            states.set(lane, state);
        }
    }
    steps
}
