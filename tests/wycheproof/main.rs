//! Project Wycheproof's vectors, which look for the mistakes that implementations make.
//!
//! They are about algorithms and not about ESP, which fixes what is authenticated and how long an ICV
//! is. Each test says in a [`Tally`] how many vectors ESP can express.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod aead;
mod cbc;
mod gmac;
mod mac;

/// What became of the vectors of a set.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Sealed and opened as the vector says.
    accepted: u32,
    /// Refused as the vector says.
    refused: u32,
    /// Encrypted as the vector says; its ICV is none that ESP could have.
    ciphertext_alone: u32,
    /// Of a shape that ESP can't have.
    inapplicable: u32,
}
