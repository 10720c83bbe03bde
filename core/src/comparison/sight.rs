//! What is seen of a packet in a node.

use alloc::vec::Vec;
use core::net::IpAddr;

use crate::network::{Event, Observer};
use crate::trace::{Stage, Step, Trace};
use crate::walkthrough::{Recorder, Walkthrough};
use crate::wire::{IpHeader, SkipList};
use crate::{Instant, LinkKind, NetworkId, Tables};

/// A packet's way through a node, and what the comparison asks of it.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    pub(super) walk: Walkthrough,
    /// Destination of the packet as it left.
    pub(super) left_to: Option<IpAddr>,
    pub(super) stages: Vec<Stage>,
    /// Whether a route of the virtual network was looked up before an SA was chosen.
    pub(super) asked_route: bool,
    pub(super) encapsulated_by: Option<Encapsulator>,
    /// Receiving: the addresses that the SA's selectors were compared with, and whether they looked
    /// through IP inside IP.
    pub(super) selectors_saw: Option<([IpAddr; 2], bool)>,
}

/// Who put an outer header on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encapsulator {
    /// A tunnel interface, before IPsec saw the packet.
    TunnelInterface,
    /// An interface that is an SA.
    SaInterface,
    /// IPsec, for the SA that a policy picked.
    Ipsec,
}

/// Which packet is looked for: where, and from and to whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) node: &'static str,
    /// `None` for a packet that the node itself makes, with a source of its choice.
    pub(super) source: Option<IpAddr>,
    pub(super) destination: IpAddr,
}

/// A trace that records one packet and what the comparison asks of it.
#[derive(Debug, Default)]
pub(super) struct Watch {
    recorder: Recorder,
    tables: Option<Tables>,
    network: Option<NetworkId>,
    sight: Option<Sight>,
}

/// An observer that waits for packets, one for each that is wanted.
#[derive(Debug)]
pub(super) struct Lookout {
    wanted: Vec<Wanted>,
    watches: Vec<Watch>,
    /// Which of the wanted packets is in its node now.
    active: Option<usize>,
    seen: Vec<Option<Sight>>,
}

impl Lookout {
    pub(super) fn new(wanted: &[Wanted]) -> Self {
        Self {
            wanted: wanted.to_vec(),
            watches: wanted.iter().map(|_| Watch::default()).collect(),
            active: None,
            seen: wanted.iter().map(|_| None).collect(),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.seen.iter().all(Option::is_some)
    }

    /// What was seen, in the order in which it was wanted.
    pub(super) fn into_seen(self) -> Vec<Option<Sight>> {
        self.seen
    }
}

impl Observer for Lookout {
    fn event(&mut self, _: Instant, _: &Event<'_>) {}

    fn wants_steps(&self) -> bool {
        !self.is_done()
    }

    fn step(&mut self, _: Instant, node: &str, step: &Step<'_>) {
        if let Step::Arrive { link, packet, .. } = step {
            let ends = ends(packet);
            let fits = |wanted: &Wanted| {
                wanted.node == node
                    && ends.is_some_and(|[source, destination]| {
                        destination == wanted.destination
                            && wanted
                                .source
                                .map_or(link.is_none(), |wanted| wanted == source)
                    })
            };
            let mut all = self.wanted.iter().zip(&self.seen);
            self.active = all.position(|(wanted, seen)| seen.is_none() && fits(wanted));
        }
        let Some(place) = self.active else {
            return;
        };
        if let (Some(watch), Some(seen)) = (self.watches.get_mut(place), self.seen.get_mut(place)) {
            watch.step(step);
            if matches!(step, Step::End { .. }) {
                *seen = watch.take();
                self.active = None;
            }
        }
    }
}

impl Watch {
    /// What was seen of the packet, once its way has ended.
    pub(super) fn take(&mut self) -> Option<Sight> {
        let mut sight = self.sight.take()?;
        sight.walk = core::mem::take(&mut self.recorder).into_walkthrough();
        Some(sight)
    }
}

impl Trace for Watch {
    fn step(&mut self, step: &Step<'_>) {
        self.recorder.step(step);
        if let Step::Arrive {
            tables, network, ..
        } = step
        {
            (self.tables, self.network) = (Some((*tables).clone()), Some(*network));
            self.sight = Some(Sight {
                walk: Walkthrough::default(),
                left_to: None,
                stages: Vec::new(),
                asked_route: false,
                encapsulated_by: None,
                selectors_saw: None,
            });
        }
        let Some(sight) = &mut self.sight else {
            return;
        };
        match step {
            Step::Route { network, .. } => {
                let is_own = Some(*network) == self.network;
                sight.asked_route |= is_own && !sight.stages.contains(&Stage::ChooseSa);
            }
            Step::Encapsulate { tunnel, .. } => {
                let link = tunnel.and_then(|tunnel| self.tables.as_ref()?.link(tunnel));
                sight.encapsulated_by = Some(match link.map(|link| &link.kind) {
                    Some(LinkKind::Tunnel(_)) => Encapsulator::TunnelInterface,
                    Some(LinkKind::Sa(_)) => Encapsulator::SaInterface,
                    Some(LinkKind::Physical) | None => Encapsulator::Ipsec,
                });
            }
            Step::Selectors { flow, inner, .. } => {
                sight.selectors_saw = Some(([flow.source, flow.destination], inner.is_some()));
            }
            Step::End { packet, .. } => {
                sight.left_to = ends(packet).map(|[_, destination]| destination);
            }
            _ => {}
        }
        sight.stages.push(step.stage());
    }
}

impl Sight {
    /// Whether one stage was met before another.
    pub(super) fn is_before(&self, first: Stage, second: Stage) -> bool {
        let place = |stage| self.stages.iter().position(|&other| other == stage);
        match (place(first), place(second)) {
            (Some(first), Some(second)) => first < second,
            (first, _) => first.is_some(),
        }
    }

    /// The stages in words.
    pub(super) fn order(&self) -> alloc::string::String {
        let names: Vec<_> = self.stages.iter().map(|stage| stage.name()).collect();
        names.join(", ")
    }

    /// The stage at which the packet ended.
    pub(super) fn last_stage(&self) -> &'static str {
        let before_end = self.stages.iter().rev().nth(1);
        before_end.map_or("arrive", |stage| stage.name())
    }
}

fn ends(packet: &[u8]) -> Option<[IpAddr; 2]> {
    let header = IpHeader::parse(packet, &SkipList::default()).ok()?;
    Some([header.source, header.destination])
}
