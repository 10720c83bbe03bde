//! What was compiled against the list of policies, searched from end to end, and against the naive model.

use alloc::format;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::collection::vec;
use proptest::prelude::*;

use super::model;
use super::properties::{direction, real_policy};
use super::random::{packet, policy};
use crate::Mode;
use crate::spd::{
    AddressSet, Applies, Direction, IcmpMessage, IcmpSet, InnerLayer, InnerSelectors, NextLayer,
    Policy, PolicyId, PortSet, Protection, Selectors, Sides, Spd, UpperSelector,
};
use crate::wire::{Flow, Fragment, InnerFlows, IpVersion, Protocol, Upper};

/// Numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// In few neighbourhoods, and all over the rest of the address.
    fn address(&mut self, version: IpVersion) -> IpAddr {
        let near = self.below(1 << 12);
        match version {
            IpVersion::V4 => Ipv4Addr::from(0x0a00_0000 | (near << 12 | near & 3) as u32).into(),
            IpVersion::V6 => {
                let bits = 0x2001_0db8_u128 << 96 | u128::from(near) << 76;
                Ipv6Addr::from(bits | u128::from(near & 3)).into()
            }
        }
    }

    fn addresses(&mut self, version: IpVersion) -> AddressSet {
        let (a, b) = (self.address(version), self.address(version));
        match self.below(10) {
            0 => AddressSet::Any,
            1 => AddressSet::ranges([a.min(b)..=a.max(b)]).unwrap(),
            2 => {
                let ranges = (0..6).map(|_| self.address(version)).map(|one| one..=one);
                AddressSet::ranges(ranges).unwrap()
            }
            3..6 => AddressSet::from(a),
            _ => {
                let longest = if version == IpVersion::V4 { 33 } else { 129 };
                AddressSet::prefix(a, self.below(longest) as u8).unwrap()
            }
        }
    }

    fn ports(&mut self) -> PortSet {
        let first = self.below(60_000) as u16;
        match self.below(6) {
            0..3 => PortSet::Any,
            3 => PortSet::Opaque,
            4 => PortSet::from(first),
            _ => {
                let last = first + self.below(2_000) as u16;
                PortSet::ranges([first..=last, 7..=9, 22..=22]).unwrap()
            }
        }
    }

    fn next_layer(&mut self, version: IpVersion) -> NextLayer {
        match (self.below(6), version) {
            (0, IpVersion::V6) => NextLayer::Opaque,
            (0 | 1, _) => NextLayer::Any,
            (2, IpVersion::V4) => NextLayer::Protocol {
                protocol: Protocol::ICMP,
                upper: UpperSelector::Icmp(Sides {
                    local: IcmpSet::from(IcmpMessage::new(self.below(3) as u8, 0)),
                    remote: IcmpSet::Any,
                }),
            },
            (2 | 3, _) => Protocol::UDP.into(),
            _ => NextLayer::Protocol {
                protocol: Protocol::TCP,
                upper: UpperSelector::Ports(Sides {
                    local: self.ports(),
                    remote: self.ports(),
                }),
            },
        }
    }

    fn selectors(&mut self) -> Selectors {
        let version = [IpVersion::V4, IpVersion::V6][self.below(2) as usize];
        let (local, remote) = (self.addresses(version), self.addresses(version));
        loop {
            let next_layer = self.next_layer(version);
            if let Ok(set) = Selectors::new(local.clone(), remote.clone(), next_layer) {
                return set;
            }
        }
    }

    fn policy(&mut self, name: usize) -> Policy {
        let name = format!("{name}");
        let sets: Vec<_> = (0..=self.below(3)).map(|_| self.selectors()).collect();
        let policy = match self.below(4) {
            0 => Policy::discard(name, Applies::Inbound, sets),
            1 => Policy::bypass(name, Applies::Outbound, sets),
            2 => Policy::bypass(name, Applies::Both, sets),
            _ => Policy::protect(name, sets, Protection::new(Mode::Transport)),
        };
        let policy = policy.unwrap();
        if self.below(5) > 0 {
            return policy;
        }
        policy.with_inner_selectors(InnerSelectors {
            layer: InnerLayer::Next,
            sets: [self.selectors()].into(),
        })
    }

    fn flow(&mut self) -> Flow {
        let version = [IpVersion::V4, IpVersion::V6][self.below(2) as usize];
        let protocol = [Protocol::TCP, Protocol::TCP, Protocol::UDP, Protocol::ICMP];
        // Now and then an extension header that is hidden, fields that are not the protocol's, or addresses of
        // two versions: whatever a flow can say.
        let other = [IpVersion::V4, version, version, version][self.below(4) as usize];
        let mut port = || [7, 22, self.below(60_000) as u16][self.below(3) as usize];
        let [source, destination] = [port(), port()];
        Flow {
            source: self.address(version),
            destination: self.address(other),
            protocol: match self.below(9) {
                0 => Protocol::DESTINATION_OPTIONS,
                _ => protocol[self.below(4) as usize],
            },
            upper: match self.below(8) {
                0 => Upper::Absent,
                1 => Upper::Unavailable,
                2 => Upper::Icmp {
                    kind: self.below(3) as u8,
                    code: 0,
                },
                _ => Upper::Ports {
                    source,
                    destination,
                },
            },
            traffic_class: 0,
            flow_label: 0,
            fragment: Fragment::new(1, self.below(2) as u16 * 8, self.below(2) == 0)
                .filter(|_| self.below(3) == 0),
        }
    }
}

