//! Turning the tail of a packet into an ESP packet and back, in place (RFC 4303 section 2).

use zerocopy::IntoBytes;
use zerocopy::network_endian::U32;

use super::{Padding, PaddingCheck, padding};
use crate::transform::{Authenticated, Iv, Opener, Sealer, Transform};
use crate::wire::{EspHeader, Protocol};
use crate::{DropReason, Packet};

/// What [`seal`] needs besides the packet.
#[derive(Clone, Copy, Debug)]
pub struct SealRequest<'s> {
    /// The algorithms.
    pub transform: Transform,
    /// The algorithms with their keys.
    pub sealer: &'s Sealer,
    /// SPI and sequence number.
    pub authenticated: Authenticated,
    /// The IV, of the length that the algorithm takes.
    pub iv: Iv,
    /// What the payload is.
    pub next_header: Protocol,
    /// How much padding to add.
    pub padding: Padding,
    /// Bytes of traffic-flow confidentiality padding between payload and padding (RFC 4303
    /// section 2.7).
    pub flow_padding: usize,
    /// Bytes to leave free before the ESP header, for a UDP header.
    pub room_before: usize,
}

/// What [`seal`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Where the ESP header is.
    pub offset: usize,
    /// SPI and sequence number.
    pub authenticated: Authenticated,
    /// The IV, on the wire or implicit.
    pub iv: Iv,
    /// Pad length, bytes.
    pub pad_length: usize,
}

/// What [`open`] needs besides the packet.
#[derive(Clone, Copy, Debug)]
pub struct OpenRequest<'s> {
    /// The algorithms.
    pub transform: Transform,
    /// The algorithms with their keys.
    pub opener: &'s Opener,
    /// SPI and sequence number.
    pub authenticated: Authenticated,
}

/// What [`open`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What the payload is.
    pub next_header: Protocol,
    /// The IV, on the wire or implicit.
    pub iv: Iv,
    /// Where the payload begins.
    pub payload_offset: usize,
    /// Where the pad length and next header are; the padding ends here.
    pub trailer_offset: usize,
    /// Pad length as the sender says, bytes; not yet checked.
    pub pad_length: usize,
}

/// How many bytes longer [`seal`] makes a packet with this many bytes of payload and minimal padding.
#[must_use]
pub const fn overhead(transform: Transform, payload: usize) -> usize {
    let pad = Padding::Minimal.length(payload, transform.alignment());
    EspHeader::LENGTH
        .saturating_add(transform.iv_length())
        .saturating_add(pad)
        .saturating_add(EspHeader::TRAILER_LENGTH)
        .saturating_add(transform.icv_length())
}

/// How much longer a packet gets, and what the cipher gets of it, bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pad_length: usize,
    /// Header and IV.
    header: usize,
    body: usize,
    /// Header, IV and what is left free before them.
    before: usize,
    /// Padding, trailer and ICV.
    behind: usize,
    /// The packet, as long as it will be.
    pub(crate) total: usize,
}

impl SealRequest<'_> {
    /// Whether [`seal`] can do its work behind the first `offset` of `length` bytes with so many free bytes
    /// before and behind them, and to what extent.
    ///
    /// # Errors
    /// As [`seal`].
    #[inline]
    pub(crate) fn check(
        &self,
        offset: usize,
        length: usize,
        (headroom, tailroom): (usize, usize),
    ) -> Result<Extent, DropReason> {
        let payload = length.checked_sub(offset).ok_or(DropReason::Truncated)?;
        let payload = payload.saturating_add(self.flow_padding);
        let pad_length = self.padding.length(payload, self.transform.alignment());
        let added = pad_length.saturating_add(EspHeader::TRAILER_LENGTH);
        let header = EspHeader::LENGTH.saturating_add(self.transform.iv_length());
        let before = header.saturating_add(self.room_before);
        let behind = self
            .flow_padding
            .saturating_add(added)
            .saturating_add(self.transform.icv_length());
        if before > headroom {
            return Err(DropReason::NoHeadroom);
        }
        if behind > tailroom {
            return Err(DropReason::NoTailroom);
        }
        if self.iv.as_bytes().len() != self.transform.nonce_iv_length() {
            return Err(DropReason::Truncated);
        }
        Ok(Extent {
            pad_length,
            header,
            body: payload.saturating_add(added),
            before,
            behind,
            total: length.saturating_add(before).saturating_add(behind),
        })
    }
}

