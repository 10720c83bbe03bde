//! The sending side of an SA.

use alloc::boxed::Box;
use alloc::string::String;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::lifetime::Usage;
use super::{Lifetime, SaError, SaParameters, WorkerId};
use crate::esp::{self, Padding, SealRequest, Sealed, SequenceNumbers, UdpEncapsulation};
use crate::outer::{OuterFields, OuterHeader};
use crate::spd::{Direction, InnerSelectors, Selectors};
use crate::transform::{Authenticated, EspLayout, Iv, IvSequence, Sealer, Transform};
use crate::wire::{self, Flow, InnerFlows, IpHeader, Protocol, SkipList, Spi, UdpHeader};
use crate::{DropReason, Instant, Mode, Packet};

/// The sending side of an SA. Shared by all threads that send; sequence numbers come from one atomic
/// counter, and no number is used twice.
///
/// ```
/// use iiptran::sa::{InboundSa, OutboundSa, SaParameters};
/// use iiptran::transform::{Keys, Transform};
/// use iiptran::wire::Spi;
/// use iiptran::{Instant, Mode, PacketBuffer};
///
/// let transform = Transform::from_names("aes-128-gcm-16", None)?;
/// let keys = Keys { encryption: (&[7; 20][..]).into(), ..Keys::default() };
/// let parameters = SaParameters::new(Spi(0x1000), Mode::Transport, transform, keys);
/// let sender = OutboundSa::new(parameters.clone())?;
/// let mut receiver = InboundSa::new(parameters)?;
///
/// // An IPv4 header of 192.0.2.1 to 192.0.2.2 with two bytes of an unassigned protocol.
/// let clear = [
///     0x45, 0, 0, 22, 0, 0, 0, 0, 64, 253, 0xf5, 0xe7, 192, 0, 2, 1, 192, 0, 2, 2, 0xaa, 0xbb,
/// ];
/// let mut buffer = PacketBuffer::new(&clear);
/// buffer.process(|packet| sender.seal(Instant::ZERO, packet))?;
/// assert_eq!(buffer.bytes()[9], 50); // Now it is ESP,
/// buffer.process(|packet| receiver.open(Instant::ZERO, packet))?;
/// assert_eq!(buffer.bytes(), clear); // and now it is what it was.
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OutboundSa {
    name: String,
    spi: Spi,
    mode: Mode,
    transform: Transform,
    sealer: Sealer,
    layout: EspLayout,
    ivs: IvSequence,
    numbers: SequenceNumbers,
    start: u64,
    extended: bool,
    selectors: Box<[Selectors]>,
    inner_selectors: Option<InnerSelectors>,
    outer: OuterFields,
    udp_encapsulation: Option<UdpEncapsulation>,
    dscps: u64,
    path_mtu: Option<usize>,
    worker: Option<WorkerId>,
    lifetime: Lifetime,
    bytes: AtomicU64,
    soft_expiry_told: AtomicBool,
}

/// What a single call of [`OutboundSa::seal_with`] does differently, for known-answer tests, dummy
/// packets and traffic-flow confidentiality.
#[derive(Clone, Copy, Debug, Default)]
pub struct SealOptions {
    /// This sequence number; the SA's own counter stays where it is.
    pub sequence: Option<u64>,
    /// This IV.
    pub iv: Option<Iv>,
    /// Tunnel mode: this outer header.
    pub outer: Option<OuterHeader>,
    /// More padding than alignment asks for.
    pub padding: Padding,
    /// Bytes of traffic-flow confidentiality padding (RFC 4303 section 2.7).
    pub flow_padding: usize,
    /// Makes it a dummy packet (RFC 4303 section 2.6): the receiver discards the payload, whatever it
    /// is.
    pub dummy: bool,
}

/// What [`OutboundSa::seal`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedPacket {
    /// The outer header of tunnel mode.
    pub outer: Option<OuterHeader>,
    /// The ESP packet.
    pub esp: Sealed,
}

