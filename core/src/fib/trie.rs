//! Longest prefix match: a binary trie in which only those nodes exist that hold a value or at
//! which two keys part (Morrison's PATRICIA). There are fewer than twice as many nodes as values.
//!
//! A search goes down by single bits without looking at keys, and compares once, at the end: every
//! key on the way is the beginning of the last one, so those cover what is sought that are no
//! longer than its agreement with the last one. As each node knows its parent, neither the keys
//! that cover an address nor the walk over all keys in order needs a stack.

use core::iter;

use super::arena::{Arena, Entry, NONE};
use super::key::Key;

/// A map from keys of one IP version to values that finds the longest key that covers another.
// Invariant: a node's key covers those of its children, each on its side; a node has a value or two
// children.
#[derive(Clone)]
pub(super) struct Trie<T> {
    arena: Arena<T>,
    root: u32,
}

impl<T> Trie<T> {
    /// The value of this very key.
    pub(super) fn get(&self, key: Key) -> Option<&T> {
        self.value(self.find(key)?)
    }

    /// The value of this very key, to change.
    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        let entry = self.arena.entry_mut(self.deepest(key))?;
        entry.value.as_mut().filter(|_| entry.key == key)
    }

    /// The node of this very key, if it has a value.
    pub(super) fn find(&self, key: Key) -> Option<u32> {
        let at = self.deepest(key);
        let entry = self.arena.entry(at)?;
        (entry.key == key && entry.value.is_some()).then_some(at)
    }

    /// The node of the longest key with a value that covers that of this node and is shorter.
    pub(super) fn above(&self, at: u32) -> Option<u32> {
        self.way_up(self.arena.node(at)?.parent)
            .find(|&at| self.value(at).is_some())
    }

    /// The value of a node.
    #[inline]
    pub(super) fn value(&self, at: u32) -> Option<&T> {
        self.arena.entry(at)?.value.as_ref()
    }

    /// The values of all keys that cover `key`, longest first.
    #[inline]
    pub(super) fn covering(&self, key: Key) -> impl Iterator<Item = &T> {
        self.values(self.way_up(self.deepest(key)))
    }

    /// All values, in the order of their keys: by address, shorter before longer.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.values(self.all())
    }

    /// All keys that have a value, each with its node, in the order of [`Self::iter`].
    pub(super) fn keys(&self) -> impl Iterator<Item = (Key, u32)> {
        self.all()
            .map_while(|at| Some((self.arena.entry(at)?, at)))
            .filter(|(entry, _)| entry.value.is_some())
            .map(|(entry, at)| (entry.key, at))
    }

    /// Puts a value in; returns the one that it replaces.
    pub(super) fn insert(&mut self, key: Key, value: T) -> Option<T> {
        let above = self.deepest(key);
        if let Some(entry) = self.arena.entry_mut(above)
            && entry.key == key
        {
            return entry.value.replace(value);
        }
        let below = *self.place(above, key);
        let new = self.arena.allocate(key, Some(value));
        match self.arena.entry(below).map(|entry| entry.key) {
            None => self.link(above, new),
            Some(other) if key.covers(other) => {
                self.link(above, new);
                self.link(new, below);
            }
            Some(other) => {
                let fork = self.arena.allocate(key.common(other), None);
                self.link(above, fork);
                self.link(fork, new);
                self.link(fork, below);
            }
        }
        None
    }

    /// Takes the value of this very key out.
    pub(super) fn remove(&mut self, key: Key) -> Option<T> {
        let at = self.deepest(key);
        let entry = self.arena.entry_mut(at).filter(|entry| entry.key == key)?;
        let value = entry.value.take();
        self.prune(at);
        value
    }

    /// The deepest node that covers `key`, with or without a value.
    #[inline]
    fn deepest(&self, key: Key) -> u32 {
        let (mut at, mut next) = (NONE, self.root);
        while let Some(node) = self.arena.node(next) {
            (at, next) = (next, node.child(key));
        }
        let Some(last) = self.arena.entry(at) else {
            return NONE;
        };
        let agreement = last.key.common(key).length();
        while let Some(node) = self.arena.node(at)
            && node.length > agreement
        {
            at = node.parent;
        }
        at
    }

    /// A node and those above it.
    #[inline]
    fn way_up(&self, at: u32) -> impl Iterator<Item = u32> {
        let parent = |&at: &u32| self.arena.node(at).map(|node| node.parent);
        iter::successors(Some(at), parent)
    }

    /// All nodes in order.
    fn all(&self) -> impl Iterator<Item = u32> {
        iter::successors(Some(self.root), |&at| self.successor(at))
    }

    /// The values that the nodes of a way through the tree hold; the way ends with [`NONE`].
    #[inline]
    fn values(&self, way: impl Iterator<Item = u32>) -> impl Iterator<Item = &T> {
        way.map_while(|at| self.arena.entry(at))
            .filter_map(|entry| entry.value.as_ref())
    }

    /// The node that follows in order: the first one below; if there is none, the high side of the
    /// nearest node above of which the low side is done.
    fn successor(&self, mut at: u32) -> Option<u32> {
        let children = self.arena.node(at)?.children;
        if let Some(child) = children.into_iter().find(|&child| child != NONE) {
            return Some(child);
        }
        loop {
            let parent = self.arena.node(at)?.parent;
            let [_, high] = self.arena.node(parent)?.children;
            if high != at && high != NONE {
                return Some(high);
            }
            at = parent;
        }
    }

    /// Takes out a node that has neither a value nor two children, and its parent if that is now
    /// such a node, too.
    fn prune(&mut self, mut at: u32) {
        while let Some(node) = self.arena.node(at)
            && let [NONE, heir] | [heir, NONE] = node.children
            && let Some(&Entry { key, value: None }) = self.arena.entry(at)
        {
            let parent = node.parent;
            *self.place(parent, key) = heir;
            if let Some(heir) = self.arena.node_mut(heir) {
                heir.parent = parent;
            }
            self.arena.release(at);
            at = parent;
        }
    }

    /// Hangs a node below another, or below none as the root.
    fn link(&mut self, parent: u32, child: u32) {
        if let Some(node) = self.arena.node_mut(child) {
            node.parent = parent;
        }
        if let Some(&Entry { key, .. }) = self.arena.entry(child) {
            *self.place(parent, key) = child;
        }
    }

    /// The place below a node, or that of the root, in which `key` belongs.
    fn place(&mut self, parent: u32, key: Key) -> &mut u32 {
        match self.arena.node_mut(parent) {
            Some(node) => node.child_mut(key),
            None => &mut self.root,
        }
    }
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self {
            arena: Arena::default(),
            root: NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;
    use core::net::IpAddr;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// A key of up to four bits at either end of an address: few keys, many collisions.
    fn key(bits: u8, length: u8) -> Key {
        let mut octets = [0; 16];
        (octets[0], octets[15]) = (bits & 0xf0, bits & 0x0f);
        let length = if length <= 4 { length } else { 119 + length };
        Key::new(IpAddr::from(octets), length)
    }

    /// Checks the invariants, and that no node is lost.
    fn check<T>(trie: &Trie<T>, values: usize) {
        let mut count = 0;
        for at in trie.all() {
            let (Some(node), Some(entry)) = (trie.arena.node(at), trie.arena.entry(at)) else {
                break;
            };
            count += 1;
            assert_eq!(node.length, entry.key.length());
            assert!(entry.value.is_some() || !node.children.contains(&NONE));
            for (side, child) in [false, true].into_iter().zip(node.children) {
                let Some(below) = trie.arena.entry(child) else {
                    continue;
                };
                assert!(entry.key.covers(below.key) && entry.key != below.key);
                assert_eq!(below.key.bit(node.length), side);
                assert_eq!(trie.arena.node(child).unwrap().parent, at);
            }
        }
        assert_eq!(count, trie.arena.len());
        assert!(count <= (2 * values).saturating_sub(1));
    }

    proptest! {
        #[test]
        fn the_trie_is_a_map_in_order(
            changes in vec((any::<u8>(), 0..=9_u8, any::<Option<u16>>()), 0..200),
        ) {
            let mut trie = Trie::default();
            let mut model = BTreeMap::new();
            for (bits, length, value) in changes {
                let key = key(bits, length);
                let order = (key.first(), length);
                let (before, expected) = match value {
                    Some(value) => (trie.insert(key, value), model.insert(order, value)),
                    None => (trie.remove(key), model.remove(&order)),
                };
                prop_assert_eq!(before, expected);
                prop_assert_eq!(trie.get(key).copied(), value);
                prop_assert_eq!(trie.get_mut(key).copied(), value);
                check(&trie, model.len());
            }
            prop_assert!(trie.iter().eq(model.values()));
        }
    }

    #[test]
    fn an_empty_trie_finds_nothing() {
        let mut trie = Trie::<()>::default();
        assert_eq!(trie.covering(key(0, 0)).next(), None);
        assert_eq!(trie.remove(key(0, 0)), None);
        assert_eq!(trie.iter().count(), 0);
    }
}
