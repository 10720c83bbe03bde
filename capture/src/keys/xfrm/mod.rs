//! `ip xfrm state` of Linux: what it prints, and the commands that make an SA.

mod names;
mod read;
mod words;
mod write;

pub use read::read;
pub use write::write;