impl OutboundSa {
    /// Makes the SA.
    ///
    /// # Errors
    /// [`SaError`].
    pub fn new(parameters: SaParameters) -> Result<Self, SaError> {
        parameters.check()?;
        let wide = parameters.extended_sequence || parameters.rollover;
        let limit = if wide { u64::MAX } else { u64::from(u32::MAX) };
        let SaParameters {
            transform, keys, ..
        } = &parameters;
        Ok(Self {
            sealer: Sealer::new(*transform, keys)?,
            layout: EspLayout::new(*transform, parameters.extended_sequence),
            ivs: IvSequence::new(*transform, keys, parameters.iv_mask),
            numbers: SequenceNumbers::new(parameters.start, limit),
            start: parameters.start,
            name: parameters.name,
            spi: parameters.spi,
            mode: parameters.mode,
            transform: parameters.transform,
            extended: parameters.extended_sequence,
            selectors: parameters.selectors,
            inner_selectors: parameters.inner_selectors,
            outer: parameters.outer,
            udp_encapsulation: parameters.udp_encapsulation,
            dscps: parameters.dscps,
            path_mtu: parameters.path_mtu,
            worker: parameters.worker,
            lifetime: parameters.lifetime,
            bytes: AtomicU64::new(0),
            soft_expiry_told: AtomicBool::new(false),
        })
    }

    /// Seals an IP packet in place: in transport mode what lies behind its own header, in tunnel mode
    /// the whole packet behind a new one.
    ///
    /// # Errors
    /// Any [`DropReason`] of groups parse, sa and size; [`DropReason::FragmentOffered`] for a fragment in
    /// transport mode.
    pub fn seal(&self, now: Instant, packet: &mut Packet<'_>) -> Result<SealedPacket, DropReason> {
        self.seal_with(now, packet, &SealOptions::default())
    }

