//! Routes of many destinations at once.
//!
//! A lookup in a large table waits for memory, not for the CPU. Of a burst, every lookup is begun before
//! the first is finished, so that they wait together.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::index::{Address, BURST, RouteId};
use super::table::Table;
use super::{Fib, Route};
use crate::wire::IpVersion;

impl Fib {
    /// The routes of destinations: in each place what [`Self::lookup`] says of the destination there.
    ///
    /// If one of the slices is longer, the rest of it is left alone.
    pub fn lookup_burst<'f>(&'f self, destinations: &[IpAddr], routes: &mut [Option<&'f Route>]) {
        for (destinations, routes) in destinations.chunks(BURST).zip(routes.chunks_mut(BURST)) {
            let ids = self.find_mixed(destinations);
            for ((route, id), destination) in routes.iter_mut().zip(ids).zip(destinations) {
                let table = self.table(IpVersion::of(*destination));
                *route = id.and_then(|id| table.best(id));
            }
        }
    }

    /// The prefixes of so many destinations, or fewer; together if they are of one IP version.
    #[inline]
    fn find_mixed(&self, destinations: &[IpAddr]) -> [Option<RouteId>; BURST] {
        let mut ids = [None; BURST];
        let mut v4 = [Ipv4Addr::UNSPECIFIED; BURST];
        let mut v6 = [Ipv6Addr::UNSPECIFIED; BURST];
        let (mut of_v4, mut of_v6) = (0, 0);
        for ((destination, v4), v6) in destinations.iter().zip(&mut v4).zip(&mut v6) {
            match *destination {
                IpAddr::V4(address) => (*v4, of_v4) = (address, of_v4 + 1),
                IpAddr::V6(address) => (*v6, of_v6) = (address, of_v6 + 1),
            }
        }
        if of_v4 == BURST {
            self.v4.find_burst(&v4, &mut ids);
        } else if of_v6 == BURST {
            self.v6.find_burst(&v6, &mut ids);
        } else {
            for (id, destination) in ids.iter_mut().zip(destinations) {
                *id = match *destination {
                    IpAddr::V4(address) => self.v4.find(address),
                    IpAddr::V6(address) => self.v6.find(address),
                };
            }
        }
        ids
    }

    /// The prefixes of IPv4 destinations, as numbers for [`Self::route`].
    ///
    /// If one of the slices is longer, the rest of it is left alone.
    #[inline]
    pub fn find_v4(&self, destinations: &[Ipv4Addr], found: &mut [Option<RouteId>]) {
        find(&self.v4, destinations, found);
    }

    /// The prefixes of IPv6 destinations, as numbers for [`Self::route`].
    ///
    /// If one of the slices is longer, the rest of it is left alone.
    #[inline]
    pub fn find_v6(&self, destinations: &[Ipv6Addr], found: &mut [Option<RouteId>]) {
        find(&self.v6, destinations, found);
    }

    /// The best route of a prefix that was found for an address of this IP version.
    #[inline]
    #[must_use]
    pub fn route(&self, version: IpVersion, id: RouteId) -> Option<&Route> {
        self.table(version).best(id)
    }
}

#[inline]
fn find<A: Address>(table: &Table, destinations: &[A], found: &mut [Option<RouteId>]) {
    let length = destinations.len().min(found.len());
    let destinations = destinations.get(..length).unwrap_or_default();
    let found = found.get_mut(..length).unwrap_or_default();
    let (bursts, rest) = destinations.as_chunks::<BURST>();
    let (found_bursts, found_rest) = found.as_chunks_mut::<BURST>();
    for (burst, found) in bursts.iter().zip(found_bursts) {
        table.find_burst(burst, found);
    }
    for (&destination, found) in rest.iter().zip(found_rest) {
        *found = table.find(destination);
    }
}
