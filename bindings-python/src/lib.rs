//! IIPtran for Python.
//!
//! Values of Python become those of `iiptran-host`, and what comes back becomes values of Python; what
//! any of them means is decided there. There is no `unsafe` here: packets in buffers of Python are
//! copied in and out, because another thread may write to such a buffer while Rust reads it.
#![forbid(unsafe_code)]

mod burst;
mod document;
mod faults;
mod fib;
mod inbound;
mod kernel;
mod name;
mod network;
mod node;
mod outbound;
mod owned;
mod packet;
mod raise;
mod reason;
mod results;
mod sa_id;
mod sad;
mod shape;
mod spd;
mod target;
mod verdict;

/// The module that the package `iiptran` is built around.
#[pyo3::pymodule]
mod _iiptran {
    #[pymodule_export]
    use crate::{
        faults::{panic, panic_in_burst},
        fib::{Fib, NextHop},
        inbound::{InboundSa, Opened},
        kernel::{choose_kernel, follow_environment, kernel},
        network::{Network, PacketEnd, scenarios},
        node::{Node, Tables},
        outbound::{OutboundSa, Sealed},
        packet::Packet,
        reason::{Explained, explain, reasons},
        results::BurstResults,
        sa_id::SaId,
        sad::{Sad, spi_of},
        spd::{PolicyMatch, Spd},
        verdict::{Deliver, Hold, Transmit},
    };

    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "that is its name in Python")]
    const __version__: &str = iiptran_host::VERSION;
}
