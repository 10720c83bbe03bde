//! Longest prefix match: many addresses at once, through a multibit trie in two slices.

mod avx512;
mod scalar;

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::{Kernel, chosen};

/// How many addresses are looked up at once.
pub const ADDRESSES: usize = 32;

/// A multibit trie, in words. Whatever they are, a lookup ends and reads nothing else.
///
/// The first `root_bits` bits of an address choose a word of `root`. With its highest bit clear a word is
/// the answer; otherwise its other bits, times four, are the place in `chunks` of the chunk that decides by the
/// next six bits, zeros behind the end of the address. A chunk begins with a number of 64 bits, the low
/// word first; the bits of it up to and including the one that the six bits choose are counted, and so many
/// words behind the number is the next word. Six bits further it goes on like that.
///
/// Words that are not there are answers of 0, and so is a chunk behind the end of the address.
#[derive(Clone, Copy, Debug)]
pub struct MultibitTrie<'t> {
    /// What the first bits choose from.
    pub root: &'t [u32],
    /// How many bits choose from it, [`Self::MOST_ROOT_BITS`] at most; more are taken for that.
    pub root_bits: u32,
    /// Chunks.
    pub chunks: &'t [u32],
}

impl MultibitTrie<'_> {
    /// The most bits that choose from a root.
    pub const MOST_ROOT_BITS: u32 = 31;

    fn bits(&self) -> u32 {
        self.root_bits.min(Self::MOST_ROOT_BITS)
    }
}

/// Looks addresses up with the instructions of a kernel: `avx512` gathers, the others count bits by one
/// instruction.
#[derive(Clone, Copy, Debug)]
pub struct Gather(Kernel);

impl Gather {
    /// `None` if the CPU can't run the kernel.
    #[inline]
    #[must_use]
    pub fn new(kernel: Kernel) -> Option<Self> {
        kernel.is_available().then_some(Self(kernel))
    }

    /// That of the kernel that has been chosen: see [`chosen`].
    #[inline]
    #[must_use]
    pub fn chosen() -> Option<Self> {
        // No kernel is chosen that can't run.
        chosen().map(Self)
    }

    /// The answers of a trie of IPv4, each in the place of its address.
    #[inline]
    pub fn v4(
        self,
        trie: MultibitTrie<'_>,
        addresses: &[Ipv4Addr; ADDRESSES],
        answers: &mut [u32; ADDRESSES],
    ) {
        // SAFETY: `Gather::new`, or whoever chose the kernel, has found that the CPU has its instructions.
        unsafe {
            match self.0 {
                Kernel::Avx512 => avx512::v4(trie, addresses, answers),
                Kernel::Avx2 | Kernel::AesNi => scalar::v4(trie, addresses, answers),
            }
        }
    }

    /// The answers of a trie of IPv6, each in the place of its address.
    #[inline]
    pub fn v6(
        self,
        trie: MultibitTrie<'_>,
        addresses: &[Ipv6Addr; ADDRESSES],
        answers: &mut [u32; ADDRESSES],
    ) {
        // SAFETY: as above.
        unsafe {
            match self.0 {
                Kernel::Avx512 => avx512::v6(trie, addresses, answers),
                Kernel::Avx2 | Kernel::AesNi => scalar::v6(trie, addresses, answers),
            }
        }
    }
}
