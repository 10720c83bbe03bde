//! What the bytes of a packet mean. No policy: nothing here decides what becomes of a packet.
//!
//! Headers are [`zerocopy`] structs laid over the bytes; [`IpHeader`] is the one summary of an IPv4 or
//! IPv6 header, options and extension headers included, that the rest of the crate works with.

#![warn(clippy::arithmetic_side_effects)]

pub mod checksum;
mod esp;
mod extension;
mod flow;
mod fragment;
pub mod icmp;
mod inner_flows;
mod ip;
mod ipv4;
mod ipv6;
mod plain;
mod protocol;
mod udp;

pub(crate) use esp::BodyEnd;
pub use esp::{EspHeader, Spi};
pub(crate) use extension::{
    ENCAPSULATION_LIMIT_LENGTH, FRAGMENT_HEADER_LENGTH, encapsulation_limit_header,
};
pub use extension::{ExtensionHeaders, MAX_EXTENSION_HEADERS, SkipList, encapsulation_limit, walk};
pub use flow::{Flow, MAX_IP_LAYERS, Upper};
pub(crate) use flow::{mix, mix_address};
pub use fragment::Fragment;
pub use inner_flows::InnerFlows;
pub use ip::{IpHeader, IpVersion, decrement_ttl, set_payload, set_traffic_class};
pub use ipv4::Ipv4Header;
pub use ipv6::Ipv6Header;
pub(crate) use plain::{FlowKey, HeaderTemplate, PlainV4};
pub use protocol::Protocol;
pub use udp::UdpHeader;
