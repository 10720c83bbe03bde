//! The closed set of implementations behind [`super::Sealer`] and [`super::Opener`].

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::consts::{U8, U12, U16};
use alloc::boxed::Box;
use chacha20poly1305::ChaCha20Poly1305;
use core::fmt;

#[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
use super::accelerated::Accelerated;
use super::ccm::VerifyingCcm;
use super::combined::Combined;
use super::gmac::Gmac;
use super::separate::{CipherKind, Separate};
use super::{AesKey, Authenticated, Icv, KeyError, Keys, Transform};
use crate::DropReason;

type Gcm<C, Tag> = Box<Combined<AesGcm<C, U12, Tag>, 4>>;
type Ccm<C, Tag> = Box<Combined<VerifyingCcm<C, Tag>, 3>>;

/// A transform with its keys: one variant for each key size and ICV length, so that each compiles to
/// code of its own. Boxed, as key schedules differ much in size.
pub(super) enum Engine {
    Aes128Gcm8(Gcm<Aes128, U8>),
    Aes128Gcm12(Gcm<Aes128, U12>),
    Aes128Gcm16(Gcm<Aes128, U16>),
    Aes192Gcm8(Gcm<Aes192, U8>),
    Aes192Gcm12(Gcm<Aes192, U12>),
    Aes192Gcm16(Gcm<Aes192, U16>),
    Aes256Gcm8(Gcm<Aes256, U8>),
    Aes256Gcm12(Gcm<Aes256, U12>),
    Aes256Gcm16(Gcm<Aes256, U16>),
    Aes128Ccm8(Ccm<Aes128, U8>),
    Aes128Ccm12(Ccm<Aes128, U12>),
    Aes128Ccm16(Ccm<Aes128, U16>),
    Aes192Ccm8(Ccm<Aes192, U8>),
    Aes192Ccm12(Ccm<Aes192, U12>),
    Aes192Ccm16(Ccm<Aes192, U16>),
    Aes256Ccm8(Ccm<Aes256, U8>),
    Aes256Ccm12(Ccm<Aes256, U12>),
    Aes256Ccm16(Ccm<Aes256, U16>),
    Aes128Gmac(Box<Gmac<Aes128>>),
    Aes192Gmac(Box<Gmac<Aes192>>),
    Aes256Gmac(Box<Gmac<Aes256>>),
    ChaCha20Poly1305(Box<Combined<ChaCha20Poly1305, 4>>),
    Separate(Separate),
    #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
    Accelerated(Accelerated),
}

/// Runs the same expression on whichever implementation there is.
macro_rules! with_engine {
    ($value:expr, $engine:ident => $run:expr) => {
        match $value {
            Engine::Aes128Gcm8($engine) => $run,
            Engine::Aes128Gcm12($engine) => $run,
            Engine::Aes128Gcm16($engine) => $run,
            Engine::Aes192Gcm8($engine) => $run,
            Engine::Aes192Gcm12($engine) => $run,
            Engine::Aes192Gcm16($engine) => $run,
            Engine::Aes256Gcm8($engine) => $run,
            Engine::Aes256Gcm12($engine) => $run,
            Engine::Aes256Gcm16($engine) => $run,
            Engine::Aes128Ccm8($engine) => $run,
            Engine::Aes128Ccm12($engine) => $run,
            Engine::Aes128Ccm16($engine) => $run,
            Engine::Aes192Ccm8($engine) => $run,
            Engine::Aes192Ccm12($engine) => $run,
            Engine::Aes192Ccm16($engine) => $run,
            Engine::Aes256Ccm8($engine) => $run,
            Engine::Aes256Ccm12($engine) => $run,
            Engine::Aes256Ccm16($engine) => $run,
            Engine::Aes128Gmac($engine) => $run,
            Engine::Aes192Gmac($engine) => $run,
            Engine::Aes256Gmac($engine) => $run,
            Engine::ChaCha20Poly1305($engine) => $run,
            Engine::Separate($engine) => $run,
            #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
            Engine::Accelerated($engine) => $run,
        }
    };
}

impl Engine {
    pub(super) fn new(transform: Transform, keys: &Keys) -> Result<Self, KeyError> {
        let lengths = [
            (
                "encryption key",
                transform
                    .key_length()
                    .saturating_add(transform.salt_length()),
                keys.encryption.len(),
            ),
            (
                "integrity key",
                transform
                    .integrity()
                    .map_or(0, |integrity| integrity.key_length()),
                keys.integrity.len(),
            ),
        ];
        let wrong = lengths
            .into_iter()
            .find(|(_, expected, found)| expected != found);
        let [encryption, _] = lengths;
        // Once the lengths are right, setting the keys up can't fail.
        let (key, expected, found) = wrong.unwrap_or(encryption);
        let engine = if wrong.is_none() {
            Self::set_up(transform, keys)
        } else {
            None
        };
        engine.ok_or(KeyError {
            key,
            expected,
            found,
        })
    }

