//! Selectors: which packets a policy or an SA is for.

use super::{AddressSet, Direction, Mismatch, NextLayer, SelectorError};
use crate::TunnelEnds;
use crate::wire::{Flow, IpVersion, Protocol};

/// One selector set: the packets that match every selector in it (RFC 4301 section 4.4.1.1).
///
/// Local and remote are sides, not directions: outbound, the local address is the packet's source;
/// inbound, its destination. So one set describes both directions of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selectors {
    // Invariants: local and remote have one family; `next_layer` has only fields that the protocol
    // has in that family.
    pub(super) local: AddressSet,
    pub(super) remote: AddressSet,
    pub(super) next_layer: NextLayer,
}

impl Selectors {
    /// Every packet.
    pub const ANY: Self = Self {
        local: AddressSet::Any,
        remote: AddressSet::Any,
        next_layer: NextLayer::Any,
    };

    /// The packets between these addresses, of this next layer protocol.
    ///
    /// # Errors
    /// [`SelectorError::MixedFamilies`] if the two sides have different ones, and
    /// [`SelectorError::OpaqueProtocol`], [`SelectorError::NoPorts`], [`SelectorError::NoIcmpType`] or
    /// [`SelectorError::NoMobilityType`] if no packet could have what is asked for.
    pub fn new(
        local: AddressSet,
        remote: AddressSet,
        next_layer: NextLayer,
    ) -> Result<Self, SelectorError> {
        let selectors = Self {
            local,
            remote,
            next_layer,
        };
        if let (Some(local), Some(remote)) = (selectors.local.version(), selectors.remote.version())
            && local != remote
        {
            return Err(SelectorError::MixedFamilies);
        }
        selectors.next_layer.check(selectors.version())?;
        Ok(selectors)
    }

    /// Whether the packet matches every selector.
    #[inline]
    #[must_use]
    pub fn matches(&self, direction: Direction, flow: &Flow) -> bool {
        self.mismatch(direction, flow).is_none()
    }

    /// The first selector that the packet does not match.
    #[inline]
    #[must_use]
    pub fn mismatch(&self, direction: Direction, flow: &Flow) -> Option<Mismatch> {
        let (local, remote) = direction.local_remote(flow.source, flow.destination);
        if !self.local.contains(local) {
            Some(Mismatch::LocalAddress)
        } else if !self.remote.contains(remote) {
            Some(Mismatch::RemoteAddress)
        } else {
            self.next_layer.mismatch(direction, flow)
        }
    }

