//! Where IP is in the frames of a capture whose interfaces may differ in their link type.

use crate::{CapturedPacket, Framing, UnsupportedLinkType};

/// Finds IP in frames. One of an unsupported link type counts as something else than IP, as long as
/// there are others.
#[derive(Debug, Default)]
pub struct Frames {
    supported: bool,
    unsupported: Option<UnsupportedLinkType>,
}

impl Frames {
    /// Nothing was seen.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            supported: false,
            unsupported: None,
        }
    }

    /// What a frame carries.
    pub fn look(&mut self, captured: &CapturedPacket<'_>) -> Framing {
        match captured.link_type.ip_packet(captured.bytes) {
            Ok(framing) => {
                self.supported = true;
                framing
            }
            Err(error) => {
                self.unsupported = Some(error);
                Framing::NotIp { protocol: 0 }
            }
        }
    }

    /// Whether there was anything to read in the capture at all.
    ///
    /// # Errors
    /// All frames were of unsupported link types.
    pub const fn check(&self) -> Result<(), UnsupportedLinkType> {
        match self.unsupported {
            Some(error) if !self.supported => Err(error),
            _ => Ok(()),
        }
    }
}
