//! Bytes in documents.

use core::ops::Deref;

use data_encoding::{DecodeError, HEXLOWER};
use serde::{Deserialize, Serialize};

/// Bytes that stand in a document as lower-case hexadecimal digits.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(try_from = "String", into = "String")]
pub struct Hex(Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = DecodeError;

    fn try_from(digits: String) -> Result<Self, DecodeError> {
        HEXLOWER.decode(digits.as_bytes()).map(Self)
    }
}

impl From<Hex> for String {
    fn from(hex: Hex) -> Self {
        HEXLOWER.encode(&hex.0)
    }
}

impl From<Vec<u8>> for Hex {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for Hex {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
