//! Reassembly of datagrams for this node (RFC 791 section 3.2, RFC 8200 section 4.5), within bounds.
//!
//! IPsec takes whole datagrams only (RFC 4303 section 3.4.1), so the fragments of one are put together
//! first. All memory is taken when the node is made; a flood of fragments uses up the places, not the
//! memory. Overlapping fragments end a datagram (RFC 5722).

use alloc::boxed::Box;
use core::net::IpAddr;

use super::SaTrail;
use crate::tables::NodeLimits;
use crate::wire::{self, Fragment, IpHeader, IpVersion, Ipv4Header, Ipv6Header, Protocol};
use crate::{DropReason, Instant, LinkId, NetworkId, Packet};
use core::time::Duration;

/// The datagrams in reassembly.
#[derive(Debug)]
pub(super) struct Reassembly {
    slots: Box<[Slot]>,
    time: Duration,
}

/// Where fragments came in: those of one datagram come by one way.
pub(super) type Arrival = (NetworkId, Option<LinkId>);

#[derive(Debug)]
struct Slot {
    datagram: Option<Datagram>,
    /// The headers end, and the payload begins, at [`HEADER_ROOM`].
    buffer: Box<[u8]>,
    /// One bit for each eight bytes of payload that came.
    marks: Box<[u64]>,
}

#[derive(Clone, Copy, Debug)]
struct Datagram {
    key: Key,
    started: Instant,
    trail: SaTrail,
    /// Length of the headers, known from the first fragment.
    header: Option<usize>,
    /// Length of the payload, known from the last fragment.
    total: Option<usize>,
    /// Whether a fragment was marked with congestion.
    congestion: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    arrival: Arrival,
    source: IpAddr,
    destination: IpAddr,
    identification: u32,
    /// IPv4 tells datagrams apart by protocol too.
    protocol: Option<Protocol>,
}

/// Bytes for the headers of a datagram: the longest IPv4 header, or an IPv6 header with a few
/// extension headers.
const HEADER_ROOM: usize = 256;
const UNIT: usize = 8;

impl Reassembly {
    pub(super) fn new(limits: &NodeLimits) -> Self {
        let size = limits.reassembly_size.min(usize::from(u16::MAX));
        let slot = || Slot {
            datagram: None,
            buffer: alloc::vec![0; HEADER_ROOM.saturating_add(size)].into(),
            marks: alloc::vec![0; size.div_ceil(UNIT).div_ceil(64)].into(),
        };
        let slots = core::iter::repeat_with(slot)
            .take(limits.reassembly_datagrams)
            .collect();
        Self {
            slots,
            time: limits.reassembly_time,
        }
    }

    /// Gives up datagrams that waited too long; tells how many.
    pub(super) fn expire(&mut self, now: Instant) -> u64 {
        let mut expired = 0_u64;
        for slot in &mut self.slots {
            if slot
                .datagram
                .is_some_and(|datagram| now.since(datagram.started) >= self.time)
            {
                slot.datagram = None;
                expired = expired.saturating_add(1);
            }
        }
        expired
    }

    /// Takes a fragment in. When it completes its datagram, the packet becomes that datagram.
    ///
    /// # Errors
    /// [`DropReason::FragmentOffered`] if the node reassembles nothing; [`DropReason::ReassemblyFull`];
    /// [`DropReason::FragmentOverlap`]; [`DropReason::BadTotalLength`]; [`DropReason::TrailViolation`] if
    /// the fragments were not all protected alike; [`DropReason::NoTailroom`].
    pub(super) fn add(
        &mut self,
        now: Instant,
        arrival: Arrival,
        trail: &SaTrail,
        packet: &mut Packet<'_>,
        header: &IpHeader,
    ) -> Result<bool, DropReason> {
        let fragment = header.fragment.ok_or(DropReason::BadTotalLength)?;
        if self.slots.is_empty() {
            return Err(DropReason::FragmentOffered);
        }
        let key = Key {
            arrival,
            source: header.source,
            destination: header.destination,
            identification: fragment.identification,
            protocol: (header.version() == IpVersion::V4).then_some(header.protocol),
        };
        let slot = self.slot(key).ok_or(DropReason::ReassemblyFull)?;
        let datagram = slot.datagram.get_or_insert(Datagram {
            key,
            started: now,
            trail: *trail,
            header: None,
            total: None,
            congestion: false,
        });
        if datagram.trail != *trail {
            slot.datagram = None;
            return Err(DropReason::TrailViolation);
        }
        let outcome = slot
            .add(packet.bytes(), header, fragment)
            .and_then(|whole| match whole {
                Some(bytes) => packet.replace(bytes).map(|()| true),
                None => Ok(false),
            });
        if outcome != Ok(false) {
            slot.datagram = None;
        }
        outcome
    }

    /// The slot of a datagram, or a free one, cleared.
    fn slot(&mut self, key: Key) -> Option<&mut Slot> {
        let same = |slot: &Slot| slot.datagram.is_some_and(|datagram| datagram.key == key);
        let index = match self.slots.iter().position(same) {
            Some(index) => index,
            None => {
                let free = self.slots.iter().position(|slot| slot.datagram.is_none())?;
                self.slots.get_mut(free)?.marks.fill(0);
                free
            }
        };
        self.slots.get_mut(index)
    }
}

