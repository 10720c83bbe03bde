//! One test for each promise of `docs/requirements.toml`, named after its number.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod after_decapsulation;
mod appendix;
mod fragments;
mod hosts;
mod iiptran;
mod inner_selectors;
mod model;
mod negotiation;
mod order;
mod source_address;
