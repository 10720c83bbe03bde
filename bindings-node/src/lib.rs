//! IIPtran for Node: the part in Rust.
//!
//! Values of JavaScript become those of `iiptran-host`, and what comes back becomes values of
//! JavaScript; what any of them means is decided there. The package's TypeScript, in `lib`, is the only
//! caller: it checks what users give, and makes classes, errors and results of what comes back.

#![allow(
    unnameable_types,
    unreachable_pub,
    reason = "napi asks for pub, and nothing in Rust calls it"
)]
#![cfg_attr(
    test,
    allow(dead_code, reason = "napi registers nothing in builds for tests")
)]

mod fault;
mod fib;
mod inbound;
mod kernel;
mod memory;
mod network;
mod node;
mod outbound;
mod owned;
mod packets;
mod reason;
mod sa_key;
mod sad;
mod spd;
