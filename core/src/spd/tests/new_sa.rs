//! What the table of RFC 4301 section 4.4.2.2 leaves open: several selector sets, and messages.

use super::fixture::*;
use crate::spd::Direction::{Inbound, Outbound};
use crate::spd::*;
use crate::wire::{Flow, Protocol, Upper};

#[test]
fn what_the_other_side_may_send_is_no_value_of_the_packet() {
    let echo = IcmpMessage::new(8, 0);
    let both = PopulateFromPacket {
        remote_port: true,
        ..LOCAL_PORT
    };
    let types = IcmpSet::ranges([IcmpMessage::of_type(8)]).unwrap();
    let reply = IcmpSet::ranges([IcmpMessage::of_type(0)]).unwrap();
    let set = icmp_set(sides(types, reply.clone()));
    let sa = new_sa(both, &[&set], Outbound, &icmp_packet(8, 0));
    assert_eq!(sa, Ok([icmp_set(sides(echo, reply.clone()))].into()));
    let mirrored = icmp_set(sides(reply.clone(), IcmpSet::Any));
    let sa = new_sa(both, &[&mirrored], Inbound, &icmp_packet(8, 0));
    assert_eq!(sa, Ok([icmp_set(sides(reply, echo))].into()));
    // Of one-way permission the OPAQUE side stays as it is.
    let send = icmp_set(sides(IcmpSet::Any, IcmpSet::Opaque));
    let sa = new_sa(LOCAL_PORT, &[&send], Outbound, &icmp_packet(8, 0));
    assert_eq!(sa, Ok([icmp_set(sides(echo, IcmpSet::Opaque))].into()));
}

#[test]
fn any_protocol_takes_protocol_and_ports_from_the_packet_together() {
    let all = PopulateFromPacket {
        protocol: true,
        remote_port: true,
        ..LOCAL_PORT
    };
    let sa = |packet: &Flow| new_sa(all, &[&Selectors::ANY], Outbound, packet);
    assert_eq!(
        sa(&tcp_packet(1024, 23)),
        Ok([tcp_set(sides(1024, 23))].into())
    );
    let echo = icmp_set(sides(IcmpMessage::new(8, 0), IcmpSet::Any));
    assert_eq!(sa(&icmp_packet(8, 0)), Ok([echo].into()));
    assert_eq!(sa(&flow_v4(Protocol::ESP, Upper::Absent)), UNAVAILABLE);
    let refused = policy(LOCAL_PORT, &[&Selectors::ANY]);
    assert_eq!(refused, Err(PolicyError::PopulatePortOfAnyProtocol));
}

#[test]
fn every_set_that_has_the_packets_values_goes_into_the_sa() {
    let to = |first: &str, last: &str, protocol: Protocol| {
        let remote = AddressSet::ranges([address(first)..=address(last)]).unwrap();
        Selectors::new(AddressSet::Any, remote, protocol.into()).unwrap()
    };
    let sets = [
        &to("198.51.100.0", "198.51.100.9", Protocol::TCP),
        &to("198.51.100.1", "198.51.100.5", Protocol::UDP),
        &to("198.51.100.2", "198.51.100.5", Protocol::SCTP),
    ];
    let host = |protocol| to("198.51.100.1", "198.51.100.1", protocol);
    let sa = |flags| new_sa(flags, &sets, Outbound, &tcp_packet(1024, 23));
    assert_eq!(sa(NONE), Ok(sets.map(Clone::clone).into()));
    assert_eq!(
        sa(REMOTE),
        Ok([host(Protocol::TCP), host(Protocol::UDP)].into())
    );
    assert_eq!(sa(PROTOCOL), Ok([sets[0].clone()].into()));

    let below = |port: u16| tcp_set(sides(PortSet::ranges([0..=port]).unwrap(), PortSet::Any));
    let sets = [&below(1023), &below(1024)];
    let sa = new_sa(LOCAL_PORT, &sets, Outbound, &tcp_packet(1024, 23));
    assert_eq!(sa, Ok([tcp_set(sides(1024, PortSet::Any))].into()));
}

#[test]
fn a_packet_of_another_policy_gets_no_sa() {
    let set = tcp_set(sides(PortSet::Any, 23));
    assert_eq!(
        new_sa(NONE, &[&set], Outbound, &tcp_packet(23, 1024)),
        MISMATCH
    );
    assert_eq!(
        new_sa(REMOTE_PORT, &[&set], Outbound, &tcp_packet(23, 1024)),
        MISMATCH
    );
}
