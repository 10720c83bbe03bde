//! What goes on when tables made anew replace others.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Network, Tables};
use crate::sa::OutboundSa;

impl Tables {
    /// These tables, in which outbound SAs that the old ones had too go on as they were: an SA that
    /// began anew would give out sequence numbers twice, and with them IVs.
    ///
    /// The same SA is one with the same SPI for the policy of the same name in the network of the same
    /// name. New keys want a new SPI (RFC 4301 section 4.4.2), so what else these tables say of such
    /// an SA has no effect.
    #[must_use]
    pub fn continuing(&self, old: &Self) -> Self {
        let mut tables = self.clone();
        for network in &mut tables.networks {
            let before = old.networks.iter().find(|old| old.name == network.name);
            if let Some(before) = before {
                network.continue_sas(before);
            }
        }
        let interfaces = tables
            .links()
            .map(|(id, link)| (id, old.find_link(&link.name)));
        for (link, before) in interfaces.collect::<Vec<_>>() {
            if let Some(before) = before {
                let running = old.interface_sas(before);
                Arc::make_mut(&mut tables.interface_sas)
                    .replace_each(link, |sa| continued(running, sa));
            }
        }
        tables
    }
}

impl Network {
    fn continue_sas(&mut self, old: &Self) {
        let spd = &self.spd;
        for (&policy, group) in Arc::make_mut(&mut self.outbound).by_policy.iter_mut() {
            let running = spd
                .policy(policy)
                .and_then(|policy| old.spd.find(policy.name()))
                .map(|(id, _)| old.outbound.of_policy(id))
                .unwrap_or_default();
            *group = group.replaced(|sa| continued(running, sa));
        }
    }
}

/// The SA that goes on: the running one of the same SPI, if there is one.
fn continued(running: &[Arc<OutboundSa>], sa: &Arc<OutboundSa>) -> Arc<OutboundSa> {
    let same = running.iter().find(|old| old.spi() == sa.spi());
    Arc::clone(same.unwrap_or(sa))
}
