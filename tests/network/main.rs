//! Networks of nodes on a virtual clock, and the scenarios that come with the crate.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod alternatives;
mod comparison;
mod documents;
mod ends;
mod events;
mod faults;
mod figures;
mod problems;
mod repeat;
mod routing;
mod watch;
