//! AES-GMAC in ESP (RFC 4543): integrity alone, with the IV and ICV of AES-GCM.

use aes::cipher::{BlockCipherEncrypt, BlockSizeUser, KeyInit, consts::U16};
use ghash::universal_hash::UniversalHash;
use ghash::{Block, GHash};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use super::{Authenticated, Keys};
use crate::DropReason;

const SALT: usize = 4;
const BLOCK: usize = 16;

pub(super) struct Gmac<C> {
    cipher: C,
    hash: GHash,
    salt: [u8; SALT],
}

impl<C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + KeyInit> Gmac<C> {
    /// `None` if the key, salt included, is of the wrong length.
    pub(super) fn new(keys: &Keys) -> Option<Self> {
        let (key, salt) = keys.encryption.expose().split_last_chunk::<SALT>()?;
        let cipher = C::new_from_slice(key).ok()?;
        let mut hash_key = Zeroizing::new(Block::default());
        cipher.encrypt_block(&mut hash_key);
        Some(Self {
            hash: GHash::new(&hash_key),
            cipher,
            salt: *salt,
        })
    }

    /// Writes the ICV; `body` is only read.
    pub(super) fn seal(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &[u8],
        icv: &mut [u8],
    ) -> Result<(), DropReason> {
        let tag = self.tag(authenticated, iv, body)?;
        if icv.len() != BLOCK {
            return Err(DropReason::Truncated);
        }
        icv.copy_from_slice(&tag);
        Ok(())
    }

    /// Checks the ICV in constant time.
    pub(super) fn open(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &[u8],
        icv: &[u8],
    ) -> Result<(), DropReason> {
        let tag = self.tag(authenticated, iv, body)?;
        if bool::from(tag.as_slice().ct_eq(icv)) {
            Ok(())
        } else {
            Err(DropReason::BadIcv)
        }
    }

    /// GHASH over SPI, sequence number, IV and body, all of it associated data (RFC 4543 section
    /// 3.3), under the mask of the nonce.
    fn tag(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &[u8],
    ) -> Result<Block, DropReason> {
        let iv: [u8; 8] = iv.try_into().map_err(|_| DropReason::Truncated)?;
        let (data, length) = authenticated.associated_data();
        let prefix = data.iter().take(length).chain(&iv);
        let prefix_length = length.saturating_add(iv.len());

        // The prefix is 16 or 20 bytes, and GHASH takes whole blocks: the first bytes of the body
        // complete the last one.
        let filled = prefix_length.next_multiple_of(BLOCK);
        let borrowed = filled.saturating_sub(prefix_length).min(body.len());
        let (head, rest) = body.split_at_checked(borrowed).unwrap_or_default();
        let mut first = [0; 2 * BLOCK];
        for (byte, value) in first.iter_mut().zip(prefix.chain(head)) {
            *byte = *value;
        }
        let mut hash = self.hash.clone();
        hash.update_padded(first.get(..filled).unwrap_or_default());
        hash.update_padded(rest);
        let bits = u64::try_from(prefix_length.saturating_add(body.len()))
            .map_err(|_| DropReason::PacketTooBig)?
            .saturating_mul(8);
        let mut lengths = Block::default();
        if let Some(associated) = lengths.first_chunk_mut() {
            *associated = bits.to_be_bytes();
        }
        hash.update(&[lengths]);

        let [n0, n1, n2, n3] = self.salt;
        let [n4, n5, n6, n7, n8, n9, n10, n11] = iv;
        let mut tag = Block::from([n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, 0, 0, 0, 1]);
        self.cipher.encrypt_block(&mut tag);
        for (byte, hashed) in tag.iter_mut().zip(hash.finalize()) {
            *byte ^= hashed;
        }
        Ok(tag)
    }
}

impl<C> Drop for Gmac<C> {
    fn drop(&mut self) {
        // Cipher and hash wipe themselves.
        self.salt.zeroize();
    }
}
