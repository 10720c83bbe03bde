//! Why a packet does not match.

use core::fmt;

/// The first selector that a packet does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mismatch {
    /// Local address.
    LocalAddress,
    /// Remote address.
    RemoteAddress,
    /// Next layer protocol.
    NextLayer,
    /// Local port.
    LocalPort,
    /// Remote port.
    RemotePort,
    /// ICMP type and code.
    IcmpType,
    /// Mobility header type.
    MobilityType,
}

impl Mismatch {
    /// The stable name, in kebab case, such as `local-address`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LocalAddress => "local-address",
            Self::RemoteAddress => "remote-address",
            Self::NextLayer => "next-layer",
            Self::LocalPort => "local-port",
            Self::RemotePort => "remote-port",
            Self::IcmpType => "icmp-type",
            Self::MobilityType => "mobility-type",
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LocalAddress => "the local address does not match",
            Self::RemoteAddress => "the remote address does not match",
            Self::NextLayer => "the next layer protocol does not match",
            Self::LocalPort => "the local port does not match",
            Self::RemotePort => "the remote port does not match",
            Self::IcmpType => "the ICMP type and code do not match",
            Self::MobilityType => "the mobility header type does not match",
        })
    }
}
