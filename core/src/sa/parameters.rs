//! The parameters of an SA, and the combinations that are refused.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::net::IpAddr;

use super::{Diagnosis, Lifetime, Resynchronisation, SaId, WorkerId};
use crate::esp::{PaddingCheck, ReplayWindow, UdpEncapsulation, WindowSizeError};
use crate::outer::{InnerFields, OuterFields};
use crate::spd::{InnerSelectors, Selectors};
use crate::transform::{KeyError, Keys, Transform};
use crate::wire::Spi;
use crate::{Mode, NetworkId};

/// The parameters of an SA in one direction (RFC 4301 section 4.4.2.1). [`Self::new`] gives all but the
/// first few their usual values.
#[derive(Clone, Debug)]
pub struct SaParameters {
    /// A name for people and traces.
    pub name: String,
    /// Security parameters index, 256 or more.
    pub spi: Spi,
    /// The network that the packets inside are in, for a node in several.
    pub network: NetworkId,
    /// The worker that it is for, among those that share its policy (RFC 9611): it alone seals with it, and
    /// opens with it unless it is handed over. `None` for any.
    pub worker: Option<WorkerId>,
    /// Inbound: the destination that takes part in the lookup, for multicast.
    pub destination: Option<IpAddr>,
    /// Inbound: the source that takes part in the lookup, for source-specific multicast.
    pub source: Option<IpAddr>,
    /// Transport or tunnel mode, and the two ends of a tunnel seen from this node.
    pub mode: Mode,
    /// Algorithms.
    pub transform: Transform,
    /// Keys.
    pub keys: Keys,
    /// Whether sequence numbers have 64 bits, of which the low half is on the wire.
    pub extended_sequence: bool,
    /// The sequence number before the first packet; 0 unless an SA is restored or a known answer is
    /// reproduced. Inbound: the highest number that counts as received.
    pub start: u64,
    /// What the SA may carry, as seen from this node: any of these sets.
    pub selectors: Box<[Selectors]>,
    /// What may be inside the IP packets that it carries, beside [`Self::selectors`] for those packets
    /// themselves; `None` for anything (RFC 3884 section 4.2.3).
    pub inner_selectors: Option<InnerSelectors>,
    /// Lifetimes.
    pub lifetime: Lifetime,
    /// Outbound: ESP inside UDP (RFC 3948). Inbound, both forms are taken at any time (RFC 7296
    /// section 2.23).
    pub udp_encapsulation: Option<UdpEncapsulation>,

    /// Outbound: whether 32-bit sequence numbers may start again at 0, for a receiver that checks
    /// none (RFC 4303 section 3.3.3).
    pub rollover: bool,
    /// Outbound: combined with the counter that is the IV of counter modes.
    pub iv_mask: u64,
    /// Outbound, tunnel mode: how the outer header is filled.
    pub outer: OuterFields,
    /// Outbound: the DSCPs that this SA is for, one bit each; among SAs that are equal otherwise
    /// (RFC 4301 section 4.1).
    pub dscps: u64,
    /// Outbound: the largest packet that the path takes, bytes, once sealed.
    pub path_mtu: Option<usize>,

    /// Inbound: size of the anti-replay window; `None` for no anti-replay service.
    pub window: Option<u32>,
    /// Inbound: whether the contents of the padding are checked.
    pub padding_check: PaddingCheck,
    /// Inbound: whether bytes between a UDP datagram's end and the padding are cut off (RFC 4303
    /// section 2.7). Behind an inner IP packet they always are.
    pub flow_padding: bool,
    /// Inbound, tunnel mode: what is taken from the outer header.
    pub inner: InnerFields,
    /// Inbound, tunnel mode: whether the outer source must be the tunnel's far end, which RFC 4301
    /// does not ask for.
    pub verify_outer_source: bool,
    /// Inbound, ESN: telling late packets from forged ones.
    pub diagnosis: Diagnosis,
    /// Inbound, ESN: finding the sender again after a long loss.
    pub resynchronisation: Option<Resynchronisation>,
}

/// Why an SA can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SaError {
    /// The SPI is below 256 (RFC 4303 section 2.1).
    ReservedSpi(Spi),
    /// A key is of the wrong length.
    Key(KeyError),
    /// The anti-replay window is of an impossible size.
    Window(WindowSizeError),
    /// The two ends of the tunnel are of different IP versions.
    MixedTunnelEnds,
    /// Sequence numbers that start again would repeat an IV (RFC 4303 section 3.3.3, RFC 8750
    /// section 5).
    RolloverRepeatsIv,
    /// Extended sequence numbers don't roll over.
    RolloverOfExtended,
    /// Extended sequence numbers need the anti-replay window to infer their high half (RFC 4303
    /// appendix A).
    ExtendedWithoutWindow,
    /// An implicit IV needs a single sender (RFC 8750 section 5).
    ImplicitIvForGroup,
    /// The source takes part in the lookup only with the destination (RFC 4301 section 4.1).
    SourceWithoutDestination,
    /// The starting sequence number does not fit 32 bits.
    StartTooLarge,
    /// The transform wants each packet's IV to differ by its sequence number alone.
    MaskWithoutCounter,
}

