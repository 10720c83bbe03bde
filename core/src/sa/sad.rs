//! The inbound part of the security association database (RFC 4301 section 4.4.2).

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use core::fmt;
use core::net::IpAddr;

use super::{EspPlace, InboundSa, Received, SaId};
use crate::wire::{EspHeader, IpHeader, SkipList, Spi};
use crate::{DropReason, Instant, Packet};

/// Inbound SAs, found by the longest match on SPI, destination and source.
#[derive(Debug, Default)]
pub struct Sad {
    entries: BTreeMap<SaId, InboundSa>,
}

/// An SA that can't be inserted; it comes back.
#[derive(Debug)]
pub struct InsertError {
    /// The SA.
    pub sa: Box<InboundSa>,
    /// Why not.
    pub cause: InsertCause,
}

/// Why an inbound SA can't be inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InsertCause {
    /// Another SA has its key.
    DuplicateKey,
    /// The node is not in its network.
    UnknownNetwork,
    /// The node's arrangement has no tunnel mode: IPsec would take the inner header off, which is the
    /// tunnel interface's part (RFC 3884 appendix A).
    TunnelMode,
    /// Where SAs are interfaces, no interface of its network has its ends.
    NoInterface,
}

impl Sad {
    /// A database without SAs.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: BTreeMap::new(),
        }
    }

    /// Takes an SA in.
    ///
    /// # Errors
    /// [`InsertError`] if another SA has its key.
    pub fn insert(&mut self, sa: InboundSa) -> Result<(), InsertError> {
        if self.entries.contains_key(&sa.id()) {
            return Err(InsertCause::DuplicateKey.of(sa));
        }
        self.entries.insert(sa.id(), sa);
        Ok(())
    }

    /// Gives an SA back, window and all.
    pub fn remove(&mut self, id: &SaId) -> Option<InboundSa> {
        self.entries.remove(id)
    }

    /// The key of the SA for a packet: the longest match (RFC 4301 section 4.1).
    #[inline]
    #[must_use]
    pub fn lookup(&self, spi: Spi, destination: IpAddr, source: IpAddr) -> Option<SaId> {
        SaId::candidates(spi, destination, source)
            .into_iter()
            .find(|id| self.entries.contains_key(id))
    }

    /// Finds the SA of an ESP packet and opens the packet with it, as [`InboundSa::open`] does.
    ///
    /// # Errors
    /// As [`InboundSa::open`]; [`DropReason::UnknownSpi`] if no SA is the packet's.
    pub fn open(
        &mut self,
        now: Instant,
        packet: &mut Packet<'_>,
    ) -> Result<(SaId, Received), DropReason> {
        let header = IpHeader::parse(packet.bytes(), &SkipList::default())?;
        let place = EspPlace::find(packet.bytes(), &header)?.ok_or(DropReason::UnknownSpi)?;
        let esp = header.payload(packet.bytes());
        let esp = esp.get(place.offset.saturating_sub(header.length)..);
        let spi = Spi(EspHeader::parse(esp.unwrap_or_default())?.spi.get());
        let id = self.lookup(spi, header.destination, header.source);
        let id = id.ok_or(DropReason::UnknownSpi)?;
        let sa = self.get_mut(&id).ok_or(DropReason::UnknownSpi)?;
        Ok((id, sa.open(now, packet)?))
    }

    /// The SA with this key.
    #[must_use]
    pub fn get(&self, id: &SaId) -> Option<&InboundSa> {
        self.entries.get(id)
    }

    /// The SA with this key, to open packets with.
    #[inline]
    pub fn get_mut(&mut self, id: &SaId) -> Option<&mut InboundSa> {
        self.entries.get_mut(id)
    }

    /// Whether a new unicast SA may have this SPI: not reserved and not in use. Choosing at random is
    /// the caller's part.
    #[must_use]
    pub fn is_vacant(&self, spi: Spi) -> bool {
        spi >= Spi::SMALLEST && !self.entries.contains_key(&SaId::unicast(spi))
    }

    /// All SAs in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &InboundSa> {
        self.entries.values()
    }

    /// Removes the SAs that `keep` rejects.
    pub fn retain(&mut self, mut keep: impl FnMut(&InboundSa) -> bool) {
        self.entries.retain(|_, sa| keep(sa));
    }

    /// How many SAs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl InsertCause {
    pub(crate) fn of(self, sa: InboundSa) -> InsertError {
        InsertError {
            sa: Box::new(sa),
            cause: self,
        }
    }
}

impl fmt::Display for InsertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = match self.cause {
            InsertCause::DuplicateKey => "another one has the same key",
            InsertCause::UnknownNetwork => "the node is not in its network",
            InsertCause::TunnelMode => {
                "the node's arrangement has no tunnel-mode SAs (RFC 3884 appendix A)"
            }
            InsertCause::NoInterface => {
                "no interface of its network is the SA between these ends; physical interfaces have SAs in transport mode only (RFC 3884 section 4.1)"
            }
        };
        write!(f, "inbound SA {}: {cause}", self.sa.id())
    }
}

impl core::error::Error for InsertError {}
