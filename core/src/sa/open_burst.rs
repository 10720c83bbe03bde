//! Opening bursts: numbers are checked first, the cipher gets all packets together, and the window then counts
//! them in their order.
//!
//! A run holds packets with ascending numbers. For them, a check against the window as it stands says what one
//! after each packet before it would say: the window moves up to those at most. Packets that are not
//! plain, come late or are near a limit of the SA go the general way, one by one and in their order.

use core::net::IpAddr;

use super::{Burst, Carried, EspPlace, InboundSa};
use crate::esp::Opened;
use crate::outer::{Ecn, InnerDscpRule};
use crate::spd::Direction;
use crate::transform::{BURST, EspLayout, EspPacket, Iv, STRIDE};
use crate::wire::{BodyEnd, EspHeader, Flow, FlowKey, IpHeader, PlainV4, Protocol, SkipList, Spi};
use crate::{DropReason, Instant, Mode, Packet};

/// What all packets of a run have in common, and what finds their SA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends {
    outer: PlainV4,
    pub(crate) spi: Spi,
}

impl Ends {
    /// Those of a packet that has such an outer header; `None` if there is no ESP behind it.
    #[inline(always)]
    pub(crate) fn of(outer: PlainV4, packet: &[u8]) -> Option<Self> {
        let esp = packet.get(PlainV4::LENGTH..outer.total_length())?;
        let spi = Spi(EspHeader::parse(esp).ok()?.spi.get());
        (outer.protocol() == Protocol::ESP).then_some(Self { outer, spi })
    }

    /// Source and destination.
    #[inline(always)]
    pub(crate) fn addresses(&self) -> [IpAddr; 2] {
        [self.outer.source(), self.outer.destination()].map(IpAddr::from)
    }
}

/// A packet of a run that is decrypted and not yet counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) sequence: u64,
    pub(crate) result: Result<(), DropReason>,
}

impl Waiting {
    pub(crate) const NONE: Self = Self {
        sequence: 0,
        result: Ok(()),
    };
}

