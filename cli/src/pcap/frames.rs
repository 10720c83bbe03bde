//! Where IP is in the frames of a capture whose interfaces may differ in their link type.

use std::path::Path;

use crate::capture::{CapturedPacket, Framing, UnsupportedLinkType};
use crate::failure::Failure;

/// Finds IP in frames. One of an unsupported link type counts as something else than IP, as long as
/// there are others.
#[derive(Debug, Default)]
pub(super) struct Frames {
    supported: bool,
    unsupported: Option<UnsupportedLinkType>,
}

impl Frames {
    /// What a frame carries.
    pub(super) fn look(&mut self, captured: &CapturedPacket<'_>) -> Framing {
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
    pub(super) fn check(&self, file: &Path) -> Result<(), Failure> {
        match &self.unsupported {
            Some(error) if !self.supported => {
                Err(Failure::Input(format!("{}: {error}", file.display())))
            }
            _ => Ok(()),
        }
    }
}
