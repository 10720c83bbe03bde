//! Bytes in documents.

use core::ops::Deref;

use data_encoding::{DecodeError, HEXLOWER};
use serde::Deserialize;

/// Bytes that stand in a document as lower-case hexadecimal digits.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub struct Hex(Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = DecodeError;

    fn try_from(digits: String) -> Result<Self, DecodeError> {
        HEXLOWER.decode(digits.as_bytes()).map(Self)
    }
}

impl Deref for Hex {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
