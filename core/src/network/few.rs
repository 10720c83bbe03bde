//! Maps of few entries.

use alloc::vec::Vec;

/// A map of few entries, in the order of their keys. A tree is compiled for each type in it, at ten times the size.
#[derive(Debug)]
pub(super) struct Few<K, V>(Vec<(K, V)>);

impl<K: Ord + Copy, V> Few<K, V> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of a key, made if there is none.
    pub(super) fn get_or_insert(&mut self, key: K, make: impl FnOnce() -> V) -> Option<&mut V> {
        let place = self.0.partition_point(|(other, _)| *other < key);
        if self.0.get(place).is_none_or(|(other, _)| *other != key) {
            self.0.insert(place, (key, make()));
        }
        self.0.get_mut(place).map(|(_, value)| value)
    }

    pub(super) fn retain(&mut self, mut keeps: impl FnMut(K, &V) -> bool) {
        self.0.retain(|(key, value)| keeps(*key, value));
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.0.iter().map(|(key, value)| (*key, value))
    }
}

impl<K: Ord + Copy, V> Default for Few<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;
    use alloc::vec::Vec;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::Few;

    proptest! {
        #[test]
        fn it_is_what_a_tree_is(keys in vec(0_u8..24, 0..64), gone in 0_u8..24) {
            let mut few = Few::new();
            let mut tree = BTreeMap::new();
            for (number, key) in keys.into_iter().enumerate() {
                if let Some(value) = few.get_or_insert(key, || number) {
                    *value += 1;
                }
                *tree.entry(key).or_insert(number) += 1;
            }
            few.retain(|key, value| key != gone && value % 3 != 0);
            tree.retain(|key, value| *key != gone && *value % 3 != 0);
            let all: Vec<_> = few.iter().map(|(key, value)| (key, *value)).collect();
            prop_assert_eq!(all, tree.into_iter().collect::<Vec<_>>());
        }
    }
}
