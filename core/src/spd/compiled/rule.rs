//! Rules: boxes in the space of local address, remote address, protocol and ports.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::spd::{
    AddressSet, Applies, Direction, FieldSet, NextLayer, Policy, PortSet, Selectors, UpperSelector,
};
use crate::wire::{Flow, Upper};

/// An address as a number.
pub(super) trait Address: Copy + Ord + Into<u128> {
    /// How many bits it has.
    const BITS: u32;
    const LOWEST: Self;
    const HIGHEST: Self;

    /// The number of an address of this IP version.
    fn of(address: IpAddr) -> Option<Self>;

    /// The bits behind the lowest `shift`, cut to a number that has at least 32 of them.
    fn bits_above(self, shift: u32) -> usize;
}

impl Address for u32 {
    const BITS: Self = 32;
    const LOWEST: Self = 0;
    const HIGHEST: Self = Self::MAX;

    #[inline]
    fn of(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V4(address) => Some(Ipv4Addr::to_bits(address)),
            IpAddr::V6(_) => None,
        }
    }

    #[inline]
    fn bits_above(self, shift: u32) -> usize {
        self.wrapping_shr(shift) as usize
    }
}

impl Address for u128 {
    const BITS: u32 = 128;
    const LOWEST: Self = 0;
    const HIGHEST: Self = Self::MAX;

    #[inline]
    fn of(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => Some(Ipv6Addr::to_bits(address)),
        }
    }

    #[inline]
    fn bits_above(self, shift: u32) -> usize {
        self.wrapping_shr(shift) as usize
    }
}

/// An inclusive range.
pub(super) type Span<T> = (T, T);

/// Where a packet is in the space.
#[derive(Clone, Copy)]
pub(super) struct Point<A> {
    /// Local and remote address.
    addresses: [A; 2],
    /// The next layer protocol, or [`HIDDEN_PROTOCOL`], and local and remote port, or [`HIDDEN_PORT`]. Other fields of
    /// next layers are not in the space.
    upper: [u32; 3],
}

/// A dimension of the space.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Local,
    Remote,
    Protocol,
    LocalPort,
    RemotePort,
}

/// A part of what a policy selects.
#[derive(Clone, Copy)]
pub(super) struct Rule<A> {
    pub(super) local: Span<A>,
    pub(super) remote: Span<A>,
    pub(super) protocol: Span<u32>,
    pub(super) local_port: Span<u32>,
    pub(super) remote_port: Span<u32>,
    /// The place of the policy in its SPD.
    pub(super) policy: u32,
    applies: Applies,
    /// Whether every packet in the box is the policy's; otherwise the policy has to be asked.
    pub(super) is_exact: bool,
}

const HIDDEN_PROTOCOL: u32 = 1 << 8;
const ANY_PROTOCOL: Span<u32> = (0, HIDDEN_PROTOCOL);
const HIDDEN_PORT: u32 = 1 << 16;
const ANY_PORT: Span<u32> = (0, HIDDEN_PORT);
/// A selector set with more combinations of ranges is one box around all of them.
const MOST_BOXES: usize = 16;

impl<A: Address> Point<A> {
    /// Somewhere.
    pub(super) const NOWHERE: Self = Self {
        addresses: [A::LOWEST; 2],
        upper: [HIDDEN_PROTOCOL, HIDDEN_PORT, HIDDEN_PORT],
    };

    /// Where a packet is; `None` if it is of the other IP version.
    #[inline]
    pub(super) fn of(direction: Direction, flow: &Flow) -> Option<Self> {
        let (source, destination) = (A::of(flow.source)?, A::of(flow.destination)?);
        let (local, remote) = direction.local_remote(source, destination);
        let (source, destination) = match flow.upper {
            Upper::Ports {
                source,
                destination,
            } => (source.into(), destination.into()),
            _ => (HIDDEN_PORT, HIDDEN_PORT),
        };
        let (local_port, remote_port) = direction.local_remote(source, destination);
        let protocol = flow.next_layer();
        let protocol = protocol.map_or(HIDDEN_PROTOCOL, |protocol| protocol.0.into());
        Some(Self {
            addresses: [local, remote],
            upper: [protocol, local_port, remote_port],
        })
    }