/// Seals what lies behind the first `offset` bytes of the packet, in place: those bytes move towards
/// the front, header and IV go behind them, trailer and ICV to the end. The bytes before `offset` are
/// the caller's to mend.
///
/// # Errors
/// [`DropReason::NoHeadroom`], [`DropReason::NoTailroom`] or [`DropReason::Truncated`], the last for an IV of
/// another length too; the packet is then as it was.
#[inline]
pub fn seal(
    packet: &mut Packet<'_>,
    offset: usize,
    request: &SealRequest<'_>,
) -> Result<Sealed, DropReason> {
    let room = (packet.headroom(), packet.tailroom());
    let extent = request.check(offset, packet.len(), room)?;
    seal_checked(packet, offset, request, &extent)
}

/// [`seal`] for a packet for which [`SealRequest::check`] found this extent: nothing can fail here.
#[inline]
pub(crate) fn seal_checked(
    packet: &mut Packet<'_>,
    offset: usize,
    request: &SealRequest<'_>,
    extent: &Extent,
) -> Result<Sealed, DropReason> {
    let &Extent {
        pad_length,
        header: header_length,
        body: body_length,
        before,
        behind,
        ..
    } = extent;
    let trailer_offset = packet.len();
    packet.append(behind)?;
    let trailer = packet
        .bytes_mut()
        .get_mut(trailer_offset..)
        .unwrap_or_default();
    fill_trailer(trailer, request, pad_length);
    packet.open_gap(offset, before)?;

    let esp_offset = offset.saturating_add(request.room_before);
    let esp = packet.bytes_mut().get_mut(esp_offset..).unwrap_or_default();
    let header = EspHeader {
        spi: U32::new(request.authenticated.spi.0),
        sequence: U32::new(low_half(request.authenticated.sequence)),
    };
    let (head, rest) = esp
        .split_at_mut_checked(header_length)
        .ok_or(DropReason::Truncated)?;
    let (body, icv) = rest
        .split_at_mut_checked(body_length)
        .ok_or(DropReason::Truncated)?;
    let iv = request.iv.as_bytes();
    for (byte, value) in head.iter_mut().zip(header.as_bytes().iter().chain(iv)) {
        *byte = *value;
    }
    request.sealer.seal(request.authenticated, iv, body, icv)?;
    Ok(Sealed {
        offset: esp_offset,
        authenticated: request.authenticated,
        iv: request.iv,
        pad_length,
    })
}

/// Authenticates and decrypts the ESP packet behind the first `offset` bytes, in place. Only payload,
/// padding and trailer change; [`strip`] then takes ESP out of the packet.
///
/// # Errors
/// [`DropReason::Truncated`] as [`check_length`]; [`DropReason::BadIcv`]. The packet is then as it was.
#[inline]
pub fn open(
    packet: &mut Packet<'_>,
    offset: usize,
    request: &OpenRequest<'_>,
) -> Result<Opened, DropReason> {
    let transform = request.transform;
    let esp = packet
        .bytes_mut()
        .get_mut(offset..)
        .ok_or(DropReason::Truncated)?;
    let lengths = check_length(esp.len(), transform)?;
    let (head, rest) = esp
        .split_at_mut_checked(lengths.header)
        .ok_or(DropReason::Truncated)?;
    let (body, icv) = rest
        .split_at_mut_checked(lengths.body)
        .ok_or(DropReason::Truncated)?;
    let iv = if transform.has_implicit_iv() {
        Iv::new(&request.authenticated.sequence.to_be_bytes())
    } else {
        head.get(EspHeader::LENGTH..).and_then(Iv::new)
    };
    let iv = iv.ok_or(DropReason::Truncated)?;
    request
        .opener
        .open(request.authenticated, iv.as_bytes(), body, icv)?;
    let &[.., pad_length, next_header] = &*body else {
        return Err(DropReason::Truncated);
    };
    let payload_offset = offset.saturating_add(lengths.header);
    let payload_and_padding = lengths.body.saturating_sub(EspHeader::TRAILER_LENGTH);
    Ok(Opened {
        next_header: Protocol(next_header),
        iv,
        payload_offset,
        trailer_offset: payload_offset.saturating_add(payload_and_padding),
        pad_length: usize::from(pad_length),
    })
}

