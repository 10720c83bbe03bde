//! The algorithms of ESP: authenticated encryption, encryption with a separate integrity algorithm,
//! and integrity alone.
//!
//! [`Transform`] names a combination; [`Sealer`] and [`Opener`] are one with its keys set up, for one
//! direction each. The portable implementations are RustCrypto's. With the feature `accel`, AES-GCM,
//! AES-GMAC and ChaCha20-Poly1305 use the vector instructions that the CPU has, found when a key is set
//! up, and with AVX-512 so do bursts with AES-CBC or HMAC-SHA-256. Which implementation runs never changes a byte of a result.

#[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
mod accelerated;
mod burst;
mod ccm;
mod combined;
mod engine;
mod gmac;
mod integrity;
mod iv;
mod keys;
mod lockstep;
mod names;
mod run;
mod separate;
mod suite;
mod xcbc;

pub(crate) use burst::BURST;
pub use burst::{EspLayout, EspPacket};
pub use iv::{Iv, IvSequence};
pub use keys::{KeyError, Keys, SecretBytes};
pub use names::TransformError;
pub(crate) use run::Run;
pub use suite::{AesKey, Icv, Integrity, Transform};

use crate::DropReason;
use crate::wire::{EspHeader, Spi};
use engine::Engine;

/// What integrity covers besides payload and IV: SPI and sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authenticated {
    /// Security parameters index.
    pub spi: Spi,
    /// The whole sequence number; without ESN its high half is 0.
    pub sequence: u64,
    /// Whether the high half of the sequence number, which is not on the wire, is covered too.
    pub extended: bool,
}

impl Authenticated {
    /// What is authenticated besides bytes of the packet: the associated data of an AEAD, or the high
    /// half of the sequence number.
    #[cfg(feature = "walkthrough")]
    pub(crate) fn besides_the_packet(self, transform: Transform) -> alloc::vec::Vec<u8> {
        match transform.integrity() {
            Some(_) => {
                let (bytes, length) = self.trailing_high_half();
                bytes.into_iter().take(length).collect()
            }
            None => {
                let (bytes, length) = self.associated_data();
                bytes.into_iter().take(length).collect()
            }
        }
    }

    /// SPI and the low half of the sequence number: the ESP header as it is on the wire.
    fn wire_header(self) -> [u8; EspHeader::LENGTH] {
        let [s0, s1, s2, s3] = self.spi.0.to_be_bytes();
        let [.., q4, q5, q6, q7] = self.sequence.to_be_bytes();
        [s0, s1, s2, s3, q4, q5, q6, q7]
    }

    /// SPI and sequence number as an AEAD authenticates them (RFC 4106 section 5): the high half,
    /// where covered, stands in its natural place.
    fn associated_data(self) -> ([u8; 12], usize) {
        let [s0, s1, s2, s3] = self.spi.0.to_be_bytes();
        let [q0, q1, q2, q3, q4, q5, q6, q7] = self.sequence.to_be_bytes();
        if self.extended {
            ([s0, s1, s2, s3, q0, q1, q2, q3, q4, q5, q6, q7], 12)
        } else {
            (
                [s0, s1, s2, s3, q4, q5, q6, q7, 0, 0, 0, 0],
                EspHeader::LENGTH,
            )
        }
    }

    /// The high half as separate integrity algorithms authenticate it, behind all else (RFC 4303
    /// section 2.2.1).
    fn trailing_high_half(self) -> ([u8; 4], usize) {
        high_half(self.extended, self.sequence)
    }
}

fn high_half(extended: bool, sequence: u64) -> ([u8; 4], usize) {
    let [q0, q1, q2, q3, ..] = sequence.to_be_bytes();
    ([q0, q1, q2, q3], if extended { 4 } else { 0 })
}

/// A transform with its keys, for the sending side of an SA. Never prints its keys; wipes them.
#[derive(Debug)]
pub struct Sealer(Engine);

impl Sealer {
    /// Sets the keys up.
    ///
    /// # Errors
    /// [`KeyError`] if a key is not of the length that the transform asks for.
    pub fn new(transform: Transform, keys: &Keys) -> Result<Self, KeyError> {
        Engine::new(transform, keys).map(Self)
    }

    /// Encrypts `body`, from the payload to the next-header byte, in place and writes the ICV.
    ///
    /// `iv` is of [`Transform::nonce_iv_length`] bytes and `icv` of [`Transform::icv_length`]; with
    /// AES-CBC, `body` is whole blocks. Aligning it as ESP asks is the caller's part.
    ///
    /// # Errors
    /// [`DropReason::Truncated`] if a length is not as said; `body` is then unchanged.
    #[inline]
    pub fn seal(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &mut [u8],
        icv: &mut [u8],
    ) -> Result<(), DropReason> {
        self.0.seal(authenticated, iv, body, icv)
    }
}

/// A transform with its keys, for the receiving side of an SA. Never prints its keys; wipes them.
#[derive(Debug)]
pub struct Opener(Engine);

impl Opener {
    /// Sets the keys up.
    ///
    /// # Errors
    /// [`KeyError`] if a key is not of the length that the transform asks for.
    pub fn new(transform: Transform, keys: &Keys) -> Result<Self, KeyError> {
        Engine::new(transform, keys).map(Self)
    }

    /// Checks the ICV in constant time and decrypts `body`, from the payload to the next-header byte,
    /// in place. Lengths as in [`Sealer::seal`].
    ///
    /// # Errors
    /// [`DropReason::BadIcv`], or [`DropReason::Truncated`] if a length is wrong; `body` is then the
    /// ciphertext as it was.
    #[inline]
    pub fn open(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &mut [u8],
        icv: &[u8],
    ) -> Result<(), DropReason> {
        self.0.open(authenticated, iv, body, icv)
    }
}