    /// The bits of a field behind the lowest `shift`, cut to a number that has at least 32 of them.
    ///
    /// Both are looked up and one is taken, as nothing about the field could be predicted.
    #[inline]
    pub(super) fn bits_above(&self, field: Field, shift: u32) -> usize {
        let place = field as usize;
        let [local, remote] = self.addresses.map(|address| address.bits_above(shift));
        let address = if field == Field::Local { local } else { remote };
        let upper = self.upper.get(place.wrapping_sub(2));
        upper.map_or(address, |upper| upper.bits_above(shift))
    }
}

impl<A: Address> Rule<A> {
    /// The rules of a policy for packets of one IP version, appended to others.
    pub(super) fn add(policy: &Policy, place: u32, rules: &mut Vec<Self>) {
        for set in policy.selectors() {
            let template = Self {
                local: (A::LOWEST, A::HIGHEST),
                remote: (A::LOWEST, A::HIGHEST),
                protocol: ANY_PROTOCOL,
                local_port: ANY_PORT,
                remote_port: ANY_PORT,
                policy: place,
                applies: policy.applies(),
                is_exact: policy.inner_selectors().is_none(),
            };
            template.add_set(set, rules);
        }
    }

    fn add_set(mut self, set: &Selectors, rules: &mut Vec<Self>) {
        let (Some(mut locals), Some(mut remotes)) = (spans(set.local()), spans(set.remote()))
        else {
            return;
        };
        let mut ports = [alloc::vec![ANY_PORT], alloc::vec![ANY_PORT]];
        match set.next_layer() {
            NextLayer::Any => {}
            NextLayer::Opaque => self.protocol = (HIDDEN_PROTOCOL, HIDDEN_PROTOCOL),
            NextLayer::Protocol { protocol, upper } => {
                self.protocol = (protocol.0.into(), protocol.0.into());
                match upper {
                    UpperSelector::Any => {}
                    UpperSelector::Ports(sides) => {
                        ports = [&sides.local, &sides.remote].map(port_spans)
                    }
                    UpperSelector::Icmp(_) | UpperSelector::Mobility(_) => self.is_exact = false,
                }
            }
        }
        let [mut local_ports, mut remote_ports] = ports;
        let boxes = [
            locals.len(),
            remotes.len(),
            local_ports.len(),
            remote_ports.len(),
        ];
        let boxes = boxes.into_iter().fold(1, usize::saturating_mul);
        if boxes > MOST_BOXES {
            self.is_exact = false;
            hull(&mut locals);
            hull(&mut remotes);
            hull(&mut local_ports);
            hull(&mut remote_ports);
        }
        for &local in &locals {
            for &remote in &remotes {
                for &local_port in &local_ports {
                    for &remote_port in &remote_ports {
                        rules.push(Self {
                            local,
                            remote,
                            local_port,
                            remote_port,
                            ..self
                        });
                    }
                }
            }
        }
    }

    /// Whether a packet that goes in this direction is in the box.
    #[inline]
    pub(super) fn matches(&self, direction: Direction, point: &Point<A>) -> bool {
        // All of it at once: nothing of it could be predicted.
        let [local, remote] = point.addresses;
        let [protocol, local_port, remote_port] = point.upper;
        contains(self.local, local)
            & contains(self.remote, remote)
            & contains(self.protocol, protocol)
            & contains(self.local_port, local_port)
            & contains(self.remote_port, remote_port)
            & self.applies.includes(direction)
    }
}

#[inline]
fn contains<T: Ord>((first, last): Span<T>, value: T) -> bool {
    (first <= value) & (value <= last)
}

/// The ranges of a set; `None` if its addresses are of the other IP version.
fn spans<A: Address>(set: &AddressSet) -> Option<Vec<Span<A>>> {
    match set {
        AddressSet::Any => Some(alloc::vec![(A::LOWEST, A::HIGHEST)]),
        AddressSet::Ranges(ranges) => ranges
            .iter()
            .map(|range| Some((A::of(*range.start())?, A::of(*range.end())?)))
            .collect(),
    }
}

fn port_spans(set: &PortSet) -> Vec<Span<u32>> {
    match set {
        FieldSet::Any => alloc::vec![ANY_PORT],
        FieldSet::Opaque => alloc::vec![(HIDDEN_PORT, HIDDEN_PORT)],
        FieldSet::Ranges(ranges) => ranges
            .iter()
            .map(|range| ((*range.start()).into(), (*range.end()).into()))
            .collect(),
    }
}

/// One range around those in a list that ascends.
fn hull<T: Copy>(spans: &mut Vec<Span<T>>) {
    if let (Some(&(first, _)), Some(&(_, last))) = (spans.first(), spans.last()) {
        *spans = alloc::vec![(first, last)];
    }
}
