//! Separate integrity algorithms: HMAC (RFC 2404, RFC 4868), AES-XCBC (RFC 3566), AES-CMAC (RFC 4494).

use alloc::boxed::Box;

use aes::Aes128;
use cmac::Cmac;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use super::Integrity;
use super::lockstep::HmacSha256;
use super::xcbc::Xcbc;
use crate::DropReason;

/// An integrity algorithm with its key set up. Boxed one by one, as the ciphers beside it are.
pub(super) enum KeyedIntegrity {
    Sha1(Box<Hmac<Sha1>>),
    Sha256(Box<(Hmac<Sha256>, HmacSha256)>),
    Sha384(Box<Hmac<Sha384>>),
    Sha512(Box<Hmac<Sha512>>),
    Xcbc(Box<Xcbc>),
    Cmac(Box<Cmac<Aes128>>),
}

/// The longest output before truncation, bytes.
const LONGEST: usize = 64;

impl KeyedIntegrity {
    /// `None` if the key is of the wrong length.
    pub(super) fn new(integrity: Integrity, key: &[u8]) -> Option<Self> {
        if key.len() != integrity.key_length() {
            return None;
        }
        Some(match integrity {
            Integrity::HmacSha1_96 => Self::Sha1(Box::new(Hmac::new_from_slice(key).ok()?)),
            Integrity::HmacSha2_256_128 => {
                let alone = Hmac::new_from_slice(key).ok()?;
                Self::Sha256(Box::new((alone, HmacSha256::new(key)?)))
            }
            Integrity::HmacSha2_384_192 => Self::Sha384(Box::new(Hmac::new_from_slice(key).ok()?)),
            Integrity::HmacSha2_512_256 => Self::Sha512(Box::new(Hmac::new_from_slice(key).ok()?)),
            Integrity::AesXcbc96 => Self::Xcbc(Box::new(Xcbc::new(key)?)),
            Integrity::AesCmac96 => Self::Cmac(Box::new(Cmac::new_from_slice(key).ok()?)),
        })
    }

    /// What computes values of several packets at once, if there is such a thing.
    #[inline]
    pub(super) const fn of_several(&self) -> Option<&HmacSha256> {
        match self {
            Self::Sha256(macs) => Some(&macs.1),
            _ => None,
        }
    }

    /// Writes as much of the value over all parts in turn as `icv` takes.
    #[inline]
    pub(super) fn compute(&self, parts: [&[u8]; 4], icv: &mut [u8]) {
        let mut whole = [0; LONGEST];
        match self {
            Self::Sha1(mac) => finish(&**mac, parts, &mut whole),
            Self::Sha256(macs) => finish(&macs.0, parts, &mut whole),
            Self::Sha384(mac) => finish(&**mac, parts, &mut whole),
            Self::Sha512(mac) => finish(&**mac, parts, &mut whole),
            Self::Cmac(mac) => finish(&**mac, parts, &mut whole),
            Self::Xcbc(mac) => fill(&mut whole, &mac.compute(parts)),
        }
        for (byte, value) in icv.iter_mut().zip(whole) {
            *byte = value;
        }
    }

    /// Compares in constant time.
    #[inline]
    pub(super) fn verify(&self, parts: [&[u8]; 4], icv: &[u8]) -> Result<(), DropReason> {
        let mut computed = [0; LONGEST];
        let computed = computed.get_mut(..icv.len()).ok_or(DropReason::Truncated)?;
        self.compute(parts, computed);
        if bool::from(computed.ct_eq(icv)) {
            Ok(())
        } else {
            Err(DropReason::BadIcv)
        }
    }
}

fn finish<M: Mac + Clone>(mac: &M, parts: [&[u8]; 4], whole: &mut [u8; LONGEST]) {
    let mut mac = mac.clone();
    for part in parts {
        mac.update(part);
    }
    fill(whole, &mac.finalize().into_bytes());
}

fn fill(whole: &mut [u8; LONGEST], value: &[u8]) {
    for (byte, value) in whole.iter_mut().zip(value) {
        *byte = *value;
    }
}
