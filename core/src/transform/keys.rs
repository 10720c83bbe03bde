//! Keys that wipe themselves and never print.

use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

/// Bytes that are wiped when they are dropped and never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// The bytes, for setting up a cipher or writing a key file.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl From<&[u8]> for SecretBytes {
    fn from(bytes: &[u8]) -> Self {
        Self::from(bytes.to_vec())
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} secret bytes>", self.len())
    }
}

/// The keying material of an SA in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Encryption key, with the salt or nonce behind it where the transform has one, as IKE hands it
    /// out (RFC 4106 section 8.1, RFC 3686 section 5.1).
    pub encryption: SecretBytes,
    /// Integrity key; empty with authenticated encryption.
    pub integrity: SecretBytes,
}

/// A key of the wrong length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError {
    /// Which key: `encryption key` or `integrity key`.
    pub key: &'static str,
    /// How many bytes the transform asks for, salt included.
    pub expected: usize,
    /// How many there are.
    pub found: usize,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            expected,
            found,
        } = self;
        write!(
            f,
            "the {key} has {found} bytes, the transform takes {expected}"
        )
    }
}

impl core::error::Error for KeyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alg_14_keys_do_not_print() {
        let keys = Keys {
            encryption: (&[0xab; 20][..]).into(),
            integrity: (&[0xcd; 32][..]).into(),
        };
        let shown = alloc::format!("{keys:?}");
        assert_eq!(
            shown,
            "Keys { encryption: <20 secret bytes>, integrity: <32 secret bytes> }"
        );
    }
}
