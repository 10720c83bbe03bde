//! The table of RFC 4301 section 4.4.2.2, row by row: policy, PFP flag, packet, new SA.

use super::fixture::*;
use crate::spd::Direction::{Inbound, Outbound};
use crate::spd::*;
use crate::wire::{Flow, Protocol, Upper};

/// One field of the next layer: how a set becomes selectors, and a packet that shows the field or not.
struct Field<T, F> {
    selectors: F,
    flag: PopulateFromPacket,
    direction: Direction,
    shown: Flow,
    value: T,
}

impl<T: Successor + core::fmt::Debug, F: Fn(FieldSet<T>) -> Selectors> Field<T, F> {
    fn check_rows_with_values(&self, values: FieldSet<T>) {
        let Self { flag, shown, .. } = *self;
        let hidden = later_fragment(shown);
        let values = (self.selectors)(values);
        let value = (self.selectors)(self.value.into());
        let sa = |flag, packet| new_sa(flag, &[&values], self.direction, packet);
        assert_eq!(sa(NONE, &shown), Ok([values.clone()].into()));
        assert_eq!(sa(NONE, &hidden), UNAVAILABLE);
        assert_eq!(sa(flag, &shown), Ok([value].into()));
        assert_eq!(sa(flag, &hidden), UNAVAILABLE);
    }

    fn check_rows_with_any_and_opaque(&self) {
        let Self { flag, shown, .. } = *self;
        let hidden = later_fragment(shown);
        let any = (self.selectors)(FieldSet::Any);
        let opaque = (self.selectors)(FieldSet::Opaque);
        let value = (self.selectors)(self.value.into());
        let sa = |flag, sets: &[&Selectors], packet| new_sa(flag, sets, self.direction, packet);
        assert_eq!(sa(NONE, &[&any], &shown), Ok([any.clone()].into()));
        assert_eq!(sa(NONE, &[&any], &hidden), Ok([any.clone()].into()));
        assert_eq!(sa(flag, &[&any], &shown), Ok([value].into()));
        assert_eq!(sa(flag, &[&any], &hidden), UNAVAILABLE);

        // A packet that shows the field comes to an OPAQUE selector by another set of the policy only.
        let both = Ok([any.clone(), opaque.clone()].into());
        assert_eq!(sa(NONE, &[&any, &opaque], &shown), both);
        assert_eq!(sa(NONE, &[&opaque], &shown), MISMATCH);
        assert_eq!(sa(NONE, &[&opaque], &hidden), Ok([opaque.clone()].into()));
        assert_eq!(
            policy(flag, &[&any, &opaque]),
            Err(PolicyError::PopulateOpaque)
        );
    }
}

#[test]
fn spd_14_an_address_is_the_packets_or_the_policys() {
    // The example of RFC 4301 section 4.4.1.
    let packet = flow("10.0.0.7", "192.0.2.3", Protocol::UDP, Upper::Unavailable);
    let reply = flow("192.0.2.3", "10.0.0.7", Protocol::UDP, Upper::Unavailable);
    let range = AddressSet::ranges([address("192.0.2.1")..=address("192.0.2.10")]).unwrap();
    let host = AddressSet::from(address("192.0.2.3"));
    let remote =
        |set: &AddressSet| Selectors::new(AddressSet::Any, set.clone(), NextLayer::Any).unwrap();
    let local =
        |set: &AddressSet| Selectors::new(set.clone(), AddressSet::Any, NextLayer::Any).unwrap();
    for (in_policy, flag, in_sa) in [
        (&range, false, &range),
        (&AddressSet::Any, false, &AddressSet::Any),
        (&range, true, &host),
        (&AddressSet::Any, true, &host),
    ] {
        let expected = Ok([remote(in_sa)].into());
        let flags = if flag { REMOTE } else { NONE };
        assert_eq!(
            new_sa(flags, &[&remote(in_policy)], Outbound, &packet),
            expected
        );
        assert_eq!(
            new_sa(flags, &[&remote(in_policy)], Inbound, &reply),
            expected
        );
        let expected = Ok([local(in_sa)].into());
        let flags = if flag { LOCAL } else { NONE };
        assert_eq!(
            new_sa(flags, &[&local(in_policy)], Outbound, &reply),
            expected
        );
        assert_eq!(
            new_sa(flags, &[&local(in_policy)], Inbound, &packet),
            expected
        );
    }
}

