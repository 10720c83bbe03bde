//! The messages of the scripted control plane.

use crate::wire::Spi;

/// A message between the two control planes of a link.
///
/// ```text
/// kind (1 byte) | SPI (4 bytes; key messages only)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Step 2: make a tunnel with me.
    TunnelRequest,
    /// Step 2: it is made.
    TunnelAccept,
    /// Step 3: protect it; my packets come to you under your SPI, yours to me under this one.
    KeyRequest(Spi),
    /// Step 3: agreed, and this is mine.
    KeyAccept(Spi),
}

impl Message {
    /// The longest message, bytes.
    pub const LONGEST: usize = 5;

    /// Whether it is sent over the tunnel that it is about, as the messages of step 3 are; those of step 2
    /// go over the control channel in the base network.
    #[must_use]
    pub const fn is_over_tunnel(self) -> bool {
        matches!(self, Self::KeyRequest(_) | Self::KeyAccept(_))
    }

    /// The bytes of the message, and how many of them count.
    #[must_use]
    pub fn to_bytes(self) -> ([u8; Self::LONGEST], usize) {
        let (kind, spi) = match self {
            Self::TunnelRequest => (1, None),
            Self::TunnelAccept => (2, None),
            Self::KeyRequest(spi) => (3, Some(spi)),
            Self::KeyAccept(spi) => (4, Some(spi)),
        };
        let [a, b, c, d] = spi.unwrap_or(Spi(0)).0.to_be_bytes();
        let length = if spi.is_some() { Self::LONGEST } else { 1 };
        ([kind, a, b, c, d], length)
    }

    /// The message of these bytes; `None` if it is none.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let spi = |bytes| Some(Spi(u32::from_be_bytes(bytes))).filter(|&spi| spi >= Spi::SMALLEST);
        match *bytes {
            [1] => Some(Self::TunnelRequest),
            [2] => Some(Self::TunnelAccept),
            [3, a, b, c, d] => spi([a, b, c, d]).map(Self::KeyRequest),
            [4, a, b, c, d] => spi([a, b, c, d]).map(Self::KeyAccept),
            _ => None,
        }
    }
}
