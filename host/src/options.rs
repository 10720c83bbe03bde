//! What a single seal does differently.

use iiptran::esp::Padding;
use iiptran::outer::OuterHeader;
use iiptran::transform::Iv;
use iiptran::wire::IpVersion;
use iiptran::{Mode, sa};

use crate::Misuse;

/// What a single seal does differently: for known-answer tests, dummy packets and traffic-flow
/// confidentiality. The default changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SealOptions<'o> {
    /// This sequence number; the SA's own counter stays where it is.
    pub sequence: Option<u64>,
    /// This IV, of the length that the transform takes.
    pub iv: Option<&'o [u8]>,
    /// Tunnel mode: this outer header, as the packet is to begin on the wire: IPv4 without options, or IPv6
    /// with nothing behind it or a tunnel encapsulation limit. Lengths, checksum and protocols are worked
    /// out anew, whatever is there.
    pub outer: Option<&'o [u8]>,
    /// At least so many bytes of padding (RFC 4303 section 2.4).
    pub padding: u8,
    /// So many bytes of traffic-flow confidentiality padding (RFC 4303 section 2.7).
    pub flow_padding: usize,
    /// A dummy packet (RFC 4303 section 2.6): the receiver discards the payload, whatever it is.
    pub dummy: bool,
}

impl SealOptions<'_> {
    /// The options as the SA takes them for a packet.
    pub(crate) fn of(&self, sa: &sa::OutboundSa, packet: &[u8]) -> Result<sa::SealOptions, Misuse> {
        let iv_length = sa.transform().nonce_iv_length();
        let iv = match self.iv {
            None => None,
            Some(iv) if iv.len() == iv_length => Some(Iv::new(iv).ok_or(Misuse::IvLength)?),
            Some(_) => return Err(Misuse::IvLength),
        };
        let largest = if sa.extended_sequence() {
            u64::MAX
        } else {
            u32::MAX.into()
        };
        if self.sequence.is_some_and(|sequence| sequence > largest) {
            return Err(Misuse::SequenceTooLarge);
        }
        Ok(sa::SealOptions {
            sequence: self.sequence,
            iv,
            outer: self
                .outer
                .map(|outer| outer_header(outer, sa, packet))
                .transpose()?,
            padding: match self.padding {
                0 => Padding::Minimal,
                bytes => Padding::AtLeast(bytes),
            },
            flow_padding: self.flow_padding,
            dummy: self.dummy,
        })
    }
}

fn outer_header(bytes: &[u8], sa: &sa::OutboundSa, packet: &[u8]) -> Result<OuterHeader, Misuse> {
    if sa.mode() == Mode::Transport {
        return Err(Misuse::NoOuterHeader);
    }
    // What is no IP packet is dropped before its outer header is of interest.
    let inside = packet.first().map_or(0, |first| first >> 4);
    let inside = if inside == 6 {
        IpVersion::V6
    } else {
        IpVersion::V4
    };
    OuterHeader::read(bytes, inside.protocol()).ok_or(Misuse::OuterHeader)
}
