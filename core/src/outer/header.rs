//! Choosing an outer header and putting it in front of a packet.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, IntoBytes};

use super::{DfRule, Ecn, FlowLabelRule, OuterFields, TtlRule};
use crate::wire::{
    self, Flow, IpHeader, IpVersion, Ipv4Header, Ipv6Header, Protocol, encapsulation_limit_header,
};
use crate::{DropReason, Packet, TunnelEnds};

/// An outer header, all of its fields chosen. Known-answer tests set them by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OuterHeader {
    /// Source and destination.
    pub ends: TunnelEnds,
    /// What follows.
    pub protocol: Protocol,
    /// DSCP (6 bits) and ECN (2 bits).
    pub traffic_class: u8,
    /// TTL or hop limit.
    pub ttl: u8,
    /// IPv4: DF.
    pub dont_fragment: bool,
    /// IPv4: identification.
    pub identification: u16,
    /// IPv6: flow label, 20 bits.
    pub flow_label: u32,
    /// IPv6: tunnel encapsulation limit, in a destination options header.
    pub encapsulation_limit: Option<u8>,
}

/// What of an inner header an outer one follows from, flow label aside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) version: IpVersion,
    /// DSCP and ECN.
    pub(crate) traffic_class: u8,
    pub(crate) ttl: u8,
    pub(crate) dont_fragment: bool,
}

impl OuterHeader {
    /// The header for a packet. `number` counts the packets of the tunnel, for the identification.
    ///
    /// # Errors
    /// [`DropReason::DfConflict`].
    #[inline]
    pub fn choose(
        ends: TunnelEnds,
        fields: &OuterFields,
        packet: &[u8],
        inner: &IpHeader,
        number: u64,
    ) -> Result<Self, DropReason> {
        let outer_v4 = ends.remote.is_ipv4();
        let flow_label = match fields.flow_label {
            FlowLabelRule::Fixed(label) => label,
            FlowLabelRule::Copy if !outer_v4 => inner.flow_label,
            FlowLabelRule::Hash if !outer_v4 => {
                let [.., a, b, c] = Flow::of(packet, inner).hash().to_be_bytes();
                u32::from_be_bytes([0, a & 0x0f, b, c])
            }
            _ => 0,
        };
        let inner = Shown {
            version: inner.version(),
            traffic_class: inner.traffic_class,
            ttl: inner.ttl,
            dont_fragment: inner.dont_fragment,
        };
        Self::choose_for(ends, fields, &inner, flow_label, number)
    }

    /// The same around what an inner header shows, with this flow label.
    ///
    /// # Errors
    /// [`DropReason::DfConflict`].
    #[inline]
    pub(crate) fn choose_for(
        ends: TunnelEnds,
        fields: &OuterFields,
        inner: &Shown,
        flow_label: u32,
        number: u64,
    ) -> Result<Self, DropReason> {
        let outer_v4 = ends.remote.is_ipv4();
        let dont_fragment = match fields.df {
            DfRule::Copy => inner.dont_fragment,
            DfRule::Set => true,
            // An inner IPv6 packet has no DF bit that could be in conflict.
            DfRule::Clear
                if outer_v4
                    && fields.strict_df
                    && inner.dont_fragment
                    && inner.version == IpVersion::V4 =>
            {
                return Err(DropReason::DfConflict);
            }
            DfRule::Clear => false,
        };
        let [.., high, low] = number.to_be_bytes();
        let ecn = fields.ecn.outer(Ecn::of(inner.traffic_class));
        Ok(Self {
            ends,
            protocol: inner.version.protocol(),
            traffic_class: fields.dscp.outer(inner.traffic_class >> 2) << 2 | ecn as u8,
            ttl: match fields.ttl {
                TtlRule::Fixed(ttl) => ttl,
                TtlRule::Inherit => inner.ttl,
            },
            dont_fragment,
            identification: if fields.numbers(dont_fragment) {
                u16::from_be_bytes([high, low])
            } else {
                0
            },
            flow_label,
            encapsulation_limit: fields.encapsulation_limit.filter(|_| !outer_v4),
        })
    }

    /// The header that `bytes` are, as it is on a wire: IPv4 without options, or IPv6 with nothing behind it
    /// or a tunnel encapsulation limit. What [`Self::push`] works out may be anything: lengths, checksum and
    /// what follows, which is `protocol`. `None` if `bytes` are anything else.
    #[must_use]
    pub fn read(bytes: &[u8], protocol: Protocol) -> Option<Self> {
        match bytes.first()? >> 4 {
            4 => Self::read_v4(bytes, protocol),
            6 => Self::read_v6(bytes, protocol),
            _ => None,
        }
    }

