//! The longest match in a few loads: a multibit trie beside the binary one.
//!
//! The first bits of an address, up to 24 of them, choose an entry of the *root*; the bits behind them,
//! six at a time, one of the 64 entries of a *chunk*. An entry is the answer itself or names the next
//! chunk. Answers are pushed down to the entries, so that nothing has to be remembered on the way:
//! DIR-24-8 (Gupta, Lin and McKeown, 1998) with small chunks, and the same for IPv6.
//!
//! An entry does not say how long its prefix is. It need not: the addresses of a prefix that have no
//! longer one are those whose answer is that very prefix, and before it came, the longest one above it.
//! So insertion and withdrawal are one operation, [`Index::replace`].

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::net::{Ipv4Addr, Ipv6Addr};
use core::num::NonZeroU32;

use super::key::Key;

/// For each address, which of the numbered keys is the longest that covers it.
#[derive(Clone)]
pub(super) struct Index {
    root: Box<[Entry]>,
    // Invariants: each chunk is named by one entry, or is in `unused`; one that is named has entries
    // that differ.
    chunks: Vec<Chunk>,
    unused: Vec<u32>,
    /// How many bits choose an entry of the root: a multiple of [`STRIDE`].
    root_bits: u32,
}

/// The entries of the next six bits.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Chunk([Entry; 1 << STRIDE]);

/// An answer: 0 for none, or the number of a key plus one; or [`CHUNK`] and the number of a chunk.
type Entry = u32;

const STRIDE: u32 = 6;
const CHUNK: Entry = 1 << 31;
/// The largest root, bits: 64 MiB.
const MAX_ROOT_BITS: u32 = 24;

/// An address as the index reads it.
pub(super) trait Address: Copy {
    /// Its first `bits` bits, 24 at most.
    fn root(self, bits: u32) -> usize;

    /// The six bits behind the first `depth`; zeros behind the end.
    fn digit(self, depth: u32) -> usize;
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
}

impl Index {
    /// An index without keys, with a root of so many bits.
    fn new(root_bits: u32) -> Self {
        Self {
            root: alloc::vec![0; 1 << root_bits].into(),
            chunks: Vec::new(),
            unused: Vec::new(),
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
    pub(super) fn lookup_burst<A: Address, const N: usize>(
        &self,
        addresses: &[A; N],
        found: &mut [Option<RouteId>; N],
    ) {
        let mut entries = [0; N];
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
        for (found, entry) in found.iter_mut().zip(entries) {
            *found = RouteId::of_entry(entry);
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
            self.replace_at(Place::Root(at), self.root_bits, key, change);
        }
    }

    /// Makes a change where entries are in the key; `depth` bits lead to the place.
    fn replace_at(&mut self, place: Place, depth: u32, key: Key, change: Change) {
        let Some(entry) = self.entry_mut(place) else {
            return;
        };
        let is_inside = key.length() <= depth;
        let chunk = match *entry {
            named if named & CHUNK != 0 => named & !CHUNK,
            answer if is_inside => {
                if answer == change.old {
                    *entry = change.new;
                }
                return;
            }
            answer => self.allocate(place, answer),
        };
        let free = (depth + STRIDE).saturating_sub(key.length()).min(STRIDE);
        let first = key.digits(depth, STRIDE);
        for digit in first..first + (1 << free) {
            self.replace_at(Place::Chunk(chunk, digit), depth + STRIDE, key, change);
        }
        self.merge(place, chunk);
    }

    /// Puts the answer in the place of a chunk that has one for all.
    fn merge(&mut self, place: Place, chunk: u32) {
        if let Some(&Chunk([first, ref rest @ ..])) = self.chunks.get(chunk as usize)
            && first & CHUNK == 0
            && rest.iter().all(|&entry| entry == first)
            && let Some(entry) = self.entry_mut(place)
        {
            *entry = first;
            self.unused.push(chunk);
        }
    }

    /// Puts a chunk in the place of an answer.
    fn allocate(&mut self, place: Place, answer: Entry) -> u32 {
        let chunk = self.unused_chunk(answer);
        if let Some(entry) = self.entry_mut(place) {
            *entry = CHUNK | chunk;
        }
        chunk
    }

    fn unused_chunk(&mut self, answer: Entry) -> u32 {
        if let Some(at) = self.unused.pop()
            && let Some(chunk) = self.chunks.get_mut(at as usize)
        {
            *chunk = Chunk::of(answer);
            return at;
        }
        if self.chunks.len() == self.chunks.capacity() {
            // An eighth more, not twice as many: small tables are to stay small.
            self.chunks.reserve_exact(self.chunks.len() / 8 + 1);
        }
        // 2^31 chunks would take 128 GiB: no table comes near.
        let at = u32::try_from(self.chunks.len()).unwrap_or(u32::MAX) & !CHUNK;
        self.chunks.push(Chunk::of(answer));
        at
    }

    #[inline]
    fn root_entry<A: Address>(&self, address: A) -> Entry {
        let entry = self.root.get(address.root(self.root_bits));
        entry.copied().unwrap_or(0)
    }

    #[inline]
    fn entry_below<A: Address>(&self, named: Entry, address: A, depth: u32) -> Entry {
        let chunk = self.chunks.get((named & !CHUNK) as usize);
        let entry = chunk.and_then(|chunk| chunk.0.get(address.digit(depth)));
        entry.copied().unwrap_or(0)
    }

    fn entry_mut(&mut self, place: Place) -> Option<&mut Entry> {
        match place {
            Place::Root(at) => self.root.get_mut(at),
            Place::Chunk(chunk, digit) => self.chunks.get_mut(chunk as usize)?.0.get_mut(digit),
        }
    }

    /// What it takes in memory, bytes, without chunks that are to be used again.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.root) + (self.chunks.len() - self.unused.len()) * size_of::<Chunk>()
    }
}

impl Default for Index {
    /// The index of no key takes no memory.
    fn default() -> Self {
        Self {
            root: Box::default(),
            chunks: Vec::new(),
            unused: Vec::new(),
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

impl Chunk {
    const fn of(answer: Entry) -> Self {
        Self([answer; 1 << STRIDE])
    }
}

/// The place of an entry.
#[derive(Clone, Copy)]
enum Place {
    Root(usize),
    /// The number of a chunk, and which of its entries.
    Chunk(u32, usize),
}

#[derive(Clone, Copy)]
struct Change {
    old: Entry,
    new: Entry,
}

/// The bits of a root for so many keys: at most half a KiB for each key.
const fn root_bits(keys: usize) -> u32 {
    let mut bits = STRIDE;
    while bits < MAX_ROOT_BITS && keys >> (bits - 1) != 0 {
        bits += STRIDE;
    }
    bits
}
