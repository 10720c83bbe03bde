//! Policies between networks, and packets that they match.

use std::net::Ipv4Addr;

use iiptran_benches::inputs::Numbers;

/// What a policy is between, and which remote TCP ports it is for, if not for everything.
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
    let mut numbers = Numbers::default();
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
    let mut numbers = Numbers::default();
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
    let mut numbers = Numbers::default();
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
