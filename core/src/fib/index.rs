//! The longest match in a few loads: a multibit trie beside the binary one.
//!
//! The first bits of an address, up to 24 of them, choose an entry of the *root*; the bits behind them,
//! six at a time, one of the 64 entries of a *chunk*. An entry is the answer itself or names the next
//! chunk. Answers are pushed down to the entries, so that nothing has to be remembered on the way:
//! DIR-24-8 (Gupta, Lin and McKeown, 1998) with small chunks that are kept short, and the same for IPv6.
//!
//! An entry does not say how long its prefix is. It need not: the addresses of a prefix that have no
//! longer one are those whose answer is that very prefix, and before it came, the longest one above it.
//! So insertion and withdrawal are one operation, [`Index::replace`].

use alloc::boxed::Box;
use core::net::{Ipv4Addr, Ipv6Addr};
use core::num::NonZeroU32;

#[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
use iiptran_accel::{Gather, MultibitTrie};

use super::chunks::{CHUNK, Chunks, Entry, STRIDE};
use super::key::Key;

/// For each address, which of the numbered keys is the longest that covers it.
#[derive(Clone)]
pub(super) struct Index {
    root: Box<[Entry]>,
    // Invariant: each chunk is named by one entry, and has entries that differ.
    chunks: Chunks,
    /// How many bits choose an entry of the root: a multiple of [`STRIDE`].
    root_bits: u32,
}

/// How many lookups are under way at once.
pub(super) const BURST: usize = 32;
/// The largest root, bits: 64 MiB.
const MAX_ROOT_BITS: u32 = 24;

/// An address as the index reads it.
pub(super) trait Address: Copy {
    /// Its first `bits` bits, 24 at most.
    fn root(self, bits: u32) -> usize;

    /// The six bits behind the first `depth`; zeros behind the end.
    fn digit(self, depth: u32) -> usize;

    /// Looks up with vector instructions.
    #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
    fn gather(
        gather: Gather,
        trie: MultibitTrie<'_>,
        addresses: &[Self; BURST],
        entries: &mut [Entry; BURST],
    );
}

impl Address for Ipv4Addr {
    #[inline]
    fn root(self, bits: u32) -> usize {
        self.to_bits().wrapping_shr(Self::BITS.wrapping_sub(bits)) as usize
    }

    #[inline]
    fn digit(self, depth: u32) -> usize {
        (self.to_bits().wrapping_shl(depth) >> (Self::BITS - STRIDE)) as usize
    }

    #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
    #[inline]
    fn gather(
        gather: Gather,
        trie: MultibitTrie<'_>,
        addresses: &[Self; BURST],
        entries: &mut [Entry; BURST],
    ) {
        gather.v4(trie, addresses, entries);
    }
}

impl Address for Ipv6Addr {
    #[inline]
    fn root(self, bits: u32) -> usize {
        Ipv4Addr::from_bits((self.to_bits() >> 96) as u32).root(bits)
    }

    #[inline]
    fn digit(self, depth: u32) -> usize {
        // A shift of 64 bits of the address, not of all 128; which ones, a burst decides once.
        let bits = self.to_bits();
        let (window, skipped) = match depth {
            0..=57 => (bits >> 64, 0),
            58..=89 => (bits >> 32, 32),
            90.. => (bits, 64),
        };
        ((window as u64).wrapping_shl(depth - skipped) >> (u64::BITS - STRIDE)) as usize
    }

    #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
    #[inline]
    fn gather(
        gather: Gather,
        trie: MultibitTrie<'_>,
        addresses: &[Self; BURST],
        entries: &mut [Entry; BURST],
    ) {
        gather.v6(trie, addresses, entries);
    }
}

impl Index {
    /// An index without keys, with a root of so many bits.
    fn new(root_bits: u32) -> Self {
        Self {
            root: alloc::vec![0; 1 << root_bits].into(),
            chunks: Chunks::default(),
            root_bits,
        }
    }

    /// An index without keys that has the right size for so many, if this one's size is wrong: too
    /// small, or far too large.
    pub(super) fn resized(&self, keys: usize) -> Option<Self> {
        let wanted = root_bits(keys);
        let too_large = root_bits(keys.saturating_mul(4)) < self.root_bits;
        (self.root.is_empty() || wanted > self.root_bits || too_large).then(|| Self::new(wanted))
    }

    /// The number of the longest key that covers the address.
    #[inline]
    pub(super) fn lookup<A: Address>(&self, address: A) -> Option<RouteId> {
        let mut entry = self.root_entry(address);
        let mut depth = self.root_bits;
        while entry & CHUNK != 0 {
            entry = self.entry_below(entry, address, depth);
            depth += STRIDE;
        }
        RouteId::of_entry(entry)
    }

    /// [`Self::lookup`] of several addresses: their loads are under way at the same time.
    #[inline]
    pub(super) fn lookup_burst<A: Address>(
        &self,
        addresses: &[A; BURST],
        found: &mut [Option<RouteId>; BURST],
    ) {
        let mut entries = [0; BURST];
        if !self.gather(addresses, &mut entries) {
            self.go_in_lockstep(addresses, &mut entries);
        }
        for (found, entry) in found.iter_mut().zip(entries) {
            *found = RouteId::of_entry(entry);
        }
    }

    /// Looks up with the vector instructions of the CPU; tells whether there are any that are to be used.
    #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
    #[inline]
    fn gather<A: Address>(&self, addresses: &[A; BURST], entries: &mut [Entry; BURST]) -> bool {
        let Some(gather) = Gather::chosen() else {
            return false;
        };
        let trie = MultibitTrie {
            root: &self.root,
            root_bits: self.root_bits,
            chunks: self.chunks.words(),
        };
        A::gather(gather, trie, addresses, entries);
        true
    }

