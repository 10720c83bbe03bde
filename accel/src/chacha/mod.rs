//! ChaCha20-Poly1305 with a key.

mod cipher;
mod eight;
mod entry;
mod lanes;
mod packets;
mod poly;

use core::fmt;

use zeroize::Zeroize;

use crate::gcm::{Aad, Icv, Kept, Nonce, Opening, Packet, Sealing, Tag};
use crate::{Error, Kernel};
use cipher::Key;
use entry::Entry;

/// ChaCha20-Poly1305 (RFC 8439) with a key of 256 bits.
///
/// It is wiped when dropped. It holds no state: threads can share it. Tags are of 16 bytes, and the name of a
/// kernel says how wide its registers are: none needs AES here.
pub struct ChaCha20Poly1305 {
    key: Key,
    entry: Entry,
}

impl ChaCha20Poly1305 {
    /// The most that can be encrypted at once, bytes (RFC 8439 section 2.8).
    pub const LONGEST: u64 = (1 << 38) - 64;

    /// Sets up a key for a kernel: see [`Kernel::best`].
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the CPU can't run the kernel.
    pub fn new(kernel: Kernel, key: &[u8; 32]) -> Result<Self, Error> {
        let entry = Entry::new(kernel).ok_or(Error::Unavailable(kernel))?;
        let mut words = Key::default();
        for (word, bytes) in words.iter_mut().zip(key.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Ok(Self { key: words, entry })
    }

    /// The kernel that runs.
    #[must_use]
    pub const fn kernel(&self) -> Kernel {
        self.entry.kernel()
    }

    /// Encrypts `body` in place and gives the tag. No two packets of a key may have the same nonce.
    ///
    /// # Errors
    /// [`Error::TooLong`]; `body` is then unchanged.
    pub fn seal(&self, nonce: Nonce, aad: Aad, body: &mut [u8]) -> Result<Tag, Error> {
        check(body.len())?;
        Ok(Tag(self.entry.seal(&self.key, nonce, aad, body)))
    }

    /// Checks the ICV in constant time and decrypts `body` in place.
    ///
    /// # Errors
    /// [`Error::NotAuthentic`] or [`Error::TooLong`]; `body` is then unchanged.
    pub fn open(&self, nonce: Nonce, aad: Aad, body: &mut [u8], icv: Icv) -> Result<(), Error> {
        check(body.len())?;
        if self.entry.open(&self.key, nonce, aad, body, icv) {
            Ok(())
        } else {
            Err(Error::NotAuthentic)
        }
    }

    /// Seals all packets: for each the same as [`seal`](Self::seal), but side by side.
    ///
    /// # Errors
    /// [`Error::TooLong`] if one is; all packets are then unchanged.
    pub fn seal_burst(&self, packets: &mut [Sealing<'_>]) -> Result<(), Error> {
        check_all(packets)?;
        if let [packet] = packets {
            let (nonce, aad) = (packet.nonce(), packet.aad());
            let tag = self.entry.seal(&self.key, nonce, aad, packet.body());
            packet.finish(tag);
        } else {
            self.entry.seal_burst(&self.key, packets);
        }
        Ok(())
    }

    /// Opens all packets: for each the same as [`open`](Self::open), but side by side. Each has its own
    /// verdict, [`Opening::is_authentic`].
    ///
    /// # Errors
    /// [`Error::TooLong`] if one is; all packets are then unchanged.
    pub fn open_burst(&self, packets: &mut [Opening<'_>]) -> Result<(), Error> {
        check_all(packets)?;
        self.entry.open_burst(&self.key, packets);
        Ok(())
    }
}

fn check(length: usize) -> Result<(), Error> {
    if length as u64 > ChaCha20Poly1305::LONGEST {
        return Err(Error::TooLong);
    }
    Ok(())
}

fn check_all<P: Kept>(packets: &[P]) -> Result<(), Error> {
    let mut packets = packets.iter();
    packets.try_for_each(|packet| check(packet.bytes().len()))
}

impl Drop for ChaCha20Poly1305 {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl fmt::Debug for ChaCha20Poly1305 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cipher = f.debug_struct("ChaCha20Poly1305");
        cipher.field("kernel", &self.kernel());
        cipher.finish_non_exhaustive()
    }
}