    fn set_up(transform: Transform, keys: &Keys) -> Option<Self> {
        #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
        if let Some(engine) = Accelerated::new(transform, keys) {
            return Some(Self::Accelerated(engine));
        }
        use AesKey::{Bits128, Bits192, Bits256};
        use Icv::{Bytes8, Bytes12, Bytes16};
        let separate = |kind, integrity| Separate::new(kind, integrity, keys).map(Self::Separate);
        Some(match transform {
            Transform::AesGcm { key, icv, .. } => match (key, icv) {
                (Bits128, Bytes8) => Self::Aes128Gcm8(Box::new(Combined::new(keys)?)),
                (Bits128, Bytes12) => Self::Aes128Gcm12(Box::new(Combined::new(keys)?)),
                (Bits128, Bytes16) => Self::Aes128Gcm16(Box::new(Combined::new(keys)?)),
                (Bits192, Bytes8) => Self::Aes192Gcm8(Box::new(Combined::new(keys)?)),
                (Bits192, Bytes12) => Self::Aes192Gcm12(Box::new(Combined::new(keys)?)),
                (Bits192, Bytes16) => Self::Aes192Gcm16(Box::new(Combined::new(keys)?)),
                (Bits256, Bytes8) => Self::Aes256Gcm8(Box::new(Combined::new(keys)?)),
                (Bits256, Bytes12) => Self::Aes256Gcm12(Box::new(Combined::new(keys)?)),
                (Bits256, Bytes16) => Self::Aes256Gcm16(Box::new(Combined::new(keys)?)),
            },
            Transform::AesCcm { key, icv, .. } => match (key, icv) {
                (Bits128, Bytes8) => Self::Aes128Ccm8(Box::new(Combined::new(keys)?)),
                (Bits128, Bytes12) => Self::Aes128Ccm12(Box::new(Combined::new(keys)?)),
                (Bits128, Bytes16) => Self::Aes128Ccm16(Box::new(Combined::new(keys)?)),
                (Bits192, Bytes8) => Self::Aes192Ccm8(Box::new(Combined::new(keys)?)),
                (Bits192, Bytes12) => Self::Aes192Ccm12(Box::new(Combined::new(keys)?)),
                (Bits192, Bytes16) => Self::Aes192Ccm16(Box::new(Combined::new(keys)?)),
                (Bits256, Bytes8) => Self::Aes256Ccm8(Box::new(Combined::new(keys)?)),
                (Bits256, Bytes12) => Self::Aes256Ccm12(Box::new(Combined::new(keys)?)),
                (Bits256, Bytes16) => Self::Aes256Ccm16(Box::new(Combined::new(keys)?)),
            },
            Transform::AesGmac { key: Bits128 } => Self::Aes128Gmac(Box::new(Gmac::new(keys)?)),
            Transform::AesGmac { key: Bits192 } => Self::Aes192Gmac(Box::new(Gmac::new(keys)?)),
            Transform::AesGmac { key: Bits256 } => Self::Aes256Gmac(Box::new(Gmac::new(keys)?)),
            Transform::ChaCha20Poly1305 { .. } => {
                Self::ChaCha20Poly1305(Box::new(Combined::new(keys)?))
            }
            Transform::AesCbc { key, integrity } => separate(CipherKind::Cbc(key), integrity)?,
            Transform::AesCtr { key, integrity } => separate(CipherKind::Ctr(key), integrity)?,
            Transform::Null { integrity } => separate(CipherKind::Null, integrity)?,
        })
    }

    /// The implementation that takes bursts.
    #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
    #[inline]
    pub(super) const fn accelerated(&self) -> Option<&Accelerated> {
        match self {
            Self::Accelerated(engine) => Some(engine),
            _ => None,
        }
    }

    /// The implementation that works on several packets in lockstep.
    #[inline]
    pub(super) const fn separate(&self) -> Option<&Separate> {
        match self {
            Self::Separate(engine) => Some(engine),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn seal(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &mut [u8],
        icv: &mut [u8],
    ) -> Result<(), DropReason> {
        with_engine!(self, engine => engine.seal(authenticated, iv, body, icv))
    }

    #[inline]
    pub(super) fn open(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &mut [u8],
        icv: &[u8],
    ) -> Result<(), DropReason> {
        with_engine!(self, engine => engine.open(authenticated, iv, body, icv))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}
