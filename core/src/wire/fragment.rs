//! Which part of a datagram a fragment is.

/// Which part of a datagram a fragment is (RFC 791 section 3.2, RFC 8200 section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The datagram's number; 16 bits in IPv4.
    pub identification: u32,
    /// Where the fragment's bytes belong in the datagram's payload, bytes, a multiple of 8.
    pub offset: u16,
    /// Whether more follows.
    pub more: bool,
}

impl Fragment {
    /// The fragment; `None` where offset 0 and no more to come say that the datagram is whole.
    #[must_use]
    pub fn new(identification: u32, offset: u16, more: bool) -> Option<Self> {
        (offset != 0 || more).then_some(Self {
            identification,
            offset,
            more,
        })
    }

    /// Whether the datagram starts with this fragment.
    #[must_use]
    pub const fn is_first(self) -> bool {
        self.offset == 0
    }
}
