//! The receiving side of an SA.

mod authenticate;

use alloc::boxed::Box;
use alloc::string::String;
use core::net::IpAddr;

use super::diagnosis::DiagnosisState;
use super::lifetime::Usage;
use super::matched::Matched;
use super::{
    Diagnosis, EspPlace, Lifetime, Resynchronisation, SaError, SaId, SaParameters, WorkerId,
};
use crate::esp::{self, Opened, PaddingCheck, ReplayWindow};
use crate::outer::{self, InnerFields};
use crate::spd::{Direction, InnerSelectors, Selectors};
use crate::transform::{EspLayout, Opener, Transform};
use crate::wire::{
    self, EspHeader, Flow, InnerFlows, IpHeader, Protocol, SkipList, Spi, UdpHeader,
};
use crate::{DropReason, Instant, Mode, NetworkId, Packet};

/// The receiving side of an SA. It has one owner and can't be copied: a second anti-replay window would
/// let a packet in twice.
#[derive(Debug)]
pub struct InboundSa {
    name: String,
    id: SaId,
    mode: Mode,
    transform: Transform,
    opener: Opener,
    layout: EspLayout,
    extended: bool,
    window: Option<ReplayWindow>,
    selectors: Box<[Selectors]>,
    inner_selectors: Option<InnerSelectors>,
    padding_check: PaddingCheck,
    flow_padding: bool,
    network: NetworkId,
    worker: Option<WorkerId>,
    inner: InnerFields,
    verify_outer_source: bool,
    lifetime: Lifetime,
    soft_expiry_told: bool,
    diagnosis: Diagnosis,
    resynchronisation: Option<Resynchronisation>,
    diagnosis_state: DiagnosisState,
    used: InboundUse,
    /// The flow of the last packets of bursts: nothing changes what an SA makes of one.
    pub(super) matched: Matched,
}

/// What an inbound SA has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InboundUse {
    /// Packets that passed the integrity check.
    pub packets: u64,
    /// Their bytes given to the cipher.
    pub bytes: u64,
    /// Packets with extended sequence numbers that failed the integrity check only because they came
    /// after the window had passed.
    pub late: u64,
    /// How far left of the window the latest of those was, in sequence numbers.
    pub latest: u64,
    /// How often the sender was found again in a later run of 2^32 sequence numbers.
    pub resynchronised: u64,
}

/// What [`InboundSa::open`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// The whole sequence number.
    pub sequence: u64,
    /// The ESP packet.
    pub esp: Opened,
    /// The header of the packet as it now is: restored in transport mode, the inner one in tunnel
    /// mode.
    pub header: IpHeader,
}

impl InboundSa {
    /// Makes the SA.
    ///
    /// # Errors
    /// [`SaError`].
    pub fn new(parameters: SaParameters) -> Result<Self, SaError> {
        parameters.check()?;
        let mut window = parameters.window.map(ReplayWindow::new).transpose()?;
        if parameters.extended_sequence && window.is_none() {
            return Err(SaError::ExtendedWithoutWindow);
        }
        if let Some(window) = &mut window {
            window.restore(parameters.start, [parameters.start]);
        }
        Ok(Self {
            opener: Opener::new(parameters.transform, &parameters.keys)?,
            layout: EspLayout::new(parameters.transform, parameters.extended_sequence),
            id: parameters.id(),
            name: parameters.name,
            mode: parameters.mode,
            transform: parameters.transform,
            extended: parameters.extended_sequence,
            window,
            selectors: parameters.selectors,
            inner_selectors: parameters.inner_selectors,
            padding_check: parameters.padding_check,
            flow_padding: parameters.flow_padding,
            network: parameters.network,
            worker: parameters.worker,
            inner: parameters.inner,
            verify_outer_source: parameters.verify_outer_source,
            lifetime: parameters.lifetime,
            soft_expiry_told: false,
            diagnosis: parameters.diagnosis,
            resynchronisation: parameters.resynchronisation,
            diagnosis_state: DiagnosisState::default(),
            used: InboundUse::default(),
            matched: Matched::NONE,
        })
    }

