//! The inbound part of the security association database (RFC 4301 section 4.4.2).

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use super::keys::{Keys, NONE};
use super::{EspPlace, InboundSa, Received, SaId};
use crate::wire::{EspHeader, IpHeader, SkipList, Spi};
use crate::{DropReason, Instant, Packet};

/// Inbound SAs, found by the longest match on SPI, destination and source.
pub struct Sad {
    /// Places of SAs that went are empty, and used again.
    // A box each: whatever has keys in it does not leave copies behind when the list grows.
    sas: Vec<Option<Box<InboundSa>>>,
    /// The key of the SA in each place. Not looked at for unicast SAs, which are found by SPI.
    ids: Vec<SaId>,
    vacant: Vec<u32>,
    /// The places of SAs whose key is the SPI alone: the fingerprint is the SPI.
    unicast: Keys,
    /// Those with the destination in their key.
    destination: Keys,
    /// Those with destination and source in their key.
    source: Keys,
}

/// What a packet shows of its SA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SadQuery {
    /// Security parameters index.
    pub spi: Spi,
    /// Destination address.
    pub destination: IpAddr,
    /// Source address.
    pub source: IpAddr,
}

/// The place of an SA in its SAD: what a lookup of many packets finds. It holds until an SA is inserted or
/// removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SadPlace(u32);

