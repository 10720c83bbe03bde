//! AES-XCBC-MAC (RFC 3566), which no maintained crate has.

use aes::Aes128;
use aes::cipher::{Array, BlockCipherEncrypt, KeyInit, consts::U16};
use zeroize::{Zeroize, Zeroizing};

type Block = Array<u8, U16>;
const BLOCK: usize = 16;

/// AES-XCBC-MAC with its three derived keys.
pub(super) struct Xcbc {
    chain: Aes128,
    /// Goes into a whole last block.
    whole: Block,
    /// Goes into a padded last block.
    padded: Block,
}

impl Xcbc {
    /// `None` if the key is not of 16 bytes.
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        let cipher = Aes128::new_from_slice(key).ok()?;
        let derive = |constant: u8| {
            let mut block = Zeroizing::new(Block::from([constant; BLOCK]));
            cipher.encrypt_block(&mut block);
            block
        };
        Some(Self {
            chain: Aes128::new(&derive(1)),
            whole: *derive(2),
            padded: *derive(3),
        })
    }

    /// The value over all parts in turn.
    pub(super) fn compute(&self, parts: [&[u8]; 4]) -> [u8; BLOCK] {
        let mut state = Block::default();
        // How many bytes of the block under way are in the state. A full block waits: it may be the
        // last one, which is treated apart.
        let mut filled = 0;
        for byte in parts.into_iter().flatten() {
            if filled == BLOCK {
                self.chain.encrypt_block(&mut state);
                filled = 0;
            }
            if let Some(place) = state.get_mut(filled) {
                *place ^= byte;
            }
            filled = filled.saturating_add(1);
        }
        let last = if let Some(place) = state.get_mut(filled) {
            *place ^= 0x80;
            &self.padded
        } else {
            &self.whole
        };
        for (byte, value) in state.iter_mut().zip(last) {
            *byte ^= value;
        }
        self.chain.encrypt_block(&mut state);
        state.into()
    }
}

impl Drop for Xcbc {
    fn drop(&mut self) {
        // The cipher wipes itself.
        self.whole.zeroize();
        self.padded.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases 1 and 2 of RFC 3566 section 4: their messages are shorter than any ESP packet.
    #[test]
    fn the_short_messages_of_rfc_3566() {
        let key: [u8; BLOCK] = core::array::from_fn(|index| u8::try_from(index).unwrap());
        let xcbc = Xcbc::new(&key).unwrap();
        assert_eq!(
            xcbc.compute([&[], &[], &[], &[]]),
            0x75f0_251d_528a_c01c_4573_dfd5_84d7_9f29_u128.to_be_bytes()
        );
        assert_eq!(
            xcbc.compute([&[0], &[], &[1, 2], &[]]),
            0x5b37_6580_ae2f_19af_e721_9cee_f172_756f_u128.to_be_bytes()
        );
    }
}
