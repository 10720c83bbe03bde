//! The forwarding information base: which way a destination lies.

mod ecmp;
mod key;
mod prefix;
mod route;

pub use ecmp::Paths;
pub use prefix::{Prefix, PrefixError};
pub use route::{Origin, Path, Route, Target};
