//! What a network says about source addresses.

use core::net::IpAddr;

use super::PolicyTable;
use crate::SortedMap;

/// What a network says about source addresses. By default: the table of RFC 6724, addresses without
/// attributes, and no source from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceSettings {
    /// Labels.
    pub table: PolicyTable,
    /// What is to be known of single addresses of this node.
    pub attributes: SortedMap<IpAddr, AddressAttributes>,
    /// What becomes of packets whose source is none of this node's in the network.
    pub foreign: ForeignSource,
}

/// What rules 3 to 7 of RFC 6724 section 5 ask about an address of this node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AddressAttributes {
    /// It should not be used for new flows (RFC 4862 section 5.5.4).
    pub deprecated: bool,
    /// It is a mobile node's home address (RFC 6275).
    pub home: bool,
    /// It is a mobile node's care-of address.
    pub care_of: bool,
    /// It is a temporary address (RFC 8981).
    pub temporary: bool,
    /// The router that advertised its prefix.
    pub advertised_by: Option<IpAddr>,
}

/// What becomes of packets whose source an application has bound and that is none of this node's in
/// the network in which they are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForeignSource {
    /// They are refused: the answer would not come back through the network.
    #[default]
    Reject,
    /// They are sent.
    Send,
}
