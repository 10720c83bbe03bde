//! AES-CBC encryption with a key.

mod packets;

use core::fmt;

use crate::gcm::{Entry, RoundKeys};
use crate::{Error, Kernel};
pub(crate) use packets::encrypt;

/// A packet that is to be encrypted: its IV, and whole blocks.
#[derive(Debug)]
pub struct CbcPacket<'p> {
    /// What the first block is added to.
    pub iv: [u8; 16],
    /// Plaintext, which becomes ciphertext.
    pub body: &'p mut [[u8; 16]],
}

/// Encryption by AES-CBC (NIST SP 800-38A section 6.2, RFC 3602) with a key of 128, 192 or 256 bits.
///
/// It is wiped when dropped. It holds no state: threads can share it. Decryption is no part of it, as that waits for
/// nothing and needs no other packets.
pub struct CbcEncryption {
    keys: RoundKeys,
    entry: Entry,
}

impl CbcEncryption {
    /// Sets up a key for a kernel: see [`Kernel::best`].
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the CPU can't run the kernel, [`Error::KeyLength`] if the key is not of
    /// 16, 24 or 32 bytes.
    pub fn new(kernel: Kernel, key: &[u8]) -> Result<Self, Error> {
        let entry = Entry::new(kernel, key.len())?;
        let keys = entry.round_keys(key);
        Ok(Self { keys, entry })
    }

    /// The kernel that runs.
    #[must_use]
    pub const fn kernel(&self) -> Kernel {
        self.entry.kernel()
    }

    /// Encrypts packets in place, a block of each of 32 at once, and the next packet where one has ended.
    pub fn encrypt<'p>(&self, packets: &mut dyn Iterator<Item = CbcPacket<'p>>) {
        self.entry.encrypt_cbc(&self.keys, packets);
    }
}

impl fmt::Debug for CbcEncryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cipher = f.debug_struct("CbcEncryption");
        cipher.field("kernel", &self.kernel());
        cipher.finish_non_exhaustive()
    }
}
