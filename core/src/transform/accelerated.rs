//! AES-GCM, AES-GMAC and ChaCha20-Poly1305 with the vector instructions of the CPU.

use alloc::boxed::Box;
use iiptran_accel::{
    Aad, ChaCha20Poly1305, Error, EspFormat, Gcm, Icv, Nonce, Opening, Sealing, Tag,
};
use zeroize::Zeroize;

use super::burst::{BURST, EspLayout, EspPacket, Parts};
use super::{Authenticated, Keys, Run, Transform};
use crate::DropReason;

const SALT: usize = 4;

/// A key with its salt, for ICVs of one length.
pub(super) struct Accelerated {
    cipher: Cipher,
    salt: [u8; SALT],
    icv: usize,
}

/// Each in a box of its own: it has no padding, which would keep what was on the stack and is never wiped.
enum Cipher {
    /// RFC 4106.
    Gcm(Box<Gcm>),
    /// RFC 4543: the body is only authenticated.
    Gmac(Box<Gcm>),
    /// RFC 7634.
    ChaCha(Box<ChaCha20Poly1305>),
}

impl Accelerated {
    /// `None` for other transforms, for keys of the wrong length, and where no kernel can run or none is
    /// wanted.
    pub(super) fn new(transform: Transform, keys: &Keys) -> Option<Self> {
        let (key, salt) = keys.encryption.expose().split_last_chunk()?;
        let kernel = iiptran_accel::chosen()?;
        let gcm = || Gcm::new(kernel, key).ok().map(Box::new);
        let chacha = || ChaCha20Poly1305::new(kernel, key.try_into().ok()?).ok();
        Some(Self {
            cipher: match transform {
                Transform::AesGcm { .. } => Cipher::Gcm(gcm()?),
                Transform::AesGmac { .. } => Cipher::Gmac(gcm()?),
                Transform::ChaCha20Poly1305 { .. } => Cipher::ChaCha(Box::new(chacha()?)),
                _ => return None,
            },
            salt: *salt,
            icv: transform.icv_length(),
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
        let iv = iv.try_into().map_err(|_| DropReason::Truncated)?;
        if icv.len() != self.icv {
            return Err(DropReason::Truncated);
        }
        let nonce = Nonce::new(self.salt, iv);
        let tag = match &self.cipher {
            Cipher::Gcm(gcm) => gcm.seal(nonce, associated_data(authenticated), body),
            Cipher::Gmac(gcm) => mac(gcm, nonce, authenticated, iv, body),
            Cipher::ChaCha(cipher) => cipher.seal(nonce, associated_data(authenticated), body),
        };
        let tag = tag.map_err(drop_reason)?.bytes();
        for (byte, value) in icv.iter_mut().zip(tag) {
            *byte = value;
        }
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
        let iv = iv.try_into().map_err(|_| DropReason::Truncated)?;
        let icv = Icv::new(icv)
            .filter(|_| icv.len() == self.icv)
            .ok_or(DropReason::Truncated)?;
        let nonce = Nonce::new(self.salt, iv);
        let opened = match &self.cipher {
            Cipher::Gcm(gcm) => gcm.open(nonce, associated_data(authenticated), body, icv),
            Cipher::Gmac(gcm) => {
                mac(gcm, nonce, authenticated, iv, body).and_then(|tag| icv.check(tag))
            }
            Cipher::ChaCha(cipher) => cipher.open(nonce, associated_data(authenticated), body, icv),
        };
        opened.map_err(drop_reason)
    }

    /// Whether it takes bursts: where bodies are encrypted.
    pub(super) const fn takes_bursts(&self) -> bool {
        !matches!(self.cipher, Cipher::Gmac(_))
    }

    /// Seals packets that are one behind the other on the wire, with AES-GCM; does nothing and says so otherwise.
    #[inline]
    pub(super) fn seal_run(&self, layout: EspLayout, run: &mut Run<'_>) -> bool {
        let (Cipher::Gcm(gcm), Some(format)) = (&self.cipher, self.format(layout)) else {
            return false;
        };
        let (packets, sequences) = run.parts();
        gcm.seal_esp(format, packets, sequences).is_ok()
    }

    /// Opens such packets; `failed` hears of those that are not authentic.
    #[inline]
    pub(super) fn open_run(
        &self,
        layout: EspLayout,
        run: &mut Run<'_>,
        failed: &mut dyn FnMut(usize, DropReason),
    ) -> bool {
        let (Cipher::Gcm(gcm), Some(format)) = (&self.cipher, self.format(layout)) else {
            return false;
        };
        let (packets, sequences) = run.parts();
        let Ok(authentic) = gcm.open_esp(format, packets, sequences) else {
            return false;
        };
        let beyond = u32::BITS.wrapping_sub(packets.len() as u32);
        if authentic != u32::MAX.checked_shr(beyond).unwrap_or(0) {
            for place in 0..packets.len() {
                if authentic >> place & 1 == 0 {
                    failed(place, DropReason::BadIcv);
                }
            }
        }
        true
    }

    #[inline(always)]
    const fn format(&self, layout: EspLayout) -> Option<EspFormat> {
        EspFormat::new(self.salt, layout.icv, layout.implicit_iv, layout.extended)
    }

    /// Seals packets, each with a result of its own.
    pub(super) fn seal_burst(&self, layout: EspLayout, packets: &mut [EspPacket<'_>]) {
        for packets in packets.chunks_mut(BURST) {
            let count = packets.len();
            let mut burst = [const { Sealing::new(Nonce::ZERO, Aad::EMPTY, &mut []) }; BURST];
            for (place, packet) in burst.iter_mut().zip(&mut *packets) {
                if let Some(parts) = parts_or_refuse(packet, layout) {
                    let (nonce, aad) = self.inputs(&parts, layout);
                    *place = Sealing::with_icv(nonce, aad, parts.body, parts.icv);
                }
            }
            let burst = burst.get_mut(..count).unwrap_or_default();
            let sealed = match &self.cipher {
                Cipher::Gcm(gcm) | Cipher::Gmac(gcm) => gcm.seal_burst(burst),
                Cipher::ChaCha(cipher) => cipher.seal_burst(burst),
            };
            if sealed.is_err() {
                refuse(packets);
            }
        }
    }

    /// Opens packets, each with a result of its own.
    pub(super) fn open_burst(&self, layout: EspLayout, packets: &mut [EspPacket<'_>]) {
        for packets in packets.chunks_mut(BURST) {
            let count = packets.len();
            let mut burst =
                [const { Opening::new(Nonce::ZERO, Aad::EMPTY, &mut [], Icv::ZEROS) }; BURST];
            for (place, packet) in burst.iter_mut().zip(&mut *packets) {
                if let Some(parts) = parts_or_refuse(packet, layout)
                    && let Some(icv) = Icv::new(parts.icv)
                {
                    let (nonce, aad) = self.inputs(&parts, layout);
                    *place = Opening::new(nonce, aad, parts.body, icv);
                }
            }
            let some = burst.get_mut(..count).unwrap_or_default();
            let opened = match &self.cipher {
                Cipher::Gcm(gcm) | Cipher::Gmac(gcm) => gcm.open_burst(some),
                Cipher::ChaCha(cipher) => cipher.open_burst(some),
            };
            if !some.iter().all(Opening::is_authentic) {
                let authentic = burst.each_ref().map(Opening::is_authentic);
                judge(packets, authentic);
            }
            if opened.is_err() {
                refuse(packets);
            }
        }
    }

    #[inline(always)]
    fn inputs(&self, parts: &Parts<'_>, layout: EspLayout) -> (Nonce, Aad) {
        let iv = match <[u8; 8]>::try_from(parts.iv) {
            Ok(iv) => iv,
            // Not on the wire: it is the sequence number.
            Err(_) => parts.sequence.to_be_bytes(),
        };
        let aad = if layout.extended {
            associated_data(parts.authenticated(layout))
        } else {
            parts.header.into()
        };
        (Nonce::new(self.salt, iv), aad)
    }
}

/// The tag of SPI, sequence number, IV and body (RFC 4543 section 3.3).
fn mac(
    gcm: &Gcm,
    nonce: Nonce,
    authenticated: Authenticated,
    iv: [u8; 8],
    body: &[u8],
) -> Result<Tag, Error> {
    let (data, length) = authenticated.associated_data();
    let mut head = [0; 20];
    for (byte, value) in head.iter_mut().zip(data.iter().take(length).chain(&iv)) {
        *byte = *value;
    }
    let head = head.get(..length.saturating_add(iv.len()));
    gcm.mac(nonce, head.unwrap_or_default(), body)
}

/// `None` for a packet that is too short, whose result then says so.
#[inline(always)]
fn parts_or_refuse<'p>(packet: &'p mut EspPacket<'_>, layout: EspLayout) -> Option<Parts<'p>> {
    let (parts, result) = packet.parts_and_result(layout);
    *result = match parts {
        Some(_) => Ok(()),
        None => Err(DropReason::Truncated),
    };
    parts
}

/// Not all packets are authentic.
#[cold]
fn judge(packets: &mut [EspPacket<'_>], authentic: [bool; BURST]) {
    for (packet, authentic) in packets.iter_mut().zip(authentic) {
        if packet.result.is_ok() && !authentic {
            packet.result = Err(DropReason::BadIcv);
        }
    }
}

/// A packet is longer than AES-GCM takes; nothing was done.
#[cold]
fn refuse(packets: &mut [EspPacket<'_>]) {
    for packet in packets {
        packet.result = Err(DropReason::PacketTooBig);
    }
}

#[inline]
fn associated_data(authenticated: Authenticated) -> Aad {
    if authenticated.extended {
        authenticated.associated_data().0.into()
    } else {
        authenticated.wire_header().into()
    }
}

const fn drop_reason(error: Error) -> DropReason {
    match error {
        Error::NotAuthentic => DropReason::BadIcv,
        _ => DropReason::PacketTooBig,
    }
}

impl Drop for Accelerated {
    fn drop(&mut self) {
        // The cipher wipes itself.
        self.salt.zeroize();
    }
}
