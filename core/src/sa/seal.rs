//! Sealing one packet: everything is checked before anything is written.

use super::OutboundSa;
use crate::esp::{self, Extent, Padding, SealRequest, Sealed};
use crate::outer::OuterHeader;
use crate::transform::{Authenticated, Iv};
use crate::wire::{self, IpHeader, IpVersion, Ipv6Header, Protocol, SkipList, UdpHeader};
use crate::{DropReason, Instant, Mode, Packet};

/// What a single call of [`OutboundSa::seal_with`] does differently, for known-answer tests, dummy
/// packets and traffic-flow confidentiality.
#[derive(Clone, Copy, Debug, Default)]
pub struct SealOptions {
    /// This sequence number; the SA's own counter stays where it is.
    pub sequence: Option<u64>,
    /// This IV.
    pub iv: Option<Iv>,
    /// Tunnel mode: this outer header.
    pub outer: Option<OuterHeader>,
    /// More padding than alignment asks for.
    pub padding: Padding,
    /// Bytes of traffic-flow confidentiality padding (RFC 4303 section 2.7).
    pub flow_padding: usize,
    /// Makes it a dummy packet (RFC 4303 section 2.6): the receiver discards the payload, whatever it
    /// is.
    pub dummy: bool,
}

/// What [`OutboundSa::seal`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedPacket {
    /// The outer header of tunnel mode.
    pub outer: Option<OuterHeader>,
    /// The ESP packet.
    pub esp: Sealed,
}

impl OutboundSa {
    /// Seals an IP packet in place: in transport mode what lies behind its own header, in tunnel mode
    /// the whole packet behind a new one.
    ///
    /// A packet that is refused is as it was: its bytes, its place in the buffer, and what is in the room
    /// around it. A sequence number may be used up nevertheless.
    ///
    /// # Errors
    /// Any [`DropReason`] of groups parse, sa and size; [`DropReason::FragmentOffered`] for a fragment in
    /// transport mode.
    pub fn seal(&self, now: Instant, packet: &mut Packet<'_>) -> Result<SealedPacket, DropReason> {
        self.seal_with(now, packet, &SealOptions::default())
    }

    /// [`Self::seal`] with some things fixed.
    ///
    /// # Errors
    /// As [`Self::seal`], which leave the packet as it was too; [`DropReason::Truncated`] for an IV of another
    /// length, [`DropReason::NotTunnelled`] for an outer header that names no IP packet, and
    /// [`DropReason::UnknownTunnel`] for one with ends of two families.
    pub fn seal_with(
        &self,
        now: Instant,
        packet: &mut Packet<'_>,
        options: &SealOptions,
    ) -> Result<SealedPacket, DropReason> {
        self.check(now)?;
        let skip = SkipList::default();
        let mut header = IpHeader::parse(packet.bytes(), &skip)?;
        let length = header.total_length;
        self.check_packet(length, &header)?;
        let sequence = options.sequence.map_or_else(|| self.reserve(), Ok)?;
        let request = self.request(packet.bytes(), &header, sequence, options)?;
        let link_padding = packet.len().saturating_sub(length);
        let tailroom = packet.tailroom().saturating_add(link_padding);
        let room = (packet.headroom(), tailroom);
        let Mode::Tunnel(_) = self.mode() else {
            let extent = check_lengths(&request, &header, length, room)?;
            packet.truncate(length);
            let esp = self.enclose(packet, &header, &request, &extent)?;
            return Ok(SealedPacket { outer: None, esp });
        };
        let outer = match options.outer {
            Some(outer) if !outer.protocol.is_ip() => return Err(DropReason::NotTunnelled),
            Some(outer) => outer,
            None => self.choose_outer(packet.bytes(), &header, sequence)?,
        };
        let request = SealRequest {
            next_header: if options.dummy {
                request.next_header
            } else {
                outer.protocol
            },
            ..request
        };
        let extent = check_outer(&request, &outer, length, room)?;
        packet.truncate(length);
        outer.push(packet)?;
        header = IpHeader::parse(packet.bytes(), &skip)?;
        let esp = self.enclose(packet, &header, &request, &extent)?;
        let outer = Some(outer);
        Ok(SealedPacket { outer, esp })
    }

    /// Whether a packet of so many bytes can be sealed: in transport mode it is whole, and the path takes
    /// it afterwards. Asked before a sequence number is taken, which a refused packet would use up.
    #[inline]
    pub(crate) fn check_packet(&self, length: usize, header: &IpHeader) -> Result<(), DropReason> {
        if self.mode() == Mode::Transport && header.fragment.is_some() {
            return Err(DropReason::FragmentOffered);
        }
        let Some(path_mtu) = self.path_mtu() else {
            return Ok(());
        };
        let (before, payload) = match self.mode() {
            Mode::Transport => (header.esp_offset, length.saturating_sub(header.esp_offset)),
            Mode::Tunnel(ends) => (IpVersion::of(ends.remote).header_length(), length),
        };
        let sealed = before
            .saturating_add(self.room_for_udp())
            .saturating_add(payload)
            .saturating_add(esp::overhead(self.transform(), payload));
        if sealed > path_mtu {
            Err(DropReason::PacketTooBig)
        } else {
            Ok(())
        }
    }

