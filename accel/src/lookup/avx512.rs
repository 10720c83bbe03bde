//! AVX-512: eight addresses in a register, four registers in lockstep.
//!
//! A gather reads only the lanes of its mask, and a lane is in the mask only if a comparison has found that what
//! it reads lies in the slice.

use core::arch::x86_64::*;
use core::net::{Ipv4Addr, Ipv6Addr};

use super::{ADDRESSES, MultibitTrie};

/// Lanes of a register.
const LANES: usize = 8;
const GROUPS: usize = ADDRESSES / LANES;
const STRIDE: u32 = 6;
/// Bits of the longest address.
const LONGEST: u32 = 128;

/// Words that were found, and the words of 64 bits that the addresses begin and end with.
struct Group {
    found: __m256i,
    high: __m512i,
    low: __m512i,
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq")]
pub(super) fn v4(
    trie: MultibitTrie<'_>,
    addresses: &[Ipv4Addr; ADDRESSES],
    found: &mut [u32; ADDRESSES],
) {
    let (halves, _) = addresses.as_chunks::<16>();
    let (places, _) = found.as_chunks_mut::<16>();
    let shift = _mm_cvtsi32_si128((32 - trie.bits()).cast_signed());
    let limit = _mm512_set1_epi32(i32::try_from(trie.root.len()).unwrap_or(i32::MAX));
    let mut words = [_mm512_setzero_si512(); 2];
    let mut deeper = 0;
    for ((half, words), place) in halves.iter().zip(&mut words).zip(places) {
        let numbers = half.map(Ipv4Addr::to_bits);
        // SAFETY: the load is of the 64 bytes of `numbers`, and needs no alignment.
        *words = unsafe { _mm512_loadu_si512(numbers.as_ptr().cast()) };
        let index = _mm512_srl_epi32(*words, shift);
        let inside = _mm512_cmplt_epu32_mask(index, limit);
        // SAFETY: only lanes are read whose index is below the length of the slice. An index is not taken
        // for negative, as the limit is at most `i32::MAX`.
        let entries = unsafe {
            let zero = _mm512_setzero_si512();
            _mm512_mask_i32gather_epi32::<4>(zero, inside, index, trie.root.as_ptr().cast())
        };
        deeper |= _mm512_movepi32_mask(entries);
        // SAFETY: the store is to the 64 bytes that `place` borrows alone, and needs no alignment.
        unsafe { _mm512_storeu_si512(place.as_mut_ptr().cast(), entries) };
    }
    if deeper == 0 {
        return;
    }
    let halves = |words: __m512i| {
        [
            _mm512_castsi512_si256(words),
            _mm512_extracti64x4_epi64::<1>(words),
        ]
    };
    let [[a, b], [c, d]] = words.map(halves);
    let high = [a, b, c, d].map(|words| _mm512_slli_epi64::<32>(_mm512_cvtepu32_epi64(words)));
    let (quarters, _) = found.as_chunks::<LANES>();
    let mut groups = high.map(|high| Group {
        found: _mm256_setzero_si256(),
        high,
        low: _mm512_setzero_si512(),
    });
    for (group, quarter) in groups.iter_mut().zip(quarters) {
        // SAFETY: the load is of the 32 bytes that `quarter` borrows, and needs no alignment.
        group.found = unsafe { _mm256_loadu_si256(quarter.as_ptr().cast()) };
    }
    descend(&trie, &mut groups);
    store(&groups, found);
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq")]
pub(super) fn v6(
    trie: MultibitTrie<'_>,
    addresses: &[Ipv6Addr; ADDRESSES],
    found: &mut [u32; ADDRESSES],
) {
    let (eights, _) = addresses.as_chunks::<LANES>();
    let shift = _mm_cvtsi32_si128((64 - trie.bits()).cast_signed());
    let limit = _mm512_set1_epi64(trie.root.len() as i64);
    let mut groups = [(); GROUPS].map(|()| Group {
        found: _mm256_setzero_si256(),
        high: _mm512_setzero_si512(),
        low: _mm512_setzero_si512(),
    });
    for (group, eight) in groups.iter_mut().zip(eights) {
        (group.high, group.low) = load(eight);
        let index = _mm512_srl_epi64(group.high, shift);
        let inside = _mm512_cmplt_epu64_mask(index, limit);
        let base = trie.root.as_ptr().cast();
        // SAFETY: only lanes are read whose index is below the length of the slice.
        group.found = unsafe {
            _mm512_mask_i64gather_epi32::<4>(_mm256_setzero_si256(), inside, index, base)
        };
    }
    descend(&trie, &mut groups);
    store(&groups, found);
}

/// The first and the last 64 bits of eight addresses.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
#[inline]
fn load(addresses: &[Ipv6Addr; LANES]) -> (__m512i, __m512i) {
    let reversed = _mm512_broadcast_i32x4(_mm_set_epi8(
        8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7,
    ));
    let numbers = addresses.map(|address| {
        let octets = address.octets();
        // SAFETY: the load is of the 16 bytes of `octets`, and needs no alignment.
        unsafe { _mm_loadu_si128(octets.as_ptr().cast()) }
    });
    let [a, b, c, d, e, f, g, h] = numbers;
    let four = |a, b, c, d| {
        let four = _mm512_castsi128_si512(a);
        let four = _mm512_inserti32x4::<1>(four, b);
        let four = _mm512_inserti32x4::<2>(four, c);
        _mm512_shuffle_epi8(_mm512_inserti32x4::<3>(four, d), reversed)
    };
    let (first, second) = (four(a, b, c, d), four(e, f, g, h));
    let even = _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0);
    let odd = _mm512_set_epi64(15, 13, 11, 9, 7, 5, 3, 1);
    (
        _mm512_permutex2var_epi64(first, even, second),
        _mm512_permutex2var_epi64(first, odd, second),
    )
}

/// Goes from chunk to chunk until there are only answers.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq")]
#[inline]
fn descend(trie: &MultibitTrie<'_>, groups: &mut [Group; GROUPS]) {
    let base: *const u32 = trie.chunks.as_ptr();
    let length = _mm512_set1_epi64(trie.chunks.len() as i64);
    let heads = _mm512_set1_epi64(trie.chunks.len().saturating_sub(1) as i64);
    let two = _mm512_set1_epi64(2);
    let number = _mm256_set1_epi32(i32::MAX);
    let ones = _mm512_set1_epi64(-1);
    let mut depth = trie.bits();
    while depth < LONGEST {
        // A shift by 64 bits or more, or by a number below zero, makes zeros of a register.
        let [up, down, over] = [depth, 64_u32.wrapping_sub(depth), depth.wrapping_sub(64)]
            .map(|count| _mm_cvtsi64_si128(i64::from(count)));
        let mut deeper = 0;
        for group in groups.iter_mut() {
            let goes_on = _mm256_movepi32_mask(group.found);
            let place = _mm512_slli_epi64::<2>(_mm512_cvtepu32_epi64(_mm256_and_si256(
                group.found,
                number,
            )));
            let window = _mm512_or_si512(
                _mm512_sll_epi64(group.high, up),
                _mm512_or_si512(
                    _mm512_srl_epi64(group.low, down),
                    _mm512_sll_epi64(group.low, over),
                ),
            );
            // 63 less the digit: how far the bits above the digit's have to be shifted out.
            let above = _mm512_srli_epi64::<58>(_mm512_xor_si512(window, ones));
            let there = _mm512_mask_cmplt_epu64_mask(goes_on, place, heads);
            // SAFETY: only lanes are read of which both words lie in the slice: the place of the second is
            // below its length.
            let changes = unsafe {
                _mm512_mask_i64gather_epi64::<4>(_mm512_setzero_si512(), there, place, base.cast())
            };
            let rank = _mm512_popcnt_epi64(_mm512_sllv_epi64(changes, above));
            let place = _mm512_add_epi64(_mm512_add_epi64(place, two), rank);
            let there = _mm512_mask_cmplt_epu64_mask(goes_on, place, length);
            // SAFETY: only lanes are read whose place is below the length of the slice.
            let next = unsafe {
                _mm512_mask_i64gather_epi32::<4>(_mm256_setzero_si256(), there, place, base.cast())
            };
            group.found = _mm256_mask_mov_epi32(group.found, goes_on, next);
            deeper |= _mm256_movepi32_mask(group.found);
        }
        if deeper == 0 {
            return;
        }
        depth += STRIDE;
    }
    for group in groups {
        let unended = _mm256_movepi32_mask(group.found);
        group.found = _mm256_mask_mov_epi32(group.found, unended, _mm256_setzero_si256());
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
#[inline]
fn store(groups: &[Group; GROUPS], found: &mut [u32; ADDRESSES]) {
    let (places, _) = found.as_chunks_mut::<LANES>();
    for (place, group) in places.iter_mut().zip(groups) {
        // SAFETY: the store is to the 32 bytes that `place` borrows alone, and needs no alignment.
        unsafe { _mm256_storeu_si256(place.as_mut_ptr().cast(), group.found) };
    }
}
