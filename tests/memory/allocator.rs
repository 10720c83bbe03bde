//! An allocator that can be asked what a thread did with memory.
#![allow(
    unsafe_code,
    reason = "an allocator can be written in no other way; it is in no library"
)]

use core::cell::{Cell, RefCell};
use std::alloc::{GlobalAlloc, Layout, System};

struct Watched;

#[global_allocator]
static ALLOCATOR: Watched = Watched;

/// The pieces of a key that are looked for, at most so many.
const PIECES: usize = 4;
/// Length of a piece, bytes: half of the shortest key, so that no other bytes are taken for it.
pub(crate) const PIECE: usize = 8;

// Constants without destructors: neither setting them up nor tearing them down allocates.
thread_local! {
    /// How often memory was taken, or given back.
    static CALLS: Cell<usize> = const { Cell::new(0) };
    /// What must not be in a block that is given back; every bit flipped, as copies of this list would
    /// be found otherwise.
    static SECRETS: Cell<[Option<[u8; PIECE]>; PIECES]> = const { Cell::new([None; PIECES]) };
    /// In how many blocks it was nevertheless.
    static LEAKS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every request goes to the system's allocator, with the layout that it came with, and what
// that gives is passed on. `realloc` is the trait's own, which takes a new block and gives the old one
// back through these two.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise about `layout` is the one that is asked for. Zeroed memory is
        // memory; it makes every byte of a block one that may be read.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count();
        let secrets = SECRETS.try_with(Cell::get).unwrap_or_default();
        if secrets.iter().any(Option::is_some) {
            // SAFETY: the block is still allocated, has this size, was zeroed at first, and belongs
            // to nobody else: its owner is giving it back.
            let bytes = unsafe { core::slice::from_raw_parts(block, layout.size()) };
            let is_in = |secret: &[u8; PIECE]| {
                let same = |part: &[u8]| {
                    part.iter()
                        .zip(secret)
                        .all(|(byte, flipped)| *byte == !flipped)
                };
                bytes.windows(PIECE).any(same)
            };
            if secrets.iter().flatten().any(is_in) {
                let _ = LEAKS.try_with(|leaks| leaks.set(leaks.get() + 1));
            }
        }
        // SAFETY: the block came from `alloc` with this layout, so from the system's allocator.
        unsafe { System.dealloc(block, layout) }
    }
}

fn count() {
    // A thread that ends has no counter any more, and nobody who asks for it.
    let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
}

/// Runs something, and tells how often it took memory or gave some back.
pub(crate) fn calls<R>(run: impl FnOnce() -> R) -> (R, usize) {
    let before = CALLS.with(Cell::get);
    let result = run();
    (result, CALLS.with(Cell::get) - before)
}

/// Runs something, and tells how many of the blocks that it gave back had one of these pieces in them,
/// each with every bit flipped.
pub(crate) fn leaks(secrets: [Option<[u8; PIECE]>; PIECES], run: impl FnOnce()) -> usize {
    let before = LEAKS.with(Cell::get);
    SECRETS.with(|watched| watched.set(secrets));
    run();
    SECRETS.with(|watched| watched.set([None; PIECES]));
    LEAKS.with(Cell::get) - before
}

/// The instruments themselves.
#[test]
fn memory_is_counted_and_searched() {
    assert_eq!(calls(|| ()).1, 0);
    assert_eq!(calls(|| drop(Box::new(7))).1, 2);
    let (vector, taken) = calls(|| vec![1, 2, 3]);
    assert_eq!(taken, 1);
    assert_eq!(calls(|| RefCell::new(vector).into_inner()[0]), (1, 1));

    let secret = *b"a secret";
    let watched = [Some(secret.map(|byte| !byte)), None, None, None];
    assert_eq!(leaks(watched, || drop(vec![0; 64])), 0);
    assert_eq!(leaks(watched, || drop(secret.to_vec())), 1);
    let mut wiped = secret.to_vec();
    wiped.fill(0);
    assert_eq!(leaks(watched, || drop(wiped)), 0);
    // Growth leaves the old block behind.
    let mut growing = Vec::with_capacity(8);
    growing.extend(secret);
    assert_eq!(leaks(watched, || growing.reserve(64)), 1);
}
