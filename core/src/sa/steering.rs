//! Which worker opens a packet, by the SPI that it shows: for whoever hands packets to workers.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;

use super::keys::{Keys, NONE};
use super::sad::fingerprint;
use super::{SaId, SadQuery, WorkerId};
use crate::esp::UdpContent;
use crate::wire::{EspHeader, IpHeader, Protocol, SkipList, Spi, UdpHeader};

/// Inbound SAs by the worker that has each: what a network card is told, or what a thread asks that hands
/// packets to others. An SA is opened by one worker only, as it has one window; a card that spreads packets by
/// addresses sends all of a tunnel to one worker, whatever SA they are of (RFC 9611 section 5).
///
/// It is immutable: after a hand-over, another one replaces it.
pub struct Steering {
    workers: Box<[(SaId, WorkerId)]>,
    /// Places in the list.
    keys: Keys,
    /// Whether addresses are in a key.
    looks_at_addresses: bool,
    skip: SkipList,
    udp_port: Option<u16>,
}

impl Steering {
    /// The worker of each SA; of two with one key the last counts. `skip` and `udp_port` are those of the nodes'
    /// tables: which IPv6 headers may be in front of ESP, and the port of UDP-encapsulated ESP.
    #[must_use]
    pub fn new(
        sas: impl IntoIterator<Item = (SaId, WorkerId)>,
        skip: SkipList,
        udp_port: Option<u16>,
    ) -> Self {
        let workers: BTreeMap<_, _> = sas.into_iter().collect();
        let mut keys = Keys::new();
        for (place, id) in (0..).zip(workers.keys()) {
            keys.insert(fingerprint(id), place);
        }
        Self {
            looks_at_addresses: workers.keys().any(|id| id.destination.is_some()),
            workers: workers.into_iter().collect(),
            keys,
            skip,
            udp_port,
        }
    }

    /// The worker that has the SA of a packet. It looks at headers only: whoever opens the packet checks it.
    ///
    /// `None` where no SA binds the packet to a worker: it is no ESP, it is broken, nobody has its SA, or it is a
    /// fragment. Those may go anywhere, but fragments of one datagram all to one worker, which puts them together
    /// and opens the packet only if the SA is its own: tunnels between workers are to be without fragments, by DF
    /// in the outer header or by an MTU that is small enough.
    #[inline]
    #[must_use]
    pub fn worker(&self, packet: &[u8]) -> Option<WorkerId> {
        self.worker_of(&SadQuery::of(packet, &self.skip, self.udp_port)?)
    }

    /// The worker that has the SA that a packet shows: the longest match, as in a SAD (RFC 4301 section 4.1).
    #[inline]
    #[must_use]
    pub fn worker_of(&self, query: &SadQuery) -> Option<WorkerId> {
        let [both, destination, spi] = query.candidates();
        if self.looks_at_addresses {
            let longer = self.find(&both).or_else(|| self.find(&destination));
            if longer.is_some() {
                return longer;
            }
        }
        self.find(&spi)
    }

    fn find(&self, id: &SaId) -> Option<WorkerId> {
        let entry = |place: u32| self.workers.get(place as usize);
        let is_right = |place: u32| entry(place).is_some_and(|(other, _)| other == id);
        match self.keys.find(fingerprint(id), is_right) {
            NONE => None,
            place => entry(place).map(|&(_, worker)| worker),
        }
    }
}

impl SadQuery {
    /// What a packet shows of its SA: ESP behind IP, or behind UDP to `udp_port`. The UDP checksum is not looked
    /// at, nor anything behind the SPI.
    ///
    /// `None` if it is no ESP, a NAT keepalive, an IKE message (RFC 3948 section 2), a fragment, or broken.
    #[inline]
    #[must_use]
    pub fn of(packet: &[u8], skip: &SkipList, udp_port: Option<u16>) -> Option<Self> {
        let header = IpHeader::parse(packet, skip).ok()?;
        if header.fragment.is_some() {
            return None;
        }
        let payload = header.payload(packet);
        let esp = match header.protocol {
            Protocol::ESP => payload,
            Protocol::UDP => {
                let (udp, content) = UdpHeader::parse(payload).ok()?;
                let is_esp = || UdpContent::of(content) == Ok(UdpContent::Esp);
                if Some(udp.destination.get()) != udp_port || !is_esp() {
                    return None;
                }
                content
            }
            _ => return None,
        };
        Some(Self {
            spi: Spi(EspHeader::parse(esp).ok()?.spi.get()),
            destination: header.destination,
            source: header.source,
        })
    }
}

impl core::fmt::Debug for Steering {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let workers = self.workers.iter().map(|(id, worker)| (id, worker));
        f.debug_map().entries(workers).finish()
    }
}
