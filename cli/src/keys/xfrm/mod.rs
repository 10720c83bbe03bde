//! `ip xfrm state` of Linux: what it prints, and the commands that make an SA.

mod names;
mod read;
mod words;
mod write;

pub(super) use read::read;
pub(super) use write::write;
