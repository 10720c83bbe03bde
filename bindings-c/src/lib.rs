//! IIPtran for C and C++: `include/iiptran.h` is made from the comments here.
//!
//! Types have the names that they have in C. Each function converts, calls the hosts' common ground, and
//! converts what comes back; pointers are touched in `pointer.rs` and in handles alone.
#![cfg_attr(not(feature = "std"), no_std)]
#![allow(
    unsafe_code,
    non_camel_case_types,
    clippy::missing_safety_doc,
    reason = "an interface for C, where the rules for pointers are in the header"
)]

extern crate alloc;

mod address;
#[cfg(not(feature = "std"))]
mod bare;
mod exclusive;
mod fib;
mod kernel;
mod network;
mod node;
mod packet;
mod pointer;
mod sa;
mod sa_config;
mod sad;
mod spd;
mod status;
mod text;
mod walk;

pub use address::*;
pub use fib::*;
pub use kernel::*;
pub use network::*;
pub use node::*;
pub use packet::*;
pub use sa::*;
pub use sa_config::*;
pub use sad::*;
pub use spd::*;
pub use status::*;
pub use text::*;
pub use walk::*;
