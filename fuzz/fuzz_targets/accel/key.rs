//! Keys, and what RustCrypto does with them.

use aes::Aes192;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm};
use arbitrary::Arbitrary;
use iiptran_accel::{ChaCha20Poly1305, Gcm, Kernel, Opening, Sealing};

#[derive(Arbitrary, Debug)]
pub(crate) enum Key {
    Bits128([u8; 16]),
    Bits256([u8; 32]),
    Bits192([u8; 24]),
    ChaCha([u8; 32]),
}

pub(crate) enum Cipher {
    Gcm(Gcm),
    ChaCha(ChaCha20Poly1305),
}

impl Key {
    /// How long ICVs may be, bytes.
    pub(crate) const fn icvs(&self) -> [usize; 3] {
        match self {
            Self::ChaCha(_) => [16; 3],
            _ => [8, 12, 16],
        }
    }

    /// Ciphertext and tag.
    pub(crate) fn seal(&self, nonce: [u8; 12], aad: &[u8], plain: &[u8]) -> (Vec<u8>, [u8; 16]) {
        let mut body = plain.to_vec();
        macro_rules! seal {
            ($cipher:ty, $key:expr) => {
                <$cipher>::new($key.into())
                    .encrypt_inout_detached(&nonce.into(), aad, body.as_mut_slice().into())
                    .unwrap()
                    .into()
            };
        }
        let tag = match self {
            Self::Bits128(key) => seal!(Aes128Gcm, key),
            Self::Bits192(key) => seal!(AesGcm<Aes192, U12>, key),
            Self::Bits256(key) => seal!(Aes256Gcm, key),
            Self::ChaCha(key) => seal!(chacha20poly1305::ChaCha20Poly1305, key),
        };
        (body, tag)
    }
}

impl Cipher {
    pub(crate) fn new(kernel: Kernel, key: &Key) -> Self {
        let gcm = |key: &[u8]| Self::Gcm(Gcm::new(kernel, key).unwrap());
        match key {
            Key::Bits128(key) => gcm(key),
            Key::Bits192(key) => gcm(key),
            Key::Bits256(key) => gcm(key),
            Key::ChaCha(key) => Self::ChaCha(ChaCha20Poly1305::new(kernel, key).unwrap()),
        }
    }

    pub(crate) fn seal_burst(&self, packets: &mut [Sealing<'_>]) {
        match self {
            Self::Gcm(gcm) => gcm.seal_burst(packets),
            Self::ChaCha(chacha) => chacha.seal_burst(packets),
        }
        .unwrap();
    }

    pub(crate) fn open_burst(&self, packets: &mut [Opening<'_>]) {
        match self {
            Self::Gcm(gcm) => gcm.open_burst(packets),
            Self::ChaCha(chacha) => chacha.open_burst(packets),
        }
        .unwrap();
    }
}
