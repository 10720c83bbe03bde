//! Finding numbered things by hashed keys: open addressing with linear probing.
//!
//! A bucket is eight bytes, so that a cache line holds eight and most lookups read one. It has a
//! *fingerprint* of 32 bits and the number of what has it; whoever looks it up compares the whole key, where
//! the fingerprint is not the key itself.
//!
//! The hash has no secret. A packet can't put keys in: SPIs are chosen by the receiver (RFC 4301 section
//! 4.1), or for groups by their controller, and never by whoever sends packets.

use alloc::vec::Vec;

/// Numbers by fingerprint. Several may have one fingerprint.
// Invariants: the number of buckets is a power of two or 0, and half of them at least are empty; between
// the home of a fingerprint and its bucket none is.
pub(super) struct Keys {
    buckets: Vec<Bucket>,
    len: usize,
}

#[derive(Clone, Copy)]
struct Bucket {
    fingerprint: u32,
    /// [`NONE`] in an empty bucket.
    number: u32,
}

/// No number.
pub(super) const NONE: u32 = u32::MAX;

const EMPTY: Bucket = Bucket {
    fingerprint: 0,
    number: NONE,
};
const SMALLEST: usize = 8;

impl Keys {
    /// Without numbers.
    pub(super) const fn new() -> Self {
        Self {
            buckets: Vec::new(),
            len: 0,
        }
    }

    /// Whether nothing can be found.
    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number with this fingerprint that `is_right` accepts, or [`NONE`].
    #[inline]
    pub(super) fn find(&self, fingerprint: u32, is_right: impl Fn(u32) -> bool) -> u32 {
        let mut at = self.home(fingerprint);
        loop {
            let bucket = self.bucket(at);
            if bucket.number == NONE || bucket.fingerprint == fingerprint && is_right(bucket.number)
            {
                return bucket.number;
            }
            at += 1;
        }
    }

    /// For each fingerprint the first number that has it, or [`NONE`]. The loads are under way at the
    /// same time.
    #[inline]
    pub(super) fn find_burst<const N: usize>(&self, fingerprints: &[u32; N]) -> [u32; N] {
        // Every home is read before the first is looked at.
        let mut homes = [EMPTY; N];
        for (home, &fingerprint) in homes.iter_mut().zip(fingerprints) {
            *home = self.bucket(self.home(fingerprint));
        }
        let mut found = [NONE; N];
        for ((found, home), &fingerprint) in found.iter_mut().zip(homes).zip(fingerprints) {
            *found = home.number;
            if home.number != NONE && home.fingerprint != fingerprint {
                *found = self.find(fingerprint, |_| true);
            }
        }
        found
    }

    /// Puts a number in.
    pub(super) fn insert(&mut self, fingerprint: u32, number: u32) {
        if (self.len + 1) * 2 > self.buckets.len() {
            let larger = (self.buckets.len() * 2).max(SMALLEST);
            let old = core::mem::replace(&mut self.buckets, alloc::vec![EMPTY; larger]);
            for bucket in old {
                if bucket.number != NONE {
                    self.put(bucket);
                }
            }
        }
        self.put(Bucket {
            fingerprint,
            number,
        });
        self.len += 1;
    }

    /// Takes a number out.
    pub(super) fn remove(&mut self, fingerprint: u32, number: u32) {
        let mut hole = self.home(fingerprint);
        loop {
            let bucket = self.bucket(hole);
            if bucket.number == NONE {
                return;
            }
            if bucket.number == number {
                break;
            }
            hole += 1;
        }
        self.len -= 1;
        // Whatever behind the hole could be in it moves there, so that no search ends too early.
        let mut at = hole + 1;
        loop {
            let bucket = self.bucket(at);
            if bucket.number == NONE {
                return self.set(hole, EMPTY);
            }
            let from_home = at.wrapping_sub(self.home(bucket.fingerprint)) & self.mask();
            if from_home >= at.wrapping_sub(hole) & self.mask() {
                self.set(hole, bucket);
                hole = at;
            }
            at += 1;
        }
    }

    fn put(&mut self, bucket: Bucket) {
        let mut at = self.home(bucket.fingerprint);
        while self.bucket(at).number != NONE {
            at += 1;
        }
        self.set(at, bucket);
    }

    /// Where the search for a fingerprint begins (Knuth's multiplicative hash: SPIs given out in turn
    /// are spread evenly).
    #[inline]
    const fn home(&self, fingerprint: u32) -> usize {
        let spread = fingerprint.wrapping_mul(0x9e37_79b9);
        ((spread as u64).wrapping_mul(self.buckets.len() as u64) >> 32) as usize
    }

    #[inline]
    const fn mask(&self) -> usize {
        self.buckets.len().wrapping_sub(1)
    }

    /// The bucket in this place; behind the last comes the first.
    #[inline]
    fn bucket(&self, at: usize) -> Bucket {
        let bucket = self.buckets.get(at & self.mask());
        bucket.copied().unwrap_or(EMPTY)
    }

    fn set(&mut self, at: usize, bucket: Bucket) {
        let mask = self.mask();
        if let Some(place) = self.buckets.get_mut(at & mask) {
            *place = bucket;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// Fingerprints that have one home or neighbouring ones, whatever the size.
    fn crowded() -> impl Strategy<Value = u32> {
        // The inverse of the factor of `home`: these are spread to the lowest, or to the highest, values.
        let inverse = (0..5).fold(1_u32, |x, _| {
            x.wrapping_mul(2_u32.wrapping_sub(x.wrapping_mul(0x9e37_79b9)))
        });
        (0..12_u32, any::<bool>()).prop_map(move |(small, low)| {
            let spread = if low { small } else { u32::MAX - small };
            spread.wrapping_mul(inverse)
        })
    }

    proptest! {
        #[test]
        fn buckets_agree_with_a_list(
            changes in vec((crowded(), any::<u8>()), 0..300),
        ) {
            let mut keys = Keys::new();
            let mut model: Vec<(u32, u32)> = Vec::new();
            for (number, (fingerprint, choice)) in (0..).zip(changes) {
                if choice < 150 || model.is_empty() {
                    keys.insert(fingerprint, number);
                    model.push((fingerprint, number));
                } else {
                    let (fingerprint, number) = model.swap_remove(usize::from(choice) % model.len());
                    keys.remove(fingerprint, number);
                }
                prop_assert_eq!(keys.is_empty(), model.is_empty());
                for &(fingerprint, number) in &model {
                    prop_assert_eq!(keys.find(fingerprint, |found| found == number), number);
                }
                let has = model.iter().any(|&(other, _)| other == fingerprint);
                prop_assert_eq!(keys.find(fingerprint, |_| true) != NONE, has);
                let [found, none] = keys.find_burst(&[fingerprint, 7]);
                prop_assert_eq!(found, keys.find(fingerprint, |_| true));
                prop_assert_eq!(none, NONE);
            }
        }
    }
}
