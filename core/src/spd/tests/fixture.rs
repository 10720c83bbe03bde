//! Packets and selectors for tests.

use alloc::vec::Vec;
use core::net::IpAddr;

use crate::spd::*;
use crate::wire::{Flow, Fragment, Protocol, Upper};
use crate::{DropReason, Mode};

pub(crate) fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

pub(crate) fn flow(source: &str, destination: &str, protocol: Protocol, upper: Upper) -> Flow {
    Flow {
        source: address(source),
        destination: address(destination),
        protocol,
        upper,
        traffic_class: 0,
        flow_label: 0,
        fragment: None,
    }
}

/// From 192.0.2.1 to 198.51.100.1.
pub(crate) fn flow_v4(protocol: Protocol, upper: Upper) -> Flow {
    flow("192.0.2.1", "198.51.100.1", protocol, upper)
}

/// From 2001:db8::1 to 2001:db8::2.
pub(crate) fn flow_v6(protocol: Protocol, upper: Upper) -> Flow {
    flow("2001:db8::1", "2001:db8::2", protocol, upper)
}

/// A fragment other than the first.
pub(crate) fn later_fragment(flow: Flow) -> Flow {
    Flow {
        upper: match flow.upper {
            Upper::Absent => Upper::Absent,
            _ => Upper::Unavailable,
        },
        fragment: Fragment::new(1, 8, false),
        ..flow
    }
}

pub(crate) fn tcp_packet(source: u16, destination: u16) -> Flow {
    flow_v4(
        Protocol::TCP,
        Upper::Ports {
            source,
            destination,
        },
    )
}

pub(crate) fn icmp_packet(kind: u8, code: u8) -> Flow {
    flow_v4(Protocol::ICMP, Upper::Icmp { kind, code })
}

pub(crate) fn sides<T: Successor>(
    local: impl Into<FieldSet<T>>,
    remote: impl Into<FieldSet<T>>,
) -> Sides<T> {
    Sides {
        local: local.into(),
        remote: remote.into(),
    }
}

/// Any addresses, this next layer.
pub(crate) fn any_to_any(next_layer: NextLayer) -> Selectors {
    Selectors::new(AddressSet::Any, AddressSet::Any, next_layer).unwrap()
}

pub(crate) fn tcp_set(ports: Sides<u16>) -> Selectors {
    any_to_any(NextLayer::Protocol {
        protocol: Protocol::TCP,
        upper: UpperSelector::Ports(ports),
    })
}

pub(crate) fn icmp_set(messages: Sides<IcmpMessage>) -> Selectors {
    any_to_any(NextLayer::Protocol {
        protocol: Protocol::ICMP,
        upper: UpperSelector::Icmp(messages),
    })
}

pub(crate) const NONE: PopulateFromPacket = PopulateFromPacket::NONE;
pub(crate) const LOCAL: PopulateFromPacket = PopulateFromPacket {
    local: true,
    ..NONE
};
pub(crate) const REMOTE: PopulateFromPacket = PopulateFromPacket {
    remote: true,
    ..NONE
};
pub(crate) const PROTOCOL: PopulateFromPacket = PopulateFromPacket {
    protocol: true,
    ..NONE
};
pub(crate) const LOCAL_PORT: PopulateFromPacket = PopulateFromPacket {
    local_port: true,
    ..NONE
};
pub(crate) const REMOTE_PORT: PopulateFromPacket = PopulateFromPacket {
    remote_port: true,
    ..NONE
};

pub(crate) const UNAVAILABLE: Result<Vec<Selectors>, DropReason> =
    Err(DropReason::SelectorUnavailable);
pub(crate) const MISMATCH: Result<Vec<Selectors>, DropReason> = Err(DropReason::SelectorMismatch);

pub(crate) fn policy(
    populate: PopulateFromPacket,
    sets: &[&Selectors],
) -> Result<Policy, PolicyError> {
    let sets: Vec<_> = sets.iter().map(|&set| set.clone()).collect();
    let protection = Protection {
        populate,
        ..Protection::new(Mode::Transport)
    };
    Policy::protect("policy", sets, protection)
}

pub(crate) fn new_sa(
    populate: PopulateFromPacket,
    sets: &[&Selectors],
    direction: Direction,
    flow: &Flow,
) -> Result<Vec<Selectors>, DropReason> {
    let policy = policy(populate, sets).unwrap();
    policy.sa_selectors(direction, flow).map(Vec::from)
}
