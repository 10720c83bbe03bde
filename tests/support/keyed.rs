//! Transforms with their keys, over plain bytes.

use iiptran::DropReason;
use iiptran::transform::{Authenticated, Keys, Opener, Sealer, Transform};
use iiptran::wire::Spi;

/// An SPI and a sequence number, for vectors that are about encryption alone.
pub const ANY: Authenticated = Authenticated {
    spi: Spi::SMALLEST,
    sequence: 1,
    extended: false,
};

/// As many bytes as the longest keys have.
pub const KEY_BYTES: usize = 32 + 4 + 64;

/// Keys for a transform, cut from `bytes`.
#[must_use]
pub fn keys(transform: Transform, bytes: &[u8; KEY_BYTES]) -> Keys {
    crate::choose_kernel();
    let (encryption, rest) = bytes.split_at(transform.key_length() + transform.salt_length());
    let integrity = transform.integrity().map_or(0, |kind| kind.key_length());
    Keys {
        encryption: encryption.into(),
        integrity: rest[..integrity].into(),
    }
}

/// Both directions of a transform with its keys.
#[derive(Debug)]
pub struct Keyed {
    sealer: Sealer,
    opener: Opener,
    icv_length: usize,
}

impl Keyed {
    /// Sets the keys up; salt or nonce are behind the encryption key.
    #[must_use]
    pub fn new(transform: Transform, encryption: &[u8], integrity: &[u8]) -> Self {
        crate::choose_kernel();
        let keys = Keys {
            encryption: encryption.into(),
            integrity: integrity.into(),
        };
        Self {
            sealer: Sealer::new(transform, &keys).expect("keys of the right length"),
            opener: Opener::new(transform, &keys).expect("keys of the right length"),
            icv_length: transform.icv_length(),
        }
    }

    /// Ciphertext and ICV.
    #[must_use]
    pub fn seal(&self, authenticated: Authenticated, iv: &[u8], body: &[u8]) -> [Vec<u8>; 2] {
        let (mut body, mut icv) = (body.to_vec(), vec![0; self.icv_length]);
        let sealed = self.sealer.seal(authenticated, iv, &mut body, &mut icv);
        sealed.expect("lengths that fit");
        [body, icv]
    }

    /// The plaintext.
    ///
    /// # Errors
    /// As [`Opener::open`].
    ///
    /// # Panics
    /// If a refused ciphertext did not stay as it was.
    pub fn open(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        ciphertext: &[u8],
        icv: &[u8],
    ) -> Result<Vec<u8>, DropReason> {
        let mut body = ciphertext.to_vec();
        let opened = self.opener.open(authenticated, iv, &mut body, icv);
        assert!(
            opened.is_ok() || body == ciphertext,
            "a refused packet changed"
        );
        opened.map(|()| body)
    }
}

/// SPI and sequence number that an AEAD authenticates as these bytes: 8, or 12 with an extended
/// sequence number. `None` for another number of bytes, which no ESP packet has.
#[must_use]
pub fn associated(data: &[u8]) -> Option<Authenticated> {
    let (spi, sequence) = data.split_first_chunk()?;
    let extended = sequence.len() == 8;
    Some(Authenticated {
        spi: Spi(u32::from_be_bytes(*spi)),
        sequence: match <[u8; 8]>::try_from(sequence) {
            Ok(sequence) => u64::from_be_bytes(sequence),
            Err(_) => u32::from_be_bytes(sequence.try_into().ok()?).into(),
        },
        extended,
    })
}

/// Takes any data for an ESP packet without encryption: header and body. `None` if the data is too
/// short for a header.
#[must_use]
pub fn header_and_body(data: &[u8]) -> Option<(Authenticated, &[u8])> {
    let (header, body) = data.split_at_checked(8)?;
    Some((associated(header)?, body))
}
