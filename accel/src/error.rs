//! What can go wrong.

use core::fmt;

use crate::Kernel;

/// Why there is no key, or no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The CPU, or its operating system, can't run the kernel.
    Unavailable(Kernel),
    /// No kernel has this name.
    UnknownKernel,
    /// A key is of 16, 24 or 32 bytes; this one is of so many.
    KeyLength(usize),
    /// AES-GCM takes no more than 2^36 - 32 bytes at once, ChaCha20-Poly1305 2^38 - 64.
    TooLong,
    /// An ESP packet has no room for its header, IV and ICV.
    TooShort,
    /// The packet is not what the sender sealed.
    NotAuthentic,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(kernel) => write!(f, "this CPU can't run the kernel {kernel}"),
            Self::UnknownKernel => f.write_str(
                "there is no such kernel; there are avx512, avx2 and aes-ni, and portable for none",
            ),
            Self::KeyLength(found) => {
                write!(f, "the key has {found} bytes, AES takes 16, 24 or 32")
            }
            Self::TooLong => f.write_str("the packet is longer than the cipher can encrypt"),
            Self::TooShort => f.write_str("the packet is shorter than what is around its body"),
            Self::NotAuthentic => f.write_str("the packet is not authentic"),
        }
    }
}

impl core::error::Error for Error {}
