//! AEADs: AES-GCM (RFC 4106), AES-CCM (RFC 4309), ChaCha20-Poly1305 (RFC 7634).

use aes_gcm::aead::array::Array;
use aes_gcm::aead::{AeadInOut, KeyInit};
use zeroize::Zeroize;

use super::{Authenticated, Keys};
use crate::DropReason;

/// An AEAD with its salt of `SALT` bytes; the nonce is the salt and the eight bytes of the IV.
pub(super) struct Combined<A, const SALT: usize> {
    cipher: A,
    salt: [u8; SALT],
}

impl<A: AeadInOut + KeyInit, const SALT: usize> Combined<A, SALT> {
    /// `None` if the key, salt included, is of the wrong length.
    pub(super) fn new(keys: &Keys) -> Option<Self> {
        let (key, salt) = keys.encryption.expose().split_last_chunk::<SALT>()?;
        Some(Self {
            cipher: A::new_from_slice(key).ok()?,
            salt: *salt,
        })
    }

    #[inline]
    pub(super) fn seal(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &mut [u8],
        icv: &mut [u8],
    ) -> Result<(), DropReason> {
        let nonce = self.nonce(iv)?;
        let icv = <&mut Array<u8, A::TagSize>>::try_from(icv).map_err(|_| DropReason::Truncated)?;
        let (data, length) = authenticated.associated_data();
        *icv = self
            .cipher
            .encrypt_inout_detached(&nonce, data.get(..length).unwrap_or_default(), body.into())
            .map_err(|_| DropReason::PacketTooBig)?;
        Ok(())
    }

    #[inline]
    pub(super) fn open(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &mut [u8],
        icv: &[u8],
    ) -> Result<(), DropReason> {
        let nonce = self.nonce(iv)?;
        let tag = <&Array<u8, A::TagSize>>::try_from(icv).map_err(|_| DropReason::Truncated)?;
        let (data, length) = authenticated.associated_data();
        self.cipher
            .decrypt_inout_detached(
                &nonce,
                data.get(..length).unwrap_or_default(),
                body.into(),
                tag,
            )
            .map_err(|_| DropReason::BadIcv)
    }

    #[inline]
    fn nonce(&self, iv: &[u8]) -> Result<Array<u8, A::NonceSize>, DropReason> {
        let mut nonce = Array::<u8, A::NonceSize>::default();
        match nonce.split_at_mut_checked(SALT) {
            Some((salt, rest)) if rest.len() == iv.len() => {
                salt.copy_from_slice(&self.salt);
                rest.copy_from_slice(iv);
            }
            _ => return Err(DropReason::Truncated),
        }
        Ok(nonce)
    }
}

impl<A, const SALT: usize> Drop for Combined<A, SALT> {
    fn drop(&mut self) {
        // The cipher wipes itself.
        self.salt.zeroize();
    }
}
