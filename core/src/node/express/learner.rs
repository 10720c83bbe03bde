//! Watching a packet on the general way, to know the way of those that follow.

use alloc::sync::Arc;

use super::super::trail::ShortTrail;
use super::inwards::Inward;
use super::outwards::{Numbers, Outward};
use crate::link::LinkKind;
use crate::outer::OuterHeader;
use crate::sa::OutboundSa;
use crate::tables::Tables;
use crate::trace::{Step, Trace};
use crate::wire::{Flow, InnerFlows, PlainV4, Protocol, Upper};
use crate::{LinkId, Mode, Verdict};

/// What was decided about a packet.
#[derive(Debug, Default)]
pub(super) struct Learner {
    /// Something was decided that does not follow from a flow, or done that ways don't do.
    is_other: bool,
    /// Something was decided by ports or the like.
    pub(super) looks_at_next_layer: bool,
    hops: u8,
    sa: Option<Arc<OutboundSa>>,
    encapsulated: Option<(Option<LinkId>, OuterHeader)>,
    sealed: u8,
    opened: u8,
    decapsulated: Option<Option<LinkId>>,
}

impl Learner {
    fn look(&mut self, flow: &Flow, inner: Option<&InnerFlows>) {
        self.is_other |= inner.is_some();
        self.looks_at_next_layer |= flow.upper != Upper::Absent;
    }

    /// The way out, if it was one: into a tunnel, sealed by one SA, transmitted. `packet` is what came of it.
    pub(super) fn outward(
        self,
        tables: &Tables,
        packet: &[u8],
        verdict: Verdict,
    ) -> Option<Outward> {
        let Verdict::Transmit { link, .. } = verdict else {
            return None;
        };
        let (tunnel, outer) = self.encapsulated?;
        let sa = self.sa?;
        if self.is_other || self.sealed != 1 || self.opened > 0 || self.decapsulated.is_some() {
            return None;
        }
        let numbers = match (tunnel.and_then(|tunnel| tables.link(tunnel)), sa.mode()) {
            (Some(interface), Mode::Transport) => match &interface.kind {
                LinkKind::Tunnel(tunnel) => Numbers::Tunnel {
                    shown: tunnel.outer.numbers(outer.dont_fragment),
                },
                LinkKind::Physical | LinkKind::Sa(_) => return None,
            },
            (_, Mode::Tunnel(_)) if sa.outer_fields().numbers(outer.dont_fragment) => {
                Numbers::Sequence
            }
            (_, Mode::Tunnel(_)) => Numbers::None,
            (None, Mode::Transport) => return None,
        };
        let template = outer.template()?;
        let mut header = [0; PlainV4::LENGTH];
        let sealed = PlainV4::read(packet)?;
        template.write(
            &mut header,
            u16::try_from(packet.len()).ok()?,
            sealed.identification(),
        );
        let spi = packet.get(PlainV4::LENGTH..)?.first_chunk()?;
        if !packet.starts_with(&header) || u32::from_be_bytes(*spi) != sa.spi().0 {
            return None;
        }
        let inside = tunnel.and_then(|tunnel| tables.link(tunnel));
        let inside = inside.map_or(usize::MAX, |link| link.mtu);
        let outside = sa.layout().longest_payload(tables.link(link)?.mtu)?;
        Some(Outward {
            sa,
            template,
            numbers,
            tunnel,
            link,
            verdict,
            longest: inside.min(outside),
            forwards: self.hops == 1,
        })
    }

    /// The way in, if it was one: opened by one SA, out of its tunnel, forwarded. `trail` is what the node
    /// knows of the packet.
    pub(super) fn inward(
        self,
        tables: &Tables,
        trail: ShortTrail,
        verdict: Verdict,
    ) -> Option<Inward> {
        let Verdict::Transmit { link, .. } = verdict else {
            return None;
        };
        let is_other = self.is_other || self.sealed > 0 || self.encapsulated.is_some();
        if is_other || self.opened != 1 || self.hops != 1 {
            return None;
        }
        Some(Inward {
            tunnel: self.decapsulated?,
            link,
            verdict,
            longest: tables.link(link)?.mtu,
            trail,
        })
    }
}

impl Trace for Learner {
    fn step(&mut self, step: &Step<'_>) {
        match *step {
            Step::Arrive { .. }
            | Step::FindSa { .. }
            | Step::Restore { .. }
            | Step::FindTunnel { .. }
            | Step::Demand { .. }
            | Step::End { .. } => {}
            Step::Reassemble { .. } => self.is_other = true,
            Step::Route { route, .. } => {
                // Which of several paths a packet takes follows from its ports too.
                self.looks_at_next_layer |= route.is_some_and(|route| route.has_several_paths());
            }
            Step::Hop { .. } => self.hops = self.hops.saturating_add(1),
            Step::Policy { flow, inner, .. } | Step::Selectors { flow, inner, .. } => {
                self.look(flow, inner);
            }
            Step::Firewall { flow, .. } => self.look(flow, None),
            Step::ChooseSa {
                candidates,
                flow,
                inner,
                chosen,
                ..
            } => {
                self.look(flow, inner);
                let is_chosen = |sa: &&Arc<OutboundSa>| {
                    chosen.is_ok_and(|chosen| core::ptr::eq(chosen, &***sa))
                };
                self.is_other |= self.sa.is_some();
                self.sa = candidates.iter().find(is_chosen).cloned();
            }
            Step::Encapsulate { tunnel, outer, .. } => {
                self.is_other |= self.encapsulated.is_some() || self.sealed > 0;
                self.is_other |= outer.protocol != Protocol::IPV4;
                self.encapsulated = Some((tunnel, *outer));
            }
            Step::Seal { .. } => {
                self.is_other |= self.encapsulated.is_none();
                self.sealed = self.sealed.saturating_add(1);
            }
            Step::Open { .. } => {
                self.is_other |= self.decapsulated.is_some();
                self.opened = self.opened.saturating_add(1);
            }
            Step::Decapsulate {
                tunnel, anomaly, ..
            } => {
                self.is_other |= self.decapsulated.is_some() || anomaly.is_some();
                self.decapsulated = Some(tunnel);
            }
        }
    }
}
