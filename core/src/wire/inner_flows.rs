//! What selectors see that look through IP inside IP.

use super::{Flow, IpHeader, IpVersion, Protocol, SkipList};

/// The fields of the packets inside a packet: of the one right inside, and of the innermost. A packet
/// that carries no other stands for itself.
///
/// `None` if an inner header is malformed, is not of the version that the protocol number promises, or
/// lies deeper than [`super::MAX_IP_LAYERS`]: then nothing inside may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InnerFlows {
    /// The packet right inside: what the selectors of a tunnel-mode SA are compared with.
    pub next: Option<Flow>,
    /// The innermost packet: IP inside IP counts as one more header to skip (RFC 3884 section 4.2.3).
    pub innermost: Option<Flow>,
}

impl InnerFlows {
    /// The packets inside the packet whose header is `header`.
    #[must_use]
    pub fn of(packet: &[u8], header: &IpHeader, skip: &SkipList) -> Self {
        Self {
            next: next(packet, header, skip),
            innermost: Flow::innermost(packet, header, skip),
        }
    }
}

fn next(packet: &[u8], header: &IpHeader, skip: &SkipList) -> Option<Flow> {
    let hidden = header.fragment.is_some_and(|fragment| !fragment.is_first());
    let expected = match header.protocol {
        Protocol::IPV4 if !hidden => IpVersion::V4,
        Protocol::IPV6 if !hidden => IpVersion::V6,
        _ => return Some(Flow::of(packet, header)),
    };
    let packet = header.payload(packet);
    let inner = IpHeader::parse(packet, skip).ok()?;
    (inner.version() == expected).then(|| Flow::of(packet, &inner))
}
