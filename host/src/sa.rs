//! SAs.

use alloc::string::{String, ToString};
use alloc::sync::Arc;

use iiptran::config::{ConfigError, DirectionName, SaConfig, read};
use iiptran::sa::{self, Carried, SaId};
use iiptran::{DropReason, Instant, esp};

use crate::{AgreedSa, Burst, Error, Outcomes, Place, SealOptions};

/// The sending side of an SA. Clones share it: many threads may seal with it, and no sequence number is
/// given out twice.
#[derive(Clone, Debug)]
pub struct OutboundSa(Arc<sa::OutboundSa>);

/// The receiving side of an SA. It has one owner and can't be cloned: a second anti-replay window would
/// let a packet in twice.
#[derive(Debug)]
pub struct InboundSa(pub(crate) sa::InboundSa);

/// What sealing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The whole sequence number.
    pub sequence: u64,
    /// Pad length, bytes.
    pub pad_length: usize,
}

/// What opening found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The whole sequence number.
    pub sequence: u64,
    /// Pad length, bytes.
    pub pad_length: usize,
    /// The payload's protocol: 4 or 41 for an IP packet.
    pub next_header: u8,
}

impl OutboundSa {
    /// The SA of a document, whose fields are those of an entry of `sas` in a node's document. The node's
    /// own fields, `network` and `policy`, mean nothing here.
    ///
    /// # Errors
    /// [`Error::Config`].
    pub fn new(document: &str) -> Result<Self, Error> {
        let config = config(document, DirectionName::Inbound)?;
        Ok(Self(Arc::new(config.outbound()?)))
    }

    /// The SA that a key exchange agreed on.
    ///
    /// # Errors
    /// [`Error::Config`], with the path that a document would have.
    pub fn agreed(sa: &AgreedSa<'_>) -> Result<Self, Error> {
        Ok(Self(Arc::new(sa.config()?.outbound()?)))
    }

    /// Seals an IP packet in place (RFC 4303 section 3.3). `now` is in nanoseconds.
    ///
    /// # Errors
    /// [`Error::Drop`]; [`Error::Misuse`]. The packet, its place and the room around it are as they were.
    pub fn seal(
        &self,
        now: u64,
        buffer: &mut [u8],
        place: &mut Place,
        options: &SealOptions<'_>,
    ) -> Result<Sealed, Error> {
        let now = Instant::from_nanos(now);
        let sealed = place.process(buffer, |packet| {
            let options = options.of(&self.0, packet.bytes())?;
            Ok(self.0.seal_with(now, packet, &options)?)
        })?;
        Ok(Sealed {
            sequence: sealed.esp.authenticated.sequence,
            pad_length: sealed.esp.pad_length,
        })
    }

    /// [`Self::seal`] without options for packets together.
    pub fn seal_burst(&self, now: u64, burst: &mut Burst<'_>) -> Outcomes<Sealed> {
        let mut results = [Err(DropReason::Truncated); Burst::LENGTH];
        let now = Instant::from_nanos(now);
        self.0.seal_burst(now, burst.packets(), &mut results);
        burst.outcomes(&results, |carried| carried.map(Sealed::from), |_| false)
    }

    /// Name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Security parameters index.
    #[must_use]
    pub fn spi(&self) -> u32 {
        self.0.spi().0
    }

    /// `transport` or `tunnel`.
    #[must_use]
    pub fn mode(&self) -> &'static str {
        self.0.mode().name()
    }

    /// The algorithms as a document names them.
    #[must_use]
    pub fn transform(&self) -> String {
        self.0.transform().to_string()
    }

    /// Whether sequence numbers have 64 bits.
    #[must_use]
    pub fn extended_sequence(&self) -> bool {
        self.0.extended_sequence()
    }

    /// The last sequence number that was given out.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    /// Packets sealed so far.
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.0.packets()
    }

    /// Bytes given to the cipher so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    /// Whether the soft lifetime is over, told once for all who share the SA.
    #[must_use]
    pub fn take_soft_expiry(&self, now: u64) -> bool {
        self.0.take_soft_expiry(Instant::from_nanos(now))
    }

    /// How many bytes ESP adds to a payload of so many, with minimal padding; outer IP and UDP headers
    /// come on top.
    #[must_use]
    pub fn overhead(&self, payload: usize) -> usize {
        esp::overhead(self.0.transform(), payload)
    }
}

