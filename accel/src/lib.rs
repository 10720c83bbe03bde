//! AES-GCM (NIST SP 800-38D) and AES-GMAC for packets, with the vector instructions of x86-64.
#![no_std]
#![allow(
    unsafe_code,
    reason = "vector instructions and unmasked memory are reached by it alone"
)]
#![cfg(all(target_arch = "x86_64", target_feature = "sse2"))]

mod burst;
mod cipher;
mod cpu;
mod entry;
mod error;
mod gcm;
mod hash;
mod isa;
mod kernel;
mod packet;
mod single;
mod table;
mod values;

pub use error::Error;
pub use gcm::Gcm;
pub use kernel::{Kernel, UnknownKernel};
pub use packet::{Opening, Sealing};
pub use values::{Aad, Icv, Nonce, Tag};
