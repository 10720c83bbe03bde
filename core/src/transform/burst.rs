//! Sealing and opening several ESP packets of one SA at once.

use super::{Authenticated, Opener, Sealer, Transform};
use crate::DropReason;
use crate::wire::{BodyEnd, EspHeader, PlainV4, Protocol, Spi};

/// How many packets are a run of at most: they take their numbers together.
pub(crate) const BURST: usize = 32;

/// An ESP packet of a burst: header, IV, body, and room for the ICV or the ICV itself.
#[derive(Debug)]
pub struct EspPacket<'a> {
    pub(super) bytes: &'a mut [u8],
    pub(super) sequence: u64,
    pub(super) result: Result<(), DropReason>,
}

/// What the packets of one SA have in common.
#[derive(Clone, Copy, Debug)]
pub struct EspLayout {
    /// SPI, sequence number and IV, bytes.
    pub(super) header: usize,
    /// ICV, bytes.
    pub(super) icv: usize,
    /// Whether the whole of an extended sequence number is authenticated.
    pub(super) extended: bool,
    /// Whether the sequence number is the IV.
    pub(super) implicit_iv: bool,
    /// What the body is a multiple of, bytes.
    alignment: usize,
}

/// Header, IV, body and ICV of a packet.
pub(super) struct Parts<'a> {
    pub(super) header: [u8; EspHeader::LENGTH],
    pub(super) sequence: u64,
    pub(super) iv: &'a [u8],
    pub(super) body: &'a mut [u8],
    pub(super) icv: &'a mut [u8],
}

impl EspLayout {
    /// The layout of an SA's packets.
    #[inline]
    #[must_use]
    pub const fn new(transform: Transform, extended: bool) -> Self {
        Self {
            header: EspHeader::LENGTH.saturating_add(transform.iv_length()),
            icv: transform.icv_length(),
            extended,
            implicit_iv: transform.has_implicit_iv(),
            alignment: transform.alignment(),
        }
    }

    /// SPI, sequence number and IV, bytes.
    #[inline(always)]
    pub(crate) const fn header_length(self) -> usize {
        self.header
    }

    /// ICV, bytes.
    #[inline(always)]
    pub(crate) const fn icv_length(self) -> usize {
        self.icv
    }

    #[inline(always)]
    pub(crate) const fn has_implicit_iv(self) -> bool {
        self.implicit_iv
    }

    /// Minimal padding of a payload, bytes.
    #[inline(always)]
    pub(crate) const fn pad_length(self, payload: usize) -> u8 {
        let unpadded = payload.wrapping_add(EspHeader::TRAILER_LENGTH);
        // Alignments are powers of two, and 16 at most.
        (unpadded.wrapping_neg() & self.alignment.wrapping_sub(1)) as u8
    }

    /// Padding, trailer and ICV, bytes.
    #[inline(always)]
    pub(crate) const fn behind(self, pad_length: u8) -> usize {
        (pad_length as usize)
            .wrapping_add(EspHeader::TRAILER_LENGTH)
            .wrapping_add(self.icv)
    }

    /// The longest payload whose ESP packet, with a plain header in front, has at most so many bytes;
    /// `None` if there is none.
    #[inline(always)]
    pub(crate) const fn longest_payload(self, total: usize) -> Option<usize> {
        let around = self
            .header
            .saturating_add(self.icv)
            .saturating_add(PlainV4::LENGTH);
        let body = total.saturating_sub(around) & !self.alignment.wrapping_sub(1);
        body.checked_sub(EspHeader::TRAILER_LENGTH)
    }

    /// What the cipher gets of an ESP packet of so many bytes, which are enough, bytes.
    #[inline(always)]
    pub(crate) const fn body_of(self, esp: usize) -> usize {
        esp.wrapping_sub(self.header.wrapping_add(self.icv))
    }

    /// Everything behind the IV of an ESP packet.
    #[inline(always)]
    pub(crate) fn payload_mut(self, esp: &mut [u8]) -> &mut [u8] {
        esp.get_mut(self.header..).unwrap_or_default()
    }

    /// Whether a packet of so many bytes can be one of these.
    #[inline(always)]
    pub(crate) const fn check(self, esp: usize) -> Option<()> {
        let around = self.header.wrapping_add(self.icv);
        let shortest = around.wrapping_add(EspHeader::TRAILER_LENGTH);
        // Four-byte alignment is the sender's duty; a block cipher can do no other.
        // Alignments are powers of two.
        let beyond = esp.wrapping_sub(around) & self.alignment.wrapping_sub(1);
        if esp >= shortest && (beyond == 0 || self.alignment <= 4) {
            Some(())
        } else {
            None
        }
    }

    /// Writes minimal padding, its length and the next header where they are in an ESP packet.
    #[inline(always)]
    pub(crate) fn fill_trailer(self, esp: &mut [u8], pad_length: u8, next_header: Protocol) {
        let Some(body) = esp.get_mut(..esp.len().wrapping_sub(self.icv)) else {
            return;
        };
        // In front of a short body is the header, so that there are always eight bytes.
        if let Some(place) = body.last_chunk_mut::<{ BodyEnd::LENGTH }>()
            && let Some(end) = BodyEnd(u64::from_le_bytes(*place)).padded(pad_length, next_header)
        {
            *place = end.0.to_le_bytes();
            return;
        }
        write_trailer(body, pad_length, next_header);
    }
}

