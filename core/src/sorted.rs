//! Maps in sorted vectors.

use alloc::vec::{IntoIter, Vec};
use core::borrow::Borrow;
use core::mem;

/// A map in the order of its keys, which is one vector.
///
/// A tree is compiled for each pair of types in it, at ten times the size. Looking up takes as many steps here, and
/// all at once an entry takes no more to come in; one by one, those behind it are moved each time, which
/// is nothing where keys come in their order or are a few thousands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> SortedMap<K, V> {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All entries.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// All entries, whose values may be changed.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// All keys.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    /// Keeps the entries of which this is true.
    pub fn retain(&mut self, mut keeps: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| keeps(key, value));
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// The value of a key.
    #[inline]
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Whether a key is there.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Gives a key a value, and the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => {
                let (_, old) = self.0.get_mut(place)?;
                Some(mem::replace(old, value))
            }
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// The value of a key, made if there is none: there is always one.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> Option<&mut V> {
        let place = self.place(&key).unwrap_or_else(|place| {
            self.0.insert(place, (key, make()));
            place
        });
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// Takes an entry out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Where a key is, or else belongs.
    #[inline]
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0
            .binary_search_by(|(other, _)| other.borrow().cmp(key))
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

/// Of those with one key, the last counts.
impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        entries.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                mem::swap(later, kept);
            }
            same
        });
        Self(entries)
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The first of some keys that was there before, by the places of both: of the one before, and of its own.
pub(crate) fn duplicate<K: Ord>(keys: impl Iterator<Item = K>) -> Option<(usize, usize)> {
    let mut keys: Vec<(K, usize)> = keys.zip(0..).collect();
    keys.sort_unstable();
    let pairs = keys.iter().zip(keys.iter().skip(1));
    pairs
        .filter(|(one, other)| one.0 == other.0)
        .map(|(one, other)| (one.1, other.1))
        .min_by_key(|(_, second)| *second)
}

#[cfg(test)]
mod tests {
    use alloc::collections::{BTreeMap, BTreeSet};
    use alloc::vec::Vec;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{SortedMap, duplicate};

    proptest! {
        #[test]
        fn it_is_what_a_tree_is(
            changes in vec((0_u8..24, 0_u8..4), 0..64),
            at_once in vec((0_u8..24, any::<u8>()), 0..64),
            gone in 0_u8..24,
        ) {
            let mut sorted: SortedMap<_, _> = at_once.iter().copied().collect();
            let mut tree: BTreeMap<_, _> = at_once.into_iter().collect();
            for (number, (key, change)) in (0_u8..).zip(changes) {
                match change {
                    0 => prop_assert_eq!(sorted.insert(key, number), tree.insert(key, number)),
                    1 => prop_assert_eq!(sorted.remove(&key), tree.remove(&key)),
                    2 => prop_assert_eq!(sorted.get_mut(&key), tree.get_mut(&key)),
                    _ => {
                        let value = sorted.get_or_insert_with(key, || number);
                        prop_assert_eq!(value, Some(tree.entry(key).or_insert(number)));
                    }
                }
                prop_assert_eq!(sorted.get(&key), tree.get(&key));
                prop_assert_eq!(sorted.contains_key(&gone), tree.contains_key(&gone));
            }
            sorted.retain(|key, value| *key != gone && *value % 3 != 0);
            tree.retain(|key, value| *key != gone && *value % 3 != 0);
            sorted.iter_mut().for_each(|(key, value)| *value ^= key);
            tree.iter_mut().for_each(|(key, value)| *value ^= key);
            prop_assert_eq!(sorted.len(), tree.len());
            prop_assert_eq!(sorted.is_empty(), tree.is_empty());
            prop_assert!(sorted.keys().eq(tree.keys()));
            prop_assert!(sorted.iter().eq(tree.iter()));
            prop_assert!(sorted.into_iter().eq(tree));
        }

        #[test]
        fn a_duplicate_is_the_first_that_a_set_has(keys in vec(0_u8..64, 0..24)) {
            let mut seen = BTreeSet::new();
            let second = keys.iter().position(|key| !seen.insert(key));
            let first = second.map(|second| keys.iter().position(|key| *key == keys[second]));
            let both: Vec<_> = second.into_iter().flat_map(|second| [first.flatten(), Some(second)]).collect();
            let found = duplicate(keys.iter());
            let found: Vec<_> = found.into_iter().flat_map(|(first, second)| [Some(first), Some(second)]).collect();
            prop_assert_eq!(found, both);
        }
    }
}
