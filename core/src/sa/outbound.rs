//! The sending side of an SA.

use alloc::boxed::Box;
use alloc::string::String;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::lifetime::Usage;
use super::{Lifetime, SaError, SaParameters, WorkerId};
use crate::esp::{SequenceNumbers, UdpEncapsulation};
use crate::outer::OuterFields;
use crate::spd::{Direction, InnerSelectors, Selectors};
use crate::transform::{EspLayout, IvSequence, Sealer, Transform};
use crate::wire::{Flow, InnerFlows, Spi};
use crate::{DropReason, Instant, Mode};

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
