//! The SAD: inbound SAs, found by what packets show.

use alloc::boxed::Box;
use core::net::IpAddr;

use iiptran::Instant;
use iiptran::sa::{self, InsertCause, SaId};
use iiptran::wire::{SkipList, Spi};

use crate::{Error, InboundSa, Misuse, Opened, Place};

/// The inbound part of the security association database (RFC 4301 section 4.4.2).
#[derive(Debug, Default)]
pub struct Sad(sa::Sad);

impl Sad {
    /// A database without SAs.
    #[must_use]
    pub const fn new() -> Self {
        Self(sa::Sad::new())
    }

    /// Takes an SA in.
    ///
    /// # Errors
    /// [`Misuse::DuplicateSa`], with the SA.
    pub fn insert(&mut self, sa: InboundSa) -> Result<(), (Box<InboundSa>, Misuse)> {
        self.0.insert(sa.0).map_err(refused)
    }

    /// Gives an SA back, window and all.
    ///
    /// # Errors
    /// [`Misuse::UnknownSa`].
    pub fn remove(&mut self, id: &SaId) -> Result<InboundSa, Misuse> {
        let sa = self.0.remove(id).map(InboundSa);
        sa.ok_or(Misuse::UnknownSa)
    }

    /// The key of the SA for a packet: the longest match (RFC 4301 section 4.1).
    #[must_use]
    pub fn lookup(&self, spi: u32, destination: IpAddr, source: IpAddr) -> Option<SaId> {
        self.0.lookup(Spi(spi), destination, source)
    }

    /// Finds the SA of an ESP packet and opens the packet with it, in place. `now` is in nanoseconds.
    ///
    /// # Errors
    /// As [`InboundSa::open`].
    pub fn open(
        &mut self,
        now: u64,
        buffer: &mut [u8],
        place: &mut Place,
    ) -> Result<(SaId, Opened), Error> {
        let now = Instant::from_nanos(now);
        let (id, received) = place.process(buffer, |packet| Ok(self.0.open(now, packet)?))?;
        Ok((id, received.into()))
    }

    /// Whether a new unicast SA may have this SPI.
    #[must_use]
    pub fn is_vacant(&self, spi: u32) -> bool {
        self.0.is_vacant(Spi(spi))
    }

    /// How many SAs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The SPI of an ESP packet behind IP, or behind UDP to `udp_port`: by which packets are handed to the worker that
/// has their inbound SA. IPv6 headers that nodes skip if not told otherwise may be in front of it.
///
/// `None` if the packet shows none: it is something else, broken, or a fragment.
#[must_use]
pub fn spi_of(packet: &[u8], udp_port: u16) -> Option<u32> {
    let query = sa::SadQuery::of(packet, &SkipList::default(), Some(udp_port));
    query.map(|query| query.spi.0)
}

/// An SA that was not taken in, and why.
pub(crate) fn refused(error: sa::InsertError) -> (Box<InboundSa>, Misuse) {
    let misuse = match error.cause {
        InsertCause::UnknownNetwork => Misuse::UnknownNetwork,
        InsertCause::TunnelMode => Misuse::TunnelModeSa,
        _ => Misuse::DuplicateSa,
    };
    (Box::new(InboundSa(*error.sa)), misuse)
}
