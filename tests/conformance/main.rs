//! One test for each promise of `docs/requirements.toml`, named after its number.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod after_decapsulation;
mod algorithms;
mod alternatives;
mod appendix;
mod ecn;
mod esp_format;
mod figure_three;
mod forbidden;
mod iiptran;
mod inbound;
mod inner_selectors;
mod interface;
mod ipip;
mod ipv6_tunnels;
mod model;
mod negotiation;
mod order;
mod outbound;
mod outer_headers;
mod problems;
mod routes;
mod sad;
mod sequence;
mod source_address;
mod spd;
mod transport_mode;
mod udp_encapsulation;
mod wire;
mod workers;

use iiptran_tests::{fragments, hosts};
