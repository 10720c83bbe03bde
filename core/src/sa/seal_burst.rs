//! Sealing bursts: numbers are taken at once, headers are templates, and the cipher gets all packets together.
//!
//! That is for plain packets: whole, IPv4 without options, with room around them, far from every limit of the
//! SA. All others go the general way, one by one and in their order, so that a burst gives the same bytes
//! as its packets one after the other.

use super::{Carried, OutboundSa};
use crate::outer::{OuterHeader, Shown};
use crate::transform::{BURST, EspLayout, IvSequence, Run};
use crate::wire::{
    EspHeader, HeaderTemplate, IpHeader, IpVersion, Ipv4Header, PlainV4, Protocol, SkipList,
};
use crate::{DropReason, Instant, Mode, Packet};

/// What all packets of a run have in common.
#[derive(Clone, Copy)]
enum Front {
    /// Transport mode: each keeps its own header.
    Own,
    /// Tunnel mode: this one; its identification is the packet's number, or 0.
    Outer {
        template: HeaderTemplate,
        is_numbered: bool,
    },
}

impl OutboundSa {
    /// [`Self::seal`] for several packets, each with a result of its own, and what each becomes is the same:
    /// one that is refused is as it was, with the room around it. Packets beyond the results are left alone.
    pub fn seal_burst(
        &self,
        now: Instant,
        packets: &mut [Packet<'_>],
        results: &mut [Result<Carried, DropReason>],
    ) {
        let count = packets.len().min(results.len());
        let mut packets = packets.get_mut(..count).unwrap_or_default();
        let mut results = results.get_mut(..count).unwrap_or_default();
        let mut last = None;
        while !packets.is_empty() {
            let done = match self.front(now, packets, &mut last) {
                Some((shape, front)) => self.seal_run(shape, front, packets, results),
                None => 0,
            };
            let done = if done == 0 {
                if let ([packet, ..], [result, ..]) = (&mut *packets, &mut *results) {
                    *result = self.seal_one(now, packet);
                }
                1
            } else {
                done
            };
            packets = packets.get_mut(done..).unwrap_or_default();
            results = results.get_mut(done..).unwrap_or_default();
        }
    }

    #[inline(never)]
    fn seal_one(&self, now: Instant, packet: &mut Packet<'_>) -> Result<Carried, DropReason> {
        let header = IpHeader::parse(packet.bytes(), &SkipList::default());
        let next_header = match (self.mode(), &header) {
            (Mode::Tunnel(_), Ok(header)) => Some(header.version().protocol()),
            (Mode::Transport, Ok(header)) => {
                let place = packet.bytes().get(header.esp_protocol_offset);
                place.copied().map(Protocol)
            }
            (_, Err(_)) => None,
        };
        let sealed = self.seal(now, packet)?;
        let next_header = next_header.unwrap_or(Protocol::NO_NEXT_HEADER);
        Ok(Carried::sealed(&sealed, next_header))
    }

    /// What the first packets have in common, and their shape. `None` if the first is not plain, or a limit
    /// of the SA is near.
    #[inline(always)]
    fn front(
        &self,
        now: Instant,
        packets: &[Packet<'_>],
        last: &mut Option<(u64, Front)>,
    ) -> Option<(u64, Front)> {
        let bytes = packets.first()?.bytes();
        let plain = PlainV4::read(bytes)?;
        let shape = plain.shape();
        if !self.is_far_from_limits(now) {
            return None;
        }
        match last {
            Some((known, _)) if *known == shape => {}
            _ => *last = Some((shape, self.choose_front(plain)?)),
        }
        *last
    }

    #[inline(never)]
    fn choose_front(&self, plain: PlainV4) -> Option<Front> {
        let Mode::Tunnel(ends) = self.mode() else {
            return Some(Front::Own);
        };
        let inner = Shown {
            version: IpVersion::V4,
            traffic_class: plain.traffic_class(),
            ttl: plain.ttl(),
            dont_fragment: plain.dont_fragment(),
        };
        // Around IPv4 there is no flow label.
        let outer = OuterHeader::choose_for(ends, self.outer_fields(), &inner, 0, 1).ok()?;
        Some(Front::Outer {
            template: outer.template()?,
            is_numbered: outer.identification != 0,
        })
    }

    /// Seals the first packets, as many as are plain and have this shape; gives how many.
    #[inline(always)]
    fn seal_run(
        &self,
        shape: u64,
        front: Front,
        packets: &mut [Packet<'_>],
        results: &mut [Result<Carried, DropReason>],
    ) -> usize {
        let Some(wrapper) = self.wrapper() else {
            return 0;
        };
        let wanted = packets.len().min(BURST);
        let Ok(first) = self.reserve_burst(wanted) else {
            return 0;
        };
        let packets = packets.get_mut(..wanted).unwrap_or_default();
        let mut run = Run::new();
        let bytes = match front {
            Front::Own => wrapper.own(packets, results, first, &mut run),
            Front::Outer { .. } => {
                wrapper.tunnelled(shape, &front, packets, results, first, &mut run)
            }
        };
        self.encrypt(&mut run, &mut |place, reason| {
            if let Some(result) = results.get_mut(place) {
                *result = Err(reason);
            }
        });
        let done = run.len();
        self.give_back(first, wanted, done);
        self.count_bytes(bytes);
        done
    }

    /// What wraps payloads in this SA's packets; `None` if its path is too narrow for any.
    #[inline(always)]
    pub(crate) fn wrapper(&self) -> Option<Wrapper<'_>> {
        let layout = self.layout();
        let longest = self
            .path_mtu()
            .unwrap_or(usize::MAX)
            .min(usize::from(u16::MAX));
        Some(Wrapper {
            layout,
            spi: u64::from(self.spi().0) << 32,
            ivs: self.ivs(),
            counter: self.ivs().counter(),
            longest: layout.longest_payload(longest)?,
        })
    }

    /// Runs the cipher, which takes all packets that [`Wrapper::wrap`] wraps. Should it not, nothing is left of such
    /// a packet, so that nothing leaves in clear; `refuse` hears of it by its place.
    #[inline(always)]
    pub(crate) fn encrypt(&self, run: &mut Run<'_>, refuse: &mut dyn FnMut(usize, DropReason)) {
        let layout = self.layout();
        let mut failed = 0_u32;
        self.sealer().seal_run(layout, run, &mut |place, reason| {
            failed |= 1 << place;
            refuse(place, reason);
        });
        if failed != 0 {
            (0..run.len())
                .filter(|place| failed >> place & 1 == 1)
                .for_each(|place| run.payload_mut(layout, place).fill(0));
        }
    }
}

/// Puts headers and trailers around payloads.
#[derive(Clone, Copy)]
pub(crate) struct Wrapper<'s> {
    layout: EspLayout,
    /// In the high half.
    spi: u64,
    ivs: &'s IvSequence,
    /// What IVs of eight bytes differ from sequence numbers by.
    counter: Option<u64>,
    /// The longest payload, bytes.
    longest: usize,
}

/// How a payload is wrapped.
#[derive(Clone, Copy)]
pub(crate) struct Wrapping {
    pub(crate) template: HeaderTemplate,
    /// Bytes of the packet's own header, which the outer one takes the place of; 0 to keep it.
    pub(crate) own_header: usize,
    pub(crate) identification: u16,
    pub(crate) next_header: Protocol,
}

impl Wrapper<'_> {
    /// Wraps the first packets in transport mode, as many as are plain; gives how many bytes the cipher gets.
    #[inline(never)]
    fn own<'p>(
        &self,
        packets: &'p mut [Packet<'_>],
        results: &mut [Result<Carried, DropReason>],
        number: u64,
        run: &mut Run<'p>,
    ) -> u64 {
        self.each(packets, results, number, run, PlainV4::read, |plain, _| {
            Wrapping {
                template: plain.template(Protocol::ESP),
                own_header: PlainV4::LENGTH,
                identification: plain.identification(),
                next_header: plain.protocol(),
            }
        })
    }

    /// The same in tunnel mode, as many as have this shape.
    #[inline(never)]
    fn tunnelled<'p>(
        &self,
        shape: u64,
        front: &Front,
        packets: &'p mut [Packet<'_>],
        results: &mut [Result<Carried, DropReason>],
        number: u64,
        run: &mut Run<'p>,
    ) -> u64 {
        let Front::Outer {
            template,
            is_numbered,
        } = *front
        else {
            return 0;
        };
        let mask = if is_numbered { u64::MAX } else { 0 };
        let read = |packet: &[u8]| PlainV4::read_shaped(packet, shape);
        self.each(packets, results, number, run, read, |_, sequence| {
            Wrapping {
                template,
                own_header: 0,
                identification: low_half(sequence & mask),
                next_header: Protocol::IPV4,
            }
        })
    }

    #[inline(always)]
    fn each<'p>(
        &self,
        packets: &'p mut [Packet<'_>],
        results: &mut [Result<Carried, DropReason>],
        number: u64,
        run: &mut Run<'p>,
        read: impl Fn(&[u8]) -> Option<PlainV4>,
        wrapping: impl Fn(PlainV4, u64) -> Wrapping,
    ) -> u64 {
        let mut sequence = number;
        let mut bytes = 0_usize;
        for (packet, result) in packets.iter_mut().zip(results) {
            let Some(plain) = read(packet.bytes()) else {
                break;
            };
            let wrapping = wrapping(plain, sequence);
            let Some((esp, pad_length)) =
                self.wrap(packet, plain.total_length(), sequence, &wrapping)
            else {
                break;
            };
            bytes = bytes.wrapping_add(self.layout.body_of(esp.len()));
            *result = Ok(Carried {
                sequence,
                pad_length,
                next_header: wrapping.next_header,
            });
            run.push(esp, sequence);
            sequence = sequence.wrapping_add(1);
        }
        bytes as u64
    }

    /// Cuts a packet to so many bytes, puts a plain outer header, ESP header and IV in front of its payload,
    /// and the trailer and room for the ICV behind it. Gives the ESP packet and its pad length; `None` if
    /// there is no room, or the path does not take it, perhaps: the packet is then as it was.
    #[inline(always)]
    pub(crate) fn wrap<'p>(
        &self,
        packet: &'p mut Packet<'_>,
        length: usize,
        sequence: u64,
        wrapping: &Wrapping,
    ) -> Option<(&'p mut [u8], u8)> {
        let layout = self.layout;
        let payload = length.wrapping_sub(wrapping.own_header);
        if payload > self.longest {
            return None;
        }
        let pad_length = layout.pad_length(payload);
        let header = layout.header_length();
        let before = header
            .wrapping_add(PlainV4::LENGTH)
            .wrapping_sub(wrapping.own_header);
        let bytes = packet.enclose(length, before, layout.behind(pad_length))?;
        let total = (bytes.len() & 0xffff) as u16;
        let (outer, esp) = bytes.split_first_chunk_mut::<{ PlainV4::LENGTH }>()?;
        wrapping
            .template
            .write(outer, total, wrapping.identification);
        layout.fill_trailer(esp, pad_length, wrapping.next_header);
        // One store, as the cipher reads it by one load.
        let header = (self.spi | sequence & u64::from(u32::MAX)).to_be_bytes();
        if let Some(mask) = self.counter
            && let Some(head) = esp.first_chunk_mut::<{ 2 * EspHeader::LENGTH }>()
        {
            if let ([first, iv], _) = head.as_chunks_mut() {
                (*first, *iv) = (header, (sequence ^ mask).to_be_bytes());
            }
            return Some((esp, pad_length));
        }
        let (head, iv) = esp.split_first_chunk_mut()?;
        *head = header;
        if !layout.has_implicit_iv() {
            self.ivs.write(sequence, iv);
        }
        Some((esp, pad_length))
    }
}

impl OuterHeader {
    /// The header as a template of ESP packets; `None` for IPv6.
    pub(crate) fn template(&self) -> Option<HeaderTemplate> {
        let (core::net::IpAddr::V4(source), core::net::IpAddr::V4(destination)) =
            (self.ends.local, self.ends.remote)
        else {
            return None;
        };
        let mut header = Ipv4Header::new(source, destination, Protocol::ESP);
        header.traffic_class = self.traffic_class;
        header.ttl = self.ttl;
        if self.dont_fragment {
            header.flags_and_offset = Ipv4Header::DONT_FRAGMENT.into();
        }
        Some(HeaderTemplate::new(header))
    }
}

/// IPv4 identifications count with the packets, modulo 2^16.
#[inline(always)]
pub(crate) const fn low_half(number: u64) -> u16 {
    (number & 0xffff) as u16
}
