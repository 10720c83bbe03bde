//! The memory of the index behind its root: chunks of 64 entries, in which neighbours that are equal are kept
//! once.
//!
//! A chunk is a number of 64 bits and its *runs*, as words of 32 bits. Bit n says that entry n differs from
//! the one before, so the run of an entry is the number of bits up to and including its own, as in a
//! Poptrie (Asai and Ohara, 2015). Most chunks have few runs, and one cache line holds several chunks.
//!
//! Lookups wait for memory, the less the nearer chunks are to those that name them. Where chunks come one by
//! one, they lie anywhere; now and then all are laid out anew, each in front of those that it names.

use alloc::vec::Vec;
use core::iter;
use core::ops::Range;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// An answer: 0 for none, or the number of a key plus one; or [`CHUNK`] and the number of a chunk.
pub(super) type Entry = u32;

/// Marks an entry that names a chunk: it is the number of the chunk's first four words.
pub(super) const CHUNK: Entry = 1 << 31;
/// How many bits choose an entry of a chunk.
pub(super) const STRIDE: u32 = 6;

const ENTRIES: usize = 1 << STRIDE;
/// Words in front of the runs.
const HEAD: usize = 2;
/// Chunks begin at multiples of so many words.
const SLOT: usize = 4;
const LINE: usize = 16;
/// How many words a chunk can have: parts of a line or whole lines, so that no chunk is in more lines than it has to be.
const SIZES: [usize; 6] = [4, 8, 16, 32, 48, 80];

/// Chunks that entries name by number.
#[derive(Clone, Default)]
pub(super) struct Chunks {
    lines: Vec<Line>,
    /// Chunks that are no longer named, of each of [`SIZES`].
    unused: [Vec<u32>; SIZES.len()],
    /// How many chunks got a place since all were laid out.
    strays: usize,
}

/// A cache line.
#[derive(Clone, Copy, FromBytes, Immutable, IntoBytes, KnownLayout)]
#[repr(C, align(64))]
struct Line([u32; LINE]);

impl Chunks {
    /// One of the 64 entries of a chunk.
    #[inline]
    pub(super) fn entry(&self, chunk: u32, digit: usize) -> Entry {
        let at = chunk as usize * SLOT;
        let up_to_digit = self.changes(at) << (ENTRIES - 1 - digit % ENTRIES);
        self.word(at + HEAD + up_to_digit.count_ones() as usize)
    }

    /// A chunk with one answer for all.
    pub(super) fn uniform(&mut self, answer: Entry) -> u32 {
        self.store(0, 1, [answer].into_iter())
    }

    /// The answer that a chunk has for all, if it has one.
    pub(super) fn uniform_answer(&self, chunk: u32) -> Option<Entry> {
        let at = chunk as usize * SLOT;
        let answer = self.word(at + HEAD);
        (self.changes(at) == 0 && answer & CHUNK == 0).then_some(answer)
    }

    /// Changes entries of a chunk, which may get another number by that.
    pub(super) fn change(
        &mut self,
        chunk: u32,
        digits: Range<usize>,
        new: impl Fn(Entry) -> Entry,
    ) -> u32 {
        let mut entries = [0; ENTRIES];
        for (digit, entry) in entries.iter_mut().enumerate() {
            *entry = self.entry(chunk, digit);
        }
        for entry in entries.get_mut(digits).unwrap_or_default() {
            *entry = new(*entry);
        }
        let mut changes = 0_u64;
        for (bit, pair) in (1..).zip(entries.windows(2)) {
            changes |= u64::from(pair.first() != pair.last()) << bit;
        }
        let begins = |digit: &usize| *digit == 0 || changes >> digit & 1 == 1;
        let runs = (0..ENTRIES).filter(begins);
        let runs = runs.filter_map(|digit| entries.get(digit).copied());
        let count = changes.count_ones() as usize + 1;
        let (old, size) = (self.size(chunk), size_for(count));
        if old == size {
            self.write(chunk, changes, runs);
            return chunk;
        }
        self.release(chunk);
        self.store(changes, count, runs)
    }

