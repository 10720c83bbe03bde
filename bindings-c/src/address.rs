//! IP addresses and keys of SAs.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use iiptran_host::{SaId, Spi};

use crate::status::{Answer, IIPTRAN_BAD_ARGUMENT};

/// An IP address, or none.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct iiptran_address_t {
    /// 4 or 6; 0 for no address.
    pub version: u8,
    /// The address in network byte order; of version 4, in the first four bytes.
    pub bytes: [u8; 16],
}

/// The key of an inbound SA (RFC 4301 section 4.1): the SPI alone for unicast; with the destination, and
/// with the source too, for multicast.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct iiptran_sa_id_t {
    /// Security parameters index, in host byte order.
    pub spi: u32,
    /// Destination, or none.
    pub destination: iiptran_address_t,
    /// Source, or none.
    pub source: iiptran_address_t,
}

impl iiptran_address_t {
    /// The address; none is a mistake.
    pub(crate) fn required(&self) -> Answer<IpAddr> {
        self.optional()?.ok_or(IIPTRAN_BAD_ARGUMENT)
    }

    pub(crate) fn optional(&self) -> Answer<Option<IpAddr>> {
        let [a, b, c, d, ..] = self.bytes;
        match self.version {
            0 => Ok(None),
            4 => Ok(Some(Ipv4Addr::new(a, b, c, d).into())),
            6 => Ok(Some(Ipv6Addr::from(self.bytes).into())),
            _ => Err(IIPTRAN_BAD_ARGUMENT),
        }
    }
}

impl iiptran_sa_id_t {
    pub(crate) fn read(&self) -> Answer<SaId> {
        Ok(SaId {
            spi: Spi(self.spi),
            destination: self.destination.optional()?,
            source: self.source.optional()?,
        })
    }
}

impl From<IpAddr> for iiptran_address_t {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets();
                Self {
                    version: 4,
                    bytes: [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                }
            }
            IpAddr::V6(address) => Self {
                version: 6,
                bytes: address.octets(),
            },
        }
    }
}

impl From<SaId> for iiptran_sa_id_t {
    fn from(id: SaId) -> Self {
        Self {
            spi: id.spi.0,
            destination: id.destination.map(Into::into).unwrap_or_default(),
            source: id.source.map(Into::into).unwrap_or_default(),
        }
    }
}