impl SaParameters {
    /// An SA for any traffic, with 32-bit sequence numbers, an anti-replay window of 64, and no limits
    /// but those of its sequence numbers.
    #[must_use]
    pub fn new(spi: Spi, mode: Mode, transform: Transform, keys: Keys) -> Self {
        Self {
            name: String::new(),
            spi,
            network: NetworkId::BASE,
            worker: None,
            destination: None,
            source: None,
            mode,
            transform,
            keys,
            extended_sequence: false,
            start: 0,
            selectors: Box::new([Selectors::ANY]),
            inner_selectors: None,
            lifetime: Lifetime::default(),
            udp_encapsulation: None,
            rollover: false,
            iv_mask: 0,
            outer: OuterFields::TUNNEL_MODE,
            dscps: u64::MAX,
            path_mtu: None,
            window: Some(ReplayWindow::DEFAULT),
            padding_check: PaddingCheck::default(),
            flow_padding: false,
            inner: InnerFields::default(),
            verify_outer_source: false,
            diagnosis: Diagnosis::default(),
            resynchronisation: None,
        }
    }

    /// The key under which inbound packets find the SA.
    #[must_use]
    pub const fn id(&self) -> SaId {
        SaId {
            spi: self.spi,
            destination: self.destination,
            source: self.source,
        }
    }

    /// What both directions ask for.
    pub(super) fn check(&self) -> Result<(), SaError> {
        let group = self
            .destination
            .is_some_and(|destination| destination.is_multicast());
        let implicit = self.transform.has_implicit_iv();
        let counter = self.transform.is_counter_mode();
        let mixed = matches!(self.mode, Mode::Tunnel(ends) if ends.local.is_ipv4() != ends.remote.is_ipv4());
        let faults = [
            (self.spi < Spi::SMALLEST, SaError::ReservedSpi(self.spi)),
            (mixed, SaError::MixedTunnelEnds),
            (
                self.rollover && self.extended_sequence,
                SaError::RolloverOfExtended,
            ),
            (self.rollover && counter, SaError::RolloverRepeatsIv),
            (implicit && group, SaError::ImplicitIvForGroup),
            (
                self.source.is_some() && self.destination.is_none(),
                SaError::SourceWithoutDestination,
            ),
            (
                !self.extended_sequence && self.start > u64::from(u32::MAX),
                SaError::StartTooLarge,
            ),
            (
                self.iv_mask != 0 && (implicit || !counter),
                SaError::MaskWithoutCounter,
            ),
        ];
        faults
            .into_iter()
            .find(|(found, _)| *found)
            .map_or(Ok(()), |(_, error)| Err(error))
    }
}

impl From<KeyError> for SaError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<WindowSizeError> for SaError {
    fn from(error: WindowSizeError) -> Self {
        Self::Window(error)
    }
}

impl fmt::Display for SaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::ReservedSpi(spi) => {
                return write!(
                    f,
                    "SPI {spi} is reserved: an SA has 0x00000100 or more (RFC 4303 section 2.1)"
                );
            }
            Self::Key(error) => return error.fmt(f),
            Self::Window(error) => return error.fmt(f),
            Self::MixedTunnelEnds => "the two ends of the tunnel are of different IP versions",
            Self::RolloverRepeatsIv => {
                "sequence numbers that start again would repeat the IV of this transform (RFC 4303 section 3.3.3)"
            }
            Self::RolloverOfExtended => "extended sequence numbers do not start again",
            Self::ExtendedWithoutWindow => {
                "extended sequence numbers need an anti-replay window (RFC 4303 appendix A)"
            }
            Self::ImplicitIvForGroup => {
                "an implicit IV needs a single sender and can't serve a multicast group (RFC 8750 section 5)"
            }
            Self::SourceWithoutDestination => {
                "the source takes part in the lookup only together with the destination (RFC 4301 section 4.1)"
            }
            Self::StartTooLarge => {
                "the starting sequence number does not fit 32 bits; extended sequence numbers have 64"
            }
            Self::MaskWithoutCounter => "an IV mask goes with counter modes with explicit IVs only",
        };
        f.write_str(text)
    }
}

impl core::error::Error for SaError {}
