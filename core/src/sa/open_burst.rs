//! Opening bursts: numbers are checked first, the cipher gets all packets together, and the window then counts
//! them in their order.
//!
//! A run holds packets with ascending numbers. For them, a check against the window as it stands says what one
//! after each packet before it would say: the window moves up to those at most. Packets that are not
//! plain, come late or are near a limit of the SA go the general way, one by one and in their order.

use core::net::IpAddr;

use super::matched::Matched;
use super::{Carried, EspPlace, InboundSa};
use crate::esp::{Ascent, Opened};
use crate::transform::{BURST, EspLayout, Iv, Run};
use crate::wire::{BodyEnd, EspHeader, IpHeader, PlainV4, Protocol, SkipList, Spi};
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
    sequences: [u64; BURST],
    results: [Result<(), DropReason>; BURST],
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
            sequences: [0; BURST],
            results: [Ok(()); BURST],
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
        let mut matched = self.matched;
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
        self.matched = matched;
    }

    /// Opens the first packets, as many as are of one run; gives how many.
    #[inline(always)]
    fn open_run(
        &mut self,
        now: Instant,
        packets: &mut [Packet<'_>],
        results: &mut [Result<Carried, DropReason>],
        matched: &mut Matched,
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
        let mut decrypted = Decrypted::new();
        self.decrypt(&ends, packets, &mut decrypted);
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
        decrypted.len()
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
        for packet in packets.iter_mut().take(BURST) {
            let whole = packet.bytes();
            let Some(plain) = PlainV4::read_beside(whole, ends.outer) else {
                break;
            };
            let total = plain.total_length();
            let Some(low) = whole
                .get(PlainV4::LENGTH..total)
                .and_then(|esp| number(esp, layout, ends.spi))
            else {
                break;
            };
            let whole = whole.len();
            let sequence = if let Some(sequence) = ascent.above(floor, low) {
                floor = sequence;
                sequence
            } else if let Some(sequence) = self.may_come(low, last) {
                floor = floor.max(sequence);
                sequence
            } else {
                break;
            };
            let Some(esp) = packet.cut(PlainV4::LENGTH, total) else {
                break;
            };
            last = sequence;
            arrived = arrived.wrapping_add(whole);
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
        matched: &mut Matched,
    ) {
        let run = packets.iter_mut().zip(results).zip(decrypted.sequences());
        for ((packet, result), &sequence) in run {
            if let Some(pad_length) = self.strip_usual(packet, matched) {
                // Written where it stays: what is put together elsewhere is waited for.
                *result = Ok(Carried {
                    sequence,
                    pad_length,
                    next_header: Protocol::IPV4,
                });
            } else {
                self.finish_tunnel(packet, sequence, matched, result);
            }
        }
    }

    /// The same for any packet, whose flow is then the one that is known; the general way for all others.
    #[inline(never)]
    fn finish_tunnel(
        &self,
        packet: &mut Packet<'_>,
        sequence: u64,
        matched: &mut Matched,
        result: &mut Result<Carried, DropReason>,
    ) {
        let known = self.strip_matched(packet, matched);
        let stripped = known.or_else(|| {
            let flow = self.match_flow(packet.bytes())?;
            let pad_length = self.strip_matched(packet, &flow)?;
            *matched = flow;
            Some(pad_length)
        });
        *result = match stripped {
            Some(pad_length) => Ok(Carried {
                sequence,
                pad_length,
                next_header: Protocol::IPV4,
            }),
            None => self.finish_other(packet, sequence),
        };
    }

    /// The rest of opening a packet of a run.
    #[inline(always)]
    fn finish_plain(
        &mut self,
        now: Instant,
        packet: &mut Packet<'_>,
        waiting: &Waiting,
        matched: &mut Matched,
    ) -> Result<Carried, DropReason> {
        self.count(now, packet, waiting)?;
        match self.mode() {
            Mode::Tunnel(_) => {
                let mut result = Err(DropReason::Truncated);
                self.finish_tunnel(packet, waiting.sequence, matched, &mut result);
                result
            }
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
}

/// The number on the wire of an ESP packet with this SPI; `None` for another, and for one that is too short.
#[inline(always)]
fn number(esp: &[u8], layout: EspLayout, own: Spi) -> Option<u32> {
    let header = u64::from_be_bytes(*esp.first_chunk()?);
    layout.check(esp.len())?;
    (header >> 32 == u64::from(own.0)).then_some((header & u64::from(u32::MAX)) as u32)
}
