//! What the tests share: two other implementations, and bytes without an order.
#![allow(dead_code, reason = "each test uses a part")]

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::aes::{Aes128, Aes192, Aes256};
use aes_gcm::{AesGcm, Nonce};
use iiptran_accel::{Gcm, Kernel};

pub(crate) const KEY_LENGTHS: [usize; 3] = [16, 24, 32];
pub(crate) const AAD_LENGTHS: [usize; 4] = [0, 8, 12, 16];
pub(crate) const ICV_LENGTHS: [usize; 3] = [8, 12, 16];

/// A generator of numbers (SplitMix64) that gives the same ones in each run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length.div_ceil(8))
            .flat_map(|_| self.next().to_le_bytes())
            .take(length)
            .collect()
    }

    pub(crate) fn nonce(&mut self) -> [u8; 12] {
        self.bytes(12).try_into().unwrap()
    }
}

/// The key with every kernel that this machine has.
pub(crate) fn kernels(key: &[u8]) -> Vec<Gcm> {
    let kernels: Vec<Gcm> = Kernel::available()
        .map(|kernel| Gcm::new(kernel, key).unwrap())
        .collect();
    assert!(!kernels.is_empty(), "this CPU has not even AES-NI");
    kernels
}

/// RustCrypto.
pub(crate) enum Portable {
    Bits128(AesGcm<Aes128, U12>),
    Bits192(AesGcm<Aes192, U12>),
    Bits256(AesGcm<Aes256, U12>),
}

impl Portable {
    pub(crate) fn new(key: &[u8]) -> Self {
        match key.len() {
            16 => Self::Bits128(AesGcm::new_from_slice(key).unwrap()),
            24 => Self::Bits192(AesGcm::new_from_slice(key).unwrap()),
            _ => Self::Bits256(AesGcm::new_from_slice(key).unwrap()),
        }
    }

    pub(crate) fn seal(&self, nonce: [u8; 12], aad: &[u8], body: &mut [u8]) -> [u8; 16] {
        let nonce = Nonce::from(nonce);
        let body = body.into();
        let tag = match self {
            Self::Bits128(gcm) => gcm.encrypt_inout_detached(&nonce, aad, body),
            Self::Bits192(gcm) => gcm.encrypt_inout_detached(&nonce, aad, body),
            Self::Bits256(gcm) => gcm.encrypt_inout_detached(&nonce, aad, body),
        };
        tag.unwrap().into()
    }
}

/// ring, which has no keys of 192 bits.
pub(crate) fn ring(key: &[u8]) -> Option<ring::aead::LessSafeKey> {
    use ring::aead::{AES_128_GCM, AES_256_GCM, LessSafeKey, UnboundKey};
    let algorithm = match key.len() {
        16 => &AES_128_GCM,
        32 => &AES_256_GCM,
        _ => return None,
    };
    Some(LessSafeKey::new(UnboundKey::new(algorithm, key).unwrap()))
}

pub(crate) fn seal_with_ring(
    key: &ring::aead::LessSafeKey,
    nonce: [u8; 12],
    aad: &[u8],
    body: &mut [u8],
) -> [u8; 16] {
    let nonce = ring::aead::Nonce::assume_unique_for_key(nonce);
    let aad = ring::aead::Aad::from(aad);
    let tag = key.seal_in_place_separate_tag(nonce, aad, body).unwrap();
    tag.as_ref().try_into().unwrap()
}
