//! What is still to happen, in the order of time.

use alloc::collections::BinaryHeap;
use core::cmp::Ordering;

use crate::Instant;

/// Things that are due. Those of one moment happen in the order in which they were added.
#[derive(Debug)]
pub(super) struct Schedule<D> {
    heap: BinaryHeap<Entry<D>>,
    added: u64,
}

#[derive(Debug)]
struct Entry<D> {
    at: Instant,
    number: u64,
    due: D,
}

impl<D> Schedule<D> {
    pub(super) const fn new() -> Self {
        Self {
            heap: BinaryHeap::new(),
            added: 0,
        }
    }

    pub(super) fn add(&mut self, at: Instant, due: D) {
        self.added = self.added.wrapping_add(1);
        self.heap.push(Entry {
            at,
            number: self.added,
            due,
        });
    }

    /// When the next thing is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|entry| entry.at)
    }

    pub(super) fn pop(&mut self) -> Option<(Instant, D)> {
        self.heap.pop().map(|entry| (entry.at, entry.due))
    }
}

impl<D> Ord for Entry<D> {
    /// The heap gives the greatest first, which is to be the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl<D> PartialOrd for Entry<D> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<D> PartialEq for Entry<D> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<D> Eq for Entry<D> {}
