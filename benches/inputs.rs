//! What is looked up and where: the same tables and keys at every run, of the shapes of large networks.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Marsaglia's xorshift generator of 64 bits.
#[derive(Debug)]
pub struct Numbers(u64);

impl Default for Numbers {
    /// The same numbers for every table.
    fn default() -> Self {
        Self(88_172_645_463_325_252)
    }
}

impl Numbers {
    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// The next number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// One of them.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// One of the lengths, as often as its share says; shares are per mille, the last takes the rest.
    fn length(&mut self, shares: &[(u8, usize)]) -> u8 {
        let mut rest = self.below(1000);
        for &(length, share) in shares {
            match rest.checked_sub(share) {
                None => return length,
                Some(less) => rest = less,
            }
        }
        shares[shares.len() - 1].0
    }
}

/// How many keys are looked up in turn when a table is cold.
pub const COLD: usize = 1 << 20;
/// How many keys are looked up again and again when a table is hot.
pub const HOT: usize = 4096;

/// Prefixes of one IP version, and addresses in them.
#[derive(Debug)]
pub struct Routes<A> {
    /// Prefixes: address and length.
    pub prefixes: Vec<(A, u8)>,
    /// Addresses in prefixes at random, [`COLD`] of them.
    pub keys: Vec<A>,
}

/// IPv4 prefixes with the lengths of the Internet's routes, in blocks of 16 bits.
#[must_use]
pub fn routes_v4(count: usize) -> Routes<Ipv4Addr> {
    const LENGTHS: [(u8, usize); 17] = [
        (8, 1),
        (9, 1),
        (10, 1),
        (11, 1),
        (12, 1),
        (13, 1),
        (14, 2),
        (15, 2),
        (16, 14),
        (17, 9),
        (18, 15),
        (19, 27),
        (20, 45),
        (21, 53),
        (22, 117),
        (23, 105),
        (24, 605),
    ];
    let mut numbers = Numbers::default();
    let blocks: Vec<u32> = (0..28_000)
        .map(|_| (1 + numbers.below(223) as u32) << 24 | (numbers.next() as u32 & 0xff) << 16)
        .collect();
    let mask = |length: u8| u32::MAX << (32 - u32::from(length));
    let (mut prefixes, mut seen) = (Vec::new(), BTreeSet::new());
    while prefixes.len() < count {
        let length = numbers.length(&LENGTHS);
        let address = numbers.pick(&blocks) | numbers.next() as u32 & 0xffff;
        let prefix = (address & mask(length), length);
        if seen.insert(prefix) {
            prefixes.push(prefix);
        }
    }
    let keys = (0..COLD).map(|_| {
        let (address, length) = numbers.pick(&prefixes);
        Ipv4Addr::from(address | numbers.next() as u32 & !mask(length))
    });
    let keys = keys.collect();
    let prefixes = prefixes.into_iter();
    Routes {
        prefixes: prefixes.map(|(a, l)| (Ipv4Addr::from(a), l)).collect(),
        keys,
    }
}

/// IPv6 prefixes with the lengths of the Internet's routes, in blocks of 32 bits.
#[must_use]
pub fn routes_v6(count: usize) -> Routes<Ipv6Addr> {
    const LENGTHS: [(u8, usize); 13] = [
        (29, 20),
        (30, 3),
        (32, 120),
        (33, 20),
        (34, 15),
        (36, 40),
        (38, 15),
        (40, 100),
        (42, 30),
        (44, 110),
        (46, 40),
        (47, 17),
        (48, 470),
    ];
    let mut numbers = Numbers::default();
    let blocks: Vec<u32> = (0..20_000)
        .map(|_| {
            let registry = numbers.pick(&[0x2001, 0x2400, 0x2600, 0x2800, 0x2a00, 0x2c00]);
            let span = if registry == 0x2001 { 1 } else { 16 };
            (registry + numbers.below(span) as u32) << 16 | numbers.next() as u32 & 0xffff
        })
        .collect();
    let mask = |length: u8| u128::MAX << (128 - u32::from(length));
    let (mut prefixes, mut seen) = (Vec::new(), BTreeSet::new());
    while prefixes.len() < count {
        let length = numbers.length(&LENGTHS);
        let address = u128::from(numbers.pick(&blocks)) << 96 | u128::from(numbers.next()) << 32;
        let prefix = (address & mask(length), length);
        if seen.insert(prefix) {
            prefixes.push(prefix);
        }
    }
    let keys = (0..COLD).map(|_| {
        let (address, length) = numbers.pick(&prefixes);
        let host = u128::from(numbers.next()) << 64 | u128::from(numbers.next());
        Ipv6Addr::from(address | host & !mask(length))
    });
    let keys = keys.collect();
    let prefixes = prefixes.into_iter();
    Routes {
        prefixes: prefixes.map(|(a, l)| (Ipv6Addr::from(a), l)).collect(),
        keys,
    }
}

/// SAs by SPI, and the destination that the key of some has.
#[must_use]
pub fn sas(count: usize) -> Vec<(u32, Ipv4Addr)> {
    let mut numbers = Numbers::default();
    let sa = |number: u32| {
        let group = Ipv4Addr::from(0x0a00_0000 + (numbers.next() as u32 & 0xff_ffff));
        (0x1000_u32.wrapping_add(number.wrapping_mul(7919)), group)
    };
    (0..count as u32).map(sa).collect()
}

/// [`COLD`] numbers at random.
#[must_use]
pub fn numbers() -> Vec<u64> {
    let mut numbers = Numbers::default();
    (0..COLD).map(|_| numbers.next()).collect()
}

/// [`COLD`] numbers below a bound at random.
#[must_use]
pub fn places(bound: usize) -> Vec<usize> {
    let numbers = numbers().into_iter();
    numbers.map(|it| (it % bound as u64) as usize).collect()
}

/// How many flows are looked up in turn when an SPD is cold.
pub const FLOWS: usize = 1 << 16;

/// The two sides of policies, each a prefix of 24 bits.
#[must_use]
pub fn policies(count: usize) -> Vec<[Ipv4Addr; 2]> {
    let mut numbers = Numbers::default();
    let mut side = |start: u32, mask: u32| Ipv4Addr::from(start | numbers.next() as u32 & mask);
    (0..count)
        .map(|_| [side(0x0a00_0000, 0xff_ff00), side(0xac10_0000, 0xf_ff00)])
        .collect()
}

/// A flow that a policy matches: addresses and ports.
#[derive(Debug)]
pub struct UdpFlow {
    /// Source and destination.
    pub addresses: [Ipv4Addr; 2],
    /// Source and destination.
    pub ports: [u16; 2],
}

/// [`FLOWS`] flows of policies at random.
#[must_use]
pub fn flows(policies: &[[Ipv4Addr; 2]]) -> Vec<UdpFlow> {
    let numbers = numbers().into_iter().take(FLOWS);
    let flow = |number: u64| {
        let [local, remote] = policies[(number % policies.len() as u64) as usize];
        let host =
            |side: Ipv4Addr, shift| Ipv4Addr::from(side.to_bits() | (number >> shift) as u32 & 255);
        UdpFlow {
            addresses: [host(local, 40), host(remote, 48)],
            ports: [(number >> 24) as u16, (number >> 32) as u16],
        }
    };
    numbers.map(flow).collect()
}
