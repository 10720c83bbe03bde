//! The SPD against the naive model, on random policies and packets.

use alloc::format;
use alloc::vec::Vec;

use proptest::collection::vec;
use proptest::prelude::*;

use super::model::{self, Kind, Next, Packet, Set, Shown, Values};
use super::random::{any_set, flags, is_misplaced, mixed, packet, packet_in_place, policy, set};
use crate::spd::{Applies, Direction, Policy, PopulateFromPacket, Protection, Selectors, Spd};
use crate::{DropReason, Mode};

pub(super) fn direction(outbound: bool) -> Direction {
    if outbound {
        Direction::Outbound
    } else {
        Direction::Inbound
    }
}

fn selectors(sets: &[Set]) -> Vec<Selectors> {
    sets.iter().map(|set| set.selectors().unwrap()).collect()
}

pub(super) fn real_policy((index, policy): (usize, &model::Policy)) -> Policy {
    let (name, sets) = (format!("{index}"), selectors(&policy.sets));
    match (policy.outbound, policy.inbound) {
        (true, true) => Policy::protect(name, sets, Protection::new(Mode::Transport)),
        (true, false) => Policy::bypass(name, Applies::Outbound, sets),
        _ => Policy::discard(name, Applies::Inbound, sets),
    }
    .unwrap()
}

/// Whether a flag asks for a field that no packet can have.
fn is_refused(flags: PopulateFromPacket, set: &Set) -> bool {
    let port = flags.local_port || flags.remote_port;
    let is_opaque = |values: &Values| matches!(values, Values::Opaque);
    match set.protocol {
        Next::Any => port && !flags.protocol,
        Next::Opaque => port || flags.protocol,
        Next::Is(_) if set.kind == Kind::Any => false,
        Next::Is(_) => {
            flags.local_port && is_opaque(&set.local_field)
                || flags.remote_port && is_opaque(&set.remote_field)
        }
    }
}

/// Whether two packets agree in the flagged fields, if both show them.
fn agree(flags: PopulateFromPacket, outbound: bool, a: &Packet, b: &Packet) -> bool {
    let same = |local: bool, remote: bool, source: bool, destination: bool| {
        let (local_is_same, remote_is_same) = if outbound {
            (source, destination)
        } else {
            (destination, source)
        };
        (!local || local_is_same) && (!remote || remote_is_same)
    };
    let source = (a.v6, a.source) == (b.v6, b.source);
    let destination = (a.v6, a.destination) == (b.v6, b.destination);
    let port = flags.local_port || flags.remote_port;
    let protocol = !flags.protocol && !port || a.next_layer() == b.next_layer();
    let fields = match (a.shown(), b.shown()) {
        (Shown::Ports(a1, a2), Shown::Ports(b1, b2)) => {
            same(flags.local_port, flags.remote_port, a1 == b1, a2 == b2)
        }
        // A message is a value of its sender's side.
        (Shown::Message(_), _) if outbound && !flags.local_port => true,
        (Shown::Message(_), _) if !outbound && !flags.remote_port => true,
        (Shown::Message(a), shown) => shown == Shown::Message(a),
        _ => !port,
    };
    same(flags.local, flags.remote, source, destination) && protocol && fields
}

proptest! {
    #[test]
    fn selectors_are_refused_if_no_packet_can_have_them(set in any_set()) {
        prop_assert_eq!(set.selectors().is_ok(), set.is_valid());
    }

    #[test]
    fn the_first_policy_that_matches_is_found(
        policies in vec(policy(), 0..7),
        packets in vec(packet(), 32),
    ) {
        let spd: Vec<_> = policies.iter().enumerate().map(real_policy).collect();
        let spd = Spd::new(spd).unwrap();
        for packet in &packets {
            for outbound in [true, false] {
                let found = spd.lookup(direction(outbound), &packet.flow());
                let found = found.map(|(id, policy)| (id.0 as usize, policy.name().into()));
                let expected = model::lookup(&policies, outbound, packet);
                prop_assert_eq!(found, expected.map(|index| (index, format!("{index}"))));
            }
        }
    }

    #[test]
    fn what_a_set_covers_it_matches(
        wide in set(),
        other in any_set(),
        mask in any::<u8>(),
        packets in vec(packet(), 64),
    ) {
        let pick = |bit: u8| if mask >> bit & 1 == 0 { &wide } else { &other };
        let field = |bit: u8| if other.kind == wide.kind { pick(bit) } else { &wide };
        let narrow = Set {
            v6: pick(0).v6,
            local: pick(1).local.clone(),
            remote: pick(2).remote.clone(),
            local_field: field(3).local_field.clone(),
            remote_field: field(4).remote_field.clone(),
            ..wide.clone()
        };
        let real = wide.selectors().unwrap();
        prop_assert!(real.covers(&real));
        if narrow.selectors().is_ok_and(|narrow| real.covers(&narrow)) {
            for (packet, outbound) in packets.iter().flat_map(|packet| [(packet, true), (packet, false)]) {
                prop_assert!(!narrow.matches(outbound, packet) || wide.matches(outbound, packet));
            }
        }
    }

    #[test]
    fn a_new_sa_is_the_part_of_its_policy_that_agrees_with_the_packet(
        sets in vec(set(), 1..4),
        flags in flags(),
        outbound in any::<bool>(),
        packet in packet_in_place(),
        others in vec((packet(), any::<u8>()), 64),
    ) {
        let protection = Protection { populate: flags, ..Protection::new(Mode::Transport) };
        let policy = Policy::protect("policy", selectors(&sets), protection);
        prop_assert_eq!(policy.is_err(), sets.iter().any(|set| is_refused(flags, set)));
        let Ok(policy) = policy else { return Ok(()) };
        let in_policy = |packet: &Packet| sets.iter().any(|set| set.matches(outbound, packet));
        let port = flags.local_port || flags.remote_port;
        let shows_all = !(port && packet.shown() == Shown::Nothing
            || (port || flags.protocol) && packet.next_layer().is_none());

        let sa = policy.sa_selectors(direction(outbound), &packet.flow());
        prop_assert_eq!(sa.is_ok(), in_policy(&packet) && shows_all);
        let Ok(sa) = sa else {
            let unavailable = sa == Err(DropReason::SelectorUnavailable);
            prop_assert!(unavailable || !in_policy(&packet));
            return Ok(());
        };
        prop_assert!(sa.iter().all(|set| policy.covers(set)));
        let others = others.iter().map(|&(other, mask)| mixed(packet, other, mask));
        for other in others.chain([packet]).filter(|other| !is_misplaced(other)) {
            let in_sa = sa.iter().any(|set| set.matches(direction(outbound), &other.flow()));
            let expected = in_policy(&other) && agree(flags, outbound, &packet, &other);
            prop_assert_eq!(in_sa, expected, "{:?}", other);
        }
    }
}
