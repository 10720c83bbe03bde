//! The forwarding information base: which way a destination lies.
//!
//! A node has one for each network that it is in: one for the base network and one for each virtual
//! network. Tunnels are links like any other here; that routing sees them is the point of
//! RFC 3884 section 3. The longest prefix that contains the destination decides (RFC 4632 section
//! 5.1), and among routes of one prefix their preference.

mod arena;
mod burst;
mod chunks;
mod ecmp;
mod index;
mod key;
mod prefix;
mod route;
mod table;
#[cfg(test)]
mod tests;
mod trie;

use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

pub use index::RouteId;

pub use ecmp::Paths;
pub use prefix::{Prefix, PrefixError};
pub use route::{Origin, Path, Route, Target};

use crate::wire::IpVersion;
use table::Table;

/// A forwarding table for both IP versions.
///
/// It keeps the routes of every origin, so that one that is withdrawn uncovers the next best.
///
/// ```
/// use iiptran::LinkId;
/// use iiptran::fib::{Fib, Origin, Path, Route, Target};
///
/// let tunnel = Path { link: LinkId(1), via: None };
/// let mut fib = Fib::default();
/// fib.insert(Route {
///     prefix: "10.0.0.0/8".parse()?,
///     target: Target::Forward(tunnel.into()),
///     preferred_source: None,
///     origin: Origin::Static,
///     preference: 1,
/// });
///
/// let route = fib.lookup([10, 1, 2, 3].into()).ok_or("no route")?;
/// assert_eq!(route.choose(0, |_link| true), Some(&tunnel));
/// assert!(fib.lookup([192, 0, 2, 1].into()).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Fib {
    v4: Table,
    v6: Table,
    len: usize,
}

/// The routes of one prefix, at most one of each origin, best first; never empty.
type Candidates = Vec<Route>;

impl Fib {
    /// The route of a destination: the best one of the longest prefix that contains it.
    #[inline]
    #[must_use]
    pub fn lookup(&self, destination: IpAddr) -> Option<&Route> {
        match destination {
            IpAddr::V4(address) => self.v4.best(self.v4.find(address)?),
            IpAddr::V6(address) => self.v6.best(self.v6.find(address)?),
        }
    }

    /// All routes whose prefix contains a destination, from the one that decides to the last one
    /// that would if there were no other.
    pub fn covering(&self, destination: IpAddr) -> impl Iterator<Item = &Route> {
        self.table(IpVersion::of(destination))
            .covering(Prefix::host(destination).key())
    }

    /// The routes of this very prefix, the best one first.
    #[must_use]
    pub fn candidates(&self, prefix: &Prefix) -> &[Route] {
        self.table(prefix.version()).candidates(prefix.key())
    }

    /// All routes, in the order of their prefixes, the best one of a prefix first.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.v4.routes().chain(self.v6.routes())
    }

    /// The number of routes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no route.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a route; returns the one of the same prefix and origin that it replaces.
    pub fn insert(&mut self, route: Route) -> Option<Route> {
        let replaced = self.table_mut(route.prefix.version()).insert(route);
        if replaced.is_none() {
            self.len += 1;
        }
        replaced
    }

    /// Withdraws the route of this very prefix and origin.
    pub fn remove(&mut self, prefix: &Prefix, origin: Origin) -> Option<Route> {
        let table = self.table_mut(prefix.version());
        let removed = table.remove(prefix.key(), origin)?;
        self.len -= 1;
        Some(removed)
    }

    #[inline]
    const fn table(&self, version: IpVersion) -> &Table {
        match version {
            IpVersion::V4 => &self.v4,
            IpVersion::V6 => &self.v6,
        }
    }

    const fn table_mut(&mut self, version: IpVersion) -> &mut Table {
        match version {
            IpVersion::V4 => &mut self.v4,
            IpVersion::V6 => &mut self.v6,
        }
    }
}

impl fmt::Debug for Fib {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.routes()).finish()
    }
}