    /// Gives up a chunk that no entry names any more.
    pub(super) fn release(&mut self, chunk: u32) {
        let size = self.size(chunk);
        if let Some(unused) = self.unused.get_mut(size) {
            unused.push(chunk);
        }
    }

    /// Whether so many chunks lie anywhere that laying them out is worth going through a root of so many
    /// entries: a part of each that keeps the cost of a change low.
    pub(super) const fn are_scattered(&self, root: usize) -> bool {
        self.strays > self.lines.len() / 4 + root / 1024
    }

    /// Takes the chunks of others over that an entry names, in the order in which a lookup goes through
    /// them; returns the entry that names them here.
    pub(super) fn lay_out(&mut self, others: &Self, entry: Entry) -> Entry {
        if entry & CHUNK == 0 {
            return entry;
        }
        let old = (entry & !CHUNK) as usize * SLOT;
        let changes = others.changes(old);
        let runs = changes.count_ones() as usize + 1;
        let places = (old + HEAD..).take(runs);
        let names_chunks = places.clone().any(|at| others.word(at) & CHUNK != 0);
        let size = size_for(runs);
        // One that names others begins a line, of which they get the rest.
        let chunk = if names_chunks {
            self.allocate_line(size)
        } else {
            self.allocate(size)
        };
        self.write(chunk, changes, iter::empty());
        for (at, old) in (chunk as usize * SLOT + HEAD..).zip(places) {
            let entry = self.lay_out(others, others.word(old));
            self.set_word(at, entry);
        }
        self.strays = 0;
        CHUNK | chunk
    }

    /// All words.
    #[cfg(all(feature = "accel", target_arch = "x86_64", target_feature = "sse2"))]
    #[inline]
    pub(super) fn words(&self) -> &[u32] {
        <[u32]>::ref_from_bytes(self.lines.as_bytes()).unwrap_or_default()
    }

    /// What they take in memory, bytes, without those that are to be used again.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        let unused = self.unused.iter().zip(SIZES);
        let unused: usize = unused.map(|(chunks, size)| chunks.len() * size).sum();
        (self.lines.len() * LINE - unused) * size_of::<u32>()
    }

    #[inline]
    fn word(&self, at: usize) -> u32 {
        let line = self.lines.get(at / LINE);
        line.and_then(|line| line.0.get(at % LINE))
            .copied()
            .unwrap_or(0)
    }

    /// The first two words of a chunk: which entries differ from those before.
    #[inline]
    fn changes(&self, at: usize) -> u64 {
        let Some(Line(words)) = self.lines.get(at / LINE) else {
            return 0;
        };
        match words.get(at % LINE..).unwrap_or_default() {
            [low, high, ..] => u64::from(*low) | u64::from(*high) << 32,
            _ => 0,
        }
    }

    /// Which of [`SIZES`] a chunk has.
    fn size(&self, chunk: u32) -> usize {
        let changes = self.changes(chunk as usize * SLOT);
        size_for(changes.count_ones() as usize + 1)
    }

    fn store(&mut self, changes: u64, count: usize, runs: impl Iterator<Item = Entry>) -> u32 {
        let chunk = self.allocate(size_for(count));
        self.write(chunk, changes, runs);
        chunk
    }

    fn write(&mut self, chunk: u32, changes: u64, runs: impl Iterator<Item = Entry>) {
        let at = chunk as usize * SLOT;
        let head = [changes as u32, (changes >> 32) as u32];
        for (at, word) in (at..).zip(head.into_iter().chain(runs)) {
            self.set_word(at, word);
        }
    }

    fn set_word(&mut self, at: usize, word: u32) {
        let line = self.lines.get_mut(at / LINE);
        if let Some(place) = line.and_then(|line| line.0.get_mut(at % LINE)) {
            *place = word;
        }
    }

    fn allocate(&mut self, size: usize) -> u32 {
        self.strays += 1;
        let unused = self.unused.get_mut(size).and_then(Vec::pop);
        unused.unwrap_or_else(|| self.allocate_line(size))
    }

    /// A place at the beginning of a line; the rest of the line is for chunks of that size.
    fn allocate_line(&mut self, size: usize) -> u32 {
        let words = SIZES.get(size).copied().unwrap_or(LINE);
        let lines = words.div_ceil(LINE);
        if self.lines.len() + lines > self.lines.capacity() {
            // An eighth more, not twice as many: small tables are to stay small.
            self.lines.reserve_exact(self.lines.len() / 8 + lines);
        }
        // 2^31 slots would take 32 GiB: no table comes near.
        let first = self.lines.len() * (LINE / SLOT);
        let first = u32::try_from(first).unwrap_or(u32::MAX) & !CHUNK;
        self.lines.resize(self.lines.len() + lines, Line([0; LINE]));
        // The rest of the line.
        if let Some(unused) = self.unused.get_mut(size) {
            let places = (first..).step_by(words / SLOT).take(LINE / words);
            unused.extend(places.skip(1));
        }
        first
    }
}

