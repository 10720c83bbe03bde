//! "Populate from packet" (PFP): the selectors of a new SA (RFC 4301 section 4.4.2.2).

use alloc::boxed::Box;
use core::net::IpAddr;

use super::range::Successor;
use super::{
    Action, AddressSet, Direction, FieldSet, IcmpMessage, Mismatch, NextLayer, Policy, PolicyError,
    Selectors, Sides, UpperSelector,
};
use crate::DropReason;
use crate::wire::{Flow, Upper};

/// The PFP flags: which selectors of a new SA are the values of the packet that asked for it. The
/// others are as the policy has them.
///
/// `local_port` and `remote_port` stand for the fields of ICMP and mobility messages too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PopulateFromPacket {
    /// Local address.
    pub local: bool,
    /// Remote address.
    pub remote: bool,
    /// Next layer protocol.
    pub protocol: bool,
    /// Local port, or the messages that may be sent.
    pub local_port: bool,
    /// Remote port, or the messages that may be received.
    pub remote_port: bool,
}

impl Policy {
    /// The selector sets of a new SA for this packet: those of the policy, where the PFP flags are set
    /// narrowed to the packet's values.
    ///
    /// A set that does not contain a value to be populated is left out. So is one of another protocol
    /// if ports are populated: a port is a value of the packet's own protocol.
    ///
    /// # Errors
    /// [`DropReason::SelectorUnavailable`] if the packet does not show a field that is to be populated,
    /// or that the policy has values for; [`DropReason::SelectorMismatch`] if the policy is not for
    /// this packet.
    pub fn sa_selectors(
        &self,
        direction: Direction,
        flow: &Flow,
    ) -> Result<Box<[Selectors]>, DropReason> {
        let populate = match self.action() {
            Action::Protect(protection) => protection.populate,
            Action::Bypass | Action::Discard => PopulateFromPacket::NONE,
        };
        let narrow = |set: &Selectors| populate.narrow(set, direction, flow);
        let mut sets = self.selectors().iter();
        let matching = sets
            .find(|set| set.matches(direction, flow))
            .ok_or_else(|| self.refusal(direction, flow))?;
        // The set that matches contains the packet's values, so only one that is missing can be in the
        // way.
        narrow(matching).ok_or(DropReason::SelectorUnavailable)?;
        Ok(self.selectors().iter().filter_map(narrow).collect())
    }

    /// Whether the packet shows every field that is to be populated: what [`Self::sa_selectors`] would
    /// say of a packet that the policy matches, without making the selectors.
    ///
    /// # Errors
    /// [`DropReason::SelectorUnavailable`].
    pub fn check_populate(&self, flow: &Flow) -> Result<(), DropReason> {
        let populate = match self.action() {
            Action::Protect(protection) => protection.populate,
            Action::Bypass | Action::Discard => PopulateFromPacket::NONE,
        };
        let hidden =
            populate.protocol && flow.next_layer().is_none() || populate.port() && flow.is_opaque();
        if hidden {
            Err(DropReason::SelectorUnavailable)
        } else {
            Ok(())
        }
    }

    /// Why a packet that no selector set matches gets no SA.
    fn refusal(&self, direction: Direction, flow: &Flow) -> DropReason {
        let is_hidden = |mismatch| match mismatch {
            Mismatch::LocalAddress | Mismatch::RemoteAddress => false,
            Mismatch::NextLayer => flow.next_layer().is_none(),
            Mismatch::LocalPort
            | Mismatch::RemotePort
            | Mismatch::IcmpType
            | Mismatch::MobilityType => flow.is_opaque(),
        };
        let mut mismatches = self
            .selectors()
            .iter()
            .filter_map(|set| set.mismatch(direction, flow));
        if mismatches.any(is_hidden) {
            DropReason::SelectorUnavailable
        } else {
            DropReason::SelectorMismatch
        }
    }
}

impl PopulateFromPacket {
    /// Every selector as the policy has it.
    pub const NONE: Self = Self {
        local: false,
        remote: false,
        protocol: false,
        local_port: false,
        remote_port: false,
    };

    /// Refuses flags on selectors that no packet has a value for.
    pub(super) fn check(self, selectors: &Selectors) -> Result<(), PolicyError> {
        match &selectors.next_layer {
            NextLayer::Any if self.port() && !self.protocol => {
                Err(PolicyError::PopulatePortOfAnyProtocol)
            }
            NextLayer::Opaque if self.port() || self.protocol => Err(PolicyError::PopulateOpaque),
            NextLayer::Any | NextLayer::Opaque => Ok(()),
            NextLayer::Protocol { upper, .. } => match upper {
                UpperSelector::Any => Ok(()),
                UpperSelector::Ports(sides) => self.check_sides(sides),
                UpperSelector::Icmp(sides) => self.check_sides(sides),
                UpperSelector::Mobility(sides) => self.check_sides(sides),
            },
        }
    }