    #[cfg(not(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2")))]
    #[inline]
    const fn gather<A: Address>(&self, _: &[A; BURST], _: &mut [Entry; BURST]) -> bool {
        false
    }

    /// One step of all addresses after the other.
    #[inline]
    fn go_in_lockstep<A: Address>(&self, addresses: &[A; BURST], entries: &mut [Entry; BURST]) {
        let mut deeper = 0;
        for (entry, &address) in entries.iter_mut().zip(addresses) {
            *entry = self.root_entry(address);
            deeper |= *entry;
        }
        let mut depth = self.root_bits;
        while deeper & CHUNK != 0 {
            deeper = 0;
            for (entry, &address) in entries.iter_mut().zip(addresses) {
                if *entry & CHUNK != 0 {
                    *entry = self.entry_below(*entry, address, depth);
                    deeper |= *entry;
                }
            }
            depth += STRIDE;
        }
    }

    /// Answers with `new` wherever a key is and the answer was `old`: with the key's own number and that
    /// of the longest key above it, it is put in; the other way round, it is taken out.
    pub(super) fn replace(&mut self, key: Key, old: Option<RouteId>, new: Option<RouteId>) {
        let [old, new] = [old, new].map(|number| number.map_or(0, |number| number.0.get()));
        let change = Change { old, new };
        let end = 1 << self.root_bits.saturating_sub(key.length());
        let first = key.digits(0, self.root_bits);
        for at in first..first + end {
            let entry = self.root.get(at).copied().unwrap_or(0);
            let entry = self.changed(entry, self.root_bits, key, change);
            if let Some(place) = self.root.get_mut(at) {
                *place = entry;
            }
        }
    }

    /// Lays chunks out anew where that is due: after changes, or as soon as many were made.
    pub(super) fn tidy(&mut self) {
        if !self.chunks.are_scattered(self.root.len()) {
            return;
        }
        let mut chunks = Chunks::default();
        for entry in &mut self.root {
            *entry = chunks.lay_out(&self.chunks, *entry);
        }
        self.chunks = chunks;
    }

    /// What an entry to which `depth` bits lead becomes by a change where addresses are in the key.
    fn changed(&mut self, entry: Entry, depth: u32, key: Key, change: Change) -> Entry {
        let mut chunk = match entry {
            named if named & CHUNK != 0 => named & !CHUNK,
            answer if key.length() <= depth => return change.of(answer),
            answer => self.chunks.uniform(answer),
        };
        let depth = depth + STRIDE;
        let free = depth.saturating_sub(key.length()).min(STRIDE);
        let first = key.digits(depth - STRIDE, STRIDE);
        let digits = first..first + (1 << free);
        // What is below first. No entries are kept on the stack meanwhile, which may be short.
        for digit in digits.clone() {
            let below = self.chunks.entry(chunk, digit);
            if below & CHUNK != 0 || key.length() > depth {
                let new = self.changed(below, depth, key, change);
                if new != below {
                    chunk = self.chunks.change(chunk, digit..digit + 1, |_| new);
                }
            }
        }
        if key.length() <= depth {
            chunk = self.chunks.change(chunk, digits, |entry| change.of(entry));
        }
        match self.chunks.uniform_answer(chunk) {
            Some(answer) => {
                self.chunks.release(chunk);
                answer
            }
            None => CHUNK | chunk,
        }
    }

    #[inline]
    fn root_entry<A: Address>(&self, address: A) -> Entry {
        let entry = self.root.get(address.root(self.root_bits));
        entry.copied().unwrap_or(0)
    }

    #[inline]
    fn entry_below<A: Address>(&self, named: Entry, address: A, depth: u32) -> Entry {
        self.chunks.entry(named & !CHUNK, address.digit(depth))
    }

    /// What it takes in memory, bytes, without chunks that are to be used again.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.root) + self.chunks.bytes()
    }
}

impl Default for Index {
    /// The index of no key takes no memory.
    fn default() -> Self {
        Self {
            root: Box::default(),
            chunks: Chunks::default(),
            root_bits: STRIDE,
        }
    }
}

/// The longest prefix that contains an address, as a number: the answer of a lookup that does not look at
/// the routes themselves. It holds until the table next changes, for one IP version.
// The node of the prefix in the binary trie, plus one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteId(NonZeroU32);

impl RouteId {
    /// The number of a node's key.
    pub(super) fn of_node(at: u32) -> Option<Self> {
        // 2^31 nodes would take more than 150 GB: no table comes near.
        at.checked_add(1).and_then(Self::of_entry)
    }

    /// The node.
    #[inline]
    pub(super) const fn node(self) -> u32 {
        self.0.get() - 1
    }

    #[inline]
    const fn of_entry(entry: Entry) -> Option<Self> {
        match NonZeroU32::new(entry) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }
}

#[derive(Clone, Copy)]
struct Change {
    old: Entry,
    new: Entry,
}

impl Change {
    /// What an answer becomes; an entry that names a chunk stays.
    const fn of(self, entry: Entry) -> Entry {
        if entry == self.old { self.new } else { entry }
    }
}

/// The bits of a root for so many keys: at most half a KiB for each key.
const fn root_bits(keys: usize) -> u32 {
    let mut bits = STRIDE;
    while bits < MAX_ROOT_BITS && keys >> (bits - 1) != 0 {
        bits += STRIDE;
    }
    bits
}
