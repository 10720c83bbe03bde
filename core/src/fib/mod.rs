//! The forwarding information base: which way a destination lies.

mod key;
mod prefix;

pub use prefix::{Prefix, PrefixError};
