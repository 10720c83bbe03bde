//! A second implementation of the algorithms, by other authors than those that the core uses.

use iiptran::transform::Integrity;
use libaes::Cipher;
use ring::{aead, digest, hmac};

/// AES in CBC mode; `plaintext` is whole blocks.
#[must_use]
pub fn aes_cbc(key: &[u8], iv: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let mut cipher = match key.len() {
        16 => Cipher::new_128(key.try_into().expect("16 bytes")),
        24 => Cipher::new_192(key.try_into().expect("24 bytes")),
        _ => Cipher::new_256(key.try_into().expect("32 bytes")),
    };
    cipher.set_auto_padding(false);
    cipher.cbc_encrypt(iv, plaintext)
}

/// One block of AES.
#[must_use]
pub fn aes_block(key: &[u8], block: [u8; 16]) -> [u8; 16] {
    let encrypted = aes_cbc(key, &[0; 16], &block);
    encrypted.try_into().expect("16 bytes")
}

/// AES-GCM with keys of 128 or 256 bits: ciphertext and ICV.
#[must_use]
pub fn aes_gcm(key: &[u8], nonce: [u8; 12], associated: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let algorithm = match key.len() {
        16 => &aead::AES_128_GCM,
        _ => &aead::AES_256_GCM,
    };
    seal(algorithm, key, nonce, associated, plaintext)
}

/// ChaCha20-Poly1305: ciphertext and ICV.
#[must_use]
pub fn chacha20_poly1305(
    key: &[u8],
    nonce: [u8; 12],
    associated: &[u8],
    plaintext: &[u8],
) -> Vec<u8> {
    seal(&aead::CHACHA20_POLY1305, key, nonce, associated, plaintext)
}

fn seal(
    algorithm: &'static aead::Algorithm,
    key: &[u8],
    nonce: [u8; 12],
    associated: &[u8],
    plaintext: &[u8],
) -> Vec<u8> {
    let key = aead::UnboundKey::new(algorithm, key).expect("a key");
    let nonce = aead::Nonce::assume_unique_for_key(nonce);
    let mut sealed = plaintext.to_vec();
    aead::LessSafeKey::new(key)
        .seal_in_place_append_tag(nonce, aead::Aad::from(associated), &mut sealed)
        .expect("a length that fits");
    sealed
}

/// HMAC, cut to the length that ESP carries; `None` for what is not an HMAC.
#[must_use]
pub fn hmac_icv(integrity: Integrity, key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let algorithm = hmac_algorithm(integrity)?;
    let tag = hmac::sign(&hmac::Key::new(algorithm, key), data);
    Some(tag.as_ref()[..integrity.icv_length()].to_vec())
}

/// A key of the length that ESP asks for, with which HMAC gives the same values as with `key`; `None`
/// if there is none.
///
/// HMAC hashes a key that is longer than a block of the hash, and fills a shorter one with zeros
/// (RFC 2104 section 2).
#[must_use]
pub fn equivalent_hmac_key(integrity: Integrity, key: &[u8]) -> Option<Vec<u8>> {
    let hash = hmac_algorithm(integrity)?.digest_algorithm();
    let mut key = if key.len() > hash.block_len() {
        digest::digest(hash, key).as_ref().to_vec()
    } else {
        key.to_vec()
    };
    let length = integrity.key_length();
    if key.len() < length {
        key.resize(length, 0);
    }
    (key.len() == length).then_some(key)
}

fn hmac_algorithm(integrity: Integrity) -> Option<hmac::Algorithm> {
    Some(match integrity {
        Integrity::HmacSha1_96 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        Integrity::HmacSha2_256_128 => hmac::HMAC_SHA256,
        Integrity::HmacSha2_384_192 => hmac::HMAC_SHA384,
        Integrity::HmacSha2_512_256 => hmac::HMAC_SHA512,
        Integrity::AesXcbc96 | Integrity::AesCmac96 => return None,
    })
}
