//! Three kinds of wrong.

use core::fmt;

use iiptran::DropReason;
use iiptran::config::ConfigError;
use iiptran::network::Refusal;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A packet met its end. Normal, counted, explained.
    Drop(DropReason),
    /// A document is wrong.
    Config(ConfigError),
    /// A call is wrong.
    Misuse(Misuse),
}

/// What is wrong with a call: what Rust's types rule out and other languages can't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Misuse {
    /// The packet's place is not inside its buffer.
    OutsideBuffer,
    /// The node has no link with this number or name.
    UnknownLink,
    /// Packets come in by physical links; this one is virtual.
    VirtualLink,
    /// The node has no network with this number or name.
    UnknownNetwork,
    /// The IV is not of the length that the SA's transform takes.
    IvLength,
    /// The sequence number does not fit 32 bits, and those of the SA are not extended.
    SequenceTooLarge,
    /// Another SA has the same key.
    DuplicateSa,
    /// No SA has this key.
    UnknownSa,
    /// The arrangement has no tunnel-mode SAs.
    TunnelModeSa,
    /// The network has no node or host of this name.
    UnknownStation,
    /// The network has no wire of this name.
    UnknownWire,
    /// A host is to send what is no IP packet.
    NotIp,
}

impl Misuse {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::OutsideBuffer,
        Self::UnknownLink,
        Self::VirtualLink,
        Self::UnknownNetwork,
        Self::IvLength,
        Self::SequenceTooLarge,
        Self::DuplicateSa,
        Self::UnknownSa,
        Self::TunnelModeSa,
        Self::UnknownStation,
        Self::UnknownWire,
        Self::NotIp,
    ];

    /// Stable name, in kebab case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutsideBuffer => "outside-buffer",
            Self::UnknownLink => "unknown-link",
            Self::VirtualLink => "virtual-link",
            Self::UnknownNetwork => "unknown-network",
            Self::IvLength => "iv-length",
            Self::SequenceTooLarge => "sequence-too-large",
            Self::DuplicateSa => "duplicate-sa",
            Self::UnknownSa => "unknown-sa",
            Self::TunnelModeSa => "tunnel-mode-sa",
            Self::UnknownStation => "unknown-station",
            Self::UnknownWire => "unknown-wire",
            Self::NotIp => "not-ip",
        }
    }

    /// What is wrong, in one sentence.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::OutsideBuffer => "the packet's offset and length are not inside its buffer",
            Self::UnknownLink => "the node has no such link",
            Self::VirtualLink => "packets come in by physical links, and this one is virtual",
            Self::UnknownNetwork => "the node has no such network",
            Self::IvLength => "the IV is not of the length that the SA's transform takes",
            Self::SequenceTooLarge => {
                "the sequence number does not fit 32 bits, and those of the SA are not extended"
            }
            Self::DuplicateSa => "another inbound SA has the same key",
            Self::UnknownSa => "no inbound SA has this key",
            Self::TunnelModeSa => {
                "only the arrangement tunnel-mode has tunnel-mode SAs (RFC 3884 appendix A)"
            }
            Self::UnknownStation => "the network has no such node or host",
            Self::UnknownWire => "the network has no such wire",
            Self::NotIp => "the bytes are no IP packet, and a host finds no destination in them",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drop(reason) => f.write_str(reason.explanation().meaning),
            Self::Config(error) => error.fmt(f),
            Self::Misuse(misuse) => misuse.fmt(f),
        }
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for Error {}
impl core::error::Error for Misuse {}

impl From<DropReason> for Error {
    fn from(reason: DropReason) -> Self {
        Self::Drop(reason)
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<Refusal> for Misuse {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownStation => Self::UnknownStation,
            Refusal::UnknownNetwork => Self::UnknownNetwork,
            Refusal::UnknownWire => Self::UnknownWire,
            Refusal::UnknownLink => Self::UnknownLink,
            Refusal::NotIp => Self::NotIp,
        }
    }
}

impl From<Misuse> for Error {
    fn from(misuse: Misuse) -> Self {
        Self::Misuse(misuse)
    }
}
