//! What a node has in its tables, as a document.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use serde::Serialize;

use super::WindowReport;
use super::recorder::window_report;
use super::tables::{policy_text, route_text, sa_text};
use crate::sa::{InboundSa, OutboundSa};
use crate::wire::{IpHeader, SkipList};
use crate::{LinkId, LinkKind, Node, Side, Tables};

/// A node's tables at a moment. Keys are not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct NodeReport {
    /// The word of the node's arrangement.
    pub arrangement: &'static str,
    /// Its networks.
    pub networks: Vec<TablesReport>,
    /// Links that are down.
    pub down: Vec<String>,
}

/// The tables of one network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct TablesReport {
    /// Name.
    pub name: String,
    /// Routes.
    pub routes: Vec<String>,
    /// Policies, in the order in which they are tried.
    pub policies: Vec<String>,
    /// SAs of policies, for packets that leave.
    pub outbound: Vec<OutboundSaReport>,
    /// SAs for packets that come.
    pub inbound: Vec<InboundSaReport>,
}

/// An SA for packets that leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct OutboundSaReport {
    /// Name, SPI, mode and algorithms.
    pub sa: String,
    /// The sequence number of its last packet.
    pub sequence: u64,
}

/// An SA for packets that come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct InboundSaReport {
    /// Name, SPI, mode and algorithms.
    pub sa: String,
    /// Its anti-replay window, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowReport>,
}

impl Node {
    /// The node's tables as a document.
    #[must_use]
    pub fn report(&self) -> NodeReport {
        let tables = self.tables();
        let networks = tables.networks().map(|(id, network)| TablesReport {
            name: network.name().to_string(),
            routes: network
                .fib()
                .routes()
                .map(|route| route_text(tables, route))
                .collect(),
            policies: network
                .spd()
                .iter()
                .map(|(_, policy)| policy_text(policy))
                .collect(),
            outbound: network
                .outbound()
                .iter()
                .map(|(_, sa)| outbound(sa))
                .collect(),
            inbound: self
                .sad(id)
                .map(|sad| sad.iter().map(inbound).collect())
                .unwrap_or_default(),
        });
        NodeReport {
            arrangement: tables.arrangement().name(),
            networks: networks.collect(),
            down: tables
                .links()
                .filter(|(id, _)| !self.is_link_up(*id))
                .map(|(_, link)| link.name.clone())
                .collect(),
        }
    }
}

fn outbound(sa: &alloc::sync::Arc<OutboundSa>) -> OutboundSaReport {
    OutboundSaReport {
        sa: sa_text(
            sa.name(),
            sa.spi(),
            sa.mode().name(),
            sa.transform().to_string(),
        ),
        sequence: sa.sequence(),
    }
}

fn inbound(sa: &InboundSa) -> InboundSaReport {
    InboundSaReport {
        sa: sa_text(
            sa.name(),
            sa.id().spi,
            sa.mode().name(),
            sa.transform().to_string(),
        ),
        window: sa.window().map(window_report),
    }
}

/// By which link a packet comes to a node, if nobody says so: by the physical link whose prefix holds its
/// source; else by the only link on the far side of the IPsec boundary.
#[must_use]
pub fn arrival_link(tables: &Tables, packet: &[u8]) -> Option<LinkId> {
    let physical = || {
        tables
            .links()
            .filter(|(_, link)| link.kind == LinkKind::Physical)
    };
    let near = |source: IpAddr| {
        physical().find(|(_, link)| link.addresses.iter().any(|own| own.prefix.contains(source)))
    };
    let source = IpHeader::parse(packet, &SkipList::default()).map(|header| header.source);
    if let Some((id, _)) = source.ok().and_then(near) {
        return Some(id);
    }
    let mut outside = physical().filter(|(_, link)| link.side == Side::Unprotected);
    match (outside.next(), outside.next()) {
        (Some((id, _)), None) => Some(id),
        _ => None,
    }
}
