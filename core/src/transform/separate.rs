//! Encrypt, then authenticate (RFC 4303 section 3.3.2): AES-CBC, AES-CTR or no encryption, with a
//! separate integrity algorithm.

use alloc::boxed::Box;

use aes::cipher::consts::U16;
use aes::cipher::{
    Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt,
    BlockSizeUser, InnerIvInit, KeyInit, StreamCipherCore,
};
use aes::{Aes128, Aes192, Aes256};
use ctr::CtrCore;
use ctr::flavors::Ctr32BE;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::burst::{BURST, EspLayout, EspPacket};
use super::integrity::KeyedIntegrity;
use super::lockstep::{Message, SeveralCbc};
use super::{AesKey, Authenticated, Integrity, Keys, high_half};
use crate::DropReason;

/// A cipher and an integrity algorithm with their keys set up.
pub(super) struct Separate {
    cipher: Cipher,
    integrity: KeyedIntegrity,
    icv_length: usize,
}

/// Which cipher; not yet with a key.
#[derive(Clone, Copy)]
pub(super) enum CipherKind {
    Null,
    Cbc(AesKey),
    Ctr(AesKey),
}

enum Cipher {
    Null,
    Cbc(Aes, SeveralCbc),
    Ctr { aes: Aes, nonce: [u8; 4] },
}

/// Boxed one by one: in an enum of ciphers the room beside a small one would keep what was on the stack
/// when the key was set up, and nothing would wipe it.
enum Aes {
    Bits128(Box<Aes128>),
    Bits192(Box<Aes192>),
    Bits256(Box<Aes256>),
}

type Block = Array<u8, U16>;
const BLOCK: usize = 16;
/// The longest ICV of a separate algorithm, bytes.
const LONGEST_ICV: usize = 32;

impl Separate {
    /// `None` if a key is of the wrong length.
    pub(super) fn new(kind: CipherKind, integrity: Integrity, keys: &Keys) -> Option<Self> {
        Some(Self {
            cipher: Cipher::new(kind, keys.encryption.expose())?,
            integrity: KeyedIntegrity::new(integrity, keys.integrity.expose())?,
            icv_length: integrity.icv_length(),
        })
    }

    #[inline]
    pub(super) fn seal(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &mut [u8],
        icv: &mut [u8],
    ) -> Result<(), DropReason> {
        if icv.len() != self.icv_length {
            return Err(DropReason::Truncated);
        }
        self.cipher.encrypt(iv, body)?;
        let (high, length) = authenticated.trailing_high_half();
        let high = high.get(..length).unwrap_or_default();
        self.integrity
            .compute([&authenticated.wire_header(), iv, body, high], icv);
        Ok(())
    }

    #[inline]
    pub(super) fn open(
        &self,
        authenticated: Authenticated,
        iv: &[u8],
        body: &mut [u8],
        icv: &[u8],
    ) -> Result<(), DropReason> {
        if icv.len() != self.icv_length {
            return Err(DropReason::Truncated);
        }
        let (high, length) = authenticated.trailing_high_half();
        let high = high.get(..length).unwrap_or_default();
        self.integrity
            .verify([&authenticated.wire_header(), iv, body, high], icv)?;
        self.cipher.decrypt(iv, body)
    }
}

