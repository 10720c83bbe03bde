//! A naive SPD over small domains, to compare the real one with. It is written from RFC 4301 alone:
//! it calls the code that it judges only to describe a case to it.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::ops::RangeInclusive;

use super::fixture::sides;
use crate::spd;
use crate::wire::{Flow, Fragment, Protocol, Upper};

/// A packet between two of the hosts 0 to 15.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet {
    pub(super) v6: bool,
    pub(super) source: u8,
    pub(super) destination: u8,
    pub(super) protocol: u8,
    /// Source and destination port, or type and code.
    pub(super) fields: (u8, u8),
    pub(super) part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Whole,
    CutShort,
    FirstFragment,
    LaterFragment,
}

/// What the bytes of a packet show of its next layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shown {
    Nothing,
    Ports(u16, u16),
    Message(u16),
}

/// A policy: the directions that it is for, and its selector sets.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) outbound: bool,
    pub(super) inbound: bool,
    pub(super) sets: Vec<Set>,
}

#[derive(Clone, Debug)]
pub(super) struct Set {
    /// The family of addresses that are not ANY.
    pub(super) v6: bool,
    pub(super) local: Values,
    pub(super) remote: Values,
    pub(super) protocol: Next,
    // These say something if there is one protocol.
    pub(super) kind: Kind,
    pub(super) local_field: Values,
    pub(super) remote_field: Values,
}

#[derive(Clone, Debug)]
pub(super) enum Values {
    Any,
    Opaque,
    Between(Vec<(u16, u16)>),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    Any,
    Opaque,
    Is(u8),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Any,
    Ports,
    Icmp,
    Mobility,
}

/// The place of the first policy that matches.
pub(super) fn lookup(policies: &[Policy], outbound: bool, packet: &Packet) -> Option<usize> {
    policies.iter().position(|policy| {
        let applies = if outbound {
            policy.outbound
        } else {
            policy.inbound
        };
        applies && policy.sets.iter().any(|set| set.matches(outbound, packet))
    })
}

impl Packet {
    pub(super) fn next_layer(&self) -> Option<u8> {
        let is_extension = [0, 43, 44, 60].contains(&self.protocol);
        let is_hidden = self.v6 && self.part == Part::LaterFragment && is_extension;
        (!is_hidden).then_some(self.protocol)
    }

    pub(super) fn shown(&self) -> Shown {
        let (first, second) = (u16::from(self.fields.0), u16::from(self.fields.1));
        match (self.protocol, self.v6, self.part) {
            (_, _, Part::CutShort | Part::LaterFragment) => Shown::Nothing,
            (6 | 17, _, _) => Shown::Ports(first, second),
            (1, false, _) | (58, true, _) => Shown::Message(first * 256 + second),
            (135, true, _) => Shown::Message(first),
            _ => Shown::Nothing,
        }
    }

    pub(super) fn flow(&self) -> Flow {
        let has_field = match self.protocol {
            6 | 17 => true,
            1 => !self.v6,
            58 | 135 => self.v6,
            _ => false,
        };
        let (kind, code) = self.fields;
        Flow {
            source: address(self.v6, self.source.into()),
            destination: address(self.v6, self.destination.into()),
            protocol: Protocol(self.protocol),
            upper: match self.shown() {
                Shown::Ports(source, destination) => Upper::Ports {
                    source,
                    destination,
                },
                Shown::Message(_) if self.protocol == 135 => Upper::Mobility { kind },
                Shown::Message(_) => Upper::Icmp { kind, code },
                Shown::Nothing if has_field => Upper::Unavailable,
                Shown::Nothing => Upper::Absent,
            },
            traffic_class: 0,
            flow_label: 0,
            fragment: match self.part {
                Part::Whole | Part::CutShort => None,
                Part::FirstFragment => Fragment::new(7, 0, true),
                Part::LaterFragment => Fragment::new(7, 1480, false),
            },
        }
    }
}

impl Set {
    pub(super) fn matches(&self, outbound: bool, packet: &Packet) -> bool {
        let address = |values: &Values, address: u8| match values {
            Values::Any => true,
            _ => self.v6 == packet.v6 && values.accept(Some(address.into())),
        };
        let ends = (packet.source, packet.destination);
        let (local, remote) = if outbound { ends } else { (ends.1, ends.0) };
        address(&self.local, local)
            && address(&self.remote, remote)
            && match self.protocol {
                Next::Any => true,
                Next::Opaque => packet.next_layer().is_none(),
                Next::Is(protocol) => {
                    packet.next_layer() == Some(protocol) && self.fields_match(outbound, packet)
                }
            }
    }

