//! Policies and selectors.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

use super::Compiler;

use crate::config::{
    ActionName, AppliesName, ConfigError, InnerLayerName, ModeName, OrOpaque, PolicyConfig,
    PopulateName, SelectorsConfig,
};
use crate::spd::{
    AddressSet, Applies, FieldSet, InnerLayer, InnerSelectors, NextLayer, Policy,
    PopulateFromPacket, Protection, Selectors, Sides, UpperSelector,
};
use crate::{Mode, TunnelEnds};

impl Compiler<'_> {
    pub(super) fn add_policies(&mut self) -> Result<(), ConfigError> {
        for (index, config) in self.config.policies.iter().enumerate() {
            let path = format!("policies[{index}]");
            let network = self
                .network(config.network.as_deref())
                .map_err(|error| error.inside("network").inside(&path))?;
            let policy = policy(config).map_err(|error| error.inside(&path))?;
            self.add_policy(network, path, policy);
        }
        Ok(())
    }
}

/// A policy, without regard to its network.
pub(in crate::config) fn policy(config: &PolicyConfig) -> Result<Policy, ConfigError> {
    let sets = selector_sets(&config.selectors).map_err(|error| error.inside("selectors"))?;
    let name = config.name.as_str();
    let applies = match config.applies {
        None | Some(AppliesName::Both) => Applies::Both,
        Some(AppliesName::Outbound) => Applies::Outbound,
        Some(AppliesName::Inbound) => Applies::Inbound,
    };
    let policy = match config.action {
        ActionName::Protect if applies != Applies::Both => {
            let cause = "a policy that protects is for both directions (RFC 4301 section 4.4.1)";
            return Err(ConfigError::at("applies", cause));
        }
        ActionName::Protect => {
            let mut protection = Protection::new(mode(config)?);
            protection.populate = populate(&config.populate);
            protection.transforms = config.transforms.iter().map(|text| text.0).collect();
            protection.extended_sequence = config.extended_sequence.unwrap_or(true);
            Policy::protect(name, sets, protection)
        }
        ActionName::Bypass => Policy::bypass(name, applies, sets),
        ActionName::Discard => Policy::discard(name, applies, sets),
    };
    if config.action != ActionName::Protect {
        let idle = [
            ("mode", config.mode.is_some()),
            ("tunnel-local", config.tunnel_local.is_some()),
            ("tunnel-remote", config.tunnel_remote.is_some()),
            ("populate", !config.populate.is_empty()),
            ("transforms", !config.transforms.is_empty()),
            ("extended-sequence", config.extended_sequence.is_some()),
        ];
        if let Some((field, _)) = idle.into_iter().find(|(_, is_set)| *is_set) {
            return Err(ConfigError::at(
                field,
                "goes with the action \"protect\" only",
            ));
        }
    }
    let policy = policy.map_err(|error| ConfigError::at(".", error))?;
    let inner = inner_selectors(&config.inner_selectors, config.inner_layer)?;
    Ok(match inner {
        Some(inner) => policy.with_inner_selectors(inner),
        None => policy,
    })
}

/// Selectors for what is inside; `None` if the document names none.
pub(super) fn inner_selectors(
    configs: &[SelectorsConfig],
    layer: InnerLayerName,
) -> Result<Option<InnerSelectors>, ConfigError> {
    if configs.is_empty() {
        return Ok(None);
    }
    let sets = selector_sets(configs).map_err(|error| error.inside("inner-selectors"))?;
    let layer = match layer {
        InnerLayerName::Innermost => InnerLayer::Innermost,
        InnerLayerName::Next => InnerLayer::Next,
    };
    Ok(Some(InnerSelectors { layer, sets }))
}

fn mode(config: &PolicyConfig) -> Result<Mode, ConfigError> {
    match (
        config.mode.unwrap_or_default(),
        config.tunnel_local,
        config.tunnel_remote,
    ) {
        (ModeName::Transport, None, None) => Ok(Mode::Transport),
        (ModeName::Tunnel, Some(local), Some(remote)) => {
            Ok(Mode::Tunnel(TunnelEnds { local, remote }))
        }
        (ModeName::Transport, ..) => Err(ConfigError::at(
            "mode",
            "tunnel ends go with the mode \"tunnel\" only",
        )),
        (ModeName::Tunnel, ..) => Err(ConfigError::at(
            "mode",
            "tunnel mode needs both ends: tunnel-local and tunnel-remote",
        )),
    }
}

