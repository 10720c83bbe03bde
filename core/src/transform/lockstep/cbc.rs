//! AES-CBC encryption (RFC 3602): a block of each packet at once.

#[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
use alloc::boxed::Box;
use core::slice;

use aes::cipher::consts::U16;
use aes::cipher::{Array, BlockCipherEncrypt, BlockSizeUser};
#[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
use iiptran_accel::{CbcEncryption, CbcPacket, Kernel};

type AesBlock = Array<u8, U16>;

/// Packets that AES works on at once. Its latency is that of about eight blocks, and more of them hide what
/// else there is to do.
const LANES: usize = 16;

/// What encrypts several packets.
pub(in super::super) struct SeveralCbc {
    #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
    side_by_side: Option<Box<CbcEncryption>>,
}

impl SeveralCbc {
    /// The fastest that may be chosen.
    #[cfg_attr(
        not(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2")),
        allow(unused_variables, reason = "the cipher has its key already")
    )]
    pub(in super::super) fn new(key: &[u8]) -> Self {
        Self {
            // Of the others it is not known whether they are faster than what is below.
            #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
            side_by_side: iiptran_accel::chosen()
                .filter(|kernel| *kernel == Kernel::Avx512)
                .and_then(|kernel| CbcEncryption::new(kernel, key).ok())
                .map(Box::new),
        }
    }

    /// Encrypts packets, each an IV and a body of whole blocks, with a key that is `aes`'s too.
    pub(in super::super) fn encrypt<'a, C>(
        &self,
        aes: &C,
        packets: impl Iterator<Item = (AesBlock, &'a mut [AesBlock])>,
    ) where
        C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
    {
        #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
        if let Some(cipher) = &self.side_by_side {
            return cipher.encrypt(&mut packets.map(|(iv, body)| CbcPacket {
                iv: iv.into(),
                body: Array::cast_slice_to_core_mut(body),
            }));
        }
        encrypt_at_once(aes, packets);
    }
}

/// Encrypts a block of each packet by one call of the cipher.
fn encrypt_at_once<'a, C>(
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
