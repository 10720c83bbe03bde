//! The selector of the next layer protocol, and of the fields that depend on it.

use super::{Direction, IcmpMessage, Mismatch, SelectorError, Sides};
use crate::wire::{Flow, IpVersion, Protocol, Upper};

/// The next layer protocols that a selector set accepts (RFC 4301 section 4.4.1.1).
///
/// Only one protocol can have fields beside it: with ANY protocol, ports have no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextLayer {
    /// Every protocol, and packets that don't show theirs.
    Any,
    /// Packets that don't show their protocol: IPv6 fragments, other than the first, of a datagram
    /// with extension headers behind the fragment header.
    Opaque,
    /// Packets of one protocol.
    Protocol {
        /// The protocol.
        protocol: Protocol,
        /// What its fields may be.
        upper: UpperSelector,
    },
}

/// What the fields of the next layer may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpperSelector {
    /// Anything: every field is ANY, or the protocol has none.
    Any,
    /// Ports.
    Ports(Sides<u16>),
    /// ICMP type and code.
    Icmp(Sides<IcmpMessage>),
    /// Mobility header type.
    Mobility(Sides<u8>),
}

impl NextLayer {
    /// Refuses fields that the protocol has not; `version` is the one that the addresses demand.
    pub(super) fn check(&self, version: Option<IpVersion>) -> Result<(), SelectorError> {
        match self {
            Self::Opaque if version == Some(IpVersion::V4) => Err(SelectorError::OpaqueProtocol),
            Self::Any | Self::Opaque => Ok(()),
            Self::Protocol { protocol, upper } => upper.check(*protocol, version),
        }
    }

    pub(super) fn mismatch(&self, direction: Direction, flow: &Flow) -> Option<Mismatch> {
        let mismatch = Some(Mismatch::NextLayer);
        match (self, flow.next_layer()) {
            (Self::Any, _) | (Self::Opaque, None) => None,
            (Self::Opaque, Some(_)) => mismatch,
            (Self::Protocol { protocol, .. }, seen) if seen != Some(*protocol) => mismatch,
            (Self::Protocol { upper, .. }, _) => upper.mismatch(direction, flow.upper),
        }
    }

    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (Self::Opaque, Self::Opaque) => true,
            (
                Self::Protocol { protocol, upper },
                Self::Protocol {
                    protocol: other_protocol,
                    upper: other_upper,
                },
            ) => protocol == other_protocol && upper.covers(other_upper),
            _ => false,
        }
    }
}

impl From<Protocol> for NextLayer {
    /// Every packet of the protocol.
    fn from(protocol: Protocol) -> Self {
        Self::Protocol {
            protocol,
            upper: UpperSelector::Any,
        }
    }
}

impl UpperSelector {
    fn check(&self, protocol: Protocol, version: Option<IpVersion>) -> Result<(), SelectorError> {
        let has_icmp = match protocol {
            Protocol::ICMP => version != Some(IpVersion::V6),
            Protocol::ICMPV6 => version != Some(IpVersion::V4),
            _ => false,
        };
        let has_mobility = protocol == Protocol::MOBILITY && version != Some(IpVersion::V4);
        let (fits, error) = match self {
            Self::Any => return Ok(()),
            Self::Ports(sides) if sides.has_values() => {
                (protocol.has_ports(), SelectorError::NoPorts)
            }
            // Ports that are ANY or OPAQUE also suit a protocol that has no field at all.
            Self::Ports(_) => (!has_icmp && !has_mobility, SelectorError::NoPorts),
            Self::Icmp(_) => (has_icmp, SelectorError::NoIcmpType),
            Self::Mobility(_) => (has_mobility, SelectorError::NoMobilityType),
        };
        if fits { Ok(()) } else { Err(error) }
    }

    fn mismatch(&self, direction: Direction, upper: Upper) -> Option<Mismatch> {
        match self {
            Self::Any => None,
            Self::Ports(sides) => {
                let (local, remote) = ports(direction, upper);
                if !sides.local.accepts(local) {
                    return Some(Mismatch::LocalPort);
                }
                (!sides.remote.accepts(remote)).then_some(Mismatch::RemotePort)
            }
            Self::Icmp(sides) => {
                let accepted = sides.sender(direction).accepts(icmp(upper));
                (!accepted).then_some(Mismatch::IcmpType)
            }
            Self::Mobility(sides) => {
                let accepted = sides.sender(direction).accepts(mobility(upper));
                (!accepted).then_some(Mismatch::MobilityType)
            }
        }
    }

    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::Ports(own), Self::Ports(other)) => own.covers(other),
            (Self::Icmp(own), Self::Icmp(other)) => own.covers(other),
            (Self::Mobility(own), Self::Mobility(other)) => own.covers(other),
            (Self::Ports(own), Self::Any) => *own == Sides::ANY,
            (Self::Icmp(own), Self::Any) => *own == Sides::ANY,
            (Self::Mobility(own), Self::Any) => *own == Sides::ANY,
            _ => false,
        }
    }
}

/// Local and remote port, of a packet that shows them.
fn ports(direction: Direction, upper: Upper) -> (Option<u16>, Option<u16>) {
    match upper {
        Upper::Ports {
            source,
            destination,
        } => direction.local_remote(Some(source), Some(destination)),
        _ => (None, None),
    }
}

/// The ICMP message, of a packet that shows it.
const fn icmp(upper: Upper) -> Option<IcmpMessage> {
    match upper {
        Upper::Icmp { kind, code } => Some(IcmpMessage { kind, code }),
        _ => None,
    }
}