    /// Whether every packet that matches `other` matches these selectors too, each selector compared
    /// with its counterpart.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.local.covers(&other.local)
            && self.remote.covers(&other.remote)
            && self.next_layer.covers(&other.next_layer)
    }

    /// The packets of a tunnel: IPv4 and IPv6 packets inside IP between its two ends. What a policy for
    /// it selects, and what two peers that both have IIPtran negotiate (RFC 3884 section 4.2.4).
    ///
    /// # Errors
    /// [`SelectorError::MixedFamilies`].
    pub fn of_tunnel(ends: TunnelEnds) -> Result<[Self; 2], SelectorError> {
        let carrying =
            |protocol: Protocol| Self::new(ends.local.into(), ends.remote.into(), protocol.into());
        Ok([carrying(Protocol::IPV4)?, carrying(Protocol::IPV6)?])
    }

    /// Whether nothing but IP packets between the two ends of a tunnel match (RFC 3884 section 3.1).
    #[must_use]
    pub fn are_of_tunnel(&self, ends: TunnelEnds) -> bool {
        let is_ip = match &self.next_layer {
            NextLayer::Protocol { protocol, .. } => protocol.is_ip(),
            NextLayer::Any | NextLayer::Opaque => false,
        };
        is_ip && self.local.is_only(ends.local) && self.remote.is_only(ends.remote)
    }

    /// The addresses of this side.
    #[must_use]
    pub const fn local(&self) -> &AddressSet {
        &self.local
    }

    /// The addresses of the far side.
    #[must_use]
    pub const fn remote(&self) -> &AddressSet {
        &self.remote
    }

    /// The next layer protocol and its fields.
    #[must_use]
    pub const fn next_layer(&self) -> &NextLayer {
        &self.next_layer
    }

    /// The IP version of the packets that match, if the addresses tell.
    #[must_use]
    pub fn version(&self) -> Option<IpVersion> {
        self.local.version().or_else(|| self.remote.version())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spd::tests::fixture::*;
    use crate::spd::{FieldSet, PortSet, Sides, UpperSelector};
    use crate::wire::{Protocol, Upper};
    use Direction::{Inbound, Outbound};

    fn upper(protocol: Protocol, upper: UpperSelector) -> NextLayer {
        NextLayer::Protocol { protocol, upper }
    }

    fn between(
        local: &str,
        remote: &str,
        next_layer: NextLayer,
    ) -> Result<Selectors, SelectorError> {
        Selectors::new(address(local).into(), address(remote).into(), next_layer)
    }

    #[test]
    fn spd_06_local_is_the_source_outbound_and_the_destination_inbound() {
        let set = between("192.0.2.1", "198.51.100.1", NextLayer::Any).unwrap();
        let there = flow("192.0.2.1", "198.51.100.1", Protocol::ESP, Upper::Absent);
        let back = flow("198.51.100.1", "192.0.2.1", Protocol::ESP, Upper::Absent);
        assert!(set.matches(Outbound, &there) && set.matches(Inbound, &back));
        assert_eq!(set.mismatch(Inbound, &there), Some(Mismatch::LocalAddress));
        assert_eq!(set.mismatch(Outbound, &back), Some(Mismatch::LocalAddress));
        let aside = flow("192.0.2.1", "198.51.100.2", Protocol::ESP, Upper::Absent);
        assert_eq!(
            set.mismatch(Outbound, &aside),
            Some(Mismatch::RemoteAddress)
        );
    }

    #[test]
    fn spd_06_ports_follow_their_side() {
        let set = tcp_set(sides(PortSet::Any, 23));
        assert!(
            set.matches(Outbound, &tcp_packet(1024, 23))
                && set.matches(Inbound, &tcp_packet(23, 1024))
        );
        assert_eq!(
            set.mismatch(Outbound, &tcp_packet(23, 1024)),
            Some(Mismatch::RemotePort)
        );
        let set = tcp_set(sides(23, PortSet::Any));
        assert_eq!(
            set.mismatch(Outbound, &tcp_packet(1024, 23)),
            Some(Mismatch::LocalPort)
        );
        let udp = flow_v4(Protocol::UDP, tcp_packet(23, 23).upper);
        assert_eq!(set.mismatch(Outbound, &udp), Some(Mismatch::NextLayer));
    }

    #[test]
    fn ip_in_ip_is_a_next_layer_protocol_like_any_other() {
        let link = between("192.0.2.1", "198.51.100.1", Protocol::IPV4.into()).unwrap();
        assert!(link.matches(Outbound, &flow_v4(Protocol::IPV4, Upper::Absent)));
        let six = link.mismatch(Outbound, &flow_v4(Protocol::IPV6, Upper::Absent));
        assert_eq!(six, Some(Mismatch::NextLayer));
    }

    #[test]
    fn forb_08_selectors_that_no_packet_can_have_are_refused() {
        let v4 = |next_layer| between("192.0.2.1", "198.51.100.1", next_layer).err();
        let v6 = |next_layer| between("2001:db8::1", "2001:db8::2", next_layer).err();
        let icmp = || UpperSelector::Icmp(Sides::ANY);
        let mobility = || UpperSelector::Mobility(Sides::ANY);
        let port = || UpperSelector::Ports(sides(PortSet::Any, 7));

        let mixed = between("192.0.2.1", "2001:db8::2", NextLayer::Any);
        assert_eq!(mixed, Err(SelectorError::MixedFamilies));
        assert_eq!(v4(NextLayer::Opaque), Some(SelectorError::OpaqueProtocol));
        assert_eq!(v6(NextLayer::Opaque), None);
        for protocol in [Protocol::ESP, Protocol::AH, Protocol::IPV4, Protocol::ICMP] {
            assert_eq!(v4(upper(protocol, port())), Some(SelectorError::NoPorts));
        }
        let hidden = || UpperSelector::Ports(sides(PortSet::Opaque, FieldSet::Opaque));
        assert_eq!(v4(upper(Protocol::ESP, hidden())), None);
        assert_eq!(
            v4(upper(Protocol::ICMP, hidden())),
            Some(SelectorError::NoPorts)
        );
        assert_eq!(v4(upper(Protocol::ICMP, icmp())), None);
        assert_eq!(
            v4(upper(Protocol::ICMPV6, icmp())),
            Some(SelectorError::NoIcmpType)
        );
        assert_eq!(
            v6(upper(Protocol::ICMP, icmp())),
            Some(SelectorError::NoIcmpType)
        );
        assert_eq!(
            v6(upper(Protocol::TCP, icmp())),
            Some(SelectorError::NoIcmpType)
        );
        assert_eq!(v6(upper(Protocol::MOBILITY, mobility())), None);
        assert_eq!(
            v4(upper(Protocol::MOBILITY, mobility())),
            Some(SelectorError::NoMobilityType)
        );
        assert_eq!(
            v6(upper(Protocol::UDP, mobility())),
            Some(SelectorError::NoMobilityType)
        );
    }

    #[test]
    fn any_covers_opaque_and_values_and_values_do_not_cover_any() {
        let sets = [
            tcp_set(Sides::ANY),
            tcp_set(sides(PortSet::Opaque, PortSet::Any)),
            tcp_set(sides(
                PortSet::ranges([0..=u16::MAX]).unwrap(),
                PortSet::Any,
            )),
        ];
        let covers = |a: usize, b: usize| sets[a].covers(&sets[b]);
        assert!(covers(0, 1) && covers(0, 2) && Selectors::ANY.covers(&sets[0]));
        assert!(!covers(1, 0) && !covers(2, 0) && !covers(1, 2) && !covers(2, 1));
        let short = any_to_any(Protocol::TCP.into());
        assert!(short.covers(&sets[0]) && sets[0].covers(&short) && !sets[1].covers(&short));
        assert!(!sets[0].covers(&any_to_any(Protocol::UDP.into())));
    }
}