    /// [`Self::seal`] with some things fixed.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn seal_with(
        &self,
        now: Instant,
        packet: &mut Packet<'_>,
        options: &SealOptions,
    ) -> Result<SealedPacket, DropReason> {
        self.check(now)?;
        let skip = SkipList::default();
        let mut header = IpHeader::parse(packet.bytes(), &skip)?;
        packet.truncate(header.total_length);
        self.check_packet(packet.len(), &header)?;
        let sequence = options.sequence.map_or_else(|| self.reserve(), Ok)?;
        let outer = match self.mode {
            Mode::Transport => None,
            Mode::Tunnel(_) => {
                let outer = options
                    .outer
                    .map_or_else(|| self.choose_outer(packet.bytes(), &header, sequence), Ok)?;
                outer.push(packet)?;
                header = IpHeader::parse(packet.bytes(), &skip)?;
                Some(outer)
            }
        };
        let esp = self.protect(packet, &header, sequence, options)?;
        Ok(SealedPacket { outer, esp })
    }

    /// Whether the SA may carry one more packet now.
    ///
    /// # Errors
    /// [`DropReason::SaExpired`], [`DropReason::LifetimeExceeded`] or
    /// [`DropReason::SequenceExhausted`].
    #[inline]
    pub fn check(&self, now: Instant) -> Result<(), DropReason> {
        if self.numbers.last() >= self.numbers.limit() {
            return Err(DropReason::SequenceExhausted);
        }
        self.lifetime.check(now, self.usage())
    }

    /// Whether a packet of so many bytes can be sealed: in transport mode it is whole, and the path takes
    /// it afterwards. Asked before a sequence number is taken, which a refused packet would use up.
    #[inline]
    pub(crate) fn check_packet(&self, length: usize, header: &IpHeader) -> Result<(), DropReason> {
        if self.mode == Mode::Transport && header.fragment.is_some() {
            return Err(DropReason::FragmentOffered);
        }
        let Some(path_mtu) = self.path_mtu else {
            return Ok(());
        };
        let (before, payload) = match self.mode {
            Mode::Transport => (header.esp_offset, length.saturating_sub(header.esp_offset)),
            Mode::Tunnel(ends) => (wire::IpVersion::of(ends.remote).header_length(), length),
        };
        let sealed = before
            .saturating_add(self.udp_encapsulation.map_or(0, |_| UdpHeader::LENGTH))
            .saturating_add(payload)
            .saturating_add(esp::overhead(self.transform, payload));
        if sealed > path_mtu {
            Err(DropReason::PacketTooBig)
        } else {
            Ok(())
        }
    }

    /// Whether a burst meets no limit of the SA, so that packets need not be counted one by one, and whether
    /// the SA puts plain ESP behind IP.
    #[inline]
    pub(crate) fn is_far_from_limits(&self, now: Instant) -> bool {
        let left = self.numbers.limit().saturating_sub(self.numbers.last());
        let told = self.soft_expiry_told.load(Ordering::Relaxed);
        self.udp_encapsulation.is_none()
            && left > Usage::OF_BURST.packets
            && self
                .lifetime
                .is_far_from(now, self.usage(), Usage::OF_BURST, !told)
    }

    /// Takes the next `count` sequence numbers; gives the first.
    #[inline]
    pub(crate) fn reserve_burst(&self, count: usize) -> Result<u64, DropReason> {
        self.numbers.reserve_many(count as u64)
    }

    /// Gives back the numbers of a burst behind the first `used`, unless others were taken since.
    #[inline]
    pub(crate) fn give_back(&self, first: u64, count: usize, used: usize) {
        if used < count {
            let unused = count.saturating_sub(used);
            self.numbers
                .give_back(first.saturating_add(count as u64), unused as u64);
        }
    }

    /// The layout of this SA's packets.
    #[inline(always)]
    pub(crate) const fn layout(&self) -> EspLayout {
        self.layout
    }

    /// How outer headers of tunnel mode are filled.
    #[inline]
    pub(crate) const fn outer_fields(&self) -> &OuterFields {
        &self.outer
    }

    #[inline(always)]
    pub(super) const fn path_mtu(&self) -> Option<usize> {
        self.path_mtu
    }

    #[inline]
    pub(super) const fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    #[inline]
    pub(super) const fn ivs(&self) -> &IvSequence {
        &self.ivs
    }

    #[inline]
    pub(crate) fn count_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Takes the next sequence number.
    #[inline]
    pub(crate) fn reserve(&self) -> Result<u64, DropReason> {
        self.numbers.reserve()
    }

    /// The outer header of tunnel mode; its identification counts with the sequence numbers.
    #[inline]
    pub(crate) fn choose_outer(
        &self,
        packet: &[u8],
        header: &IpHeader,
        sequence: u64,
    ) -> Result<OuterHeader, DropReason> {
        match self.mode {
            Mode::Tunnel(ends) => OuterHeader::choose(ends, &self.outer, packet, header, sequence),
            Mode::Transport => Err(DropReason::NotTunnelled),
        }
    }

    /// ESP behind the packet's first header (RFC 4303 section 3.1.1); tunnel mode too, once its outer
    /// header is in place.
    #[inline]
    pub(crate) fn protect(
        &self,
        packet: &mut Packet<'_>,
        header: &IpHeader,
        sequence: u64,
        options: &SealOptions,
    ) -> Result<Sealed, DropReason> {
        let next_header = packet
            .bytes()
            .get(header.esp_protocol_offset)
            .copied()
            .map(Protocol);
        let next_header = if options.dummy {
            Protocol::NO_NEXT_HEADER
        } else {
            next_header.ok_or(DropReason::Truncated)?
        };
        let room_before = self.udp_encapsulation.map_or(0, |_| UdpHeader::LENGTH);
        let request = SealRequest {
            transform: self.transform,
            sealer: &self.sealer,
            authenticated: Authenticated {
                spi: self.spi,
                sequence,
                extended: self.extended,
            },
            iv: options.iv.unwrap_or_else(|| self.ivs.iv(sequence)),
            next_header,
            padding: options.padding,
            flow_padding: options.flow_padding,
            room_before,
        };
        let before = packet.len();
        let sealed = esp::seal(packet, header.esp_offset, &request)?;
        let outer_protocol = match self.udp_encapsulation {
            None => Protocol::ESP,
            Some(udp) => {
                let datagram = packet.bytes_mut().get_mut(header.esp_offset..);
                udp.write(
                    datagram.unwrap_or_default(),
                    header.source,
                    header.destination,
                )?;
                Protocol::UDP
            }
        };
        wire::set_payload(
            packet.bytes_mut(),
            header.esp_protocol_offset,
            outer_protocol,
            header.esp_offset,
        )?;
        let body = before
            .saturating_sub(header.esp_offset)
            .saturating_add(options.flow_padding)
            .saturating_add(sealed.pad_length)
            .saturating_add(wire::EspHeader::TRAILER_LENGTH);
        self.bytes.fetch_add(body as u64, Ordering::Relaxed);
        Ok(sealed)
    }

    /// Whether the soft lifetime is over, told once.
    #[inline]
    pub fn take_soft_expiry(&self, now: Instant) -> bool {
        self.lifetime.is_soft_expired(now, self.usage())
            && !self.soft_expiry_told.swap(true, Ordering::Relaxed)
    }

    #[inline]
    fn usage(&self) -> Usage {
        Usage {
            bytes: self.bytes(),
            packets: self.packets(),
        }
    }

    /// Name for people and traces.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Security parameters index.
    #[must_use]
    pub const fn spi(&self) -> Spi {
        self.spi
    }

    /// The worker that alone seals with it; `None` for any.
    #[must_use]
    pub const fn worker(&self) -> Option<WorkerId> {
        self.worker
    }

    /// Mode, and in tunnel mode the two ends.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Algorithms.
    #[must_use]
    pub const fn transform(&self) -> Transform {
        self.transform
    }

    /// Whether sequence numbers have 64 bits.
    #[must_use]
    pub const fn extended_sequence(&self) -> bool {
        self.extended
    }

    /// What the SA may carry: any of these sets.
    #[must_use]
    pub const fn selectors(&self) -> &[Selectors] {
        &self.selectors
    }

    /// What may be inside the packets that it carries; `None` for anything.
    #[must_use]
    pub const fn inner_selectors(&self) -> Option<&InnerSelectors> {
        self.inner_selectors.as_ref()
    }

    /// Whether the SA may carry a packet: its selectors and its DSCPs. What is inside the packet remains
    /// unknown.
    #[inline]
    #[must_use]
    pub fn may_carry(&self, flow: &Flow) -> bool {
        self.may_carry_through(flow, None)
    }

    /// [`Self::may_carry`] with what is inside the packet, for inner selectors.
    #[inline]
    #[must_use]
    pub fn may_carry_through(&self, flow: &Flow, inner: Option<&InnerFlows>) -> bool {
        let direction = Direction::Outbound;
        let dscp = flow.traffic_class >> 2;
        self.dscps >> dscp & 1 == 1
            && self
                .selectors
                .iter()
                .any(|set| set.matches(direction, flow))
            && self
                .inner_selectors
                .as_ref()
                .is_none_or(|sets| sets.matches(direction, inner))
    }

    /// The UDP header that ESP travels behind.
    #[must_use]
    pub const fn udp_encapsulation(&self) -> Option<UdpEncapsulation> {
        self.udp_encapsulation
    }

    /// The last sequence number that was used.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.numbers.last()
    }

    /// Bytes given to the cipher so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Packets sealed so far.
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.numbers.last().saturating_sub(self.start)
    }
}