/// Writes padding of any length, its length and the next header to the end of a body.
#[cold]
fn write_trailer(body: &mut [u8], pad_length: u8, next_header: Protocol) {
    let values = (1..=pad_length).chain([pad_length, next_header.0]).rev();
    for (byte, value) in body.iter_mut().rev().zip(values) {
        *byte = value;
    }
}

impl<'a> EspPacket<'a> {
    /// A packet, from its SPI to its end, with its whole sequence number.
    #[inline]
    #[must_use]
    pub const fn new(bytes: &'a mut [u8], sequence: u64) -> Self {
        Self {
            bytes,
            sequence,
            result: Ok(()),
        }
    }

    /// Whether it was sealed, or is authentic and was opened.
    ///
    /// # Errors
    /// As [`Sealer::seal`] or [`Opener::open`].
    #[inline]
    pub const fn result(&self) -> Result<(), DropReason> {
        self.result
    }

    /// Whether the number on the wire is the low half of this one, as it has to be in a packet.
    #[inline(always)]
    pub(super) fn shows_its_number(&self) -> bool {
        let [.., a, b, c, d] = self.sequence.to_be_bytes();
        self.bytes.get(4..EspHeader::LENGTH) == Some(&[a, b, c, d])
    }

    /// What a separate integrity algorithm covers, but for the high half of the number, which is not on
    /// the wire.
    #[inline(always)]
    pub(super) fn covered(&self, layout: EspLayout) -> &[u8] {
        let end = self.bytes.len().saturating_sub(layout.icv);
        self.bytes.get(..end).unwrap_or_default()
    }

    /// `None` for a packet that is too short; the result stays as it is. The IV is empty where the sequence
    /// number is it.
    #[inline(always)]
    pub(super) fn parts_and_result(
        &mut self,
        layout: EspLayout,
    ) -> (Option<Parts<'_>>, &mut Result<(), DropReason>) {
        (parts(self.bytes, self.sequence, layout), &mut self.result)
    }

    fn try_each(
        &mut self,
        layout: EspLayout,
        work: impl FnOnce(Authenticated, &[u8], &mut [u8], &mut [u8]) -> Result<(), DropReason>,
    ) {
        let sequence = self.sequence.to_be_bytes();
        let parts = parts(self.bytes, self.sequence, layout);
        self.result = parts.ok_or(DropReason::Truncated).and_then(|parts| {
            let iv = if layout.implicit_iv {
                &sequence
            } else {
                parts.iv
            };
            work(parts.authenticated(layout), iv, parts.body, parts.icv)
        });
    }
}

#[inline(always)]
fn parts(bytes: &mut [u8], sequence: u64, layout: EspLayout) -> Option<Parts<'_>> {
    let (head, rest) = bytes.split_at_mut_checked(layout.header)?;
    let body = rest.len().checked_sub(layout.icv)?;
    let (body, icv) = rest.split_at_mut_checked(body)?;
    let (header, iv) = head.split_first_chunk::<{ EspHeader::LENGTH }>()?;
    Some(Parts {
        header: *header,
        sequence,
        iv,
        body,
        icv,
    })
}

impl Parts<'_> {
    #[inline(always)]
    pub(super) const fn authenticated(&self, layout: EspLayout) -> Authenticated {
        let [s0, s1, s2, s3, ..] = self.header;
        Authenticated {
            spi: Spi(u32::from_be_bytes([s0, s1, s2, s3])),
            sequence: self.sequence,
            extended: layout.extended,
        }
    }
}

impl Sealer {
    /// [`Self::seal`] for several packets, each with a result of its own. Their headers, with IVs that no
    /// other packet has, and their trailers are in place.
    #[inline]
    pub fn seal_burst(&self, layout: EspLayout, packets: &mut [EspPacket<'_>]) {
        #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
        if let Some(engine) = self.0.accelerated().filter(|engine| engine.takes_bursts()) {
            return engine.seal_burst(layout, packets);
        }
        if let Some(engine) = self.0.separate()
            && engine.seal_burst(layout, packets)
        {
            return;
        }
        for packet in packets {
            packet.try_each(layout, |authenticated, iv, body, icv| {
                self.seal(authenticated, iv, body, icv)
            });
        }
    }
}

impl Opener {
    /// [`Self::open`] for several packets, each with a result of its own.
    #[inline]
    pub fn open_burst(&self, layout: EspLayout, packets: &mut [EspPacket<'_>]) {
        #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
        if let Some(engine) = self.0.accelerated().filter(|engine| engine.takes_bursts()) {
            return engine.open_burst(layout, packets);
        }
        if let Some(engine) = self.0.separate()
            && engine.open_burst(layout, packets)
        {
            return;
        }
        for packet in packets {
            packet.try_each(layout, |authenticated, iv, body, icv| {
                self.open(authenticated, iv, body, icv)
            });
        }
    }
}
