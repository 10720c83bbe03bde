//! Lookups by gathers against what the documentation of a trie says, one address and one word after the other,
//! in tries of any content.
#![cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod support;

use std::net::{Ipv4Addr, Ipv6Addr};

use iiptran_accel::{ADDRESSES, Gather, Kernel, MultibitTrie};
use proptest::collection::vec;
use proptest::prelude::*;
use support::Numbers;

const CHUNK: u32 = 1 << 31;
/// What is in memory beside the slices, and never found.
const OUTSIDE: u32 = 0x0bad_0bad;

/// The answer for an address, its bits on the left.
fn answer(trie: MultibitTrie<'_>, address: u128) -> u32 {
    // The number that `count` bits behind the first `skip` make.
    let bits = |skip: u32, count: u32| {
        let aligned = address.checked_shl(skip).unwrap_or(0);
        let shift = 128_u32.checked_sub(count);
        shift.map_or(0, |shift| aligned.checked_shr(shift).unwrap_or(0))
    };
    let word = |words: &[u32], at: u64| words.get(at as usize).copied();
    let mut depth = trie.root_bits.min(MultibitTrie::MOST_ROOT_BITS);
    let mut found = word(trie.root, bits(0, depth) as u64).unwrap_or(0);
    while found & CHUNK != 0 {
        if depth >= 128 {
            return 0;
        }
        let chunk = u64::from(found & !CHUNK) * 4;
        let head = word(trie.chunks, chunk).zip(word(trie.chunks, chunk + 1));
        let head = head.map_or(0, |(low, high)| u64::from(low) | u64::from(high) << 32);
        let counted = (0..=bits(depth, 6)).filter(|bit| head >> bit & 1 == 1);
        found = word(trie.chunks, chunk + 2 + counted.count() as u64).unwrap_or(0);
        depth += 6;
    }
    found
}

/// Whether both kinds of addresses are found as they should be, by every kernel that gathers.
fn check(trie: MultibitTrie<'_>, addresses: &[u128; ADDRESSES]) {
    let v4 = addresses.map(|address| Ipv4Addr::from_bits((address >> 96) as u32));
    let v6 = addresses.map(Ipv6Addr::from_bits);
    for gather in Kernel::available().filter_map(Gather::new) {
        let short = addresses.map(|address| answer(trie, address >> 96 << 96));
        let mut found = [OUTSIDE; ADDRESSES];
        gather.v4(trie, &v4, &mut found);
        assert_eq!(found, short, "{gather:?}");
        let long = addresses.map(|address| answer(trie, address));
        gather.v6(trie, &v6, &mut found);
        assert_eq!(found, long, "{gather:?}");
    }
}

/// The words with others on both sides.
fn within(words: &[u32]) -> Vec<u32> {
    let outside = [OUTSIDE; 300];
    [&outside, words, &outside].concat()
}

fn inside(words: &[u32]) -> &[u32] {
    &words[300..words.len() - 300]
}

/// A word: often an answer, often the name of a chunk, which may or may not be there.
fn any_word() -> impl Strategy<Value = u32> {
    prop_oneof![
        any::<u32>(),
        0..CHUNK,
        (0..40_u32).prop_map(|chunk| CHUNK | chunk),
        Just(u32::MAX),
    ]
}

proptest! {
    #[test]
    fn tries_of_any_content_are_read_as_they_are_documented(
        root in vec(any_word(), 0..600),
        root_bits in prop_oneof![0..=32_u32, Just(6), Just(9), any::<u32>()],
        chunks in vec(any_word(), 0..150),
        seed in any::<u64>(),
        shared in 0..=128_u32,
    ) {
        let (root, chunks) = (within(&root), within(&chunks));
        let trie = MultibitTrie {
            root: inside(&root),
            root_bits,
            chunks: inside(&chunks),
        };
        let mut numbers = Numbers(seed);
        let zeros = u128::MAX.checked_shr(shared).unwrap_or(0);
        let addresses = [(); ADDRESSES].map(|()| {
            let address = u128::from(numbers.next()) << 64 | u128::from(numbers.next());
            address & zeros
        });
        check(trie, &addresses);
    }
}

#[test]
fn a_trie_without_words_answers_nothing() {
    for root_bits in [0, 1, 24, 31, 32, 64, 128, u32::MAX] {
        let trie = MultibitTrie {
            root: &[],
            root_bits,
            chunks: &[],
        };
        check(trie, &[u128::MAX; ADDRESSES]);
        let trie = MultibitTrie {
            root: &[CHUNK],
            ..trie
        };
        check(trie, &[0; ADDRESSES]);
    }
}

#[test]
fn a_chunk_that_names_itself_is_left() {
    let root = [CHUNK; 64];
    let trie = MultibitTrie {
        root: &root,
        root_bits: 6,
        chunks: &[0, 0, CHUNK],
    };
    check(trie, &[7; ADDRESSES]);
}

#[test]
fn the_slices_are_read_to_their_last_word_and_no_further() {
    let words = within(&[CHUNK | 1, 5, 6, 7, 1 << 3, 1 << 31, 8, 9, 10]);
    let chunks = inside(&words);
    let digits = [0, 2, 3, 62, 63];
    let mut addresses = [0; ADDRESSES];
    for (address, digit) in addresses.iter_mut().zip(digits.into_iter().cycle()) {
        *address = 1 << 127 | digit << 121;
    }
    for length in 0..=chunks.len() {
        for root in [&[OUTSIDE, CHUNK | 1][..], &[OUTSIDE]] {
            let trie = MultibitTrie {
                root,
                root_bits: 1,
                chunks: &chunks[..length],
            };
            check(trie, &addresses);
        }
    }
}
