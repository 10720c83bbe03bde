//! Fewer bytes than a register holds, where loads and stores know no masks.

use super::{BLOCK, QUAD};

/// `QUAD` bytes of ones, then of zeros: the mask that keeps n bytes starts n bytes before the middle.
static KEEP: [u8; 2 * QUAD] = {
    let mut bytes = [0; 2 * QUAD];
    let (ones, _) = bytes.split_at_mut(QUAD);
    let mut rest = ones;
    while let Some((byte, after)) = rest.split_first_mut() {
        *byte = 0xff;
        rest = after;
    }
    bytes
};

/// Ones for the first `length` bytes, zeros for the rest.
#[inline(always)]
pub(super) fn mask(length: usize) -> &'static [u8; QUAD] {
    KEEP.get(QUAD.saturating_sub(length)..)
        .and_then(|bytes| bytes.first_chunk())
        .unwrap_or(&[0; QUAD])
}

/// The blocks of up to 64 bytes.
#[inline(always)]
pub(super) fn load(bytes: &[u8]) -> [u128; 4] {
    let mut blocks = [0; 4];
    for (block, part) in blocks.iter_mut().zip(bytes.chunks(BLOCK)) {
        *block = load_block(part);
    }
    blocks
}

/// Writes as many bytes as there is room for.
#[inline(always)]
pub(super) fn store(bytes: &mut [u8], blocks: [u128; 4]) {
    for (part, block) in bytes.chunks_mut(BLOCK).zip(blocks) {
        store_block(part, block);
    }
}

/// Up to 16 bytes, then zeros. Two overlapping loads are as good as one of odd length.
#[inline(always)]
fn load_block(bytes: &[u8]) -> u128 {
    let bits = 8 * bytes.len();
    if let Some(all) = bytes.first_chunk() {
        u128::from_le_bytes(*all)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let [first, last] = [first, last].map(|half| u128::from(u64::from_le_bytes(*half)));
        first | last << bits.saturating_sub(64)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let [first, last] = [first, last].map(|half| u128::from(u32::from_le_bytes(*half)));
        first | last << bits.saturating_sub(32)
    } else {
        bytes
            .iter()
            .rev()
            .fold(0, |block, byte| block << 8 | u128::from(*byte))
    }
}

#[inline(always)]
fn store_block(bytes: &mut [u8], block: u128) {
    let bits = 8 * bytes.len();
    if let Some(all) = bytes.first_chunk_mut() {
        *all = block.to_le_bytes();
    } else if bits >= 64 {
        if let Some(first) = bytes.first_chunk_mut() {
            *first = (block as u64).to_le_bytes();
        }
        if let Some(last) = bytes.last_chunk_mut() {
            *last = ((block >> (bits - 64)) as u64).to_le_bytes();
        }
    } else if bits >= 32 {
        if let Some(first) = bytes.first_chunk_mut() {
            *first = (block as u32).to_le_bytes();
        }
        if let Some(last) = bytes.last_chunk_mut() {
            *last = ((block >> (bits - 32)) as u32).to_le_bytes();
        }
    } else {
        for (byte, value) in bytes.iter_mut().zip(block.to_le_bytes()) {
            *byte = value;
        }
    }
}
