//! AES-GCM and AES-GMAC with the vector instructions of the CPU.

use alloc::boxed::Box;
use iiptran_accel::{Aad, Error, Gcm, Icv, Nonce, Tag};
use zeroize::Zeroize;

use super::{Authenticated, Keys, Transform};
use crate::DropReason;

const SALT: usize = 4;

/// A key with its salt, for ICVs of one length.
pub(super) struct Accelerated {
    // In a box of its own: it has no padding, which would keep what was on the stack and is never wiped.
    gcm: Box<Gcm>,
    salt: [u8; SALT],
    icv: usize,
    /// Whether the body is encrypted (RFC 4106) or only authenticated (RFC 4543).
    encrypts: bool,
}

impl Accelerated {
    /// `None` for other transforms, for keys of the wrong length, and where no kernel can run or none is
    /// wanted.
    pub(super) fn new(transform: Transform, keys: &Keys) -> Option<Self> {
        let encrypts = match transform {
            Transform::AesGcm { .. } => true,
            Transform::AesGmac { .. } => false,
            _ => return None,
        };
        let (key, salt) = keys.encryption.expose().split_last_chunk()?;
        Some(Self {
            gcm: Box::new(Gcm::new(iiptran_accel::chosen()?, key).ok()?),
            salt: *salt,
            icv: transform.icv_length(),
            encrypts,
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
        let iv = iv.try_into().map_err(|_| DropReason::Truncated)?;
        if icv.len() != self.icv {
            return Err(DropReason::Truncated);
        }
        let tag = if self.encrypts {
            let nonce = Nonce::new(self.salt, iv);
            self.gcm.seal(nonce, associated_data(authenticated), body)
        } else {
            self.mac(authenticated, iv, body)
        };
        let tag = tag.map_err(drop_reason)?.bytes();
        for (byte, value) in icv.iter_mut().zip(tag) {
            *byte = value;
        }
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
        let iv = iv.try_into().map_err(|_| DropReason::Truncated)?;
        let icv = Icv::new(icv)
            .filter(|_| icv.len() == self.icv)
            .ok_or(DropReason::Truncated)?;
        let opened = if self.encrypts {
            let nonce = Nonce::new(self.salt, iv);
            self.gcm
                .open(nonce, associated_data(authenticated), body, icv)
        } else {
            self.mac(authenticated, iv, body)
                .and_then(|tag| icv.check(tag))
        };
        opened.map_err(drop_reason)
    }

    /// The tag of SPI, sequence number, IV and body (RFC 4543 section 3.3).
    fn mac(&self, authenticated: Authenticated, iv: [u8; 8], body: &[u8]) -> Result<Tag, Error> {
        let (data, length) = authenticated.associated_data();
        let mut head = [0; 20];
        for (byte, value) in head.iter_mut().zip(data.iter().take(length).chain(&iv)) {
            *byte = *value;
        }
        let head = head.get(..length.saturating_add(iv.len()));
        self.gcm
            .mac(Nonce::new(self.salt, iv), head.unwrap_or_default(), body)
    }
}

#[inline]
fn associated_data(authenticated: Authenticated) -> Aad {
    if authenticated.extended {
        authenticated.associated_data().0.into()
    } else {
        authenticated.wire_header().into()
    }
}

const fn drop_reason(error: Error) -> DropReason {
    match error {
        Error::NotAuthentic => DropReason::BadIcv,
        _ => DropReason::PacketTooBig,
    }
}

impl Drop for Accelerated {
    fn drop(&mut self) {
        // The cipher wipes itself.
        self.salt.zeroize();
    }
}