    /// The outer header of tunnel mode; its identification counts with the sequence numbers.
    #[inline]
    pub(crate) fn choose_outer(
        &self,
        packet: &[u8],
        header: &IpHeader,
        sequence: u64,
    ) -> Result<OuterHeader, DropReason> {
        match self.mode() {
            Mode::Tunnel(ends) => {
                OuterHeader::choose(ends, self.outer_fields(), packet, header, sequence)
            }
            Mode::Transport => Err(DropReason::NotTunnelled),
        }
    }

    /// ESP behind the packet's first header (RFC 4303 section 3.1.1); tunnel mode too, once its outer
    /// header is in place. A packet that is refused is as it was.
    #[inline]
    pub(crate) fn protect(
        &self,
        packet: &mut Packet<'_>,
        header: &IpHeader,
        sequence: u64,
    ) -> Result<Sealed, DropReason> {
        let options = SealOptions::default();
        let request = self.request(packet.bytes(), header, sequence, &options)?;
        let room = (packet.headroom(), packet.tailroom());
        let extent = check_lengths(&request, header, packet.len(), room)?;
        self.enclose(packet, header, &request, &extent)
    }

    #[inline]
    fn request(
        &self,
        packet: &[u8],
        header: &IpHeader,
        sequence: u64,
        options: &SealOptions,
    ) -> Result<SealRequest<'_>, DropReason> {
        let next_header = packet.get(header.esp_protocol_offset).copied();
        let next_header = if options.dummy {
            Protocol::NO_NEXT_HEADER
        } else {
            next_header.map(Protocol).ok_or(DropReason::Truncated)?
        };
        Ok(SealRequest {
            transform: self.transform(),
            sealer: self.sealer(),
            authenticated: Authenticated {
                spi: self.spi(),
                sequence,
                extended: self.extended_sequence(),
            },
            iv: options.iv.unwrap_or_else(|| self.ivs().iv(sequence)),
            next_header,
            padding: options.padding,
            flow_padding: options.flow_padding,
            room_before: self.room_for_udp(),
        })
    }

    /// Puts ESP, and UDP, into a packet for which [`check_lengths`] found room: nothing can fail here.
    #[inline]
    fn enclose(
        &self,
        packet: &mut Packet<'_>,
        header: &IpHeader,
        request: &SealRequest<'_>,
        extent: &Extent,
    ) -> Result<Sealed, DropReason> {
        let before = packet.len();
        let sealed = esp::seal_checked(packet, header.esp_offset, request, extent)?;
        let outer_protocol = match self.udp_encapsulation() {
            None => Protocol::ESP,
            Some(udp) => {
                let datagram = packet.bytes_mut().get_mut(header.esp_offset..);
                udp.write(
                    datagram.unwrap_or_default(),
                    header.source,
                    header.destination,
                )?;
                Protocol::UDP
            }
        };
        wire::set_payload(
            packet.bytes_mut(),
            header.esp_protocol_offset,
            outer_protocol,
            header.esp_offset,
        )?;
        let body = before
            .saturating_sub(header.esp_offset)
            .saturating_add(request.flow_padding)
            .saturating_add(sealed.pad_length)
            .saturating_add(wire::EspHeader::TRAILER_LENGTH);
        self.count_bytes(body as u64);
        Ok(sealed)
    }

    #[inline]
    fn room_for_udp(&self) -> usize {
        self.udp_encapsulation().map_or(0, |_| UdpHeader::LENGTH)
    }
}

/// Whether a packet of so many bytes with this header can be sealed, with so much room before and behind it.
///
/// # Errors
/// [`DropReason`] of group size, and [`DropReason::Truncated`] for an IV of another length.
#[inline]
fn check_lengths(
    request: &SealRequest<'_>,
    header: &IpHeader,
    length: usize,
    room: (usize, usize),
) -> Result<Extent, DropReason> {
    let extent = request.check(header.esp_offset, length, room)?;
    check_fields(header.version(), extent.total)?;
    Ok(extent)
}

/// [`check_lengths`] for a packet that gets an outer header first.
fn check_outer(
    request: &SealRequest<'_>,
    outer: &OuterHeader,
    length: usize,
    (headroom, tailroom): (usize, usize),
) -> Result<Extent, DropReason> {
    if outer.ends.local.is_ipv4() != outer.ends.remote.is_ipv4() {
        return Err(DropReason::UnknownTunnel);
    }
    let version = IpVersion::of(outer.ends.remote);
    let before = outer.length();
    let length = length.saturating_add(before);
    check_fields(version, length)?;
    let headroom = headroom.checked_sub(before).ok_or(DropReason::NoHeadroom)?;
    let extent = request.check(before, length, (headroom, tailroom))?;
    check_fields(version, extent.total)?;
    Ok(extent)
}

/// Whether so long a packet fits the fields of its header: UDP's is shorter by a header, and as wide.
#[inline]
fn check_fields(version: IpVersion, total: usize) -> Result<(), DropReason> {
    let length = match version {
        IpVersion::V4 => total,
        IpVersion::V6 => total.saturating_sub(Ipv6Header::LENGTH),
    };
    u16::try_from(length)
        .map(drop)
        .map_err(|_| DropReason::PacketTooBig)
}