    fn read_v4(bytes: &[u8], protocol: Protocol) -> Option<Self> {
        let header = Ipv4Header::ref_from_bytes(bytes).ok()?;
        let flags = header.flags_and_offset.get();
        if bytes.first() != Some(&0x45) || flags & !Ipv4Header::DONT_FRAGMENT != 0 {
            return None;
        }
        Some(Self {
            ends: TunnelEnds {
                local: header.source.into(),
                remote: header.destination.into(),
            },
            protocol,
            traffic_class: header.traffic_class,
            ttl: header.ttl,
            dont_fragment: flags != 0,
            identification: header.identification.get(),
            flow_label: 0,
            encapsulation_limit: None,
        })
    }

    fn read_v6(bytes: &[u8], protocol: Protocol) -> Option<Self> {
        let (header, options) = Ipv6Header::ref_from_prefix(bytes).ok()?;
        let encapsulation_limit = match (Protocol(header.next_header), options) {
            (Protocol::DESTINATION_OPTIONS, &[next, _, _, _, limit, ..])
                if *options == encapsulation_limit_header(Protocol(next), limit) =>
            {
                Some(limit)
            }
            (Protocol::DESTINATION_OPTIONS, _) | (_, [_, ..]) => return None,
            (_, []) => None,
        };
        Some(Self {
            ends: TunnelEnds {
                local: header.source.into(),
                remote: header.destination.into(),
            },
            protocol,
            traffic_class: header.traffic_class(),
            ttl: header.hop_limit,
            dont_fragment: false,
            identification: 0,
            flow_label: header.flow_label(),
            encapsulation_limit,
        })
    }

    /// Length in bytes.
    #[inline]
    #[must_use]
    pub const fn length(&self) -> usize {
        match (self.ends.remote, self.encapsulation_limit) {
            (IpAddr::V4(_), _) => Ipv4Header::LENGTH,
            (IpAddr::V6(_), None) => Ipv6Header::LENGTH,
            (IpAddr::V6(_), Some(_)) => Ipv6Header::LENGTH + wire::ENCAPSULATION_LIMIT_LENGTH,
        }
    }

    /// Puts the header in front of a packet.
    ///
    /// # Errors
    /// [`DropReason::NoHeadroom`], or [`DropReason::PacketTooBig`] if the length does not fit its field;
    /// the packet is as it was.
    #[inline]
    pub fn push(&self, packet: &mut Packet<'_>) -> Result<(), DropReason> {
        let payload = packet.len();
        let total = payload.saturating_add(self.length());
        match (self.ends.local, self.ends.remote) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                let total = u16::try_from(total).map_err(|_| DropReason::PacketTooBig)?;
                packet.prepend(self.length())?;
                self.write_v4(packet.bytes_mut(), source, destination, total);
            }
            (IpAddr::V6(source), IpAddr::V6(destination)) => {
                let length = total.saturating_sub(Ipv6Header::LENGTH);
                let length = u16::try_from(length).map_err(|_| DropReason::PacketTooBig)?;
                packet.prepend(self.length())?;
                self.write_v6(packet.bytes_mut(), source, destination, length);
            }
            // `TunnelEnds` of two families are refused when a tunnel or SA is made.
            _ => return Err(DropReason::UnknownTunnel),
        }
        Ok(())
    }

    fn write_v4(&self, packet: &mut [u8], source: Ipv4Addr, destination: Ipv4Addr, total: u16) {
        let mut header = Ipv4Header::new(source, destination, self.protocol);
        header.traffic_class = self.traffic_class;
        header.total_length = U16::new(total);
        header.identification = U16::new(self.identification);
        let flags = if self.dont_fragment {
            Ipv4Header::DONT_FRAGMENT
        } else {
            0
        };
        header.flags_and_offset = U16::new(flags);
        header.ttl = self.ttl;
        header.checksum = U16::new(wire::checksum::internet(header.as_bytes()));
        if let Some(bytes) = packet.first_chunk_mut::<{ Ipv4Header::LENGTH }>() {
            bytes.copy_from_slice(header.as_bytes());
        }
    }

    fn write_v6(&self, packet: &mut [u8], source: Ipv6Addr, destination: Ipv6Addr, length: u16) {
        let next = match self.encapsulation_limit {
            Some(_) => Protocol::DESTINATION_OPTIONS,
            None => self.protocol,
        };
        let mut header = Ipv6Header::new(source, destination, next);
        header.set_class_and_flow(self.traffic_class, self.flow_label);
        header.payload_length = U16::new(length);
        header.hop_limit = self.ttl;
        if let Some((bytes, rest)) = packet.split_first_chunk_mut::<{ Ipv6Header::LENGTH }>() {
            bytes.copy_from_slice(header.as_bytes());
            if let Some(limit) = self.encapsulation_limit
                && let Some(options) = rest.first_chunk_mut()
            {
                *options = encapsulation_limit_header(self.protocol, limit);
            }
        }
    }
}