    fn fields_match(&self, outbound: bool, packet: &Packet) -> bool {
        match (self.kind, packet.shown()) {
            (Kind::Any, _) => true,
            (Kind::Ports, Shown::Ports(source, destination)) => {
                let (local, remote) = if outbound {
                    (source, destination)
                } else {
                    (destination, source)
                };
                self.local_field.accept(Some(local)) && self.remote_field.accept(Some(remote))
            }
            (Kind::Ports, _) => self.local_field.accept(None) && self.remote_field.accept(None),
            (Kind::Icmp | Kind::Mobility, shown) => {
                let value = match shown {
                    Shown::Message(value) => Some(value),
                    _ => None,
                };
                let may_send = if outbound {
                    &self.local_field
                } else {
                    &self.remote_field
                };
                may_send.accept(value)
            }
        }
    }

    /// Whether a packet could have what the set asks for.
    pub(super) fn is_valid(&self) -> bool {
        let is_literal = |values: &Values| matches!(values, Values::Between(_));
        let has_family = is_literal(&self.local) || is_literal(&self.remote);
        let only_v4 = has_family && !self.v6;
        let only_v6 = has_family && self.v6;
        let Next::Is(protocol) = self.protocol else {
            return !(only_v4 && matches!(self.protocol, Next::Opaque));
        };
        let is_icmp = protocol == 1 && !only_v6 || protocol == 58 && !only_v4;
        let is_mobility = protocol == 135 && !only_v4;
        match self.kind {
            Kind::Any => true,
            Kind::Ports if is_literal(&self.local_field) || is_literal(&self.remote_field) => {
                [6, 17].contains(&protocol)
            }
            Kind::Ports => !is_icmp && !is_mobility,
            Kind::Icmp => is_icmp,
            Kind::Mobility => is_mobility,
        }
    }

    pub(super) fn selectors(&self) -> Result<spd::Selectors, spd::SelectorError> {
        let addresses = |values: &Values| match values {
            Values::Between(pairs) => {
                let ends = |&(first, last)| address(self.v6, first)..=address(self.v6, last);
                spd::AddressSet::ranges(pairs.iter().map(ends))
            }
            _ => Ok(spd::AddressSet::Any),
        };
        let (local, remote) = (&self.local_field, &self.remote_field);
        let next_layer = match self.protocol {
            Next::Any => spd::NextLayer::Any,
            Next::Opaque => spd::NextLayer::Opaque,
            Next::Is(protocol) => spd::NextLayer::Protocol {
                protocol: Protocol(protocol),
                upper: match self.kind {
                    Kind::Any => spd::UpperSelector::Any,
                    Kind::Ports => spd::UpperSelector::Ports(sides(
                        local.fields(|port| port),
                        remote.fields(|port| port),
                    )),
                    Kind::Icmp => spd::UpperSelector::Icmp(sides(
                        local.fields(message),
                        remote.fields(message),
                    )),
                    Kind::Mobility => spd::UpperSelector::Mobility(sides(
                        local.fields(low_byte),
                        remote.fields(low_byte),
                    )),
                },
            },
        };
        spd::Selectors::new(
            addresses(&self.local)?,
            addresses(&self.remote)?,
            next_layer,
        )
    }
}

impl Values {
    fn accept(&self, value: Option<u16>) -> bool {
        match (self, value) {
            (Self::Any, _) | (Self::Opaque, None) => true,
            (Self::Between(pairs), Some(value)) => pairs
                .iter()
                .any(|&(first, last)| first <= value && value <= last),
            _ => false,
        }
    }

    fn fields<T: spd::Successor>(&self, value: impl Fn(u16) -> T) -> spd::FieldSet<T> {
        match self {
            Self::Any => spd::FieldSet::Any,
            Self::Opaque => spd::FieldSet::Opaque,
            Self::Between(pairs) => {
                let ends = |&(first, last)| RangeInclusive::new(value(first), value(last));
                spd::FieldSet::ranges(pairs.iter().map(ends)).unwrap()
            }
        }
    }
}

fn address(v6: bool, host: u16) -> IpAddr {
    if v6 {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, host).into()
    } else {
        Ipv4Addr::from(0xc000_0200 | u32::from(host)).into()
    }
}

fn message(number: u16) -> spd::IcmpMessage {
    let [kind, code] = number.to_be_bytes();
    spd::IcmpMessage::new(kind, code)
}

fn low_byte(number: u16) -> u8 {
    number.to_be_bytes()[1]
}
