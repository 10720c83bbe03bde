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

use iiptran::transform::Authenticated;
use iiptran::wire::Spi;

/// For vectors that say nothing of SPI and sequence number, as they are about encryption alone.
const ANY: Authenticated = Authenticated {
    spi: Spi(256),
    sequence: 1,
    extended: false,
};
