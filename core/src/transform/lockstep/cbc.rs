//! AES-CBC encryption (RFC 3602): a block of each packet at once.

use aes::cipher::consts::U16;
use aes::cipher::{Array, BlockCipherEncrypt, BlockSizeUser};
use core::slice;

type AesBlock = Array<u8, U16>;

/// Packets that AES works on at once. Its latency is that of about eight blocks, and more of them hide what
/// else there is to do.
const LANES: usize = 16;

/// Encrypts packets, each an IV and a body of whole blocks (RFC 3602).
pub(in super::super) fn cbc_encrypt<'a, C>(
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
