//! Nodes of several workers with the same tables (RFC 9611).

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Node, carrier};
use crate::NetworkId;
use crate::sa::{InboundSa, Steering, WorkerId};

impl Node {
    /// Numbers the node among those of several workers with the same tables, or among none. It then seals with
    /// the outbound SAs of its number, and where there is none, with those of no worker. A new node has no
    /// number.
    pub fn set_worker(&mut self, worker: Option<WorkerId>) {
        self.state.ways.forget();
        self.state.worker = worker;
        self.state.carrier = carrier(&self.tables, worker);
    }

    /// The number of its worker.
    #[must_use]
    pub const fn worker(&self) -> Option<WorkerId> {
        self.state.worker
    }

    /// A node for another worker: it has the same tables, this number, and of the inbound SAs of this node those
    /// that are for its number, which are handed over, windows and all.
    #[must_use]
    pub fn for_worker(&mut self, worker: WorkerId) -> Self {
        let mut node = Self::new(Arc::clone(&self.tables));
        node.set_worker(Some(worker));
        self.state.ways.forget();
        for (from, to) in self.state.sads.iter_mut().zip(&mut node.state.sads) {
            let of_worker = from.iter().filter(|sa| sa.worker() == Some(worker));
            let ids: Vec<_> = of_worker.map(InboundSa::id).collect();
            for sa in ids.iter().filter_map(|id| from.remove(id)) {
                let inserted = to.insert(sa);
                debug_assert!(inserted.is_ok(), "a SAD has no key twice");
            }
        }
        node
    }
}

impl Steering {
    /// Which of the nodes opens a packet that arrives in a network, by the inbound SAs that each has now, whatever
    /// worker those are for. Nodes without a number take no part.
    #[must_use]
    pub fn of_nodes<'n>(network: NetworkId, nodes: impl IntoIterator<Item = &'n Node>) -> Self {
        let mut nodes = nodes.into_iter().peekable();
        let tables = nodes.peek().map(|node| Arc::clone(node.tables()));
        let numbered = nodes.filter_map(|node| Some((node.sad(network)?, node.worker()?)));
        let sas = numbered.flat_map(|(sad, worker)| sad.iter().map(move |sa| (sa.id(), worker)));
        let skip = tables.as_ref().map(|tables| *tables.skip_list());
        let port = tables.and_then(|tables| tables.udp_port());
        Self::new(sas, skip.unwrap_or_default(), port)
    }
}