/// Checks the padding of an opened packet.
///
/// # Errors
/// [`DropReason::BadPadding`] if it is longer than the payload, or its contents do not pass `check`.
#[inline]
pub fn check_padding(
    packet: &[u8],
    opened: &Opened,
    check: PaddingCheck,
) -> Result<(), DropReason> {
    let start = opened.trailer_offset.checked_sub(opened.pad_length);
    let start = start.filter(|&start| start >= opened.payload_offset);
    let start = start.ok_or(DropReason::BadPadding)?;
    check.check(packet.get(start..opened.trailer_offset).unwrap_or_default())
}

/// Takes ESP out of an opened packet whose padding was checked: the first `offset` bytes move up to
/// the payload, and padding, trailer and ICV are cut off. Those bytes are the caller's to mend.
///
/// # Errors
/// [`DropReason::Truncated`] if `opened` is not of this packet.
#[inline]
pub fn strip(packet: &mut Packet<'_>, offset: usize, opened: &Opened) -> Result<(), DropReason> {
    packet.truncate(opened.trailer_offset.saturating_sub(opened.pad_length));
    packet.close_gap(offset, opened.payload_offset.saturating_sub(offset))
}

/// The lengths of an ESP packet's parts, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// SPI, sequence number and IV.
    pub header: usize,
    /// Payload, padding and trailer.
    pub body: usize,
}

/// Whether a packet of so many bytes, from the ESP header on, can be one of this transform.
///
/// # Errors
/// [`DropReason::Truncated`] if it is too short, or its length is not a multiple of the cipher's block.
pub fn check_length(esp: usize, transform: Transform) -> Result<Lengths, DropReason> {
    let header = EspHeader::LENGTH.saturating_add(transform.iv_length());
    let body = esp
        .checked_sub(header)
        .and_then(|rest| rest.checked_sub(transform.icv_length()))
        .filter(|&body| body >= EspHeader::TRAILER_LENGTH)
        .ok_or(DropReason::Truncated)?;
    // Four-byte alignment is the sender's duty; a block cipher can do no other.
    if transform.alignment() > 4 && !body.is_multiple_of(transform.alignment()) {
        return Err(DropReason::Truncated);
    }
    Ok(Lengths { header, body })
}

fn fill_trailer(trailer: &mut [u8], request: &SealRequest<'_>, pad_length: usize) {
    let (flow_padding, rest) = trailer
        .split_at_mut_checked(request.flow_padding)
        .unwrap_or_default();
    flow_padding.fill(0);
    let (pad, rest) = rest.split_at_mut_checked(pad_length).unwrap_or_default();
    padding::fill(pad);
    if let Some([pad_byte, next_header]) = rest.first_chunk_mut() {
        // At most 255: `Padding` sees to it.
        *pad_byte = u8::try_from(pad_length).unwrap_or(u8::MAX);
        *next_header = request.next_header.0;
    }
}

const fn low_half(sequence: u64) -> u32 {
    (sequence & 0xffff_ffff) as u32
}
