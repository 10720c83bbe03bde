//! Links: physical ones, and the virtual ones that RFC 3884 is about.

use alloc::boxed::Box;
use alloc::string::String;
use core::net::IpAddr;

use crate::TunnelEnds;
use crate::fib::Prefix;
use crate::outer::{InnerFields, OuterFields};

/// A link of a node: its place in the node's table of links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

impl LinkId {
    /// The place in a table.
    #[inline]
    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// The number of a place in a table.
    pub(crate) fn at(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// A network that a node is in: its place in the node's table of networks. Each has addresses, routes,
/// policies and SAs of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NetworkId(pub u32);

impl NetworkId {
    /// The first network: the base network of all tunnels, unless they are nested.
    pub const BASE: Self = Self(0);

    /// The place in a table.
    #[inline]
    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// The number of a place in a table.
    pub(crate) fn at(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// A physical or virtual interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Name, unique in the node.
    pub name: String,
    /// The network whose packets it carries.
    pub network: NetworkId,
    /// On which side of the IPsec boundary it is.
    pub side: Side,
    /// This node's addresses on it.
    pub addresses: Box<[InterfaceAddress]>,
    /// The largest packet that it takes, bytes.
    pub mtu: usize,
    /// Physical or virtual.
    pub kind: LinkKind,
}

/// The two sides of the IPsec boundary (RFC 4301 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Packets pass without a look at the SPD: this node's own side, and virtual interfaces, whose
    /// packets meet the SPD once they are encapsulated.
    Protected,
    /// Packets cross the boundary, and the SPD decides.
    Unprotected,
}

/// An address of this node on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterfaceAddress {
    /// The address.
    pub address: IpAddr,
    /// The prefix that is directly reachable.
    pub prefix: Prefix,
}

/// What a link is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Something that the caller sends and receives on.
    Physical,
    /// An IPIP tunnel.
    Tunnel(Box<Tunnel>),
    /// A pair of tunnel-mode SAs.
    Sa(SaInterface),
}

/// A virtual interface: an IPIP tunnel through a base network (RFC 3884 section 3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tunnel {
    /// The two ends, addresses of the base network.
    pub ends: TunnelEnds,
    /// The network that carries the encapsulated packets.
    pub base: NetworkId,
    /// How outer headers are filled.
    pub outer: OuterFields,
    /// What is taken from outer headers.
    pub inner: InnerFields,
}

/// A virtual interface that is a pair of tunnel-mode SAs (RFC 3884 section 4.1, alternative 1). How outer
/// headers are filled is the SAs' part, and so by the rules of RFC 4301 section 5.1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaInterface {
    /// The two ends of its SAs, addresses of the base network.
    pub ends: TunnelEnds,
    /// The network that carries the sealed packets.
    pub base: NetworkId,
}

impl Link {
    /// The tunnel that the link is, if it is one.
    #[inline]
    #[must_use]
    pub fn tunnel(&self) -> Option<&Tunnel> {
        match &self.kind {
            LinkKind::Physical | LinkKind::Sa(_) => None,
            LinkKind::Tunnel(tunnel) => Some(tunnel),
        }
    }

    /// The two ends of a virtual link, and the network that they are in.
    #[must_use]
    pub const fn virtual_ends(&self) -> Option<(NetworkId, TunnelEnds)> {
        match &self.kind {
            LinkKind::Physical => None,
            LinkKind::Tunnel(tunnel) => Some((tunnel.base, tunnel.ends)),
            LinkKind::Sa(interface) => Some((interface.base, interface.ends)),
        }
    }
}
