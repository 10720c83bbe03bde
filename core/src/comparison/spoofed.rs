//! A, or whoever has A's keys, sends through link 3 what link 3 is not for.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr};

use super::experiments::{Y, seconds};
use super::sight::{Sight, Watch};
use crate::config::{ArrangementName, ConfigError, DemandConfig};
use crate::network::datagram::{Addresses, write_udp};
use crate::network::{Network, ScenarioConfig};
use crate::{Arrangement, NoTrace, Node, PacketBuffer, Verdict};

/// An address that nobody behind A has.
pub(super) const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 66, 0, 5));

/// How B receives it. Where links are interfaces, B demands of link 3 the sources that it is for.
pub(super) fn received(scenario: &ScenarioConfig) -> Result<Option<Sight>, ConfigError> {
    let mut lax = scenario.clone();
    if let Some(link) = lax.virtual_links.first_mut() {
        link.traffic.clear();
    }
    let mut strict = scenario.clone();
    if is_interface(scenario.arrangement)
        && let Some(b) = strict.nodes.iter_mut().find(|node| node.name == "B")
    {
        b.demands.push(demand()?);
    }
    let mut ends = [&lax, &strict].into_iter().zip(["A", "B"]);
    let mut node = || -> Result<Option<Node>, ConfigError> {
        let Some((scenario, name)) = ends.next() else {
            return Ok(None);
        };
        let mut network = Network::new(scenario)?;
        network.run_until(seconds(1), &mut ());
        Ok(take(network, name))
    };
    let (Some(mut a), Some(mut b)) = (node()?, node()?) else {
        return Ok(None);
    };
    let links = (a.tables().find_link("x"), b.tables().find_link("wan"));
    let (Some(lan), Some(wan)) = links else {
        return Ok(None);
    };
    let mut buffer = PacketBuffer::new(&datagram(STRANGER, Y));
    let verdict = buffer.process(|packet| a.receive(seconds(1), lan, packet, &mut NoTrace));
    if !matches!(verdict, Verdict::Transmit { .. }) {
        return Ok(None);
    }
    let mut watch = Watch::default();
    let _verdict = PacketBuffer::new(buffer.bytes())
        .process(|packet| b.receive(seconds(1), wan, packet, &mut watch));
    Ok(watch.take())
}

fn is_interface(arrangement: ArrangementName) -> bool {
    Arrangement::from(arrangement)
        .virtual_links()
        .is_interface()
}

fn demand() -> Result<DemandConfig, ConfigError> {
    let sources = ["10.1.0.0/24", "10.0.0.1"].into_iter().map(|text| {
        let range = text.to_string().try_into();
        range.map_err(|error| ConfigError::at("demands", error))
    });
    Ok(DemandConfig {
        link: "link-3".to_string(),
        protected: None,
        bound: None,
        confidentiality: None,
        anti_replay: None,
        sources: sources.collect::<Result<_, _>>()?,
    })
}

/// A node, out of its network.
pub(super) fn take(network: Network, name: &str) -> Option<Node> {
    let mut nodes = network.into_nodes();
    nodes.find(|(other, _)| other == name).map(|(_, node)| node)
}

/// A UDP packet.
pub(super) fn datagram(source: IpAddr, destination: IpAddr) -> Vec<u8> {
    let addresses = Addresses {
        source,
        destination,
        ports: [49_152, 9],
        ttl: 64,
    };
    let mut packet = Vec::new();
    write_udp(&mut packet, &mut Vec::new(), &addresses, b"compared");
    packet
}
