//! The receiving sides of the SAs of a key file, as they are needed.

use core::net::IpAddr;

use iiptran::config::{
    ConfigError, DirectionName, LookupName, OffName, SaConfig, UdpEncapsulationConfig, WindowConfig,
};
use iiptran::sa::{InboundSa, Received};
use iiptran::wire::Spi;
use iiptran::{DropReason, Instant, Packet, SortedMap};

use crate::keys::{KeyEntry, KeyError, KeyFile};

/// The SAs of a key file. The state of one is made with its first packet.
pub struct InboundSas {
    entries: Vec<KeyEntry>,
    // Entries by their SPI, and those that have several, each in the order of the file.
    exact: Vec<(Spi, usize)>,
    patterns: Vec<usize>,
    states: SortedMap<(usize, Spi), Box<InboundSa>>,
    // Where UDP may hold ESP.
    ports: Vec<u16>,
}

impl InboundSas {
    /// The SAs of a key file; without anti-replay where that is possible.
    ///
    /// # Errors
    /// [`KeyError`]: an SA is wrong.
    pub fn new(file: KeyFile, anti_replay: bool) -> Result<Self, KeyError> {
        let mut entries = file.entries;
        let mut exact = Vec::new();
        let mut patterns = Vec::new();
        let mut ports = vec![UdpEncapsulationConfig::default().destination];
        for (index, entry) in entries.iter_mut().enumerate() {
            if let Some(udp) = entry.sa.udp_encapsulation {
                ports.extend([udp.source, udp.destination]);
            }
            entry.sa = receiving(&entry.sa, anti_replay);
            match entry.spi.single() {
                Some(spi) => {
                    // Faults are told now, and not with the first packet.
                    let sa = entry.sa.inbound();
                    sa.map_err(|error| entry.fault(&file.name, error))?;
                    exact.push((spi, index));
                }
                None => {
                    let with_any = SaConfig {
                        spi: iiptran::config::SpiText(Spi::SMALLEST),
                        ..entry.sa.clone()
                    };
                    let sa = with_any.inbound();
                    sa.map_err(|error| entry.fault(&file.name, error))?;
                    patterns.push(index);
                }
            }
        }
        exact.sort_unstable();
        ports.sort_unstable();
        ports.dedup();
        Ok(Self {
            entries,
            exact,
            patterns,
            states: SortedMap::new(),
            ports,
        })
    }

    /// Whether UDP of this port may hold ESP.
    #[must_use]
    pub fn has_port(&self, port: u16) -> bool {
        self.ports.binary_search(&port).is_ok()
    }

    /// The SA for a packet: the first whose SPI and addresses are the packet's. Failing that, the first
    /// whose SPI is, since behind a NAT addresses are others.
    #[must_use]
    pub fn find(&self, spi: Spi, source: IpAddr, destination: IpAddr) -> Option<usize> {
        let start = self.exact.partition_point(|(other, _)| *other < spi);
        let exact = self.exact.get(start..).unwrap_or_default();
        let exact = exact.iter().take_while(|(other, _)| *other == spi);
        let candidates = || {
            let exact = exact.clone().map(|(_, index)| index);
            let indexes = exact.chain(&self.patterns).copied();
            indexes.filter_map(|index| Some((index, self.entries.get(index)?)))
        };
        let whole = candidates()
            .filter(|(_, entry)| entry.spi.matches(spi))
            .filter(|(_, entry)| entry.source.matches(source))
            .filter(|(_, entry)| entry.destination.matches(destination))
            .map(|(index, _)| index)
            .min();
        whole.or_else(|| {
            candidates()
                .filter(|(_, entry)| entry.spi.matches(spi) && !entry.is_strict)
                .map(|(index, _)| index)
                .min()
        })
    }

    /// The key of an SA.
    #[must_use]
    pub fn entry(&self, index: usize) -> Option<&KeyEntry> {
        self.entries.get(index)
    }

    /// The document of an SA as its receiver has it, for packets from this sequence number on.
    #[must_use]
    pub fn document(&self, index: usize, spi: Spi, sequence: u64) -> Option<SaConfig> {
        self.entry(index)
            .map(|entry| starting(entry, spi, sequence))
    }

    /// Opens a packet of an SA, its outer header kept; `low` is its sequence number on the wire.
    ///
    /// # Errors
    /// Why the packet is dropped.
    pub fn open(
        &mut self,
        index: usize,
        spi: Spi,
        low: u32,
        now: Instant,
        packet: &mut Packet<'_>,
    ) -> Result<(Received, &InboundSa), DropReason> {
        let key = (index, spi);
        if !self.states.contains_key(&key) {
            let entry = self.entries.get(index).ok_or(DropReason::UnknownSpi)?;
            let mut sa = first_seen(entry, spi, low).map_err(|_| DropReason::UnknownSpi)?;
            let received = sa.open_keeping_outer(now, packet)?;
            // Only what is authentic makes a state: forged packets take no memory, and don't move the
            // window to where they say.
            let sa = self.states.get_or_insert_with(key, || Box::new(sa));
            return Ok((received, sa.ok_or(DropReason::UnknownSpi)?));
        }
        let sa = self.states.get_mut(&key).ok_or(DropReason::UnknownSpi)?;
        let received = sa.open_keeping_outer(now, packet)?;
        Ok((received, sa))
    }
}

/// An SA as the receiver of its packets has it, for packets that were seen by others.
fn receiving(sa: &SaConfig, anti_replay: bool) -> SaConfig {
    let sa = match sa.direction {
        Some(DirectionName::Inbound) => sa.clone(),
        Some(DirectionName::Outbound) | None => sa.at_other_end(),
    };
    let window = if anti_replay || sa.extended_sequence {
        sa.window
    } else {
        Some(WindowConfig::Word(OffName::Off))
    };
    SaConfig {
        window,
        // It was chosen before, by address too; and whether the SA lives does not matter any more.
        lookup: Some(LookupName::Spi),
        lifetime: None,
        ..sa
    }
}

/// An SA whose first packet comes now.
fn first_seen(entry: &KeyEntry, spi: Spi, low: u32) -> Result<InboundSa, ConfigError> {
    starting(entry, spi, low.into()).inbound()
}

/// An SA for packets from this sequence number on. Where extended sequence numbers start is not in the
/// keys, or only its high half: a capture may begin in the middle.
fn starting(entry: &KeyEntry, spi: Spi, sequence: u64) -> SaConfig {
    let KeyEntry { sa, .. } = entry;
    let mut start = sa.start;
    if sa.extended_sequence && start & u64::from(u32::MAX) == 0 {
        // Some of the packets before may come late.
        start |= sequence.saturating_sub(u64::from(iiptran::esp::ReplayWindow::DEFAULT / 2));
    }
    SaConfig {
        spi: iiptran::config::SpiText(spi),
        start,
        ..sa.clone()
    }
}
