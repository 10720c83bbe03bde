//! Which way a packet crosses the IPsec boundary.

/// Which way a packet crosses the IPsec boundary (RFC 4301 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the protected side to the unprotected side.
    Outbound,
    /// From the unprotected side to the protected side.
    Inbound,
}

impl Direction {
    /// What belongs to the local side and what to the remote side, of a packet's source and
    /// destination: the source is local outbound, the destination inbound.
    ///
    /// Its own inverse: local and remote in, source and destination out.
    #[inline]
    #[must_use]
    pub fn local_remote<T>(self, source: T, destination: T) -> (T, T) {
        match self {
            Self::Outbound => (source, destination),
            Self::Inbound => (destination, source),
        }
    }

    /// `outbound` or `inbound`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outbound => "outbound",
            Self::Inbound => "inbound",
        }
    }
}
