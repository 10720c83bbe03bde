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
    /// Length of the headers that the datagram has too: IPv4's with options, or all that come before
    /// IPv6's fragment header.
    pub unfragmentable: usize,
    /// Where the fragment's bytes begin in the packet.
    pub data: usize,
}

impl Fragment {
    /// Whether it is a part at all: offset 0 and no more to come say that the datagram is whole.
    #[must_use]
    pub const fn is_part(&self) -> bool {
        self.offset != 0 || self.more
    }

    /// Whether the datagram starts with this fragment.
    #[must_use]
    pub const fn is_first(&self) -> bool {
        self.offset == 0
    }
}
