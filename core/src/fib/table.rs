//! The routes of one IP version: a binary trie that knows them, and an index that finds them.

use super::index::{Address, BURST, Index, RouteId};
use super::key::Key;
use super::trie::Trie;
use super::{Candidates, Origin, Route};

/// The routes of one IP version.
// Invariant: the index answers for each address what the trie does.
#[derive(Clone, Default)]
pub(super) struct Table {
    trie: Trie<Candidates>,
    index: Index,
    prefixes: usize,
}

impl Table {
    /// The number of the longest prefix that contains an address.
    #[inline]
    pub(super) fn find<A: Address>(&self, address: A) -> Option<RouteId> {
        self.index.lookup(address)
    }

    /// [`Self::find`] of several addresses.
    #[inline]
    pub(super) fn find_burst<A: Address>(
        &self,
        addresses: &[A; BURST],
        found: &mut [Option<RouteId>; BURST],
    ) {
        self.index.lookup_burst(addresses, found);
    }

    /// The best route of a prefix that was found.
    #[inline]
    pub(super) fn best(&self, number: RouteId) -> Option<&Route> {
        self.trie.value(number.node())?.first()
    }

    /// The routes of all prefixes that contain an address, those of the longest first.
    pub(super) fn covering(&self, key: Key) -> impl Iterator<Item = &Route> {
        self.trie.covering(key).flatten()
    }

    /// The routes of this very prefix, the best one first.
    pub(super) fn candidates(&self, key: Key) -> &[Route] {
        self.trie.get(key).map_or(&[], Candidates::as_slice)
    }

    /// All routes, in the order of their prefixes.
    pub(super) fn routes(&self) -> impl Iterator<Item = &Route> {
        self.trie.iter().flatten()
    }

    /// Adds a route; returns the one of the same prefix and origin that it replaces.
    pub(super) fn insert(&mut self, route: Route) -> Option<Route> {
        let key = route.prefix.key();
        if let Some(candidates) = self.trie.get_mut(key) {
            let replaced = take(candidates, route.origin);
            let at = candidates.partition_point(|better| better.rank() < route.rank());
            candidates.insert(at, route);
            return replaced;
        }
        self.trie.insert(key, alloc::vec![route]);
        self.prefixes += 1;
        if !self.resize()
            && let Some(at) = self.trie.find(key)
        {
            self.index
                .replace(key, self.above(at), RouteId::of_node(at));
            self.index.tidy();
        }
        None
    }

    /// Withdraws the route of this very prefix and origin.
    pub(super) fn remove(&mut self, key: Key, origin: Origin) -> Option<Route> {
        let at = self.trie.find(key)?;
        let candidates = self.trie.get_mut(key)?;
        let removed = take(candidates, origin)?;
        if candidates.is_empty() {
            self.index
                .replace(key, RouteId::of_node(at), self.above(at));
            self.trie.remove(key);
            self.prefixes -= 1;
            if !self.resize() {
                self.index.tidy();
            }
        }
        Some(removed)
    }

    /// Makes the index anew where its size no longer suits the number of prefixes; tells whether.
    fn resize(&mut self) -> bool {
        let Some(mut index) = self.index.resized(self.prefixes) else {
            return false;
        };
        for (key, at) in self.trie.keys() {
            index.replace(key, self.above(at), RouteId::of_node(at));
        }
        index.tidy();
        self.index = index;
        true
    }

    fn above(&self, at: u32) -> Option<RouteId> {
        self.trie.above(at).and_then(RouteId::of_node)
    }

    /// What the index takes in memory, bytes.
    #[cfg(test)]
    pub(super) fn index_bytes(&self) -> usize {
        self.index.bytes()
    }
}

fn take(candidates: &mut Candidates, origin: Origin) -> Option<Route> {
    let at = candidates.iter().position(|route| route.origin == origin)?;
    Some(candidates.remove(at))
}
