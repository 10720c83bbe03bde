//! What holds for all packets, all transforms and all orders of arrival.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

extern crate alloc;

mod anti_replay;
mod authentic;
mod burst;
mod esp;
mod foreign;
mod garbage;
mod ipip;
mod mutation;
mod node_burst;
mod random;
mod refused;
mod sad;
mod second_implementation;
mod threads;
mod wire_claim;
mod workers;
