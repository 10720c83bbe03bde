//! The memory of the trie: nodes that name one another by index.
//!
//! A node is in two halves. The way down the trie reads only the first; four fit a cache line.

use alloc::vec::Vec;

use super::key::Key;

/// The nodes of a trie. Places of nodes that went are used again.
#[derive(Clone)]
pub(super) struct Arena<T> {
    // Invariant: both halves of a node have the same index.
    nodes: Vec<Node>,
    entries: Vec<Entry<T>>,
    unused: Vec<u32>,
}

/// Where a node is in the tree.
#[derive(Clone, Copy)]
pub(super) struct Node {
    /// The length of the node's key.
    pub(super) length: u32,
    /// The node above, or [`NONE`].
    pub(super) parent: u32,
    /// The nodes below, or [`NONE`]: one with a clear bit next, one with a set one.
    pub(super) children: [u32; 2],
}

/// What a node holds.
#[derive(Clone)]
pub(super) struct Entry<T> {
    /// What all keys at and below the node begin with.
    pub(super) key: Key,
    /// The value of that very key.
    pub(super) value: Option<T>,
}

/// The index of no node.
pub(super) const NONE: u32 = u32::MAX;

impl<T> Arena<T> {
    /// The first half of a node.
    #[inline]
    pub(super) fn node(&self, at: u32) -> Option<&Node> {
        self.nodes.get(at as usize)
    }

    /// The first half of a node, to change.
    pub(super) fn node_mut(&mut self, at: u32) -> Option<&mut Node> {
        self.nodes.get_mut(at as usize)
    }

    /// The second half of a node.
    #[inline]
    pub(super) fn entry(&self, at: u32) -> Option<&Entry<T>> {
        self.entries.get(at as usize)
    }

    /// The second half of a node, to change.
    pub(super) fn entry_mut(&mut self, at: u32) -> Option<&mut Entry<T>> {
        self.entries.get_mut(at as usize)
    }

    /// Makes a node that is linked to no other.
    pub(super) fn allocate(&mut self, key: Key, value: Option<T>) -> u32 {
        let node = Node {
            length: key.length(),
            parent: NONE,
            children: [NONE; 2],
        };
        let entry = Entry { key, value };
        if let Some(at) = self.unused.pop()
            && let Some(old_node) = self.nodes.get_mut(at as usize)
            && let Some(old_entry) = self.entries.get_mut(at as usize)
        {
            (*old_node, *old_entry) = (node, entry);
            return at;
        }
        // 2^32 nodes would take more than 300 GB: no table comes near.
        let at = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(node);
        self.entries.push(entry);
        at
    }

    /// Gives up the place of a node to which no other is linked any more.
    pub(super) fn release(&mut self, at: u32) {
        self.unused.push(at);
    }

    /// The number of nodes.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.nodes.len() - self.unused.len()
    }
}

impl Node {
    /// The node below on the side on which `key` lies.
    #[inline]
    pub(super) fn child(&self, key: Key) -> u32 {
        // An index computed from the bit, not a branch on it, which nothing could predict.
        let side = usize::from(key.bit(self.length));
        self.children.get(side).copied().unwrap_or(NONE)
    }

    /// The place of [`Self::child`].
    pub(super) fn child_mut(&mut self, key: Key) -> &mut u32 {
        let [low, high] = &mut self.children;
        if key.bit(self.length) { high } else { low }
    }
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            entries: Vec::new(),
            unused: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_nodes_share_a_cache_line() {
        assert_eq!(size_of::<Node>(), 16);
    }

    #[test]
    fn a_released_place_is_used_again() {
        let key = Key::new([0; 4].into(), 0);
        let mut arena = Arena::default();
        let places = [(); 3].map(|()| arena.allocate(key, Some('a')));
        assert_eq!(places, [0, 1, 2]);
        arena.release(1);
        assert_eq!(arena.allocate(key, Some('b')), 1);
        assert_eq!(arena.entry(1).unwrap().value, Some('b'));
        assert_eq!((arena.len(), arena.allocate(key, None)), (3, 3));
    }
}