/// The mobility header type, of a packet that shows it.
const fn mobility(upper: Upper) -> Option<u8> {
    match upper {
        Upper::Mobility { kind } => Some(kind),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spd::tests::fixture::*;
    use crate::spd::{IcmpSet, MobilitySet, PortSet, Selectors};
    use Direction::{Inbound, Outbound};

    fn upper(protocol: Protocol, upper: UpperSelector) -> NextLayer {
        NextLayer::Protocol { protocol, upper }
    }

    #[test]
    fn spd_08_any_matches_a_field_that_is_present_absent_or_hidden() {
        for set in [Selectors::ANY, tcp_set(Sides::ANY)] {
            assert!(set.matches(Outbound, &tcp_packet(1, 2)));
            assert!(set.matches(Outbound, &later_fragment(tcp_packet(1, 2))));
        }
        let esp = any_to_any(upper(Protocol::ESP, UpperSelector::Ports(Sides::ANY)));
        assert!(esp.matches(Outbound, &flow_v4(Protocol::ESP, Upper::Absent)));
    }

    #[test]
    fn spd_08_opaque_matches_only_a_field_that_is_absent_or_hidden() {
        let opaque = || sides(PortSet::Opaque, PortSet::Opaque);
        let set = tcp_set(opaque());
        assert_eq!(
            set.mismatch(Outbound, &tcp_packet(1, 2)),
            Some(Mismatch::LocalPort)
        );
        assert!(set.matches(Outbound, &later_fragment(tcp_packet(1, 2))));
        assert!(set.matches(Inbound, &flow_v4(Protocol::TCP, Upper::Unavailable)));
        let esp = any_to_any(upper(Protocol::ESP, UpperSelector::Ports(opaque())));
        assert!(esp.matches(Outbound, &flow_v4(Protocol::ESP, Upper::Absent)));
    }

    #[test]
    fn a_later_fragment_never_matches_values() {
        let fragment = later_fragment(tcp_packet(23, 23));
        let all = || PortSet::ranges([0..=u16::MAX]).unwrap();
        let local = tcp_set(sides(all(), PortSet::Any));
        let remote = tcp_set(sides(PortSet::Any, all()));
        assert_eq!(
            local.mismatch(Outbound, &fragment),
            Some(Mismatch::LocalPort)
        );
        assert_eq!(
            remote.mismatch(Outbound, &fragment),
            Some(Mismatch::RemotePort)
        );
        let fragment = later_fragment(icmp_packet(8, 0));
        let echo = icmp_set(sides(IcmpMessage::new(8, 0), IcmpMessage::new(8, 0)));
        assert_eq!(echo.mismatch(Outbound, &fragment), Some(Mismatch::IcmpType));
    }

    #[test]
    fn an_opaque_protocol_is_one_behind_the_fragment_header_of_ipv6() {
        let set = any_to_any(NextLayer::Opaque);
        let hidden = later_fragment(flow_v6(Protocol::DESTINATION_OPTIONS, Upper::Absent));
        assert!(set.matches(Outbound, &hidden) && Selectors::ANY.matches(Outbound, &hidden));
        let named = any_to_any(Protocol::DESTINATION_OPTIONS.into());
        assert_eq!(named.mismatch(Outbound, &hidden), Some(Mismatch::NextLayer));
        for shown in [
            later_fragment(flow_v6(Protocol::UDP, Upper::Unavailable)),
            later_fragment(flow_v4(Protocol::DESTINATION_OPTIONS, Upper::Absent)),
            flow_v6(Protocol::DESTINATION_OPTIONS, Upper::Absent),
        ] {
            assert_eq!(set.mismatch(Outbound, &shown), Some(Mismatch::NextLayer));
        }
    }

    #[test]
    fn spd_09_icmp_type_and_code_are_one_number() {
        let range = IcmpMessage::new(3, 1)..=IcmpMessage::new(5, 2);
        let set = icmp_set(sides(IcmpSet::ranges([range]).unwrap(), IcmpSet::Opaque));
        for (kind, code) in [(3, 1), (3, 200), (4, 0), (4, 255), (5, 2)] {
            assert!(
                set.matches(Outbound, &icmp_packet(kind, code)),
                "{kind}/{code}"
            );
        }
        for (kind, code) in [(2, 2), (3, 0), (5, 3), (6, 1)] {
            let mismatch = set.mismatch(Outbound, &icmp_packet(kind, code));
            assert_eq!(mismatch, Some(Mismatch::IcmpType), "{kind}/{code}");
        }
    }

    #[test]
    fn spd_12_a_message_may_be_sent_and_not_received() {
        // RFC 4301 section 4.4.1.3: traceroute (type 30) from here, and none from there.
        let traceroute = || IcmpSet::ranges([IcmpMessage::of_type(30)]).unwrap();
        let send = icmp_set(sides(traceroute(), IcmpSet::Opaque));
        let receive = icmp_set(sides(IcmpSet::Opaque, traceroute()));
        let packet = icmp_packet(30, 1);
        assert!(send.matches(Outbound, &packet) && receive.matches(Inbound, &packet));
        assert_eq!(send.mismatch(Inbound, &packet), Some(Mismatch::IcmpType));
        assert_eq!(
            receive.mismatch(Outbound, &packet),
            Some(Mismatch::IcmpType)
        );

        let binding_update = sides(5, MobilitySet::Opaque);
        let send = upper(Protocol::MOBILITY, UpperSelector::Mobility(binding_update));
        let packet = flow_v6(Protocol::MOBILITY, Upper::Mobility { kind: 5 });
        assert_eq!(any_to_any(send.clone()).mismatch(Outbound, &packet), None);
        let received = any_to_any(send).mismatch(Inbound, &packet);
        assert_eq!(received, Some(Mismatch::MobilityType));
    }
}
