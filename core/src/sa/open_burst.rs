//! Opening bursts: numbers are checked first, the cipher gets all packets together, and the window then counts
//! them in their order.
//!
//! A run holds packets with ascending numbers. For them, a check against the window as it stands says what one
//! after each packet before it would say: the window moves up to those at most. Packets that are not
//! plain, come late or are near a limit of the SA go the general way, one by one and in their order.

use core::net::IpAddr;

use super::{Carried, EspPlace, InboundSa};
use crate::esp::{Ascent, Opened};
use crate::outer::{Ecn, InnerDscpRule};
use crate::spd::Direction;
use crate::transform::{BURST, EspLayout, Iv, Run, STRIDE};
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

/// The packets of a run that are decrypted and not yet counted.
#[derive(Debug)]
pub(crate) struct Decrypted {
    sequences: [u64; STRIDE],
    results: [Result<(), DropReason>; STRIDE],
    count: usize,
    /// Whether any has failed.
    failed: bool,
    /// Bytes that arrived, link padding included.
    arrived: usize,
    /// Bytes that the cipher got.
    bytes: usize,
}

impl Decrypted {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self {
            sequences: [0; STRIDE],
            results: [Ok(()); STRIDE],
            count: 0,
            failed: false,
            arrived: 0,
            bytes: 0,
        }
    }

    #[inline(always)]
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    /// Bytes that arrived, link padding included.
    #[inline(always)]
    pub(crate) const fn arrived(&self) -> usize {
        self.arrived
    }

    /// Each packet.
    #[inline(always)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = Waiting> {
        let all = self.sequences().iter().zip(&self.results);
        all.map(|(&sequence, &result)| Waiting { sequence, result })
    }

    #[inline(always)]
    fn sequences(&self) -> &[u64] {
        self.sequences.get(..self.count).unwrap_or_default()
    }
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
        let mut strides = packets.chunks_mut(STRIDE).zip(results.chunks_mut(STRIDE));
        for _ in 0..BURST / STRIDE {
            let Some((packets, results)) = strides.next() else {
                break;
            };
            let mut decrypted = Decrypted::new();
            self.decrypt(&ends, packets, &mut decrypted);
            let count = decrypted.len();
            let is_tunnel = self.mode() != Mode::Transport;
            if is_tunnel && !decrypted.failed {
                // Nothing comes in between: what the window said before the cipher holds.
                self.received_all(decrypted.sequences(), decrypted.bytes);
                self.finish_tunnelled(packets, &decrypted, results, matched);
            } else {
                let run = packets.iter_mut().zip(results).zip(decrypted.iter());
                for ((packet, result), waiting) in run {
                    *result = self.finish_plain(now, packet, &waiting, matched);
                }
            }
            done = done.wrapping_add(count);
            if count < packets.len() {
                break;
            }
        }
        done
    }

    /// Decrypts the next packets of a run, as many as are plain and may be received by what the window says. The
    /// window does not know of them yet: [`Self::count`] tells it, for each in its order.
    #[inline(always)]
    pub(crate) fn decrypt(
        &self,
        ends: &Ends,
        packets: &mut [Packet<'_>],
        decrypted: &mut Decrypted,
    ) {
        let mut run = Run::new();
        (decrypted.arrived, decrypted.bytes) = self.admit(ends, packets, &mut run);
        let Decrypted {
            results, failed, ..
        } = decrypted;
        self.opener()
            .open_run(self.layout(), &mut run, &mut |place, reason| {
                *failed = true;
                if let Some(result) = results.get_mut(place) {
                    *result = Err(reason);
                }
            });
        (decrypted.sequences, decrypted.count) = (*run.sequences(), run.len());
    }

    /// Takes the packets into a run that [`Self::decrypt`] decrypts; gives the bytes that arrived and those for the
    /// cipher.
    #[inline(never)]
    fn admit<'p>(
        &self,
        ends: &Ends,
        packets: &'p mut [Packet<'_>],
        run: &mut Run<'p>,
    ) -> (usize, usize) {
        let layout = self.layout();
        let ascent = self
            .window()
            .map(|window| window.ascent(self.extended_sequence()));
        let ascent = ascent.unwrap_or(Ascent::NONE);
        let (mut last, mut floor) = (0, ascent.top());
        let (mut arrived, mut bytes) = (0_usize, 0_usize);
        for packet in packets.iter_mut().take(STRIDE) {
            let Some(plain) = PlainV4::read(packet.bytes()) else {
                break;
            };
            let total = plain.total_length();
            let esp = packet.bytes().get(PlainV4::LENGTH..total);
            let esp = esp.unwrap_or_default();
            let Some(low) = number(esp, layout, ends.spi) else {
                break;
            };
            let sequence = match ascent.above(floor, low) {
                Some(sequence) => sequence,
                None => match self.may_come(low, last) {
                    Some(sequence) => sequence,
                    None => break,
                },
            };
            if !plain.has_ends_of(ends.outer) {
                break;
            }
            last = sequence;
            floor = floor.max(sequence);
            arrived = arrived.wrapping_add(packet.len());
            packet.truncate(total);
            let esp = packet.bytes_mut().get_mut(PlainV4::LENGTH..);
            let esp = esp.unwrap_or_default();
            bytes = bytes.wrapping_add(layout.body_of(esp.len()));
            run.push(esp, sequence);
        }
        (arrived, bytes)
    }

    /// The number of a packet of this SA that may be received behind one with the number `last`.
    #[inline(never)]
    fn may_come(&self, low: u32, last: u64) -> Option<u64> {
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

    /// The rest of opening packets of a run in tunnel mode, all of which are counted.
    #[inline(never)]
    fn finish_tunnelled(
        &self,
        packets: &mut [Packet<'_>],
        decrypted: &Decrypted,
        results: &mut [Result<Carried, DropReason>],
        matched: &mut Option<FlowKey>,
    ) {
        let run = packets.iter_mut().zip(results).zip(decrypted.sequences());
        for ((packet, result), &sequence) in run {
            *result = self.finish_tunnel(packet, sequence, matched);
        }
    }

    #[inline(always)]
    fn finish_tunnel(
        &self,
        packet: &mut Packet<'_>,
        sequence: u64,
        matched: &mut Option<FlowKey>,
    ) -> Result<Carried, DropReason> {
        if let Some(trailer) = self.trailer(packet.bytes())
            && let Some(key) = self.strip_tunnel(packet, &trailer, *matched)
        {
            *matched = Some(key);
            return Ok(Carried {
                sequence,
                pad_length: trailer.pad_length,
                next_header: trailer.next_header,
            });
        }
        self.finish_other(packet, sequence)
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
        match self.mode() {
            Mode::Tunnel(_) => self.finish_tunnel(packet, waiting.sequence, matched),
            Mode::Transport => self.finish_other(packet, waiting.sequence),
        }
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

/// The number on the wire of an ESP packet with this SPI; `None` for another, and for one that is too short.
#[inline(always)]
fn number(esp: &[u8], layout: EspLayout, own: Spi) -> Option<u32> {
    let header = u64::from_be_bytes(*esp.first_chunk()?);
    layout.check(esp.len())?;
    (header >> 32 == u64::from(own.0)).then_some((header & u64::from(u32::MAX)) as u32)
}
