//! What is looked up and where: the same tables and keys at every run, of the shapes of large networks.

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Marsaglia's xorshift generator of 64 bits.
#[derive(Debug)]
pub(crate) struct Numbers(u64);

impl Numbers {
    /// The first number of every table.
    pub(crate) const fn new() -> Self {
        Self(88_172_645_463_325_252)
    }

    /// The next number.
    pub(crate) const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// The next number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
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
pub(crate) const COLD: usize = 1 << 20;
/// How many keys are looked up again and again when a table is hot.
pub(crate) const HOT: usize = 4096;

/// Prefixes of one IP version, and addresses in them.
#[derive(Debug)]
pub(crate) struct Routes<A> {
    /// Prefixes: address and length.
    pub(crate) prefixes: Vec<(A, u8)>,
    /// Addresses in prefixes at random, [`COLD`] of them.
    pub(crate) keys: Vec<A>,
}

/// IPv4 prefixes with the lengths of the Internet's routes, in blocks of 16 bits.
#[must_use]
pub(crate) fn routes_v4(count: usize) -> Routes<Ipv4Addr> {
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
    let mut numbers = Numbers::new();
    let blocks: Vec<u32> = (0..28_000)
        .map(|_| (1 + numbers.below(223) as u32) << 24 | (numbers.next() as u32 & 0xff) << 16)
        .collect();
    let mask = |length: u8| u32::MAX << (32 - u32::from(length));
    let (mut prefixes, mut seen) = (Vec::new(), HashSet::new());
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
pub(crate) fn routes_v6(count: usize) -> Routes<Ipv6Addr> {
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
    let mut numbers = Numbers::new();
    let blocks: Vec<u32> = (0..20_000)
        .map(|_| {
            let registry = numbers.pick(&[0x2001, 0x2400, 0x2600, 0x2800, 0x2a00, 0x2c00]);
            let span = if registry == 0x2001 { 1 } else { 16 };
            (registry + numbers.below(span) as u32) << 16 | numbers.next() as u32 & 0xffff
        })
        .collect();
    let mask = |length: u8| u128::MAX << (128 - u32::from(length));
    let (mut prefixes, mut seen) = (Vec::new(), HashSet::new());
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
pub(crate) fn sas(count: usize) -> Vec<(u32, Ipv4Addr)> {
    let mut numbers = Numbers::new();
    let sa = |number: u32| {
        let group = Ipv4Addr::from(0x0a00_0000 + (numbers.next() as u32 & 0xff_ffff));
        (0x1000_u32.wrapping_add(number.wrapping_mul(7919)), group)
    };
    (0..count as u32).map(sa).collect()
}

/// [`COLD`] numbers below a bound at random.
#[must_use]
pub(crate) fn places(bound: usize) -> Vec<usize> {
    let mut numbers = Numbers::new();
    (0..COLD).map(|_| numbers.below(bound)).collect()
}

/// A policy: the 24 bits of its local and of its remote network, and which remote TCP ports it is for, if
/// not for everything between them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// Local network: address and length.
    pub(crate) local: (Ipv4Addr, u8),
    /// Remote network: address and length.
    pub(crate) remote: (Ipv4Addr, u8),
    /// The first and the last TCP port of the far side.
    pub(crate) ports: Option<(u16, u16)>,
}

/// Networks of 24 bits in 10.0.0.0/8 to networks of 24 bits in 172.16.0.0/12, whatever the protocol.
#[must_use]
pub(crate) fn pairs(count: usize) -> Vec<Pair> {
    let mut numbers = Numbers::new();
    let pair = |_| Pair {
        local: ((0x0a00_0000 | numbers.next() as u32 & 0xff_ff00).into(), 24),
        remote: ((0xac10_0000 | numbers.next() as u32 & 0xf_ff00).into(), 24),
        ports: None,
    };
    (0..count).map(pair).collect()
}

/// What a large network may have: networks to networks, hosts to ports, whole sites to one network, and
/// ports and port ranges whatever the network, all in one order.
#[must_use]
pub(crate) fn mixed_pairs(count: usize) -> Vec<Pair> {
    let everywhere = (Ipv4Addr::UNSPECIFIED, 0);
    let mut numbers = Numbers::new();
    let mut pairs = pairs(count);
    for pair in &mut pairs {
        let port = (numbers.next() % 50_000) as u16;
        match numbers.below(100) {
            0..40 => {}
            40..70 => {
                let host = u32::from(pair.remote.0) | numbers.next() as u32 & 0xff;
                pair.remote = (host.into(), 32);
                pair.ports = Some((port, port));
            }
            70..85 => pair.local = ((u32::from(pair.local.0) & 0xffff_0000).into(), 16),
            85..90 => pair.local = everywhere,
            90..95 => {
                pair.remote = everywhere;
                pair.ports = Some((port, port));
            }
            95..99 => pair.ports = Some((port, port + 1_000)),
            _ => {
                (pair.local, pair.remote, pair.ports) = (everywhere, everywhere, Some((port, port)))
            }
        }
    }
    pairs
}

/// Packets of pairs at random: source, destination and ports, [`PACKETS`] of them.
#[must_use]
pub(crate) fn packets(pairs: &[Pair]) -> Vec<([Ipv4Addr; 2], [u16; 2])> {
    let mut numbers = Numbers::new();
    let inside = |(network, length): (Ipv4Addr, u8), random: u64| {
        let hosts = u32::MAX.checked_shr(length.into()).unwrap_or(0);
        Ipv4Addr::from(u32::from(network) | random as u32 & hosts)
    };
    let packet = |_| {
        let pair = numbers.pick(pairs);
        let ends = [
            inside(pair.local, numbers.next()),
            inside(pair.remote, numbers.next()),
        ];
        let port = pair.ports.map_or(numbers.next() as u16, |(first, _)| first);
        (ends, [numbers.next() as u16, port])
    };
    (0..PACKETS).map(packet).collect()
}

/// How many packets are asked about in turn.
pub(crate) const PACKETS: usize = 1 << 16;