/// How many lookups are under way at once.
const BURST: usize = 32;

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
            sas: Vec::new(),
            ids: Vec::new(),
            vacant: Vec::new(),
            unicast: Keys::new(),
            destination: Keys::new(),
            source: Keys::new(),
        }
    }

    /// Takes an SA in.
    ///
    /// # Errors
    /// [`InsertError`] if another SA has its key.
    pub fn insert(&mut self, sa: InboundSa) -> Result<(), InsertError> {
        let id = sa.id();
        if self.place(&id).is_some() {
            return Err(InsertCause::DuplicateKey.of(sa));
        }
        let sa = Some(Box::new(sa));
        let place = match self.vacant.pop() {
            Some(place) => place,
            None => {
                self.sas.push(None);
                self.ids.push(id);
                // 2^32 SAs would take more than a TB: no database comes near.
                u32::try_from(self.sas.len() - 1).unwrap_or(NONE)
            }
        };
        if let (Some(empty), Some(old)) = (
            self.sas.get_mut(place as usize),
            self.ids.get_mut(place as usize),
        ) {
            (*empty, *old) = (sa, id);
        }
        self.keys_mut(&id).insert(fingerprint(&id), place);
        Ok(())
    }

    /// Gives an SA back, window and all.
    pub fn remove(&mut self, id: &SaId) -> Option<InboundSa> {
        let SadPlace(place) = self.place(id)?;
        let sa = self.sas.get_mut(place as usize)?.take()?;
        self.keys_mut(id).remove(fingerprint(id), place);
        self.vacant.push(place);
        Some(*sa)
    }

    /// The key of the SA for a packet: the longest match (RFC 4301 section 4.1).
    #[inline]
    #[must_use]
    pub fn lookup(&self, spi: Spi, destination: IpAddr, source: IpAddr) -> Option<SaId> {
        let query = SadQuery {
            spi,
            destination,
            source,
        };
        self.find(&query).and_then(|place| self.id(place))
    }

    /// The place of the SA for a packet: as [`Self::lookup`].
    #[inline]
    #[must_use]
    pub fn find(&self, query: &SadQuery) -> Option<SadPlace> {
        let [both, destination, spi] = query.candidates();
        if !self.source.is_empty()
            && let Some(place) = self.place(&both)
        {
            return Some(place);
        }
        if !self.destination.is_empty()
            && let Some(place) = self.place(&destination)
        {
            return Some(place);
        }
        self.place(&spi)
    }

    /// [`Self::find`] for many packets: their lookups are under way at the same time.
    ///
    /// If one of the slices is longer, the rest of it is left alone.
    pub fn find_burst(&self, queries: &[SadQuery], found: &mut [Option<SadPlace>]) {
        let length = queries.len().min(found.len());
        let queries = queries.get(..length).unwrap_or_default();
        let found = found.get_mut(..length).unwrap_or_default();
        let (bursts, rest) = queries.as_chunks::<BURST>();
        let (found_bursts, found_rest) = found.as_chunks_mut::<BURST>();
        for (burst, found) in bursts.iter().zip(found_bursts) {
            self.find_whole_burst(burst, found);
        }
        for (query, found) in rest.iter().zip(found_rest) {
            *found = self.find(query);
        }
    }

    fn find_whole_burst(&self, queries: &[SadQuery; BURST], found: &mut [Option<SadPlace>; BURST]) {
        found.fill(None);
        for (keys, longest) in [(&self.source, 0), (&self.destination, 1)] {
            if !keys.is_empty() {
                self.find_longer(keys, longest, queries, found);
            }
        }
        if self.unicast.is_empty() {
            return;
        }
        let mut spis = [0; BURST];
        for (spi, query) in spis.iter_mut().zip(queries) {
            *spi = query.spi.0;
        }
        for (found, place) in found.iter_mut().zip(self.unicast.find_burst(&spis)) {
            *found = found.or_else(|| SadPlace::of(place));
        }
    }

    /// Finds SAs with addresses in their keys, where none was found yet.
    fn find_longer(
        &self,
        keys: &Keys,
        candidate: usize,
        queries: &[SadQuery; BURST],
        found: &mut [Option<SadPlace>; BURST],
    ) {
        let id = |query: &SadQuery| {
            let [both, destination, _] = query.candidates();
            if candidate == 0 { both } else { destination }
        };
        let mut fingerprints = [0; BURST];
        for (place, query) in fingerprints.iter_mut().zip(queries) {
            *place = fingerprint(&id(query));
        }
        let places = keys.find_burst(&fingerprints);
        for ((found, &place), query) in found.iter_mut().zip(&places).zip(queries) {
            if found.is_some() || place == NONE {
                continue;
            }
            // Almost always so. Otherwise another key has the fingerprint of this one.
            let id = id(query);
            *found = if self.ids.get(place as usize) == Some(&id) {
                Some(SadPlace(place))
            } else {
                self.place(&id)
            };
        }
    }

    /// The SA in a place.
    #[inline]
    #[must_use]
    pub fn at(&self, place: SadPlace) -> Option<&InboundSa> {
        self.sas.get(place.0 as usize)?.as_deref()
    }

    /// The SA in a place, to open packets with.
    #[inline]
    pub fn at_mut(&mut self, place: SadPlace) -> Option<&mut InboundSa> {
        self.sas.get_mut(place.0 as usize)?.as_deref_mut()
    }

    fn id(&self, place: SadPlace) -> Option<SaId> {
        self.ids.get(place.0 as usize).copied()
    }

    /// The place of the SA with this very key.
    #[inline]
    fn place(&self, id: &SaId) -> Option<SadPlace> {
        let is_right = |place: u32| match id.destination {
            None => true,
            Some(_) => self.ids.get(place as usize) == Some(id),
        };
        SadPlace::of(self.keys(id).find(fingerprint(id), is_right))
    }

    #[inline]
    const fn keys(&self, id: &SaId) -> &Keys {
        match (id.destination, id.source) {
            (None, _) => &self.unicast,
            (Some(_), None) => &self.destination,
            (Some(_), Some(_)) => &self.source,
        }
    }

    const fn keys_mut(&mut self, id: &SaId) -> &mut Keys {
        match (id.destination, id.source) {
            (None, _) => &mut self.unicast,
            (Some(_), None) => &mut self.destination,
            (Some(_), Some(_)) => &mut self.source,
        }
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
        let place = self.find(&SadQuery {
            spi,
            destination: header.destination,
            source: header.source,
        });
        let sa = place.and_then(|place| self.at_mut(place));
        let sa = sa.ok_or(DropReason::UnknownSpi)?;
        Ok((sa.id(), sa.open(now, packet)?))
    }

    /// The SA with this key.
    #[must_use]
    pub fn get(&self, id: &SaId) -> Option<&InboundSa> {
        self.at(self.place(id)?)
    }

    /// The SA with this key, to open packets with.
    #[inline]
    pub fn get_mut(&mut self, id: &SaId) -> Option<&mut InboundSa> {
        self.at_mut(self.place(id)?)
    }

    /// Whether a new unicast SA may have this SPI: not reserved and not in use. Choosing at random is
    /// the caller's part.
    #[must_use]
    pub fn is_vacant(&self, spi: Spi) -> bool {
        spi >= Spi::SMALLEST && self.place(&SaId::unicast(spi)).is_none()
    }

    /// All SAs in the order of their keys, into which they are sorted first.
    pub fn iter(&self) -> impl Iterator<Item = &InboundSa> {
        let mut sas: Vec<_> = self.sas.iter().flatten().map(AsRef::as_ref).collect();
        sas.sort_unstable_by_key(|sa| sa.id());
        sas.into_iter()
    }

    /// Removes the SAs that `keep` rejects.
    pub fn retain(&mut self, mut keep: impl FnMut(&InboundSa) -> bool) {
        let rejected: Vec<_> = self
            .iter()
            .filter(|sa| !keep(sa))
            .map(InboundSa::id)
            .collect();
        for id in rejected {
            self.remove(&id);
        }
    }

    /// How many SAs there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.sas.len() - self.vacant.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl SadQuery {
    #[inline]
    pub(super) const fn candidates(&self) -> [SaId; 3] {
        SaId::candidates(self.spi, self.destination, self.source)
    }
}

impl SadPlace {
    #[inline]
    fn of(place: u32) -> Option<Self> {
        (place != NONE).then_some(Self(place))
    }
}

/// A hash of a key; of a unicast key, the SPI.
#[inline]
pub(super) fn fingerprint(id: &SaId) -> u32 {
    let addresses = [id.destination, id.source].into_iter().flatten();
    let hash = addresses.fold(u64::from(id.spi.0), |hash, address| match address {
        IpAddr::V4(address) => fold(hash, u64::from(address.to_bits()) << 32),
        IpAddr::V6(address) => {
            let bits = address.to_bits();
            fold(fold(hash, (bits >> 64) as u64), bits as u64)
        }
    });
    hash as u32
}

/// Mixes a word into a hash: the high half of the product has heard of every bit, and the low half gets
/// it.
#[inline]
const fn fold(hash: u64, word: u64) -> u64 {
    (hash ^ word)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(32)
}

impl Default for Sad {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
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
