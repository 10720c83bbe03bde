//! What an inbound packet is matched with to find its SA.

use core::fmt;
use core::net::IpAddr;

use crate::wire::Spi;

/// The key of an inbound SA (RFC 4301 section 4.1): the SPI alone for unicast; with the destination,
/// and with the source too, for multicast. The longest match wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SaId {
    /// Security parameters index.
    pub spi: Spi,
    /// Destination address, if it takes part.
    pub destination: Option<IpAddr>,
    /// Source address, if it takes part; then the destination does too.
    pub source: Option<IpAddr>,
}

impl SaId {
    /// The key of a unicast SA. Addresses take no part, as a peer may have several, and NAT changes
    /// them.
    #[must_use]
    pub const fn unicast(spi: Spi) -> Self {
        Self {
            spi,
            destination: None,
            source: None,
        }
    }

    /// Whether a packet may be found under this key.
    #[inline(always)]
    #[must_use]
    pub(crate) fn matches(&self, spi: Spi, destination: IpAddr, source: IpAddr) -> bool {
        self.spi == spi
            && self.destination.is_none_or(|own| own == destination)
            && self.source.is_none_or(|own| own == source)
    }

    /// The keys under which a packet may be found, the longest first.
    #[inline]
    #[must_use]
    pub const fn candidates(spi: Spi, destination: IpAddr, source: IpAddr) -> [Self; 3] {
        [
            Self {
                spi,
                destination: Some(destination),
                source: Some(source),
            },
            Self {
                spi,
                destination: Some(destination),
                source: None,
            },
            Self::unicast(spi),
        ]
    }
}

impl fmt::Display for SaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.spi)?;
        if let Some(destination) = self.destination {
            write!(f, " to {destination}")?;
        }
        self.source
            .map_or(Ok(()), |source| write!(f, " from {source}"))
    }
}
