//! Sealing bursts: numbers are taken at once, headers are templates, and the cipher gets all packets together.
//!
//! That is for plain packets: whole, IPv4 without options, with room around them, far from every limit of the
//! SA. All others go the general way, one by one and in their order, so that a burst gives the same bytes
//! as its packets one after the other.

use super::{Carried, OutboundSa};
use crate::outer::OuterHeader;
use crate::transform::{BURST, EspLayout, EspPacket, IvSequence, STRIDE};
use crate::wire::{EspHeader, HeaderTemplate, IpHeader, Ipv4Header, PlainV4, Protocol, SkipList};
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
        let shape = PlainV4::read(bytes)?.shape();
        if !self.is_far_from_limits(now) {
            return None;
        }
        match last {
            Some((known, _)) if *known == shape => {}
            _ => *last = Some((shape, self.choose_front(bytes)?)),
        }
        *last
    }

    #[cold]
    fn choose_front(&self, packet: &[u8]) -> Option<Front> {
        if self.mode() == Mode::Transport {
            return Some(Front::Own);
        }
        let header = IpHeader::parse(packet, &SkipList::default()).ok()?;
        // With these two numbers an identification that counts differs.
        let [one, two] = [1, 2].map(|number| self.choose_outer(packet, &header, number).ok());
        let (outer, next) = (one?, two?);
        Some(Front::Outer {
            template: outer.template()?,
            is_numbered: outer.identification != next.identification,
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
        let (mut done, mut bytes) = (0_usize, 0_u64);
        let strides = packets.chunks_mut(STRIDE).zip(results.chunks_mut(STRIDE));
        for (packets, results) in strides.take(BURST / STRIDE) {
            let mut burst = Burst::new();
            let numbers = first.wrapping_add(done as u64)..;
            for ((packet, result), sequence) in packets.iter_mut().zip(&mut *results).zip(numbers) {
                let Some(plain) = PlainV4::read(packet.bytes()) else {
                    break;
                };
                let wrapping = match front {
                    Front::Outer {
                        template,
                        is_numbered,
                    } if plain.shape() == shape => Wrapping {
                        template,
                        own_header: 0,
                        identification: if is_numbered { low_half(sequence) } else { 0 },
                        next_header: Protocol::IPV4,
                    },
                    Front::Outer { .. } => break,
                    Front::Own => Wrapping {
                        template: plain.template(Protocol::ESP),
                        own_header: PlainV4::LENGTH,
                        identification: plain.identification(),
                        next_header: plain.protocol(),
                    },
                };
                let total = plain.total_length();
                let Some((esp, pad_length)) = wrapper.wrap(packet, total, sequence, &wrapping)
                else {
                    break;
                };
                *result = Ok(Carried {
                    sequence,
                    pad_length,
                    next_header: wrapping.next_header,
                });
                burst.push(esp);
            }
            let sealed = self.encrypt(&mut burst, |place, reason| {
                if let Some(result) = results.get_mut(place) {
                    *result = Err(reason);
                }
            });
            bytes = bytes.wrapping_add(sealed);
            let count = burst.len();
            done = done.wrapping_add(count);
            if count < packets.len() {
                break;
            }
        }
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
            longest: layout.longest_payload(longest)?,
        })
    }

    /// Runs the cipher; gives how many bytes that got. It takes all packets that [`Wrapper::wrap`] wraps. Should it
    /// not, nothing is left of such a packet, so that nothing leaves in clear; `refuse` hears of it by its place.
    #[inline(always)]
    pub(crate) fn encrypt(
        &self,
        burst: &mut Burst<'_>,
        mut refuse: impl FnMut(usize, DropReason),
    ) -> u64 {
        let layout = self.layout();
        let packets = burst.as_mut_slice();
        self.sealer().seal_burst(layout, packets);
        let mut bytes = 0_u64;
        for (place, packet) in packets.iter_mut().enumerate() {
            bytes = bytes.wrapping_add(layout.body_length(packet));
            if let Err(reason) = packet.result() {
                packet.payload_mut(layout).fill(0);
                refuse(place, reason);
            }
        }
        bytes
    }
}

/// Puts headers and trailers around payloads.
#[derive(Clone, Copy)]
pub(crate) struct Wrapper<'s> {
    layout: EspLayout,
    /// In the high half.
    spi: u64,
    ivs: &'s IvSequence,
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
    ) -> Option<(EspPacket<'p>, u8)> {
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
        let (head, iv) = esp.split_first_chunk_mut::<{ EspHeader::LENGTH }>()?;
        // One store, as the cipher reads it by one load.
        *head = (self.spi | sequence & u64::from(u32::MAX)).to_be_bytes();
        if !layout.has_implicit_iv() {
            self.ivs.write(sequence, iv);
        }
        Some((EspPacket::new(esp, sequence), pad_length))
    }
}

/// Packets on their way through the cipher.
pub(crate) struct Burst<'p> {
    packets: [EspPacket<'p>; STRIDE],
    count: usize,
}

impl<'p> Burst<'p> {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self {
            packets: [const { EspPacket::new(&mut [], 0) }; STRIDE],
            count: 0,
        }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, packet: EspPacket<'p>) {
        if let Some(place) = self.packets.get_mut(self.count) {
            *place = packet;
            self.count = self.count.wrapping_add(1);
        }
    }

    #[inline(always)]
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    #[inline(always)]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [EspPacket<'p>] {
        self.packets.get_mut(..self.count).unwrap_or_default()
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
