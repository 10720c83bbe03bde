//! How many packets and bytes went where.

use alloc::boxed::Box;

use crate::{DropReason, LinkId, Tables, Verdict};

/// Packets and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Packets.
    pub packets: u64,
    /// Bytes, IP headers included.
    pub bytes: u64,
}

/// What one link carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkCounters {
    /// Received; on a tunnel interface: decapsulated.
    pub received: Count,
    /// Sent; on a tunnel interface: encapsulated.
    pub sent: Count,
}

/// The counters of one node. Read by copy; those of several nodes add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters {
    links: Box<[LinkCounters]>,
    drops: [u64; 256],
    delivered: Count,
    held: u64,
    ecn_anomalies: u64,
}

impl Count {
    #[inline]
    fn add(&mut self, bytes: usize) {
        self.add_many(1, bytes);
    }

    #[inline]
    fn add_many(&mut self, packets: usize, bytes: usize) {
        self.packets = self.packets.saturating_add(packets as u64);
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }
}

impl Counters {
    pub(crate) fn new(tables: &Tables) -> Self {
        Self {
            links: alloc::vec![LinkCounters::default(); tables.links().len()].into(),
            drops: [0; 256],
            delivered: Count::default(),
            held: 0,
            ecn_anomalies: 0,
        }
    }

    /// Follows a change of tables: links that stay keep their counts.
    pub(crate) fn resize(&mut self, old: &Tables, new: &Tables) {
        let count = |name| {
            old.find_link(name)
                .and_then(|id| self.link(id))
                .unwrap_or_default()
        };
        self.links = new.links().map(|(_, link)| count(&link.name)).collect();
    }

    #[inline]
    pub(crate) fn received(&mut self, link: LinkId, bytes: usize) {
        if let Some(link) = self.link_mut(link) {
            link.received.add(bytes);
        }
    }

    #[inline]
    pub(crate) fn sent(&mut self, link: LinkId, bytes: usize) {
        if let Some(link) = self.link_mut(link) {
            link.sent.add(bytes);
        }
    }

    #[inline]
    pub(crate) fn received_many(&mut self, link: LinkId, packets: usize, bytes: usize) {
        if let Some(link) = self.link_mut(link) {
            link.received.add_many(packets, bytes);
        }
    }

    #[inline]
    pub(crate) fn sent_many(&mut self, link: LinkId, packets: usize, bytes: usize) {
        if let Some(link) = self.link_mut(link) {
            link.sent.add_many(packets, bytes);
        }
    }

    pub(crate) fn timed_out(&mut self, datagrams: u64) {
        for _ in 0..datagrams {
            self.count_drop(DropReason::ReassemblyTimeout);
        }
    }

    pub(crate) const fn ecn_anomaly(&mut self) {
        self.ecn_anomalies = self.ecn_anomalies.saturating_add(1);
    }

    #[inline]
    pub(crate) fn finish(&mut self, verdict: Verdict, bytes: usize) {
        match verdict {
            Verdict::Transmit { link, .. } => self.sent(link, bytes),
            Verdict::Deliver { .. } => self.delivered.add(bytes),
            Verdict::Hold => self.held = self.held.saturating_add(1),
            Verdict::Drop(reason) => self.count_drop(reason),
        }
    }

    #[inline]
    fn count_drop(&mut self, reason: DropReason) {
        if let Some(count) = self.drops.get_mut(usize::from(reason.code())) {
            *count = count.saturating_add(1);
        }
    }

    /// What a link carried.
    #[must_use]
    pub fn link(&self, link: LinkId) -> Option<LinkCounters> {
        self.links.get(link.index()).copied()
    }

    /// How many packets met their end for this reason.
    #[must_use]
    pub fn drops(&self, reason: DropReason) -> u64 {
        self.drops
            .get(usize::from(reason.code()))
            .copied()
            .unwrap_or_default()
    }

    /// How many packets met their end.
    #[must_use]
    pub fn all_drops(&self) -> u64 {
        self.drops.iter().sum()
    }

    /// What was delivered to this node's own upper layers.
    #[must_use]
    pub const fn delivered(&self) -> Count {
        self.delivered
    }

    /// How many fragments were kept for reassembly.
    #[must_use]
    pub const fn held(&self) -> u64 {
        self.held
    }

    /// How many packets came out of a tunnel with ECN fields that no honest path produces.
    #[must_use]
    pub const fn ecn_anomalies(&self) -> u64 {
        self.ecn_anomalies
    }

    fn link_mut(&mut self, link: LinkId) -> Option<&mut LinkCounters> {
        self.links.get_mut(link.index())
    }
}
