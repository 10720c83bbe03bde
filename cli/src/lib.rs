//! The parts of the command `iiptran`, as a library so that tests reach them.
#![forbid(unsafe_code)]

pub mod capture;
