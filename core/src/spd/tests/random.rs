//! Random packets and policies for the naive model.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::model::{Kind, Next, Packet, Part, Policy, Set, Values};
use crate::spd::PopulateFromPacket;

const PROTOCOLS: [u8; 7] = [1, 6, 17, 50, 58, 60, 135];
const PARTS: [Part; 4] = [
    Part::Whole,
    Part::CutShort,
    Part::FirstFragment,
    Part::LaterFragment,
];
const KINDS: [Kind; 4] = [Kind::Any, Kind::Ports, Kind::Icmp, Kind::Mobility];
const CODES: [u8; 4] = [0, 1, 2, 255];

pub(super) fn packet() -> impl Strategy<Value = Packet> {
    let fields = (0..8_u8, prop_oneof![0..8_u8, select(&CODES)]);
    let (v6, protocol, part) = (any::<bool>(), select(&PROTOCOLS), select(&PARTS));
    let hosts = (0..16_u8, 0..16_u8);
    (v6, hosts, protocol, fields, part).prop_map(
        |(v6, (source, destination), protocol, fields, part)| Packet {
            v6,
            source,
            destination,
            protocol,
            fields,
            part,
        },
    )
}

/// A packet whose ICMP or mobility message is of its own IP version.
pub(super) fn packet_in_place() -> impl Strategy<Value = Packet> {
    packet().prop_map(|packet| Packet {
        v6: packet.v6 ^ is_misplaced(&packet),
        ..packet
    })
}

/// A message of one IP version inside the other.
pub(super) fn is_misplaced(packet: &Packet) -> bool {
    matches!((packet.protocol, packet.v6), (1, true) | (58 | 135, false))
}

/// The first packet, with some of its fields from the second.
pub(super) fn mixed(first: Packet, second: Packet, mask: u8) -> Packet {
    let pick = |bit: u8| if mask >> bit & 1 == 0 { first } else { second };
    Packet {
        v6: pick(0).v6,
        source: pick(1).source,
        destination: pick(2).destination,
        protocol: pick(3).protocol,
        fields: (pick(4).fields.0, pick(5).fields.1),
        part: pick(6).part,
    }
}

fn values(value: BoxedStrategy<u16>, opaque_weight: u32) -> impl Strategy<Value = Values> {
    let pair = (value.clone(), value).prop_map(|(a, b)| (a.min(b), a.max(b)));
    prop_oneof![
        3 => Just(Values::Any),
        opaque_weight => Just(Values::Opaque),
        4 => vec(pair, 1..4).prop_map(Values::Between),
    ]
}

/// A selector set that some packet may match.
pub(super) fn set() -> impl Strategy<Value = Set> {
    any_set().prop_map(|set| match set.protocol {
        _ if set.is_valid() => set,
        Next::Is(_) => Set {
            kind: Kind::Any,
            ..set
        },
        _ => Set {
            protocol: Next::Any,
            ..set
        },
    })
}

pub(super) fn any_set() -> impl Strategy<Value = Set> {
    let next = prop_oneof![
        2 => Just(Next::Any),
        1 => Just(Next::Opaque),
        9 => select(&PROTOCOLS).prop_map(Next::Is),
    ];
    (next, select(&KINDS), any::<bool>()).prop_flat_map(|(protocol, other, fitting)| {
        let kind = match protocol {
            Next::Is(6 | 17) if fitting => Kind::Ports,
            Next::Is(1 | 58) if fitting => Kind::Icmp,
            Next::Is(135) if fitting => Kind::Mobility,
            _ => other,
        };
        let field = || match kind {
            Kind::Icmp => (0..8_u16, select(&CODES))
                .prop_map(|(kind, code)| kind * 256 + u16::from(code))
                .boxed(),
            _ => (0..8_u16).boxed(),
        };
        let fields = (values(field(), 3), values(field(), 3));
        let addresses = || values((0..16_u16).boxed(), 0);
        (any::<bool>(), addresses(), addresses(), fields).prop_map(
            move |(v6, local, remote, (local_field, remote_field))| Set {
                v6,
                local,
                remote,
                protocol,
                kind,
                local_field,
                remote_field,
            },
        )
    })
}

pub(super) fn policy() -> impl Strategy<Value = Policy> {
    let sets = vec(set(), 1..4);
    let directions = select(&[(true, true), (true, false), (false, true)]);
    (sets, directions).prop_map(|(sets, (outbound, inbound))| Policy {
        outbound,
        inbound,
        sets,
    })
}

pub(super) fn flags() -> impl Strategy<Value = PopulateFromPacket> {
    any::<[bool; 5]>().prop_map(|[local, remote, protocol, local_port, remote_port]| {
        PopulateFromPacket {
            local,
            remote,
            protocol,
            local_port,
            remote_port,
        }
    })
}
