//! The command `iiptran`. What it does is in the library beside it.
#![forbid(unsafe_code)]

fn main() {}
