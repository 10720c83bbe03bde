//! One test for each promise of `docs/requirements.toml`, named after its number.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod algorithms;
mod appendix;
mod esp_format;
mod forbidden;
mod iiptran;
mod model;
mod order;
mod routes;
mod sad;
mod sequence;
mod spd;

use iiptran_tests::{fragments, hosts};
