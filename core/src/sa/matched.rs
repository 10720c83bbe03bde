//! What the last packets that an SA opened were like, so that those that follow are only compared with them.

use core::net::IpAddr;

use super::InboundSa;
use crate::Packet;
use crate::outer::{Ecn, InnerDscpRule};
use crate::spd::Direction;
use crate::wire::{BodyEnd, EspHeader, Flow, FlowKey, IpHeader, PlainV4, Protocol, SkipList};

/// A flow whose packets may come in an SA, with outer headers of one source and traffic class.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matched(FlowKey);

impl Matched {
    /// No packet is of this one: it has no version.
    pub(super) const NONE: Self = Self([0; 3]);
    /// Bytes that a packet is told by: header and ports, or what is in their place.
    pub(super) const HEAD: usize = PlainV4::LENGTH + size_of::<u32>();

    /// The flow of a payload that is an IP packet and begins so, and its header, unchecked: of a flow that is known
    /// to be of plain headers, length and checksum are still to be checked.
    #[inline(always)]
    pub(super) fn of(outer: PlainV4, head: &[u8; Self::HEAD]) -> (Self, PlainV4) {
        let inner = PlainV4::words(head).unwrap_or_default();
        let ports = *head.last_chunk().unwrap_or(&[0; 4]);
        let source = u32::from_le_bytes(outer.source());
        let [a, b, c] = inner.flow_key(u32::from_le_bytes(ports), source);
        // Where the checksum was.
        let class = u64::from(outer.traffic_class()) << 16;
        (Self([a, b | class, c]), inner)
    }

    #[inline(always)]
    pub(super) const fn is(&self, other: &Self) -> bool {
        let [Self([a, b, c]), Self([d, e, f])] = [self, other];
        (*a ^ *d) | (*b ^ *e) | (*c ^ *f) == 0
    }
}

impl InboundSa {
    /// [`Self::strip_matched`] where nothing is behind the inner packet but minimal padding.
    #[inline(always)]
    pub(super) fn strip_usual(&self, packet: &mut Packet<'_>, matched: &Matched) -> Option<u8> {
        let layout = self.layout();
        let bytes = packet.bytes();
        let start = PlainV4::LENGTH.wrapping_add(layout.header_length());
        let body = bytes.get(start..bytes.len().wrapping_sub(layout.icv_length()))?;
        let (head, last) = (body.first_chunk()?, body.last_chunk()?);
        let (flow, inner) = Matched::of(PlainV4::words(bytes)?, head);
        let total = inner.total_length();
        let behind = body.len().wrapping_sub(total);
        let pad_length = behind.wrapping_sub(EspHeader::TRAILER_LENGTH);
        let last = BodyEnd(u64::from_le_bytes(*last));
        if !last.is_padded(pad_length, Protocol::IPV4) || total < Matched::HEAD {
            return None;
        }
        if !flow.is(matched) || !inner.is_right_in(total) {
            return None;
        }
        packet.narrow(start, start.wrapping_add(total));
        Some((pad_length & 0xff) as u8)
    }

    /// Takes everything around an inner packet off that is of the flow whose packets are known to match, and gives
    /// the pad length.
    pub(super) fn strip_matched(&self, packet: &mut Packet<'_>, matched: &Matched) -> Option<u8> {
        let layout = self.layout();
        let bytes = packet.bytes();
        let start = PlainV4::LENGTH.wrapping_add(layout.header_length());
        let body = bytes.get(start..bytes.len().wrapping_sub(layout.icv_length()))?;
        let head = body.first_chunk()?;
        let last = BodyEnd(u64::from_le_bytes(*body.last_chunk()?));
        let (pad_length, next_header) = last.trailer();
        let behind = usize::from(pad_length).wrapping_add(EspHeader::TRAILER_LENGTH);
        let payload = body.len().checked_sub(behind)?;
        let padding = || body.get(payload..body.len().wrapping_sub(EspHeader::TRAILER_LENGTH));
        if !last.has_right_padding() && !self.padding_is_right(padding()?) {
            return None;
        }
        let (flow, inner) = Matched::of(PlainV4::words(bytes)?, head);
        let total = inner.total_length();
        // Where a packet ends before its ports, selectors say something else of it.
        if !inner.is_right_in(payload) || total < Matched::HEAD {
            return None;
        }
        if !flow.is(matched) || next_header != Protocol::IPV4 {
            return None;
        }
        packet.narrow(start, start.wrapping_add(total));
        Some(pad_length)
    }

    /// The flow of an opened packet, if all of its packets match and nothing in them is to be changed.
    pub(super) fn match_flow(&self, packet: &[u8]) -> Option<Matched> {
        let trailer = self.trailer(packet)?;
        let payload = packet.get(trailer.start..trailer.end)?;
        let (outer, inner) = (PlainV4::words(packet)?, PlainV4::read(payload)?);
        if trailer.next_header != Protocol::IPV4 {
            return None;
        }
        self.match_selectors(outer, payload)?;
        let [inside, outside] = [inner, outer].map(|header| Ecn::of(header.traffic_class()));
        let ecn = self.inner_fields().ecn.combine(inside, outside).ok()?;
        let dscp = match self.inner_fields().dscp {
            InnerDscpRule::Keep => inner.traffic_class() >> 2,
            InnerDscpRule::Overwrite => outer.traffic_class() >> 2,
        };
        let is_kept = dscp << 2 | ecn as u8 == inner.traffic_class();
        let (flow, _) = Matched::of(outer, payload.first_chunk()?);
        is_kept.then_some(flow)
    }

    /// Whether a plain packet may come in this SA, from this outer source.
    #[inline(never)]
    fn match_selectors(&self, outer: PlainV4, payload: &[u8]) -> Option<()> {
        self.check_outer_source(IpAddr::from(outer.source())).ok()?;
        if self.inner_selectors().is_some() {
            return None;
        }
        let header = IpHeader::parse(payload, &SkipList::default()).ok()?;
        let flow = Flow::of(payload, &header);
        let mut sets = self.selectors().iter();
        let matches = sets.any(|set| set.matches(Direction::Inbound, &flow));
        matches.then_some(())
    }
}
