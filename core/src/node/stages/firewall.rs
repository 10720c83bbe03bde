//! What is asked of a packet once IPsec and tunnels have let it through (RFC 3884 section 4.2.3).

use crate::node::TrailEntry;
use crate::node::pass::{Pass, Transit};
use crate::trace::{Step, Trace};
use crate::wire::Flow;
use crate::{DropReason, LinkId, Mode, Packet, TunnelEnds, Verdict};

impl<T: Trace> Pass<'_, T> {
    /// Notes that the packet came out of a tunnel interface, and checks what the interface demands of
    /// it. The packet is the inner one by now.
    pub(in crate::node) fn come_out_of(
        &mut self,
        link: LinkId,
        ends: TunnelEnds,
        transit: &Transit,
    ) -> Result<(), DropReason> {
        let tables = self.tables;
        if !tables.firewall().is_empty() {
            self.mark_bound(ends);
        }
        self.record(TrailEntry::Tunnel(link))?;
        let Some(demand) = tables.firewall().demands.get(&link) else {
            return Ok(());
        };
        let source = transit.header.source;
        let result = demand.check(&self.state.trail, source);
        if T::ENABLED {
            self.trace.step(&Step::Demand {
                link,
                demand,
                trail: &self.state.trail,
                source,
                result,
            });
        }
        result
    }

    /// Marks the SAs that opened the packet since it last came out of a tunnel, as far as they are
    /// bound to the interface with these ends.
    fn mark_bound(&mut self, ends: TunnelEnds) {
        let state = &mut *self.state;
        let sads = &state.sads;
        state.trail.mark_bound(|network, id| {
            let sa = sads.get(network.index()).and_then(|sad| sad.get(id));
            sa.is_some_and(|sa| match sa.mode() {
                Mode::Tunnel(of) => of == ends,
                Mode::Transport => sa.selectors().iter().all(|set| set.are_of_tunnel(ends)),
            })
        });
    }

    /// Asks the rules about a packet that is to be forwarded.
    pub(in crate::node) fn admit(
        &mut self,
        packet: &Packet<'_>,
        transit: &Transit,
    ) -> Result<(), DropReason> {
        match transit.arrival {
            Some(link) if !self.tables.firewall().rules.is_empty() => {
                self.ask_rules(link, &transit.flow(packet))
            }
            _ => Ok(()),
        }
    }

    /// Asks the rules about a packet that is to be delivered.
    pub(in crate::node) fn admit_delivery(
        &mut self,
        packet: &mut Packet<'_>,
        verdict: Verdict,
    ) -> Result<Verdict, DropReason> {
        if let Verdict::Deliver { link } = verdict
            && !self.tables.firewall().rules.is_empty()
        {
            let header = self.parse(packet)?;
            self.ask_rules(link, &Flow::of(packet.bytes(), &header))?;
        }
        Ok(verdict)
    }

    fn ask_rules(&mut self, link: LinkId, flow: &Flow) -> Result<(), DropReason> {
        let firewall = self.tables.firewall();
        let trail = &self.state.trail;
        let rule = firewall.lookup(link, flow, trail);
        let result = firewall.verdict(link, rule);
        if T::ENABLED {
            self.trace.step(&Step::Firewall {
                link,
                firewall,
                flow,
                trail,
                rule,
                result,
            });
        }
        result
    }
}
