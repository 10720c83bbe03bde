//! Events as documents, names and all.

use alloc::string::{String, ToString};
use core::net::IpAddr;

use iiptran::node::Event;
use iiptran::sa::SaId;
use iiptran::spd::PolicyId;
use iiptran::wire::{Flow, Spi, Upper};
use iiptran::{NetworkId, Tables};
use serde::Serialize;

/// Something that key management should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EventReport {
    /// `acquire`, `outbound-soft-expiry` or `inbound-soft-expiry`.
    pub event: &'static str,
    /// The network.
    pub network: String,
    /// The policy that an outbound SA is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The SA that should be replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spi: Option<u32>,
    /// The destination that takes part in the lookup of the SA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<IpAddr>,
    /// The source that takes part in the lookup of the SA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// The packet that needs an SA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowReport>,
    /// The worker that the SA is to be for, where others have SAs of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<u16>,
}

/// The fields of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FlowReport {
    /// Source address.
    pub source: IpAddr,
    /// Destination address.
    pub destination: IpAddr,
    /// Next layer protocol.
    pub protocol: u8,
    /// Source port, where the packet shows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_port: Option<u16>,
    /// Destination port, where the packet shows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_port: Option<u16>,
}

impl EventReport {
    /// The event with the names of the tables.
    pub(crate) fn of(event: &Event, tables: &Tables) -> Option<Self> {
        let network_name = |id| tables.network(id).map(|network| network.name().to_string());
        let policy_name = |network: NetworkId, id: PolicyId| {
            let policy = tables.network(network)?.spd().policy(id)?;
            Some(policy.name().to_string())
        };
        let about = |event, network| {
            Some(Self {
                event,
                network: network_name(network)?,
                policy: None,
                spi: None,
                destination: None,
                source: None,
                flow: None,
                worker: None,
            })
        };
        match *event {
            Event::Acquire {
                network,
                policy,
                flow,
                worker,
            } => Some(Self {
                policy: policy_name(network, policy),
                flow: Some(flow.into()),
                worker: worker.map(|worker| worker.0),
                ..about("acquire", network)?
            }),
            Event::OutboundSoftExpiry {
                network,
                policy,
                spi: Spi(spi),
            } => Some(Self {
                policy: policy_name(network, policy),
                spi: Some(spi),
                ..about("outbound-soft-expiry", network)?
            }),
            Event::InboundSoftExpiry { network, id } => {
                let SaId {
                    spi,
                    destination,
                    source,
                } = id;
                Some(Self {
                    spi: Some(spi.0),
                    destination,
                    source,
                    ..about("inbound-soft-expiry", network)?
                })
            }
            _ => None,
        }
    }
}

impl From<Flow> for FlowReport {
    fn from(flow: Flow) -> Self {
        let ports = match flow.upper {
            Upper::Ports {
                source,
                destination,
            } => Some((source, destination)),
            _ => None,
        };
        Self {
            source: flow.source,
            destination: flow.destination,
            protocol: flow.protocol.0,
            source_port: ports.map(|(source, _)| source),
            destination_port: ports.map(|(_, destination)| destination),
        }
    }
}
