//! ESP inside UDP (RFC 3948).

use core::net::IpAddr;

use zerocopy::IntoBytes;
use zerocopy::network_endian::U16;

use crate::DropReason;
use crate::wire::checksum::Sum;
use crate::wire::{Protocol, UdpHeader};

/// The UDP header that ESP travels behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UdpEncapsulation {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub destination: u16,
}

/// What a UDP datagram on the port of UDP-encapsulated ESP holds (RFC 3948 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UdpContent {
    /// An ESP packet: the SPI is not zero.
    Esp,
    /// An IKE message, behind four zero bytes.
    Ike,
}

impl Default for UdpEncapsulation {
    /// Port 4500 on both sides.
    fn default() -> Self {
        Self {
            source: Self::PORT,
            destination: Self::PORT,
        }
    }
}

impl UdpEncapsulation {
    /// The port that IANA assigned.
    pub const PORT: u16 = 4500;

    /// Writes the header in front of an ESP packet; `datagram` begins with room for it.
    ///
    /// The checksum is 0 over IPv4 (RFC 3948 section 2.1) and computed over IPv6, where 0 is not
    /// permitted (RFC 8200 section 8.1).
    ///
    /// # Errors
    /// [`DropReason::PacketTooBig`] if the length does not fit its field.
    pub(crate) fn write(
        self,
        datagram: &mut [u8],
        source: IpAddr,
        destination: IpAddr,
    ) -> Result<(), DropReason> {
        let length = u16::try_from(datagram.len()).map_err(|_| DropReason::PacketTooBig)?;
        let header = UdpHeader {
            source: U16::new(self.source),
            destination: U16::new(self.destination),
            length: U16::new(length),
            checksum: U16::ZERO,
        };
        if let Some(bytes) = datagram.first_chunk_mut::<{ UdpHeader::LENGTH }>() {
            bytes.copy_from_slice(header.as_bytes());
        }
        if source.is_ipv6() {
            let sum = Sum::default()
                .add_pseudo_header(source, destination, Protocol::UDP, u32::from(length))
                .add_bytes(datagram)
                .finish();
            // 0 would mean "no checksum"; its complement is equivalent (RFC 768).
            let sum = if sum == 0 { u16::MAX } else { sum };
            let place = UdpHeader::CHECKSUM_OFFSET..UdpHeader::LENGTH;
            if let Some(bytes) = datagram.get_mut(place) {
                bytes.copy_from_slice(&sum.to_be_bytes());
            }
        }
        Ok(())
    }
}

impl UdpContent {
    /// Tells what a UDP payload is.
    ///
    /// # Errors
    /// [`DropReason::NatKeepalive`] for the single byte 0xff; [`DropReason::Truncated`] if there is
    /// no room for an SPI.
    pub fn of(payload: &[u8]) -> Result<Self, DropReason> {
        match payload {
            [0xff] => Err(DropReason::NatKeepalive),
            [0, 0, 0, 0, ..] => Ok(Self::Ike),
            [_, _, _, _, ..] => Ok(Self::Esp),
            _ => Err(DropReason::Truncated),
        }
    }
}

/// Whether the UDP checksum of a received datagram may pass: 0 is no checksum, over IPv6 too
/// (RFC 6935).
pub(crate) fn checksum_passes(datagram: &[u8], source: IpAddr, destination: IpAddr) -> bool {
    let none = datagram
        .get(UdpHeader::CHECKSUM_OFFSET..UdpHeader::LENGTH)
        .is_some_and(|checksum| checksum == [0, 0]);
    none || u32::try_from(datagram.len()).is_ok_and(|length| {
        Sum::default()
            .add_pseudo_header(source, destination, Protocol::UDP, length)
            .add_bytes(datagram)
            .finish()
            == 0
    })
}