/// Which of [`SIZES`] a chunk with so many runs has.
fn size_for(runs: usize) -> usize {
    SIZES.partition_point(|&words| words < HEAD + runs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn entries(chunks: &Chunks, chunk: u32) -> Vec<Entry> {
        (0..ENTRIES)
            .map(|digit| chunks.entry(chunk, digit))
            .collect()
    }

    proptest! {
        #[test]
        fn chunks_are_arrays_of_64_entries(
            changes in vec((0..5_usize, 0..64_usize, 1..=64_usize, 1..9_u32), 0..40),
        ) {
            let mut chunks = Chunks::default();
            let mut numbers = [(); 5].map(|()| chunks.uniform(7));
            let mut model = [[7; ENTRIES]; 5];
            for (which, first, count, new) in changes {
                let digits = first..ENTRIES.min(first + count);
                model[which][digits.clone()].fill(new);
                numbers[which] = chunks.change(numbers[which], digits, |_| new);
                for (number, model) in numbers.into_iter().zip(&model) {
                    prop_assert_eq!(&entries(&chunks, number), model);
                    let is_uniform = model.iter().all(|entry| entry == &model[0]);
                    let answer = is_uniform.then_some(model[0]);
                    prop_assert_eq!(chunks.uniform_answer(number), answer);
                }
            }
            let mut laid_out = Chunks::default();
            for (number, model) in numbers.into_iter().zip(&model) {
                let named = laid_out.lay_out(&chunks, CHUNK | number);
                prop_assert_eq!(&entries(&laid_out, named & !CHUNK), model);
            }
            for number in numbers {
                chunks.release(number);
            }
            prop_assert_eq!(chunks.bytes(), 0);
        }
    }

    #[test]
    fn what_names_a_chunk_is_laid_out_in_front_of_it_in_its_line() {
        let mut chunks = Chunks::default();
        let below = chunks.uniform(1);
        let below = chunks.change(below, 9..12, |_| 2);
        let above = chunks.uniform(3);
        let above = chunks.change(above, 40..41, |_| CHUNK | below);
        assert!(above > below);
        let mut laid_out = Chunks::default();
        // Somebody has the first half of a line.
        let other = laid_out.uniform(1);
        laid_out.change(other, 9..12, |_| 2);
        let above = laid_out.lay_out(&chunks, CHUNK | above) & !CHUNK;
        let below = laid_out.entry(above, 40) & !CHUNK;
        let line = |chunk: u32| chunk as usize * SLOT / LINE;
        assert_eq!(line(above), line(below));
        assert!(above < below);
        let entries = [8, 9, 11, 12].map(|digit| laid_out.entry(below, digit));
        assert_eq!(entries, [1, 2, 2, 1]);
        assert_eq!([39, 41].map(|it| laid_out.entry(above, it)), [3, 3]);
    }

    #[test]
    fn a_chunk_that_is_not_there_has_no_answers() {
        let mut chunks = Chunks::default();
        assert_eq!((chunks.entry(0, 0), chunks.entry(CHUNK - 1, 63)), (0, 0));
        let only = chunks.uniform(5);
        assert_eq!((chunks.entry(only, 63), chunks.entry(only + 4, 0)), (5, 0));
    }
}