    /// Opens an ESP packet in place, all checks of RFC 4303 section 3.4 and RFC 4301 section 5.2
    /// included. Afterwards the packet is the restored one in transport mode, the inner one in tunnel
    /// mode.
    ///
    /// # Errors
    /// Any [`DropReason`] of groups parse, sa, esp and tunnel, [`DropReason::UnknownSpi`] among them for
    /// a packet of another SA; [`DropReason::SelectorMismatch`].
    pub fn open(&mut self, now: Instant, packet: &mut Packet<'_>) -> Result<Received, DropReason> {
        let opened = self.open_to_outer(now, packet)?;
        self.take_outer_off(packet, opened)
    }

    fn take_outer_off(
        &self,
        packet: &mut Packet<'_>,
        (mut received, inner): (Received, Option<IpHeader>),
    ) -> Result<Received, DropReason> {
        if let Some(mut inner) = inner {
            outer::remove(packet, &received.header, &mut inner, self.inner)?;
            received.header = inner;
        }
        Ok(received)
    }

    /// What [`Self::open`] does behind the integrity check.
    pub(super) fn conclude_open(
        &self,
        packet: &mut Packet<'_>,
        place: &EspPlace,
        sequence: u64,
        esp: Opened,
    ) -> Result<Received, DropReason> {
        let concluded = self.conclude(packet, place, sequence, esp)?;
        self.take_outer_off(packet, concluded)
    }

    /// As [`Self::open`], but the outer header of tunnel mode stays. By RFC 3884 section 3.1 the packet
    /// is then the one of IP in IP that transport mode would have protected.
    ///
    /// # Errors
    /// As [`Self::open`], but for the reasons that taking the outer header off has.
    pub fn open_keeping_outer(
        &mut self,
        now: Instant,
        packet: &mut Packet<'_>,
    ) -> Result<Received, DropReason> {
        let (received, _) = self.open_to_outer(now, packet)?;
        Ok(received)
    }

    /// All of opening but taking the outer header of tunnel mode off; the inner header of tunnel mode.
    fn open_to_outer(
        &mut self,
        now: Instant,
        packet: &mut Packet<'_>,
    ) -> Result<(Received, Option<IpHeader>), DropReason> {
        let skip = SkipList::default();
        let header = IpHeader::parse(packet.bytes(), &skip)?;
        packet.truncate(header.total_length);
        let place = EspPlace::find(packet.bytes(), &header)?.ok_or(DropReason::UnknownSpi)?;
        self.check_id(packet.bytes(), &place)?;
        let (sequence, esp) = self.authenticate(now, packet, &place)?;
        self.conclude(packet, &place, sequence, esp)
    }

    /// What follows the integrity check: padding, taking ESP out, selectors.
    fn conclude(
        &self,
        packet: &mut Packet<'_>,
        place: &EspPlace,
        sequence: u64,
        esp: Opened,
    ) -> Result<(Received, Option<IpHeader>), DropReason> {
        let skip = SkipList::default();
        self.check_payload(packet.bytes(), &esp)?;
        let restored = self.restore(packet, place, &esp, &skip)?;
        let inner = match self.mode {
            Mode::Transport => {
                self.check_packet(packet.bytes(), &restored, &skip)?;
                None
            }
            Mode::Tunnel(_) => {
                let inner = outer::inspect(packet.bytes(), &restored, &skip)?;
                self.check_packet(restored.payload(packet.bytes()), &inner, &skip)?;
                self.check_outer_source(restored.source)?;
                Some(inner)
            }
        };
        let received = Received {
            sequence,
            esp,
            header: restored,
        };
        Ok((received, inner))
    }

    /// Whether a packet that no SAD was asked about is one of this SA. Authentication can't tell: it
    /// covers the SA's own SPI, not the one on the wire.
    fn check_id(&self, packet: &[u8], place: &EspPlace) -> Result<(), DropReason> {
        let esp = packet.get(place.offset..).ok_or(DropReason::Truncated)?;
        let spi = Spi(EspHeader::parse(esp)?.spi.get());
        let IpHeader {
            source,
            destination,
            ..
        } = place.header;
        if self.id.matches(spi, destination, source) {
            Ok(())
        } else {
            Err(DropReason::UnknownSpi)
        }
    }

    /// Padding, dummy packets, and what the mode permits to be inside.
    #[inline]
    pub(crate) fn check_payload(&self, packet: &[u8], esp: &Opened) -> Result<(), DropReason> {
        esp::check_padding(packet, esp, self.padding_check)?;
        match (esp.next_header, self.mode) {
            (Protocol::NO_NEXT_HEADER, _) => Err(DropReason::Dummy),
            (next_header, Mode::Tunnel(_)) if !next_header.is_ip() => Err(DropReason::NotTunnelled),
            _ => Ok(()),
        }
    }