#[test]
fn spd_14_the_protocol_is_the_packets_or_the_policys() {
    let shown = flow_v6(Protocol::UDP, Upper::Unavailable);
    let hidden = later_fragment(flow_v6(Protocol::DESTINATION_OPTIONS, Upper::Absent));
    let udp = &any_to_any(Protocol::UDP.into());
    let opaque = &any_to_any(NextLayer::Opaque);
    let any = &Selectors::ANY;
    let only = |set: &Selectors| Ok([set.clone()].into());
    for (in_policy, flag, packet, in_sa) in [
        (udp, NONE, &shown, only(udp)),
        (any, NONE, &shown, only(any)),
        (opaque, NONE, &shown, MISMATCH),
        (udp, NONE, &hidden, UNAVAILABLE),
        (any, NONE, &hidden, only(any)),
        (opaque, NONE, &hidden, only(opaque)),
        (udp, PROTOCOL, &shown, only(udp)),
        (any, PROTOCOL, &shown, only(udp)),
        (udp, PROTOCOL, &hidden, UNAVAILABLE),
        (any, PROTOCOL, &hidden, UNAVAILABLE),
    ] {
        assert_eq!(new_sa(flag, &[in_policy], Outbound, packet), in_sa);
    }
    let both = Ok([any.clone(), opaque.clone()].into());
    assert_eq!(new_sa(NONE, &[any, opaque], Outbound, &shown), both);
    assert_eq!(
        policy(PROTOCOL, &[opaque]),
        Err(PolicyError::PopulateOpaque)
    );
    assert_eq!(
        policy(LOCAL_PORT, &[opaque]),
        Err(PolicyError::PopulateOpaque)
    );
}

#[test]
fn spd_14_a_port_is_the_packets_or_the_policys() {
    let range = || PortSet::ranges([1..=9, 1024..=65535]).unwrap();
    let local = Field {
        selectors: |ports| tcp_set(sides(ports, PortSet::Any)),
        flag: LOCAL_PORT,
        direction: Outbound,
        shown: tcp_packet(2048, 23),
        value: 2048,
    };
    local.check_rows_with_values(range());
    local.check_rows_with_any_and_opaque();
    let remote = Field {
        selectors: |ports| tcp_set(sides(PortSet::Any, ports)),
        flag: REMOTE_PORT,
        direction: Outbound,
        shown: tcp_packet(23, 2048),
        value: 2048,
    };
    remote.check_rows_with_values(range());
    remote.check_rows_with_any_and_opaque();
    Field {
        direction: Inbound,
        shown: tcp_packet(2048, 23),
        ..remote
    }
    .check_rows_with_values(range());
}

#[test]
fn spd_14_a_mobility_type_is_the_packets_or_the_policys() {
    let field = Field {
        selectors: |types| {
            any_to_any(NextLayer::Protocol {
                protocol: Protocol::MOBILITY,
                upper: UpperSelector::Mobility(sides(types, MobilitySet::Any)),
            })
        },
        flag: LOCAL_PORT,
        direction: Outbound,
        shown: flow_v6(Protocol::MOBILITY, Upper::Mobility { kind: 5 }),
        value: 5,
    };
    field.check_rows_with_values(MobilitySet::ranges([1..=6]).unwrap());
    field.check_rows_with_any_and_opaque();
}

#[test]
fn spd_14_icmp_type_and_code_are_the_packets_or_the_policys() {
    let sent = Field {
        selectors: |messages| icmp_set(sides(messages, IcmpSet::Any)),
        flag: LOCAL_PORT,
        direction: Outbound,
        shown: icmp_packet(3, 4),
        value: IcmpMessage::new(3, 4),
    };
    let codes = IcmpMessage::new(3, 1)..=IcmpMessage::new(3, 6);
    sent.check_rows_with_values(IcmpSet::ranges([codes]).unwrap());
    sent.check_rows_with_values(IcmpSet::ranges([IcmpMessage::of_type(3)]).unwrap());
    sent.check_rows_with_any_and_opaque();
    let received = Field {
        selectors: |messages| icmp_set(sides(IcmpSet::Any, messages)),
        flag: REMOTE_PORT,
        direction: Inbound,
        shown: icmp_packet(3, 4),
        value: IcmpMessage::new(3, 4),
    };
    received.check_rows_with_values(IcmpSet::ranges([IcmpMessage::of_type(3)]).unwrap());
    received.check_rows_with_any_and_opaque();
}
