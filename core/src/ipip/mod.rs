//! IP inside IP: RFC 2003 for IPv4, RFC 2473 over IPv6, RFC 4213 for IPv6 in IPv4.
//!
//! This is the only encapsulation of RFC 3884's arrangement; IPsec adds none of its own (its appendix
//! A).

mod decapsulate;
mod encapsulate;

pub use decapsulate::{Decapsulated, decapsulate};
pub use encapsulate::{Origin, encapsulate};