impl Slot {
    /// Copies a fragment in; the whole datagram if it was the last one missing.
    fn add(
        &mut self,
        packet: &[u8],
        header: &IpHeader,
        fragment: Fragment,
    ) -> Result<Option<&[u8]>, DropReason> {
        let datagram = self.datagram.as_mut().ok_or(DropReason::ReassemblyFull)?;
        let fragment_header = match header.version() {
            IpVersion::V4 => 0,
            IpVersion::V6 => wire::FRAGMENT_HEADER_LENGTH,
        };
        let data_start = header.unfragmentable.saturating_add(fragment_header);
        let data = packet
            .get(data_start..header.total_length)
            .unwrap_or_default();
        let start = usize::from(fragment.offset);
        let end = start.saturating_add(data.len());
        if data.is_empty() || fragment.more && !data.len().is_multiple_of(UNIT) {
            return Err(DropReason::BadTotalLength);
        }
        if end > usize::from(u16::MAX) {
            return Err(DropReason::BadTotalLength);
        }
        // The end may be told twice, but not in two ways; nothing lies behind it.
        let told = if fragment.more {
            datagram.total
        } else {
            Some(end)
        };
        if datagram
            .total
            .is_some_and(|total| told != Some(total) || end > total)
        {
            return Err(DropReason::FragmentOverlap);
        }
        let target = self
            .buffer
            .get_mut(HEADER_ROOM..)
            .and_then(|room| room.get_mut(start..end));
        let target = target.ok_or(DropReason::ReassemblyFull)?;
        match mark(&mut self.marks, start / UNIT, end.div_ceil(UNIT)) {
            Marked::New => target.copy_from_slice(data),
            Marked::Seen if target == data => {}
            _ => return Err(DropReason::FragmentOverlap),
        }
        datagram.total = told;
        datagram.congestion |= header.traffic_class & 0b11 == 0b11;
        if fragment.is_first() {
            let room = HEADER_ROOM.checked_sub(header.unfragmentable);
            let room = room.ok_or(DropReason::BadExtensionHeader)?;
            let headers = packet.get(..header.unfragmentable).unwrap_or_default();
            self.buffer
                .get_mut(room..HEADER_ROOM)
                .unwrap_or_default()
                .copy_from_slice(headers);
            if header.version() == IpVersion::V6 {
                let next = packet
                    .get(header.unfragmentable)
                    .copied()
                    .unwrap_or_default();
                let chain = self.buffer.get_mut(room..HEADER_ROOM).unwrap_or_default();
                name_next_header(chain, Protocol(next));
            }
            datagram.header = Some(header.unfragmentable);
        }
        let (Some(header_length), Some(total)) = (datagram.header, datagram.total) else {
            return Ok(None);
        };
        if !all_marked(&self.marks, total.div_ceil(UNIT)) {
            return Ok(None);
        }
        let congestion = datagram.congestion;
        let start = HEADER_ROOM.saturating_sub(header_length);
        let whole = self
            .buffer
            .get_mut(start..HEADER_ROOM.saturating_add(total));
        let whole = whole.ok_or(DropReason::ReassemblyFull)?;
        finish(whole, header_length, congestion)?;
        Ok(Some(whole))
    }
}

/// Lengths, flags and checksum of the whole datagram.
fn finish(whole: &mut [u8], header_length: usize, congestion: bool) -> Result<(), DropReason> {
    use zerocopy::FromBytes;
    let total = whole.len();
    if let Some(0x40..=0x4f) = whole.first() {
        if let Ok((header, _)) = Ipv4Header::mut_from_prefix(whole) {
            let keep = header.flags_and_offset.get() & Ipv4Header::DONT_FRAGMENT;
            header.flags_and_offset.set(keep);
            header
                .total_length
                .set(u16::try_from(total).map_err(|_| DropReason::BadTotalLength)?);
        }
        Ipv4Header::fill_checksum(whole.get_mut(..header_length).unwrap_or_default());
    } else if let Ok((header, payload)) = Ipv6Header::mut_from_prefix(whole) {
        let length = u16::try_from(payload.len()).map_err(|_| DropReason::BadTotalLength)?;
        header.payload_length.set(length);
    }
    // RFC 3168 section 5.3: a mark on any fragment is a mark on the datagram.
    let class = IpHeader::parse(whole, &wire::SkipList::default())?.traffic_class;
    if congestion && class & 0b11 != 0 {
        wire::set_traffic_class(whole, class | 0b11);
    }
    Ok(())
}

/// Writes what follows into the last header of a chain that ends before a fragment header.
fn name_next_header(chain: &mut [u8], next: Protocol) {
    let mut place = Ipv6Header::NEXT_HEADER_OFFSET;
    let mut at = Ipv6Header::LENGTH;
    while let Some(&[_, length, ..]) = chain.get(at..) {
        place = at;
        at = at.saturating_add(usize::from(length).saturating_add(1).saturating_mul(UNIT));
    }
    if let Some(byte) = chain.get_mut(place) {
        *byte = next.0;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marked {
    New,
    Seen,
    Mixed,
}

/// Marks units as having come; tells whether all, none or some of them had.
fn mark(marks: &mut [u64], start: usize, end: usize) -> Marked {
    let mut seen = 0_usize;
    for unit in start..end {
        if let Some(word) = marks.get_mut(unit / 64) {
            seen = seen.saturating_add(usize::from(*word >> (unit % 64) & 1 == 1));
            *word |= 1 << (unit % 64);
        }
    }
    match seen {
        0 => Marked::New,
        count if count == end.saturating_sub(start) => Marked::Seen,
        _ => Marked::Mixed,
    }
}

fn all_marked(marks: &[u64], units: usize) -> bool {
    (0..units).all(|unit| {
        marks
            .get(unit / 64)
            .is_some_and(|word| word >> (unit % 64) & 1 == 1)
    })
}
