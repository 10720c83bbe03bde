//! AES-GCM and AES-GMAC with a key.

mod burst;
mod cipher;
mod entry;
mod esp;
mod hash;
pub(crate) mod isa;
mod lockstep;
mod mac;
mod packet;
mod schedule;
mod stream;
mod table;
mod values;

pub use esp::EspFormat;
pub use packet::{Opening, Sealing};
pub use values::{Aad, Icv, Nonce, Tag};

use core::fmt;

use crate::Kernel;
use crate::error::Error;
pub(crate) use cipher::Cipher;
pub(crate) use entry::Entry;
use isa::BLOCK;
pub(crate) use packet::{Kept, Packet};
pub(crate) use schedule::RoundKeys;
use table::Table;

/// AES-GCM and AES-GMAC with a key of 128, 192 or 256 bits.
///
/// It is 1024 bytes, aligned to cache lines, and wiped when dropped. It holds no state: threads can share
/// it.
#[repr(C, align(64))]
pub struct Gcm {
    table: Table,
    entry: Entry,
    /// In place of padding, which would keep what was on the stack before, and which nothing wipes.
    spare: [u8; 14],
}

/// What one SA and direction may cost in the cache.
const _: () = assert!(size_of::<Gcm>() == 1024);

impl Gcm {
    /// The most that can be encrypted at once, bytes (NIST SP 800-38D section 5.2.1.1).
    pub const LONGEST: u64 = (1 << 36) - 32;

    /// Sets up a key for a kernel: see [`Kernel::best`].
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the CPU can't run the kernel, [`Error::KeyLength`] if the key is not of
    /// 16, 24 or 32 bytes.
    pub fn new(kernel: Kernel, key: &[u8]) -> Result<Self, Error> {
        let entry = Entry::new(kernel, key.len())?;
        Ok(Self {
            table: entry.table(key),
            entry,
            spare: [0; 14],
        })
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
    #[inline]
    pub fn seal(&self, nonce: Nonce, aad: Aad, body: &mut [u8]) -> Result<Tag, Error> {
        check(body.len())?;
        Ok(Tag(self.entry.seal(&self.table, nonce, aad, body)))
    }

    /// Checks the ICV in constant time and decrypts `body` in place.
    ///
    /// # Errors
    /// [`Error::NotAuthentic`] or [`Error::TooLong`]; `body` is then the ciphertext as it was.
    #[inline]
    pub fn open(&self, nonce: Nonce, aad: Aad, body: &mut [u8], icv: Icv) -> Result<(), Error> {
        check(body.len())?;
        let tag = self.entry.open(&self.table, nonce, aad, body);
        if icv.is_of(tag) {
            Ok(())
        } else {
            self.undo(nonce, aad, body);
            Err(Error::NotAuthentic)
        }
    }

    /// The tag of data that is not encrypted (NIST SP 800-38D section 3, GMAC): `head`, then `body`.
    ///
    /// # Errors
    /// [`Error::TooLong`], also if `head` is longer than 32 bytes.
    pub fn mac(&self, nonce: Nonce, head: &[u8], body: &[u8]) -> Result<Tag, Error> {
        check(body.len())?;
        // The first bytes of the body complete the last block of the head.
        let whole = head.len().next_multiple_of(BLOCK);
        let missing = whole.saturating_sub(head.len()).min(body.len());
        let (begin, rest) = body.split_at_checked(missing).unwrap_or_default();
        let mut blocks = [0; 2 * BLOCK];
        let start = blocks.len().checked_sub(whole).ok_or(Error::TooLong)?;
        let places = blocks.iter_mut().skip(start);
        for (place, byte) in places.zip(head.iter().chain(begin)) {
            *place = *byte;
        }
        let (blocks, _) = blocks.as_chunks();
        let mut values = [0; 2];
        for (value, block) in values.iter_mut().zip(blocks) {
            *value = u128::from_le_bytes(*block);
        }
        let length = head.len() + body.len();
        Ok(Tag(self.entry.mac(
            &self.table,
            nonce,
            values,
            rest,
            length,
        )))
    }

    /// Seals all packets: for each the same as [`seal`](Self::seal), but in one go.
    ///
    /// # Errors
    /// [`Error::TooLong`] if one is; all packets are then unchanged.
    #[inline]
    pub fn seal_burst(&self, packets: &mut [Sealing<'_>]) -> Result<(), Error> {
        check_all(packets)?;
        self.entry.seal_burst(&self.table, packets);
        Ok(())
    }

    /// Opens all packets: for each the same as [`open`](Self::open), but in one go. Each has its own
    /// verdict, [`Opening::is_authentic`].
    ///
    /// # Errors
    /// [`Error::TooLong`] if one is; all packets are then unchanged.
    #[inline]
    pub fn open_burst(&self, packets: &mut [Opening<'_>]) -> Result<(), Error> {
        check_all(packets)?;
        self.entry.open_burst(&self.table, packets);
        for packet in packets {
            if !packet.is_authentic() {
                self.undo(packet.nonce(), packet.aad(), packet.body());
            }
        }
        Ok(())
    }

    /// Makes plaintext that is not authentic the ciphertext that it was.
    #[cold]
    #[inline(never)]
    fn undo(&self, nonce: Nonce, aad: Aad, body: &mut [u8]) {
        self.entry.seal(&self.table, nonce, aad, body);
    }
}

#[inline(always)]
fn check(length: usize) -> Result<(), Error> {
    if length as u64 > Gcm::LONGEST {
        return Err(Error::TooLong);
    }
    Ok(())
}

#[inline(always)]
fn check_all<P: Packet>(packets: &mut [P]) -> Result<(), Error> {
    let mut packets = packets.iter_mut();
    packets.try_for_each(|packet| check(packet.body().len()))
}

impl fmt::Debug for Gcm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gcm = f.debug_struct("Gcm");
        gcm.field("kernel", &self.kernel());
        gcm.finish_non_exhaustive()
    }
}
