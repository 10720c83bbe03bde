//! The sending sides of the SAs of a key file.

use core::net::IpAddr;

use iiptran::config::{DirectionName, ModeName, SaConfig};
use iiptran::esp::{Padding, UdpEncapsulation};
use iiptran::sa::{OutboundSa, SealOptions, SealedPacket};
use iiptran::wire::{self, Flow, IpHeader, SkipList};
use iiptran::{DropReason, Instant, Packet};

use crate::capture::keys::{KeyEntry, KeyFile};
use crate::capture::opening::Seal;
use crate::failure::Failure;

/// The SAs of a key file that have one SPI, in its order.
pub(super) struct OutboundSas(Vec<(KeyEntry, OutboundSa)>);

impl OutboundSas {
    pub(super) fn new(file: KeyFile) -> Result<Self, Failure> {
        let single = file
            .entries
            .into_iter()
            .filter(|entry| entry.spi.single().is_some());
        let sas = single.map(|entry| {
            let sa = sending(&entry.sa).outbound();
            let sa = sa.map_err(|error| entry.fault(&file.name, error))?;
            Ok((entry, sa))
        });
        sas.collect::<Result<_, _>>().map(Self)
    }

    /// Seals a packet with the first SA that may carry it.
    pub(super) fn seal(
        &self,
        packet: &mut Packet<'_>,
    ) -> Result<(&OutboundSa, SealedPacket), DropReason> {
        let header = IpHeader::parse(packet.bytes(), &SkipList::default())?;
        let flow = Flow::of(packet.bytes(), &header);
        let carries = |entry: &KeyEntry, sa: &OutboundSa| {
            let is_end = entry.sa.mode == ModeName::Tunnel
                || entry.source.matches(flow.source) && entry.destination.matches(flow.destination);
            is_end && sa.may_carry(&flow)
        };
        let found = self.0.iter().find(|(entry, sa)| carries(entry, sa));
        let (_, sa) = found.ok_or(DropReason::NoOutboundSa)?;
        Ok((sa, sa.seal(Instant::ZERO, packet)?))
    }
}

/// An SA as the sender of its packets has it, whatever its lifetime.
fn sending(sa: &SaConfig) -> SaConfig {
    let sa = match sa.direction {
        Some(DirectionName::Inbound) => sa.at_other_end(),
        Some(DirectionName::Outbound) | None => sa.clone(),
    };
    SaConfig {
        lifetime: None,
        ..sa
    }
}

/// Seals packets as others were: with any number, IV, padding and outer header.
///
/// It is always transport mode that does it. The outer header of a tunnel is put in front first, byte
/// for byte as it was; by RFC 3884 section 3.1 tunnel mode gives the same packet.
#[derive(Default)]
pub(super) struct SealsLike {
    // SA of the keys and UDP ports, which a NAT may change at any time; the last ones of each SPI.
    sas: std::collections::BTreeMap<(usize, u32), (Option<UdpEncapsulation>, OutboundSa)>,
}

impl SealsLike {
    pub(super) fn seal(
        &mut self,
        entry: &KeyEntry,
        like: &Seal,
        packet: &mut Packet<'_>,
    ) -> Result<(), DropReason> {
        let same_length = packet.len() == like.length;
        if let Some((outer, protocol_offset)) = &like.outer {
            put_in_front(packet, outer, *protocol_offset)?;
        }
        let key = (like.sa, like.spi.0);
        if self.sas.get(&key).is_none_or(|(udp, _)| *udp != like.udp) {
            let config = SaConfig {
                spi: iiptran::config::SpiText(like.spi),
                mode: ModeName::Transport,
                selectors: Vec::new(),
                start: 0,
                rollover: false,
                path_mtu: None,
                udp_encapsulation: like.udp.map(|udp| iiptran::config::UdpEncapsulationConfig {
                    source: udp.source,
                    destination: udp.destination,
                }),
                ..sending(&entry.sa)
            };
            let sa = config.outbound().map_err(|_| DropReason::NoOutboundSa)?;
            self.sas.insert(key, (like.udp, sa));
        }
        let (_, sa) = self.sas.get(&key).ok_or(DropReason::NoOutboundSa)?;
        let options = SealOptions {
            sequence: Some(like.sequence),
            iv: Some(like.iv),
            // Of another packet the padding would be another, too.
            padding: match u8::try_from(like.padding) {
                Ok(padding) if same_length => Padding::AtLeast(padding),
                _ => Padding::Minimal,
            },
            flow_padding: like.flow_padding,
            ..SealOptions::default()
        };
        sa.seal_with(Instant::ZERO, packet, &options).map(drop)
    }
}

/// Puts an outer header in front of a packet and makes it fit.
fn put_in_front(
    packet: &mut Packet<'_>,
    outer: &[u8],
    protocol_offset: usize,
) -> Result<(), DropReason> {
    let inner = IpHeader::parse(packet.bytes(), &SkipList::default())?;
    packet.truncate(inner.total_length);
    packet.prepend(outer.len())?;
    let front = packet.bytes_mut().get_mut(..outer.len());
    front.unwrap_or_default().copy_from_slice(outer);
    let protocol = inner.version().protocol();
    wire::set_payload(packet.bytes_mut(), protocol_offset, protocol, outer.len())
}

/// The two ends of a packet, as far as they can be read.
pub(super) fn ends(packet: &[u8]) -> Option<(IpAddr, IpAddr)> {
    let header = IpHeader::parse(packet, &SkipList::default()).ok()?;
    Some((header.source, header.destination))
}