/// What an opened packet ends with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trailer {
    pub(crate) pad_length: u8,
    pub(crate) next_header: Protocol,
    /// The payload, from the packet's start on, bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl InboundSa {
    /// [`Self::open`] for several packets, each with a result of its own, and what each became is the same:
    /// nothing of the plaintext of a packet that is not authentic is left. Packets beyond the results are
    /// left alone.
    pub fn open_burst(
        &mut self,
        now: Instant,
        packets: &mut [Packet<'_>],
        results: &mut [Result<Carried, DropReason>],
    ) {
        let count = packets.len().min(results.len());
        let mut packets = packets.get_mut(..count).unwrap_or_default();
        let mut results = results.get_mut(..count).unwrap_or_default();
        let mut matched = None;
        while !packets.is_empty() {
            let done = self.open_run(now, packets, results, &mut matched);
            let done = if done == 0 {
                if let ([packet, ..], [result, ..]) = (&mut *packets, &mut *results) {
                    *result = self.open(now, packet).map(|received| (&received).into());
                }
                1
            } else {
                done
            };
            packets = packets.get_mut(done..).unwrap_or_default();
            results = results.get_mut(done..).unwrap_or_default();
        }
    }

    /// Opens the first packets, as many as are of one run; gives how many.
    #[inline(always)]
    fn open_run(
        &mut self,
        now: Instant,
        packets: &mut [Packet<'_>],
        results: &mut [Result<Carried, DropReason>],
        matched: &mut Option<FlowKey>,
    ) -> usize {
        let first = packets.first().map(Packet::bytes);
        let ends = first.and_then(|first| Ends::of(PlainV4::read(first)?, first));
        let ends = ends.filter(|ends| {
            let [source, destination] = ends.addresses();
            self.id().matches(ends.spi, destination, source) && self.is_far_from_limits(now)
        });
        let Some(ends) = ends else {
            return 0;
        };
        let mut done = 0_usize;
        let strides = packets.chunks_mut(STRIDE).zip(results.chunks_mut(STRIDE));
        for (packets, results) in strides.take(BURST / STRIDE) {
            let mut waiting = [Waiting::NONE; STRIDE];
            let (count, _) = self.decrypt(&ends, packets, &mut waiting);
            let run = packets.iter_mut().zip(results).zip(&waiting);
            for ((packet, result), waiting) in run.take(count) {
                *result = self.finish_plain(now, packet, waiting, matched);
            }
            done = done.wrapping_add(count);
            if count < packets.len() {
                break;
            }
        }
        done
    }

    /// Decrypts the next packets of a run, as many as are plain and may be received by what the window says; gives
    /// how many, the bytes that arrived, link padding included, and for each its number and whether it is
    /// authentic. The window does not know of them yet: [`Self::count`] tells it, for each in its order.
    #[inline(always)]
    pub(crate) fn decrypt(
        &self,
        ends: &Ends,
        packets: &mut [Packet<'_>],
        waiting: &mut [Waiting; STRIDE],
    ) -> (usize, usize) {
        let layout = self.layout();
        let mut burst = Burst::new();
        let (mut last, mut arrived) = (0, 0_usize);
        for packet in packets.iter_mut().take(STRIDE) {
            let Some(plain) = PlainV4::read(packet.bytes()) else {
                break;
            };
            let total = plain.total_length();
            let esp = packet.bytes().get(PlainV4::LENGTH..total);
            let sequence = self.may_come(esp.unwrap_or_default(), layout, ends.spi, last);
            let Some(sequence) = sequence.filter(|_| plain.has_ends_of(ends.outer)) else {
                break;
            };
            last = sequence;
            arrived = arrived.wrapping_add(packet.len());
            packet.truncate(total);
            let esp = packet.bytes_mut().get_mut(PlainV4::LENGTH..);
            burst.push(EspPacket::new(esp.unwrap_or_default(), sequence));
        }
        let burst = burst.as_mut_slice();
        self.opener().open_burst(layout, burst);
        for (waiting, packet) in waiting.iter_mut().zip(&*burst) {
            (waiting.sequence, waiting.result) = (packet.sequence(), packet.result());
        }
        (burst.len(), arrived)
    }

    /// The number of a packet of this SA that may be received behind one with the number `last`.
    #[inline(always)]
    fn may_come(&self, esp: &[u8], layout: EspLayout, own: Spi, last: u64) -> Option<u64> {
        let [a, b, c, d, e, f, g, h] = *esp.first_chunk::<{ EspHeader::LENGTH }>()?;
        layout.check(esp.len())?;
        if Spi(u32::from_be_bytes([a, b, c, d])) != own {
            return None;
        }
        let low = u32::from_be_bytes([e, f, g, h]);
        let Some(window) = self.window() else {
            return Some(u64::from(low));
        };
        let sequence = if self.extended_sequence() {
            window.infer(low).ok()?
        } else {
            u64::from(low)
        };
        // So far above the top, other packets of the run could make it one of another 2^32 numbers.
        let is_near = sequence.saturating_sub(window.top()) < 1 << 31 || !self.extended_sequence();
        (sequence > last && is_near && window.check(sequence).is_ok()).then_some(sequence)
    }

    /// Counts a packet of a run as received if it is authentic. What else a failed check means is found as
    /// the general way finds it.
    #[inline(always)]
    pub(crate) fn count(
        &mut self,
        now: Instant,
        packet: &mut Packet<'_>,
        waiting: &Waiting,
    ) -> Result<(), DropReason> {
        match waiting.result {
            Ok(()) => {
                let body = packet.len().saturating_sub(PlainV4::LENGTH);
                let body = self.layout().body_of(body);
                self.received(packet, waiting.sequence, body)
            }
            Err(DropReason::BadIcv) => self.failed(now, packet, waiting.sequence),
            Err(reason) => Err(reason),
        }
    }

    /// Padding and trailer of an opened packet, with the same checks as the general way but for the payload's
    /// protocol.
    #[inline(always)]
    pub(crate) fn trailer(&self, packet: &[u8]) -> Option<Trailer> {
        let layout = self.layout();
        let start = PlainV4::LENGTH.wrapping_add(layout.header_length());
        let end = packet.len().checked_sub(layout.icv_length())?;
        let last = BodyEnd(u64::from_le_bytes(*packet.get(..end)?.last_chunk()?));
        let (pad_length, next_header) = last.trailer();
        let trailer = end.checked_sub(EspHeader::TRAILER_LENGTH)?;
        let end = trailer.checked_sub(usize::from(pad_length))?;
        let padding = || packet.get(end..trailer).unwrap_or_default();
        let is_right = last.has_right_padding() || self.padding_is_right(padding());
        (end >= start && is_right).then_some(Trailer {
            pad_length,
            next_header,
            start,
            end,
        })
    }

    /// What the general way makes of an opened packet of a run.
    pub(crate) fn opened(&self, packet: &[u8], sequence: u64) -> Result<Opened, DropReason> {
        let layout = self.layout();
        let payload_offset = PlainV4::LENGTH.saturating_add(layout.header_length());
        let trailer_offset = packet
            .len()
            .saturating_sub(layout.icv_length())
            .saturating_sub(EspHeader::TRAILER_LENGTH);
        let iv = if layout.has_implicit_iv() {
            Iv::new(&sequence.to_be_bytes())
        } else {
            let start = PlainV4::LENGTH.saturating_add(EspHeader::LENGTH);
            packet.get(start..payload_offset).and_then(Iv::new)
        };
        let trailer = packet.get(trailer_offset..).and_then(<[u8]>::first_chunk);
        let &[pad_length, next_header] = trailer.ok_or(DropReason::Truncated)?;
        Ok(Opened {
            next_header: Protocol(next_header),
            iv: iv.ok_or(DropReason::Truncated)?,
            payload_offset,
            trailer_offset,
            pad_length: usize::from(pad_length),
        })
    }

    /// The rest of opening a packet of a run.
    #[inline(always)]
    fn finish_plain(
        &mut self,
        now: Instant,
        packet: &mut Packet<'_>,
        waiting: &Waiting,
        matched: &mut Option<FlowKey>,
    ) -> Result<Carried, DropReason> {
        self.count(now, packet, waiting)?;
        if let Mode::Tunnel(_) = self.mode()
            && let Some(trailer) = self.trailer(packet.bytes())
            && let Some(key) = self.strip_tunnel(packet, &trailer, *matched)
        {
            *matched = Some(key);
            return Ok(Carried {
                sequence: waiting.sequence,
                pad_length: trailer.pad_length,
                next_header: trailer.next_header,
            });
        }
        self.finish_other(packet, waiting.sequence)
    }

    /// The general way for the rest of opening a packet of a run.
    #[cold]
    fn finish_other(&self, packet: &mut Packet<'_>, sequence: u64) -> Result<Carried, DropReason> {
        let esp = self.opened(packet.bytes(), sequence)?;
        let header = IpHeader::parse(packet.bytes(), &SkipList::default())?;
        let place = EspPlace {
            header,
            offset: header.length,
        };
        self.conclude_open(packet, &place, sequence, esp)
            .map(|received| (&received).into())
    }

    /// Takes everything around a plain inner packet off, if it is one of the flow whose packets are known to
    /// match, or turns out to match, and if nothing in it is to be changed. Gives its flow.
    #[inline(always)]
    fn strip_tunnel(
        &self,
        packet: &mut Packet<'_>,
        trailer: &Trailer,
        matched: Option<FlowKey>,
    ) -> Option<FlowKey> {
        let bytes = packet.bytes();
        let outer = PlainV4::words(bytes)?;
        let payload = bytes.get(trailer.start..trailer.end)?;
        let inner = PlainV4::read(payload)?;
        if trailer.next_header != Protocol::IPV4 {
            return None;
        }
        let ports = payload.get(PlainV4::LENGTH..).and_then(<[u8]>::first_chunk);
        let ports = u32::from_le_bytes(*ports?);
        let key = inner.flow_key(ports, u32::from_le_bytes(outer.source()));
        let is_same = matched.is_some_and(|[a, b, c]| {
            let [d, e, f] = key;
            (a ^ d) | (b ^ e) | (c ^ f) == 0
        });
        if !is_same {
            self.match_selectors(outer, payload)?;
        }
        if outer.traffic_class() | inner.traffic_class() != 0 {
            let [inside, outside] = [inner, outer].map(|header| Ecn::of(header.traffic_class()));
            let ecn = self.inner_fields().ecn.combine(inside, outside).ok()?;
            let dscp = match self.inner_fields().dscp {
                InnerDscpRule::Keep => inner.traffic_class() >> 2,
                InnerDscpRule::Overwrite => outer.traffic_class() >> 2,
            };
            if dscp << 2 | ecn as u8 != inner.traffic_class() {
                return None;
            }
        }
        let end = trailer.start.wrapping_add(inner.total_length());
        packet.narrow(trailer.start, end);
        Some(key)
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