/// Several packets.
impl Separate {
    /// [`Self::seal`] for all; does nothing and says so if nothing is gained by having them together, or one
    /// is not as it should be.
    pub(super) fn seal_burst(&self, layout: EspLayout, packets: &mut [EspPacket<'_>]) -> bool {
        let chained = match &self.cipher {
            Cipher::Cbc(aes, several) => Some((aes, several)),
            _ => None,
        };
        if (chained.is_none() && self.integrity.of_several().is_none())
            || !self.takes(layout, packets)
        {
            return false;
        }
        for packets in packets.chunks_mut(BURST) {
            if let Some((aes, several)) = chained {
                cbc_encrypt_burst(aes, several, layout, packets);
            }
            for packet in &mut *packets {
                let (parts, result) = packet.parts_and_result(layout);
                *result = match parts {
                    Some(parts) if chained.is_none() => self.cipher.encrypt(parts.iv, parts.body),
                    Some(_) => Ok(()),
                    None => Err(DropReason::Truncated),
                };
            }
            self.icvs(layout, packets, |computed, icv| {
                for (byte, value) in icv.iter_mut().zip(computed) {
                    *byte = *value;
                }
                Ok(())
            });
        }
        true
    }

    /// [`Self::open`] for all, or nothing, as [`Self::seal_burst`].
    pub(super) fn open_burst(&self, layout: EspLayout, packets: &mut [EspPacket<'_>]) -> bool {
        if self.integrity.of_several().is_none() || !self.takes(layout, packets) {
            return false;
        }
        for packets in packets.chunks_mut(BURST) {
            for packet in &mut *packets {
                packet.result = Ok(());
            }
            self.icvs(layout, packets, |computed, icv| {
                if bool::from(computed.ct_eq(icv)) {
                    Ok(())
                } else {
                    Err(DropReason::BadIcv)
                }
            });
            for packet in packets {
                let (parts, result) = packet.parts_and_result(layout);
                if let (Ok(()), Some(parts)) = (*result, parts) {
                    *result = self.cipher.decrypt(parts.iv, parts.body);
                }
            }
        }
        true
    }

    /// Whether several packets are all as they should be.
    fn takes(&self, layout: EspLayout, packets: &mut [EspPacket<'_>]) -> bool {
        let whole = match self.cipher {
            Cipher::Cbc(..) => BLOCK,
            _ => 1,
        };
        packets.len() > 1
            && layout.icv == self.icv_length
            && packets.iter_mut().all(|packet| {
                let shows_its_number = packet.shows_its_number();
                let (parts, _) = packet.parts_and_result(layout);
                parts.is_some_and(|parts| {
                    shows_its_number
                        && parts.iv.len() == self.cipher.iv_length()
                        && parts.body.len().is_multiple_of(whole)
                })
            })
    }

    /// Computes the ICV of each packet that nothing is wrong with, and does with it and its place.
    fn icvs(
        &self,
        layout: EspLayout,
        packets: &mut [EspPacket<'_>],
        mut each: impl FnMut(&[u8], &mut [u8]) -> Result<(), DropReason>,
    ) {
        let mut values = [[0; LONGEST_ICV]; BURST];
        match self.integrity.of_several() {
            Some(mac) => {
                let messages = packets.iter().map(|packet| {
                    let (behind, behind_length) = high_half(layout.extended, packet.sequence);
                    Message {
                        bytes: packet.covered(layout),
                        behind,
                        behind_length,
                    }
                });
                mac.compute(messages, |place, value| {
                    if let Some(kept) = values.get_mut(place) {
                        *kept = *value;
                    }
                });
            }
            None => {
                for (packet, value) in packets.iter().zip(&mut values) {
                    let (high, length) = high_half(layout.extended, packet.sequence);
                    let high = high.get(..length).unwrap_or_default();
                    self.integrity
                        .compute([packet.covered(layout), &[], &[], high], value);
                }
            }
        }
        for (packet, value) in packets.iter_mut().zip(&values) {
            let (parts, result) = packet.parts_and_result(layout);
            let computed = value.get(..self.icv_length);
            if let (Ok(()), Some(parts), Some(computed)) = (*result, parts, computed) {
                *result = each(computed, parts.icv);
            }
        }
    }
}

impl Cipher {
    const fn iv_length(&self) -> usize {
        match self {
            Self::Null => 0,
            Self::Cbc(..) => BLOCK,
            Self::Ctr { .. } => 8,
        }
    }

    fn new(kind: CipherKind, key: &[u8]) -> Option<Self> {
        Some(match kind {
            CipherKind::Null => key.is_empty().then_some(Self::Null)?,
            CipherKind::Cbc(size) => Self::Cbc(Aes::new(size, key)?, SeveralCbc::new(key)),
            CipherKind::Ctr(size) => {
                let (key, nonce) = key.split_last_chunk()?;
                Self::Ctr {
                    aes: Aes::new(size, key)?,
                    nonce: *nonce,
                }
            }
        })
    }

    #[inline]
    fn encrypt(&self, iv: &[u8], body: &mut [u8]) -> Result<(), DropReason> {
        match self {
            Self::Null => Ok(()),
            Self::Cbc(Aes::Bits128(aes), _) => cbc_encrypt(&**aes, iv, body),
            Self::Cbc(Aes::Bits192(aes), _) => cbc_encrypt(&**aes, iv, body),
            Self::Cbc(Aes::Bits256(aes), _) => cbc_encrypt(&**aes, iv, body),
            Self::Ctr { aes, nonce } => ctr_apply(aes, nonce, iv, body),
        }
    }

    #[inline]
    fn decrypt(&self, iv: &[u8], body: &mut [u8]) -> Result<(), DropReason> {
        match self {
            Self::Null => Ok(()),
            Self::Cbc(Aes::Bits128(aes), _) => cbc_decrypt(&**aes, iv, body),
            Self::Cbc(Aes::Bits192(aes), _) => cbc_decrypt(&**aes, iv, body),
            Self::Cbc(Aes::Bits256(aes), _) => cbc_decrypt(&**aes, iv, body),
            Self::Ctr { aes, nonce } => ctr_apply(aes, nonce, iv, body),
        }
    }
}

impl Aes {
    fn new(size: AesKey, key: &[u8]) -> Option<Self> {
        Some(match size {
            AesKey::Bits128 => Self::Bits128(Box::new(Aes128::new_from_slice(key).ok()?)),
            AesKey::Bits192 => Self::Bits192(Box::new(Aes192::new_from_slice(key).ok()?)),
            AesKey::Bits256 => Self::Bits256(Box::new(Aes256::new_from_slice(key).ok()?)),
        })
    }
}

/// Encrypts packets whose bodies are whole blocks.
fn cbc_encrypt_burst(
    aes: &Aes,
    several: &SeveralCbc,
    layout: EspLayout,
    packets: &mut [EspPacket<'_>],
) {
    let packets = packets.iter_mut().filter_map(|packet| {
        let (parts, _) = packet.parts_and_result(layout);
        let parts = parts?;
        let iv = *<&Block>::try_from(parts.iv).ok()?;
        Some((iv, blocks(parts.body).ok()?))
    });
    match aes {
        Aes::Bits128(aes) => several.encrypt(&**aes, packets),
        Aes::Bits192(aes) => several.encrypt(&**aes, packets),
        Aes::Bits256(aes) => several.encrypt(&**aes, packets),
    }
}

fn cbc_encrypt<C>(aes: &C, iv: &[u8], body: &mut [u8]) -> Result<(), DropReason>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
{
    let iv = <&Block>::try_from(iv).map_err(|_| DropReason::Truncated)?;
    cbc::Encryptor::inner_iv_init(aes, iv).encrypt_blocks(blocks(body)?);
    Ok(())
}

fn cbc_decrypt<C>(aes: &C, iv: &[u8], body: &mut [u8]) -> Result<(), DropReason>
where
    C: BlockCipherDecrypt + BlockSizeUser<BlockSize = U16>,
{
    let iv = <&Block>::try_from(iv).map_err(|_| DropReason::Truncated)?;
    cbc::Decryptor::inner_iv_init(aes, iv).decrypt_blocks(blocks(body)?);
    Ok(())
}

fn blocks(body: &mut [u8]) -> Result<&mut [Block], DropReason> {
    match Block::slice_as_chunks_mut(body) {
        (blocks, []) => Ok(blocks),
        _ => Err(DropReason::Truncated),
    }
}

/// The counter block is nonce, IV and a block counter that starts at 1 (RFC 3686 section 4).
fn ctr_apply(aes: &Aes, nonce: &[u8; 4], iv: &[u8], body: &mut [u8]) -> Result<(), DropReason> {
    fn apply<C>(aes: &C, counter: &Block, body: &mut [u8])
    where
        C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>,
    {
        CtrCore::<&C, Ctr32BE>::inner_iv_init(aes, counter).apply_keystream_partial(body.into());
    }
    let &[n0, n1, n2, n3] = nonce;
    let &[i0, i1, i2, i3, i4, i5, i6, i7] =
        <&[u8; 8]>::try_from(iv).map_err(|_| DropReason::Truncated)?;
    let counter = Block::from([n0, n1, n2, n3, i0, i1, i2, i3, i4, i5, i6, i7, 0, 0, 0, 1]);
    match aes {
        Aes::Bits128(aes) => apply(&**aes, &counter, body),
        Aes::Bits192(aes) => apply(&**aes, &counter, body),
        Aes::Bits256(aes) => apply(&**aes, &counter, body),
    }
    Ok(())
}

impl Drop for Cipher {
    fn drop(&mut self) {
        // AES wipes itself.
        if let Self::Ctr { nonce, .. } = self {
            nonce.zeroize();
        }
    }
}
