//! AES-CCM that leaves the ciphertext alone until it is known to be authentic.
//!
//! CCM authenticates the plaintext, so that a receiver must decrypt before it can check. The
//! underlying crate wipes the buffer when the check fails; a receiver of extended sequence numbers
//! then could not try the same packet with another high half.

use aes::cipher::{BlockCipherEncrypt, BlockSizeUser, InnerIvInit, StreamCipherCore};
use aes_gcm::aead::array::{Array, ArraySize};
use aes_gcm::aead::consts::{U11, U16};
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::aead::{AeadCore, AeadInOut, Error, Key, KeyInit, KeySizeUser, TagPosition};
use ccm::{Ccm, TagSize};
use ctr::CtrCore;
use ctr::flavors::Ctr32BE;
use subtle::ConstantTimeEq;

/// AES-CCM with the 11-byte nonce of RFC 4309.
pub(super) struct VerifyingCcm<C, M: ArraySize + TagSize>
where
    C: BlockSizeUser<BlockSize = U16> + BlockCipherEncrypt,
{
    aead: Ccm<C, M, U11>,
    cipher: C,
}

impl<C, M> KeySizeUser for VerifyingCcm<C, M>
where
    C: BlockSizeUser<BlockSize = U16> + BlockCipherEncrypt + KeySizeUser,
    M: ArraySize + TagSize,
{
    type KeySize = C::KeySize;
}

impl<C, M> KeyInit for VerifyingCcm<C, M>
where
    C: BlockSizeUser<BlockSize = U16> + BlockCipherEncrypt + KeyInit + Clone,
    M: ArraySize + TagSize,
{
    fn new(key: &Key<Self>) -> Self {
        let cipher = C::new(key);
        Self {
            aead: Ccm::from(cipher.clone()),
            cipher,
        }
    }
}

impl<C, M> AeadCore for VerifyingCcm<C, M>
where
    C: BlockSizeUser<BlockSize = U16> + BlockCipherEncrypt,
    M: ArraySize + TagSize,
{
    type NonceSize = U11;
    type TagSize = M;
    const TAG_POSITION: TagPosition = TagPosition::Postfix;
}

impl<C, M> AeadInOut for VerifyingCcm<C, M>
where
    C: BlockSizeUser<BlockSize = U16> + BlockCipherEncrypt,
    M: ArraySize + TagSize,
{
    fn encrypt_inout_detached(
        &self,
        nonce: &Array<u8, U11>,
        associated_data: &[u8],
        buffer: InOutBuf<'_, '_, u8>,
    ) -> Result<Array<u8, M>, Error> {
        self.aead
            .encrypt_inout_detached(nonce, associated_data, buffer)
    }

    fn decrypt_inout_detached(
        &self,
        nonce: &Array<u8, U11>,
        associated_data: &[u8],
        mut buffer: InOutBuf<'_, '_, u8>,
        tag: &Array<u8, M>,
    ) -> Result<(), Error> {
        // Encrypting what decryption gave restores the ciphertext and yields the right tag.
        self.apply_keystream(nonce, buffer.reborrow());
        let mut plaintext = InOutBuf::from(buffer.get_out());
        let expected =
            self.aead
                .encrypt_inout_detached(nonce, associated_data, plaintext.reborrow())?;
        if !bool::from(expected.as_slice().ct_eq(tag)) {
            return Err(Error);
        }
        self.apply_keystream(nonce, plaintext);
        Ok(())
    }
}

impl<C, M> VerifyingCcm<C, M>
where
    C: BlockSizeUser<BlockSize = U16> + BlockCipherEncrypt,
    M: ArraySize + TagSize,
{
    /// Counter blocks are flags (length of the counter minus one), nonce and a 32-bit counter; the
    /// payload's starts at 1 (RFC 3610 section 2.3).
    fn apply_keystream(&self, nonce: &Array<u8, U11>, buffer: InOutBuf<'_, '_, u8>) {
        const FLAGS: u8 = 3;
        let mut counter = [0; 16];
        let first = [FLAGS].into_iter().chain(*nonce).chain(1_u32.to_be_bytes());
        for (byte, value) in counter.iter_mut().zip(first) {
            *byte = value;
        }
        CtrCore::<&C, Ctr32BE>::inner_iv_init(&self.cipher, &counter.into())
            .apply_keystream_partial(buffer);
    }
}