fn populate(names: &[PopulateName]) -> PopulateFromPacket {
    let has = |name| names.contains(&name);
    PopulateFromPacket {
        local: has(PopulateName::Local),
        remote: has(PopulateName::Remote),
        protocol: has(PopulateName::Protocol),
        local_port: has(PopulateName::LocalPort),
        remote_port: has(PopulateName::RemotePort),
    }
}

/// The selector sets of a document; every packet if it names none.
pub(super) fn selector_sets(configs: &[SelectorsConfig]) -> Result<Box<[Selectors]>, ConfigError> {
    if configs.is_empty() {
        return Ok(Box::new([Selectors::ANY]));
    }
    configs
        .iter()
        .enumerate()
        .map(|(index, config)| {
            selectors(config).map_err(|error| error.inside(format!("[{index}]")))
        })
        .collect()
}

fn selectors(config: &SelectorsConfig) -> Result<Selectors, ConfigError> {
    let addresses = |field, ranges: &Option<Vec<_>>| match ranges {
        None => Ok(AddressSet::Any),
        Some(ranges) => AddressSet::ranges(ranges.iter().map(address_range))
            .map_err(|error| ConfigError::at(field, error)),
    };
    let local = addresses("local", &config.local)?;
    let remote = addresses("remote", &config.remote)?;
    Selectors::new(local, remote, next_layer(config)?).map_err(|error| ConfigError::at(".", error))
}

fn address_range(
    text: &crate::config::AddressRangeText,
) -> core::ops::RangeInclusive<core::net::IpAddr> {
    text.0.clone()
}

fn next_layer(config: &SelectorsConfig) -> Result<NextLayer, ConfigError> {
    let upper = upper(config)?;
    match &config.protocol {
        None if upper != UpperSelector::Any => Err(ConfigError::at(
            "protocol",
            "ports and message types need a protocol (RFC 4301 section 4.4.1.1)",
        )),
        None => Ok(NextLayer::Any),
        Some(OrOpaque::Word(_)) if upper != UpperSelector::Any => Err(ConfigError::at(
            "protocol",
            "ports and message types need a protocol that the packet shows",
        )),
        Some(OrOpaque::Word(_)) => Ok(NextLayer::Opaque),
        Some(OrOpaque::Values(protocol)) => Ok(NextLayer::Protocol {
            protocol: protocol.0,
            upper,
        }),
    }
}

fn upper(config: &SelectorsConfig) -> Result<UpperSelector, ConfigError> {
    let ports = sides(
        ("local-ports", &config.local_ports),
        ("remote-ports", &config.remote_ports),
        |text| text.0.clone(),
    )?;
    let icmp = sides(
        ("local-icmp", &config.local_icmp),
        ("remote-icmp", &config.remote_icmp),
        |text| text.0.clone(),
    )?;
    let mobility = sides(
        ("local-mobility", &config.local_mobility),
        ("remote-mobility", &config.remote_mobility),
        |&kind| kind..=kind,
    )?;
    match (ports, icmp, mobility) {
        (None, None, None) => Ok(UpperSelector::Any),
        (Some(sides), None, None) => Ok(UpperSelector::Ports(sides)),
        (None, Some(sides), None) => Ok(UpperSelector::Icmp(sides)),
        (None, None, Some(sides)) => Ok(UpperSelector::Mobility(sides)),
        _ => Err(ConfigError::at(
            ".",
            "ports, ICMP messages and mobility headers are of different protocols: one kind for each set",
        )),
    }
}

/// The two sides of a field; `None` if the document names neither.
fn sides<V, T: crate::spd::Successor>(
    local: (&str, &Option<OrOpaque<Vec<V>>>),
    remote: (&str, &Option<OrOpaque<Vec<V>>>),
    range: impl Fn(&V) -> core::ops::RangeInclusive<T>,
) -> Result<Option<Sides<T>>, ConfigError> {
    let set = |(field, values): (&str, &Option<OrOpaque<Vec<V>>>)| match values {
        None => Ok(FieldSet::Any),
        Some(OrOpaque::Word(_)) => Ok(FieldSet::Opaque),
        Some(OrOpaque::Values(values)) => FieldSet::ranges(values.iter().map(&range))
            .map_err(|error| ConfigError::at(field, error)),
    };
    if local.1.is_none() && remote.1.is_none() {
        return Ok(None);
    }
    Ok(Some(Sides {
        local: set(local)?,
        remote: set(remote)?,
    }))
}
