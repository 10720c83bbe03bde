//! Where ESP is in a packet that arrives (RFC 4303 section 3.1, RFC 3948 section 2).

use crate::DropReason;
use crate::esp::{UdpContent, checksum_passes};
use crate::wire::{IpHeader, Protocol, UdpHeader};

/// Where ESP is in an IP packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EspPlace {
    /// The IP header in front.
    pub header: IpHeader,
    /// Where the ESP header is.
    pub offset: usize,
}

impl EspPlace {
    /// Finds ESP behind the IP header or behind a UDP header; whether the UDP port is one for ESP is
    /// the caller's to know.
    ///
    /// `None` if the packet is something else, an IKE message for one.
    ///
    /// # Errors
    /// [`DropReason::FragmentOffered`]; [`DropReason::NatKeepalive`]; [`DropReason::Truncated`],
    /// [`DropReason::BadTotalLength`] or [`DropReason::BadChecksum`] for a broken UDP datagram.
    #[inline]
    pub fn find(packet: &[u8], header: &IpHeader) -> Result<Option<Self>, DropReason> {
        let offset = match header.protocol {
            Protocol::ESP => header.length,
            Protocol::UDP => header.length.saturating_add(UdpHeader::LENGTH),
            _ => return Ok(None),
        };
        if header.fragment.is_some() {
            return Err(DropReason::FragmentOffered);
        }
        if header.protocol == Protocol::UDP {
            let datagram = header.payload(packet);
            let (udp, content) = UdpHeader::parse(datagram)?;
            if usize::from(udp.length.get()) != datagram.len() {
                return Err(DropReason::BadTotalLength);
            }
            if !checksum_passes(datagram, header.source, header.destination) {
                return Err(DropReason::BadChecksum);
            }
            if UdpContent::of(content)? == UdpContent::Ike {
                return Ok(None);
            }
        }
        Ok(Some(Self {
            header: *header,
            offset,
        }))
    }
}
