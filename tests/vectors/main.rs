//! Published vectors. Each file of vectors has one test that runs all of them and says how many there
//! are.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod aes_gcm;
mod anti_replay;
mod chacha20_poly1305;
mod ciphers;
mod ecn;
mod integrity;
mod packets;