    /// Takes ESP, and UDP, out: the packet is then what it was before it was protected in transport
    /// mode, or the outer header and the inner packet of tunnel mode.
    #[inline]
    pub(crate) fn restore(
        &self,
        packet: &mut Packet<'_>,
        place: &EspPlace,
        esp: &Opened,
        skip: &SkipList,
    ) -> Result<IpHeader, DropReason> {
        let EspPlace { header, .. } = place;
        esp::strip(packet, header.length, esp)?;
        let renew = |packet: &mut Packet<'_>| {
            wire::set_payload(
                packet.bytes_mut(),
                header.protocol_offset,
                esp.next_header,
                header.length,
            )
        };
        renew(packet)?;
        let restored = IpHeader::parse(packet.bytes(), skip)?;
        if self.flow_padding && restored.protocol == Protocol::UDP && restored.fragment.is_none() {
            let (udp, _) = UdpHeader::parse(restored.payload(packet.bytes()))?;
            let end = restored
                .length
                .saturating_add(usize::from(udp.length.get()));
            packet.truncate(end);
            renew(packet)?;
            return IpHeader::parse(packet.bytes(), skip);
        }
        Ok(restored)
    }

    fn check_packet(
        &self,
        packet: &[u8],
        header: &IpHeader,
        skip: &SkipList,
    ) -> Result<(), DropReason> {
        let inner = self.look_through(packet, header, skip);
        self.check_selectors(&Flow::of(packet, header), inner.as_ref())
    }

    /// What is inside the packet, if the SA has selectors for it.
    #[inline]
    pub(crate) fn look_through(
        &self,
        packet: &[u8],
        header: &IpHeader,
        skip: &SkipList,
    ) -> Option<InnerFlows> {
        let looks_through = self.inner_selectors.is_some();
        looks_through.then(|| InnerFlows::of(packet, header, skip))
    }

    /// Whether this SA may carry the packet (RFC 4301 section 5.2 step 4), with what is inside it.
    #[inline]
    pub(crate) fn check_selectors(
        &self,
        flow: &Flow,
        inner: Option<&InnerFlows>,
    ) -> Result<(), DropReason> {
        let direction = Direction::Inbound;
        let mut sets = self.selectors.iter();
        if sets.any(|set| set.matches(direction, flow))
            && self
                .inner_selectors
                .as_ref()
                .is_none_or(|sets| sets.matches(direction, inner))
        {
            Ok(())
        } else {
            Err(DropReason::SelectorMismatch)
        }
    }

    /// Whether the outer header of tunnel mode came from the far end, where that is asked for.
    pub(crate) fn check_outer_source(&self, source: IpAddr) -> Result<(), DropReason> {
        match self.mode {
            Mode::Tunnel(ends) if self.verify_outer_source && ends.remote != source => {
                Err(DropReason::SelectorMismatch)
            }
            _ => Ok(()),
        }
    }

    /// Whether the soft lifetime is over, told once.
    pub fn take_soft_expiry(&mut self, now: Instant) -> bool {
        let usage = Usage {
            bytes: self.used.bytes,
            packets: self.used.packets,
        };
        let told = self.soft_expiry_told;
        self.soft_expiry_told = told || self.lifetime.is_soft_expired(now, usage);
        self.soft_expiry_told && !told
    }

    /// Name for people and traces.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key under which packets find this SA.
    #[must_use]
    pub const fn id(&self) -> SaId {
        self.id
    }

    /// The network that the packets inside are in, for a node in several.
    #[must_use]
    pub const fn network(&self) -> NetworkId {
        self.network
    }

    /// The worker that is to open with it; `None` for any. Wherever it is handed over to, it keeps that.
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

    /// The anti-replay window.
    #[must_use]
    pub const fn window(&self) -> Option<&ReplayWindow> {
        self.window.as_ref()
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

    /// What is taken from the outer header of tunnel mode.
    #[must_use]
    pub const fn inner_fields(&self) -> InnerFields {
        self.inner
    }

    /// What the SA has seen.
    #[must_use]
    pub const fn usage(&self) -> InboundUse {
        self.used
    }
}