    fn check_sides<T: Successor>(self, sides: &Sides<T>) -> Result<(), PolicyError> {
        let opaque = self.local_port && matches!(sides.local, FieldSet::Opaque)
            || self.remote_port && matches!(sides.remote, FieldSet::Opaque);
        if opaque {
            Err(PolicyError::PopulateOpaque)
        } else {
            Ok(())
        }
    }

    const fn port(self) -> bool {
        self.local_port || self.remote_port
    }

    /// The part of the set that has the packet's values in every flagged selector; `None` if there is
    /// none, or the packet does not show such a value.
    fn narrow(self, set: &Selectors, direction: Direction, flow: &Flow) -> Option<Selectors> {
        let (local, remote) = direction.local_remote(flow.source, flow.destination);
        // What the packet's family has not (an OPAQUE protocol in IPv4) does not become a selector.
        Selectors::new(
            narrow_address(self.local, &set.local, local)?,
            narrow_address(self.remote, &set.remote, remote)?,
            self.narrow_next_layer(&set.next_layer, direction, flow)?,
        )
        .ok()
    }

    fn narrow_next_layer(
        self,
        set: &NextLayer,
        direction: Direction,
        flow: &Flow,
    ) -> Option<NextLayer> {
        if !self.protocol && !self.port() {
            return Some(set.clone());
        }
        let seen = flow.next_layer()?;
        let upper = match set {
            NextLayer::Any => &UpperSelector::Any,
            NextLayer::Protocol { protocol, upper } if *protocol == seen => upper,
            NextLayer::Protocol { .. } | NextLayer::Opaque => return None,
        };
        Some(NextLayer::Protocol {
            protocol: seen,
            upper: self.narrow_upper(upper, direction, flow.upper)?,
        })
    }

    fn narrow_upper(
        self,
        set: &UpperSelector,
        direction: Direction,
        upper: Upper,
    ) -> Option<UpperSelector> {
        if !self.port() {
            return Some(set.clone());
        }
        Some(match upper {
            Upper::Ports {
                source,
                destination,
            } => {
                let sides = match set {
                    UpperSelector::Any => &Sides::ANY,
                    UpperSelector::Ports(sides) => sides,
                    _ => return None,
                };
                let (local, remote) = direction.local_remote(source, destination);
                UpperSelector::Ports(Sides {
                    local: narrow_field(self.local_port, &sides.local, local)?,
                    remote: narrow_field(self.remote_port, &sides.remote, remote)?,
                })
            }
            Upper::Icmp { kind, code } => {
                let sides = match set {
                    UpperSelector::Any => &Sides::ANY,
                    UpperSelector::Icmp(sides) => sides,
                    _ => return None,
                };
                let message = IcmpMessage { kind, code };
                UpperSelector::Icmp(self.narrow_message(sides, direction, message)?)
            }
            Upper::Mobility { kind } => {
                let sides = match set {
                    UpperSelector::Any => &Sides::ANY,
                    UpperSelector::Mobility(sides) => sides,
                    _ => return None,
                };
                UpperSelector::Mobility(self.narrow_message(sides, direction, kind)?)
            }
            Upper::Absent | Upper::Unavailable => return None,
        })
    }

    /// A message has a value on its sender's side only; what the other side may send stays as it is.
    fn narrow_message<T: Successor>(
        self,
        sides: &Sides<T>,
        direction: Direction,
        message: T,
    ) -> Option<Sides<T>> {
        let Sides { local, remote } = sides;
        Some(match direction {
            Direction::Outbound => Sides {
                local: narrow_field(self.local_port, local, message)?,
                remote: remote.clone(),
            },
            Direction::Inbound => Sides {
                local: local.clone(),
                remote: narrow_field(self.remote_port, remote, message)?,
            },
        })
    }
}

fn narrow_field<T: Successor>(flag: bool, set: &FieldSet<T>, value: T) -> Option<FieldSet<T>> {
    if !flag {
        return Some(set.clone());
    }
    set.accepts(Some(value)).then(|| value.into())
}

fn narrow_address(flag: bool, set: &AddressSet, address: IpAddr) -> Option<AddressSet> {
    if !flag {
        return Some(set.clone());
    }
    set.contains(address).then(|| address.into())
}
