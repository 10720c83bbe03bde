//! One address after the other, with the instruction that counts bits: safe code, but for calling it.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::{ADDRESSES, MultibitTrie};

const CHUNK: u32 = 1 << 31;
const STRIDE: u32 = 6;
/// Bits of the longest address.
const LONGEST: u32 = 128;

#[target_feature(enable = "popcnt")]
pub(super) fn v4(
    trie: MultibitTrie<'_>,
    addresses: &[Ipv4Addr; ADDRESSES],
    found: &mut [u32; ADDRESSES],
) {
    let bits = |address: &Ipv4Addr| (u64::from(address.to_bits()) << 32, 0);
    lookup(trie, addresses, found, bits);
}

#[target_feature(enable = "popcnt")]
pub(super) fn v6(
    trie: MultibitTrie<'_>,
    addresses: &[Ipv6Addr; ADDRESSES],
    found: &mut [u32; ADDRESSES],
) {
    let bits = |address: &Ipv6Addr| {
        let bits = address.to_bits();
        ((bits >> 64) as u64, bits as u64)
    };
    lookup(trie, addresses, found, bits);
}

/// Each step is taken for all addresses before the next one; `bits` are the first and the last 64 of an address.
#[inline(always)]
fn lookup<A>(
    trie: MultibitTrie<'_>,
    addresses: &[A; ADDRESSES],
    found: &mut [u32; ADDRESSES],
    bits: impl Fn(&A) -> (u64, u64),
) {
    let mut depth = trie.bits();
    let mut deeper = 0;
    for (found, address) in found.iter_mut().zip(addresses) {
        let at = bits(address).0.checked_shr(64 - depth).unwrap_or(0);
        *found = trie.root.get(at as usize).copied().unwrap_or(0);
        deeper |= *found;
    }
    while deeper & CHUNK != 0 && depth < LONGEST {
        deeper = 0;
        for (found, address) in found.iter_mut().zip(addresses) {
            if *found & CHUNK != 0 {
                let (high, low) = bits(address);
                let window = if depth <= u64::BITS - STRIDE {
                    high << depth
                } else {
                    ((u128::from(high) << 64 | u128::from(low)) << depth >> 64) as u64
                };
                *found = below(trie.chunks, *found, window >> (u64::BITS - STRIDE));
                deeper |= *found;
            }
        }
        depth += STRIDE;
    }
    for found in found.iter_mut().filter(|found| **found & CHUNK != 0) {
        *found = 0;
    }
}

#[inline(always)]
fn below(chunks: &[u32], named: u32, digit: u64) -> u32 {
    let at = (named & !CHUNK) as usize * 4;
    let Some([low, high]) = chunks.get(at..at + 2) else {
        return 0;
    };
    let changes = u64::from(*low) | u64::from(*high) << 32;
    let rank = (changes << (63 - digit)).count_ones();
    chunks.get(at + 2 + rank as usize).copied().unwrap_or(0)
}
