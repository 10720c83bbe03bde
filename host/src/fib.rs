//! The FIB: routes, asked with packets or addresses.

use core::net::IpAddr;

use iiptran::config::{FibConfig, read};
use iiptran::wire::{Flow, IpHeader, SkipList};
use iiptran::{DropReason, fib};

use crate::Error;

/// The forwarding table of one network.
#[derive(Clone, Debug)]
pub struct Fib(fib::Fib);

/// Where a route leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextHop {
    /// The link's place in the document, from 0.
    pub link: u32,
    /// The neighbour on that link: the router, or the destination itself.
    pub address: IpAddr,
}

impl Fib {
    /// The FIB of a document with `links`, their names, and `routes`, which are those of a node's document.
    ///
    /// # Errors
    /// [`Error::Config`].
    pub fn new(document: &str) -> Result<Self, Error> {
        Ok(Self(read::<FibConfig>(document)?.fib()?))
    }

    /// Where an IP packet goes: the longest prefix that contains its destination, and of several equal
    /// paths the one of its flow.
    ///
    /// # Errors
    /// [`Error::Drop`]: [`DropReason::NoRoute`], that of a route that leads nowhere, or a reason of the
    /// group parse if it is no IP packet.
    pub fn lookup(&self, packet: &[u8]) -> Result<NextHop, Error> {
        let header = IpHeader::parse(packet, &SkipList::default())?;
        self.lookup_address(header.destination, Flow::of(packet, &header).hash())
    }

    /// Where a destination lies; flows with different hashes may take different ones of equal paths.
    ///
    /// # Errors
    /// [`Error::Drop`]: [`DropReason::NoRoute`], or that of a route that leads nowhere.
    pub fn lookup_address(&self, destination: IpAddr, flow_hash: u64) -> Result<NextHop, Error> {
        let route = self.0.lookup(destination).ok_or(DropReason::NoRoute)?;
        let path = route.choose(flow_hash, |_| true).ok_or_else(|| {
            let reason = route.target.drop_reason();
            reason.unwrap_or(DropReason::NoRoute)
        })?;
        Ok(NextHop {
            link: path.link.0,
            address: path.next_hop(destination),
        })
    }

    /// How many routes there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
