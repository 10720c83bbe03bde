//! What a node has counted, as a document.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;

use crate::{Count, Counters, DropReason, Tables};

/// What a node has counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct CountersReport {
    /// Links, in the order of the document.
    pub links: Vec<LinkReport>,
    /// Packets for this node's own upper layers.
    pub delivered: CountReport,
    /// Fragments kept for reassembly.
    pub held: u64,
    /// Packets whose ECN fields were a combination that no honest path produces.
    pub ecn_anomalies: u64,
    /// Drop reasons that occurred, in the order of their codes.
    pub drops: Vec<DropReport>,
}

/// What one link carried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct LinkReport {
    /// Name.
    pub name: String,
    /// Whatever came in.
    pub received: CountReport,
    /// Whatever went out.
    pub sent: CountReport,
}

/// Packets and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct CountReport {
    /// Packets.
    pub packets: u64,
    /// Bytes.
    pub bytes: u64,
}

/// How often a drop reason occurred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct DropReport {
    /// The reason's name.
    pub reason: String,
    /// Its code.
    pub code: u8,
    /// Packets.
    pub packets: u64,
}

impl Counters {
    /// The counters as a document, with the names of the links.
    #[must_use]
    pub fn report(&self, tables: &Tables) -> CountersReport {
        CountersReport {
            links: tables
                .links()
                .map(|(id, link)| {
                    let counters = self.link(id).unwrap_or_default();
                    LinkReport {
                        name: link.name.clone(),
                        received: counters.received.into(),
                        sent: counters.sent.into(),
                    }
                })
                .collect(),
            delivered: self.delivered().into(),
            held: self.held(),
            ecn_anomalies: self.ecn_anomalies(),
            drops: DropReason::ALL
                .iter()
                .filter(|&&reason| self.drops(reason) > 0)
                .map(|&reason| DropReport {
                    reason: reason.name().to_string(),
                    code: reason.code(),
                    packets: self.drops(reason),
                })
                .collect(),
        }
    }
}

impl From<Count> for CountReport {
    fn from(count: Count) -> Self {
        Self {
            packets: count.packets,
            bytes: count.bytes,
        }
    }
}
