//! AES-GCM (NIST SP 800-38D), AES-GMAC and ChaCha20-Poly1305 (RFC 8439) for packets, with the vector
//! instructions of x86-64.
//!
//! A packet is sealed or opened in place, in one pass, alone or in a burst; its tag is apart from it, its
//! nonce and associated data are values. Three [`Kernel`]s do it with registers of 512, 256 and 128 bits;
//! which of them the CPU can run is found at run time, and they give the same bytes. Nothing is allocated,
//! and there is no operating system below.
//!
//! ```
//! # #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))] {
//! use iiptran_accel::{Aad, Gcm, Icv, Kernel, Nonce};
//!
//! let Some(kernel) = Kernel::best() else {
//!     return Ok(()); // Without AES-NI another crate has to do it.
//! };
//! let gcm = Gcm::new(kernel, &[7; 16])?;
//! let (nonce, aad) = (Nonce::new([1; 4], [0, 0, 0, 0, 0, 0, 0, 1]), Aad::from([3; 8]));
//! let mut body = *b"a packet";
//! let tag = gcm.seal(nonce, aad, &mut body)?.bytes();
//! let icv = Icv::new(&tag).ok_or("8, 12 or 16 bytes")?;
//! gcm.open(nonce, aad, &mut body, icv)?;
//! assert_eq!(&body, b"a packet");
//! # }
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! [`CbcEncryption`] encrypts packets by AES-CBC, a block of each at once, with the same kernels.
//! [`Sha256Lanes`] compresses blocks of sixteen messages side by side, where the CPU has AVX-512.
//! [`Gather`] looks addresses up in a multibit trie, many at once, with the same kernels.
//!
//! On other targets there are the kernels' names, none of which can run, and nothing else.
//!
//! # What is secret, and time
//!
//! Keys, plaintexts and tags of packets that are opened are secret; lengths, addresses of buffers and
//! verdicts are not. No branch, no address and no instruction whose duration depends on its operands
//! depends on a secret:
//!
//! - AES, its S-box included, is done by AES-NI or VAES, also in the key schedule; there is no table that is
//!   looked up by a secret.
//! - GHASH is done by carry-less multiplication, whose duration does not depend on its operands. The powers
//!   of the hash key are read in an order that depends on lengths alone. The hash key's carry is a mask,
//!   not a branch.
//! - ChaCha20 and Poly1305 are additions, rotations and multiplications, whose durations do not depend on
//!   their operands; Poly1305 is reduced by a mask.
//! - SHA-256 is additions, rotations, shifts and bitwise operations, none of whose durations depends on its
//!   operands; its constants are read in their order.
//! - A tag is compared as one number of 128 bits. Only the verdict is branched on.
//! - Masks, numbers of steps and the packets that go side by side follow from lengths.
//!
//! # A packet that is not authentic
//!
//! ChaCha20-Poly1305 decrypts nothing before it is authentic. Opening AES-GCM decrypts while it hashes, as two
//! passes would cost all packets what only forgeries deserve. If the tag is wrong, the counter mode is applied once more, which makes the body the ciphertext that it
//! was: nothing of the plaintext is left in the caller's buffer when the function returns. A forgery costs
//! twice what a packet costs. Whoever shares a buffer with other threads or devices while it is opened may
//! see plaintext there that is not authentic: `&mut` says that nobody does.
//!
//! # Keys
//!
//! [`Gcm`], [`ChaCha20Poly1305`] and [`CbcEncryption`] are wiped when they are dropped, and never print their keys.
//! Registers and the stack are not wiped, nor the states of [`Sha256Lanes`], which are the caller's.
#![no_std]
#![cfg_attr(
    not(all(target_arch = "x86_64", target_feature = "sse2")),
    allow(rustdoc::broken_intra_doc_links)
)]

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod cbc;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[allow(unsafe_code, reason = "instructions that not every CPU has")]
mod chacha;
mod choice;
mod cpu;
mod error;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[allow(unsafe_code, reason = "instructions that not every CPU has")]
mod gcm;
mod kernel;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[allow(unsafe_code, reason = "instructions that not every CPU has")]
mod lookup;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[allow(unsafe_code, reason = "instructions that not every CPU has")]
mod sha256;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[allow(unsafe_code, reason = "instructions that not every CPU has")]
mod words;

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub use cbc::{CbcEncryption, CbcPacket};
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub use chacha::ChaCha20Poly1305;
pub use choice::{choose, choose_by_name, chosen};
pub use error::Error;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub use gcm::{Aad, EspFormat, Gcm, Icv, Nonce, Opening, Sealing, Tag};
pub use kernel::Kernel;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub use lookup::{ADDRESSES, Gather, MultibitTrie};
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub use sha256::{Sha256Lanes, Sha256States};