impl InboundSa {
    /// The SA of a document; see [`OutboundSa::new`].
    ///
    /// # Errors
    /// [`Error::Config`].
    pub fn new(document: &str) -> Result<Self, Error> {
        let config = config(document, DirectionName::Outbound)?;
        Ok(Self(config.inbound()?))
    }

    /// The SA that a key exchange agreed on.
    ///
    /// # Errors
    /// [`Error::Config`], with the path that a document would have.
    pub fn agreed(sa: &AgreedSa<'_>) -> Result<Self, Error> {
        Ok(Self(sa.config()?.inbound()?))
    }

    /// Opens an ESP packet in place, all checks included (RFC 4303 section 3.4, RFC 4301 section 5.2).
    /// `now` is in nanoseconds.
    ///
    /// # Errors
    /// [`Error::Drop`]; [`Error::Misuse`]. The place is as it was; of a packet that was dropped the bytes
    /// are not defined.
    pub fn open(
        &mut self,
        now: u64,
        buffer: &mut [u8],
        place: &mut Place,
    ) -> Result<Opened, Error> {
        let now = Instant::from_nanos(now);
        let received = place.process(buffer, |packet| Ok(self.0.open(now, packet)?))?;
        Ok(received.into())
    }

    /// [`Self::open`] for packets together.
    pub fn open_burst(&mut self, now: u64, burst: &mut Burst<'_>) -> Outcomes<Opened> {
        let mut results = [Err(DropReason::Truncated); Burst::LENGTH];
        let now = Instant::from_nanos(now);
        self.0.open_burst(now, burst.packets(), &mut results);
        burst.outcomes(&results, |carried| carried.map(Opened::from), |_| false)
    }

    /// Name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// The key under which packets find the SA.
    #[must_use]
    pub const fn id(&self) -> SaId {
        self.0.id()
    }

    /// Security parameters index.
    #[must_use]
    pub const fn spi(&self) -> u32 {
        self.0.id().spi.0
    }

    /// `transport` or `tunnel`.
    #[must_use]
    pub const fn mode(&self) -> &'static str {
        self.0.mode().name()
    }

    /// The algorithms as a document names them.
    #[must_use]
    pub fn transform(&self) -> String {
        self.0.transform().to_string()
    }

    /// Whether sequence numbers have 64 bits.
    #[must_use]
    pub const fn extended_sequence(&self) -> bool {
        self.0.extended_sequence()
    }

    /// The highest sequence number that was received; 0 without anti-replay.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.0.window().map_or(0, esp::ReplayWindow::top)
    }

    /// Packets that passed the integrity check.
    #[must_use]
    pub const fn packets(&self) -> u64 {
        self.0.usage().packets
    }

    /// Their bytes given to the cipher.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.0.usage().bytes
    }

    /// Whether the soft lifetime is over, told once.
    pub fn take_soft_expiry(&mut self, now: u64) -> bool {
        self.0.take_soft_expiry(Instant::from_nanos(now))
    }
}

/// Reads an SA that is not of the direction `wrong`.
fn config(document: &str, wrong: DirectionName) -> Result<SaConfig, ConfigError> {
    let config: SaConfig = read(document)?;
    if config.direction == Some(wrong) {
        return Err(ConfigError {
            path: "direction".into(),
            cause: "the SA is asked for in the other direction".into(),
            position: None,
        });
    }
    Ok(config)
}

impl From<sa::Received> for Opened {
    fn from(received: sa::Received) -> Self {
        Self {
            sequence: received.sequence,
            pad_length: received.esp.pad_length,
            next_header: received.esp.next_header.0,
        }
    }
}

impl From<Carried> for Sealed {
    fn from(carried: Carried) -> Self {
        Self {
            sequence: carried.sequence,
            pad_length: carried.pad_length.into(),
        }
    }
}

impl From<Carried> for Opened {
    fn from(carried: Carried) -> Self {
        Self {
            sequence: carried.sequence,
            pad_length: carried.pad_length.into(),
            next_header: carried.next_header.0,
        }
    }
}
