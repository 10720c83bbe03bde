//! The policy table of RFC 6724 section 2.1: prefixes, how much they are liked, and what goes together.

use alloc::boxed::Box;
use core::net::{IpAddr, Ipv6Addr};

use crate::fib::Prefix;

/// Sources and destinations of one label go together (RFC 6724 section 2.1). A virtual network with a
/// label of its own is kept apart from the base network on links that have addresses of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub u32);

/// One line of a policy table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyTableEntry {
    /// The addresses; IPv4 ones as `::ffff:0:0/96` has them.
    pub prefix: Prefix,
    /// How much destinations are liked; the highest the most.
    pub precedence: u32,
    /// What they go together with.
    pub label: Label,
}

/// A policy table: the longest prefix that contains an address decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyTable {
    /// The longest prefix first.
    entries: Box<[PolicyTableEntry]>,
}

impl PolicyTable {
    /// The table of these lines; of two with one prefix the later one holds.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = PolicyTableEntry>) -> Self {
        let mut entries: Box<[_]> = entries.into_iter().collect();
        entries.reverse();
        // The sort keeps the order of equals.
        entries.sort_by_key(|entry| core::cmp::Reverse(entry.prefix.length()));
        Self { entries }
    }

    /// The lines of RFC 6724 section 2.1.
    pub fn rfc_6724() -> impl Iterator<Item = PolicyTableEntry> {
        const LINES: [(Ipv6Addr, u8, u32, u32); 9] = [
            (Ipv6Addr::LOCALHOST, 128, 50, 0),
            (Ipv6Addr::UNSPECIFIED, 0, 40, 1),
            (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, 35, 4),
            (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 30, 2),
            (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, 5, 5),
            (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, 3, 13),
            (Ipv6Addr::UNSPECIFIED, 96, 1, 3),
            (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, 1, 11),
            (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16, 1, 12),
        ];
        LINES
            .into_iter()
            .filter_map(|(address, length, precedence, label)| {
                Some(PolicyTableEntry {
                    prefix: Prefix::new(address.into(), length)?,
                    precedence,
                    label: Label(label),
                })
            })
    }

    /// The line of an address; `None` only in a table that does not cover it.
    #[must_use]
    pub fn lookup(&self, address: IpAddr) -> Option<&PolicyTableEntry> {
        let address = match address {
            IpAddr::V4(address) => address.to_ipv6_mapped(),
            IpAddr::V6(address) => address,
        };
        let mut entries = self.entries.iter();
        entries.find(|entry| entry.prefix.contains(address.into()))
    }

    /// The label of an address.
    #[must_use]
    pub fn label(&self, address: IpAddr) -> Option<Label> {
        self.lookup(address).map(|entry| entry.label)
    }

    /// The lines, the longest prefix first.
    #[must_use]
    pub const fn entries(&self) -> &[PolicyTableEntry] {
        &self.entries
    }
}

impl Default for PolicyTable {
    /// The table of RFC 6724 section 2.1.
    fn default() -> Self {
        Self::new(Self::rfc_6724())
    }
}
