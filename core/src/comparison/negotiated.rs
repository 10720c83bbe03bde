//! A peer that knows tunnel mode alone has negotiated SAs for link 3: what becomes of them.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::experiments::{A, B, VIRTUAL, X, Y, seconds};
use super::sight::{Sight, Watch};
use super::spoofed::{datagram, take};
use crate::config::ConfigError;
use crate::negotiation::{NegotiatedPair, TrafficCheck};
use crate::network::{Network, ScenarioConfig};
use crate::sa::{InboundSa, OutboundSa, SaParameters};
use crate::spd::{AddressSet, NextLayer, Selectors};
use crate::tables::VirtualLinkForm;
use crate::transform::{Keys, SecretBytes, Transform};
use crate::wire::Spi;
use crate::{Mode, NetworkId, Node, PacketBuffer, TunnelEnds};

/// The virtual link that is negotiated for.
const LINK: &str = "link-3";

/// What became of a negotiated pair.
#[derive(Debug)]
pub(super) struct Negotiated {
    /// The mode in which the pair was installed, or why it was not.
    pub(super) installed: Result<Mode, String>,
    /// A's packet from X to Y with it.
    pub(super) used: Option<Sight>,
    /// What the SAD of an SA interface refuses.
    pub(super) refused: Vec<String>,
}

pub(super) fn install(scenario: &ScenarioConfig) -> Result<Negotiated, ConfigError> {
    let mut network = Network::new(scenario)?;
    network.run_until(seconds(1), &mut ());
    let missing = || ConfigError::at("nodes", "the scenario has no node A");
    let mut a = take(network, "A").ok_or_else(missing)?;
    let transform = scenario.virtual_links.first();
    let transform = transform
        .and_then(|link| link.transform)
        .ok_or_else(missing)?;
    let network = a.tables().find_network(VIRTUAL).ok_or_else(missing)?;
    let parameters = |spi| parameters(spi, network, transform.0);
    let [outbound, inbound] = [Spi(0x2000_0001), Spi(0x2000_0002)].map(parameters);
    let mut refused = Vec::new();
    let installed = match a.tables().arrangement().virtual_links() {
        VirtualLinkForm::SaInterface => {
            refused = refusals(&a, &outbound);
            into_interface(&mut a, outbound, inbound)
        }
        _ => {
            let pair = NegotiatedPair::new(outbound, inbound);
            let installed = pair.and_then(|pair| a.install_negotiated(pair, TrafficCheck::Outer));
            let installed = installed.map(|pair| pair.outbound.mode());
            installed.map_err(|error| error.to_string())
        }
    };
    let used = a.tables().find_link("x").and_then(|link| {
        let mut watch = Watch::default();
        let _verdict = PacketBuffer::new(&datagram(X, Y))
            .process(|packet| a.receive(seconds(1), link, packet, &mut watch));
        watch.take()
    });
    Ok(Negotiated {
        installed,
        used,
        refused,
    })
}

/// The SAs take the place of those of the interface that is them.
fn into_interface(
    node: &mut Node,
    outbound: SaParameters,
    inbound: SaParameters,
) -> Result<Mode, String> {
    let mode = outbound.mode;
    let link = node.tables().find_link(LINK);
    let link = link.ok_or_else(|| "no interface is named link-3".to_string())?;
    let outbound = OutboundSa::new(outbound).map_err(|error| error.to_string())?;
    let inbound = InboundSa::new(inbound).map_err(|error| error.to_string())?;
    let tables = node
        .tables()
        .with_replaced_interface_sa(link, Arc::new(outbound))
        .map_err(|error| error.to_string())?;
    node.install(Arc::new(tables));
    node.insert_inbound_sa(inbound)
        .map_err(|error| error.to_string())?;
    Ok(mode)
}

/// RFC 3884 section 4.1: an interface's SAD takes no second SA, and none in transport mode.
fn refusals(node: &Node, outbound: &SaParameters) -> Vec<String> {
    let Some(link) = node.tables().find_link(LINK) else {
        return Vec::new();
    };
    let modes = [outbound.mode, Mode::Transport];
    let refused = modes.into_iter().filter_map(|mode| {
        let sa = OutboundSa::new(SaParameters {
            mode,
            ..outbound.clone()
        });
        let added = node.tables().with_interface_sa(link, Arc::new(sa.ok()?));
        let error = added.err()?;
        Some(alloc::format!("{} mode: {error}", mode.name()))
    });
    refused.collect()
}

fn parameters(spi: Spi, network: NetworkId, transform: Transform) -> SaParameters {
    let ends = TunnelEnds {
        local: A,
        remote: B,
    };
    let length = transform
        .key_length()
        .saturating_add(transform.salt_length());
    let integrity = transform.integrity().map_or(0, |i| i.key_length());
    let key = |length| SecretBytes::from(alloc::vec![0x3c_u8; length]);
    let keys = Keys {
        encryption: key(length),
        integrity: key(integrity),
    };
    let lan = |address| AddressSet::prefix(address, 24).unwrap_or(AddressSet::Any);
    let selectors = Selectors::new(lan(X), lan(Y), NextLayer::Any).unwrap_or(Selectors::ANY);
    SaParameters {
        name: "negotiated".to_string(),
        network,
        selectors: Box::new([selectors]),
        ..SaParameters::new(spi, Mode::Tunnel(ends), transform, keys)
    }
}
