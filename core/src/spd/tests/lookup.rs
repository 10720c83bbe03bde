//! The SPD as an ordered list.

use super::fixture::*;
use crate::Mode;
use crate::spd::Direction::{Inbound, Outbound};
use crate::spd::*;
use crate::wire::{Protocol, Upper};

fn protect_telnet() -> Policy {
    let telnet = tcp_set(sides(PortSet::Any, 23));
    Policy::protect("telnet", [telnet], Protection::new(Mode::Transport)).unwrap()
}

fn bypass(name: &str, applies: Applies) -> Policy {
    Policy::bypass(name, applies, [Selectors::ANY]).unwrap()
}

#[test]
fn an_empty_spd_matches_nothing() {
    for direction in [Outbound, Inbound] {
        assert_eq!(Spd::default().lookup(direction, &tcp_packet(1, 2)), None);
    }
    assert_eq!(Spd::default().iter().count(), 0);
}

#[test]
fn spd_03_the_first_match_decides() {
    let found = |policies: [Policy; 2], packet| {
        let spd = Spd::new(policies).unwrap();
        spd.lookup(Outbound, &packet)
            .map(|(id, policy)| (id, policy.action().name()))
    };
    let rest = || bypass("rest", Applies::Both);
    let (first, second) = (PolicyId(0), PolicyId(1));
    let telnet = tcp_packet(1024, 23);
    assert_eq!(
        found([protect_telnet(), rest()], telnet),
        Some((first, "protect"))
    );
    assert_eq!(
        found([rest(), protect_telnet()], telnet),
        Some((first, "bypass"))
    );
    let other = tcp_packet(1024, 24);
    assert_eq!(
        found([protect_telnet(), rest()], other),
        Some((second, "bypass"))
    );
}

#[test]
fn spd_04_a_clear_packet_that_should_be_protected_meets_its_protect_policy() {
    // The reply of a telnet server, not encrypted: no BYPASS further down lets it in.
    let spd = Spd::new([protect_telnet(), bypass("rest", Applies::Inbound)]).unwrap();
    let reply = tcp_packet(23, 1024);
    let name = |packet| spd.lookup(Inbound, packet).map(|(_, policy)| policy.name());
    assert_eq!(name(&reply), Some("telnet"));
    assert_eq!(name(&tcp_packet(24, 1024)), Some("rest"));
}

#[test]
fn spd_04_a_policy_of_the_other_direction_is_passed_over() {
    let policies = [
        bypass("out", Applies::Outbound),
        bypass("in", Applies::Inbound),
    ];
    let spd = Spd::new(policies).unwrap();
    let esp = flow_v4(Protocol::ESP, Upper::Absent);
    for (direction, name) in [(Outbound, "out"), (Inbound, "in")] {
        let (_, policy) = spd.lookup(direction, &esp).unwrap();
        assert_eq!(policy.name(), name);
    }
    let spd = Spd::new([bypass("out", Applies::Outbound)]).unwrap();
    assert_eq!(spd.lookup(Inbound, &esp), None);
}

#[test]
fn policies_are_found_by_name_and_by_place() {
    let spd = Spd::new([protect_telnet(), bypass("rest", Applies::Both)]).unwrap();
    let (id, rest) = spd.find("rest").unwrap();
    assert_eq!((id, spd.policy(id)), (PolicyId(1), Some(rest)));
    assert_eq!((spd.find("ftp"), spd.policy(PolicyId(2))), (None, None));
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let policies = [
        bypass("a", Applies::Both),
        protect_telnet(),
        bypass("a", Applies::Both),
    ];
    let error = Spd::new(policies).unwrap_err();
    let SpdError::DuplicateName { first, second, .. } = error;
    assert_eq!((first, second), (PolicyId(0), PolicyId(2)));
}
