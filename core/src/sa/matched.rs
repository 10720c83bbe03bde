//! What the last packets that an SA opened were like, so that those that follow need not be matched.

use crate::wire::{FlowKey, PlainV4};

/// A flow whose packets may come in an SA, with outer headers of one source and traffic class.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matched(FlowKey);

impl Matched {
    /// No packet is of this one: it has no version.
    pub(super) const NONE: Self = Self([0; 3]);
    /// Bytes that a packet is told by: header and ports, or what is in their place.
    pub(super) const HEAD: usize = PlainV4::LENGTH + size_of::<u32>();

    /// The flow of a payload that is an IP packet and begins so, and its header, unchecked: of a flow that is known
    /// to be of plain headers, length and checksum are still to be checked.
    #[inline(always)]
    pub(super) fn of(outer: PlainV4, head: &[u8; Self::HEAD]) -> (Self, PlainV4) {
        let inner = PlainV4::words(head).unwrap_or_default();
        let ports = *head.last_chunk().unwrap_or(&[0; 4]);
        let source = u32::from_le_bytes(outer.source());
        let [a, b, c] = inner.flow_key(u32::from_le_bytes(ports), source);
        // Where the checksum was.
        let class = u64::from(outer.traffic_class()) << 16;
        (Self([a, b | class, c]), inner)
    }

    #[inline(always)]
    pub(super) const fn is(&self, other: &Self) -> bool {
        let [Self([a, b, c]), Self([d, e, f])] = [self, other];
        (*a ^ *d) | (*b ^ *e) | (*c ^ *f) == 0
    }
}
