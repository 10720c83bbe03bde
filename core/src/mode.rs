//! Transport mode and tunnel mode.

use core::net::IpAddr;

/// The two modes of an SA (RFC 4301 section 4.1). There is no third value that means "either": which
/// module removes an inner header depends on it (RFC 3884 appendix A).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// ESP behind the packet's own IP header.
    Transport,
    /// The whole packet inside a new one between these two ends.
    Tunnel(TunnelEnds),
}

/// The two ends of a tunnel, seen from one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TunnelEnds {
    /// This end: the source of what goes out.
    pub local: IpAddr,
    /// The far end: the destination of what goes out.
    pub remote: IpAddr,
}

impl Mode {
    /// `transport` or `tunnel`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Tunnel(_) => "tunnel",
        }
    }
}