#[test]
fn compiled_policies_decide_as_the_list_does() {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let mut places = Vec::new();
    for count in [1, 4, 5, 9, 40, 200, 600, 1_500] {
        let policies: Vec<_> = (0..count).map(|name| numbers.policy(name)).collect();
        let spd = Spd::new(policies).unwrap();
        for round in 0..1_500 {
            let flow = numbers.flow();
            let inner = InnerFlows {
                next: Some(numbers.flow()),
                innermost: None,
            };
            let inner = Some(&inner).filter(|_| round % 2 == 0);
            for direction in [Direction::Outbound, Direction::Inbound] {
                let expected = spd
                    .iter()
                    .find(|(_, policy)| policy.matches_through(direction, &flow, inner));
                let found = spd.lookup_through(direction, &flow, inner);
                assert_eq!(
                    found.map(|(id, _)| id),
                    expected.map(|(id, _)| id),
                    "{flow:?}"
                );
                let is_candidate = |policy: &Policy| policy.name().ends_with(['1', '4', '8']);
                let expected = spd.iter().find(|(_, policy)| {
                    policy.matches_through(direction, &flow, inner) && is_candidate(policy)
                });
                let found = spd.lookup_among(direction, &flow, inner, is_candidate);
                assert_eq!(
                    found.map(|(id, _)| id),
                    expected.map(|(id, _)| id),
                    "{flow:?}"
                );
                places.extend(found.map(|(id, _)| id.0));
            }
        }
    }
    // That something was found deep in the list says that this was a test.
    let deepest = places.iter().max();
    assert!(
        places.len() > 1_000 && deepest > Some(&30),
        "{}, {deepest:?}",
        places.len()
    );
}

#[test]
fn a_burst_decides_as_the_list_does() {
    let mut numbers = Numbers(7);
    for count in [0, 1, 5, 50, 600] {
        let policies: Vec<_> = (0..count).map(|name| numbers.policy(name)).collect();
        let spd = Spd::new(policies).unwrap();
        let mut places = Vec::new();
        for direction in [Direction::Outbound, Direction::Inbound] {
            let flows: Vec<_> = (0..1_000).map(|_| numbers.flow()).collect();
            let mut found = [None; 990];
            spd.lookup_burst(direction, &flows, &mut found);
            for (flow, found) in flows.iter().zip(found) {
                let expected = spd
                    .iter()
                    .find(|(_, policy)| policy.matches(direction, flow));
                assert_eq!(found, expected.map(|(id, _)| id), "{flow:?}");
                places.extend(found);
            }
            // What is not asked for is left alone.
            let mut more = [Some(PolicyId(u32::MAX)); 9];
            spd.lookup_burst(direction, &flows[..7], &mut more);
            assert_eq!(more[7..], [Some(PolicyId(u32::MAX)); 2]);
        }
        assert!(
            places.len() > 100 || count < 50,
            "{count}: {}",
            places.len()
        );
    }
}

#[test]
fn in_a_burst_each_packet_goes_as_far_down_the_list_as_it_has_to() {
    let at = |site: u8| Ipv4Addr::new(10, site, 0, 1).into();
    let sites = (0..20).map(|site| {
        let [local, remote] = [at(0), at(site)].map(|address| AddressSet::prefix(address, 24));
        Selectors::new(local.unwrap(), remote.unwrap(), NextLayer::Any).unwrap()
    });
    let policies: Vec<_> = sites
        .chain([Selectors::ANY])
        .zip(0..)
        .map(|(set, name)| Policy::bypass(format!("{name}"), Applies::Both, [set]).unwrap())
        .collect();
    let spd = Spd::new(policies).unwrap();
    let flows: Vec<_> = (0..24)
        .map(|site| Flow {
            destination: at(site),
            source: at(0),
            ..Numbers(1).flow()
        })
        .collect();
    let mut found = [None; 24];
    spd.lookup_burst(Direction::Outbound, &flows, &mut found);
    let expected: Vec<_> = (0..24).map(|site| Some(PolicyId(site.min(20)))).collect();
    assert_eq!(found[..], expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn many_policies_decide_as_the_model_says(
        policies in vec(policy(), 8..120),
        packets in vec(packet(), 32),
    ) {
        let spd: Vec<_> = policies.iter().enumerate().map(real_policy).collect();
        let spd = Spd::new(spd).unwrap();
        for packet in &packets {
            for outbound in [true, false] {
                let found = spd.lookup(direction(outbound), &packet.flow());
                let expected = model::lookup(&policies, outbound, packet);
                prop_assert_eq!(found.map(|(id, _)| id.0 as usize), expected);
            }
        }
    }
}
