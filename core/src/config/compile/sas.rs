//! SAs.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use super::policies::{inner_selectors, selector_sets};
use super::{Compiler, ConfigError};
use crate::config::{
    DirectionName, LifetimeConfig, LimitsOfLifetime, ModeName, ProtectionConfig, SaConfig,
    SaKeysConfig, UdpEncapsulationConfig, VirtualLinkConfig, WindowConfig,
};
use crate::esp::{PaddingCheck, UdpEncapsulation};
use crate::outer::OuterFields;
use crate::sa::{
    Diagnosis, InboundSa, Lifetime, Limits, OutboundSa, Resynchronisation, SaError, SaParameters,
    WorkerId,
};
use crate::spd::{InnerSelectors, Selectors};
use crate::transform::{Keys, Transform};
use crate::{Instant, LinkId, LinkKind, Mode, NetworkId, TunnelEnds};

/// What the two SAs of a virtual link have from the arrangement.
pub(super) struct LinkSas<'s> {
    pub(super) mode: Mode,
    pub(super) network: NetworkId,
    pub(super) selectors: &'s [Selectors],
    /// The interface that they are, where SAs are interfaces.
    pub(super) interface: Option<LinkId>,
    pub(super) inner: Option<&'s InnerSelectors>,
}

impl Compiler<'_> {
    pub(super) fn add_sas(&mut self) -> Result<(), ConfigError> {
        for (index, config) in self.config.sas.iter().enumerate() {
            let path = format!("sas[{index}]");
            self.add_sa(&path, config)
                .map_err(|error| error.inside(&path))?;
        }
        Ok(())
    }

    fn add_sa(&mut self, path: &str, config: &SaConfig) -> Result<(), ConfigError> {
        self.check_manual_keys(config.transform.0)?;
        let network = self.network(config.network.as_deref());
        let network = network.map_err(|error| error.inside("network"))?;
        match (config.direction, &config.policy) {
            (None, _) => Err(ConfigError::at(
                "direction",
                "an SA of a node has a direction",
            )),
            (Some(DirectionName::Outbound), None) => {
                Err(ConfigError::at("policy", "an outbound SA serves a policy"))
            }
            (Some(DirectionName::Outbound), Some(policy)) => {
                let parameters = SaParameters {
                    network,
                    ..config.outbound_parameters()?
                };
                let sa = OutboundSa::new(parameters).map_err(sa_error)?;
                match self.sa_interface(policy) {
                    Some(link) => self.add_interface_sa(link, path.into(), sa),
                    None => self.add_outbound(network, path.into(), policy, sa),
                }
                Ok(())
            }
            (Some(DirectionName::Inbound), Some(_)) => Err(ConfigError::at(
                "policy",
                "an inbound SA is found by its SPI, not by a policy",
            )),
            (Some(DirectionName::Inbound), None) => {
                let parameters = SaParameters {
                    network,
                    ..config.inbound_parameters()?
                };
                let sa = InboundSa::new(parameters).map_err(sa_error)?;
                self.inbound.push((path.into(), sa));
                Ok(())
            }
        }
    }

    /// The SA interface of this name.
    fn sa_interface(&self, name: &str) -> Option<LinkId> {
        let id = self.interface(name)?;
        let link = self.builder.links.get(id.index())?;
        matches!(link.kind, LinkKind::Sa(_)).then_some(id)
    }

    /// The SAs of a virtual link: one each way for any worker, and one each way for each worker.
    pub(super) fn add_link_sas(
        &mut self,
        path: &str,
        name: &str,
        protection: &ProtectionConfig,
        sas: &LinkSas<'_>,
        link: &VirtualLinkConfig,
    ) -> Result<(), ConfigError> {
        let places = worker_places(protection)?;
        let has_keys = |place: &WorkerPlace<'_>| place.keys.iter().any(Option::is_some);
        if places.iter().any(has_keys) {
            self.check_manual_keys(protection.transform.0)
                .map_err(|error| error.inside("protection"))?;
        }
        for place in places {
            self.add_worker_sas(path, name, protection, sas, link, &place)?;
        }
        Ok(())
    }

    fn add_worker_sas(
        &mut self,
        path: &str,
        name: &str,
        protection: &ProtectionConfig,
        sas: &LinkSas<'_>,
        link: &VirtualLinkConfig,
        place: &WorkerPlace<'_>,
    ) -> Result<(), ConfigError> {
        let name_of = match place.worker {
            Some(worker) => format!("{name} of worker {worker}"),
            None => name.to_string(),
        };
        let parameters = |keys: &SaKeysConfig| SaParameters {
            name: name_of.clone(),
            network: sas.network,
            worker: place.worker,
            selectors: sas.selectors.into(),
            inner_selectors: sas.inner.cloned(),
            extended_sequence: protection.extended_sequence,
            start: keys.start,
            lifetime: protection.lifetime.unwrap_or_default().into(),
            udp_encapsulation: protection.udp_encapsulation.map(Into::into),
            ..SaParameters::new(keys.spi.0, sas.mode, protection.transform.0, keys.keys())
        };
        let [outbound, inbound] = place.keys;
        if let Some(keys) = outbound {
            let at = |error: ConfigError| error.inside("outbound").inside(&place.path);
            let outer = link
                .outer
                .as_ref()
                .map_or(Ok(OuterFields::TUNNEL_MODE), |outer| {
                    outer
                        .fields(&OuterFields::TUNNEL_MODE)
                        .map_err(|error| error.inside("outer"))
                })?;
            let sa = OutboundSa::new(SaParameters {
                outer,
                ..parameters(keys)
            });
            let sa = sa.map_err(sa_error).map_err(at)?;
            let at = format!("{path}.{}.outbound", place.path);
            match sas.interface {
                Some(link) => self.add_interface_sa(link, at, sa),
                None => self.add_outbound(sas.network, at, name, sa),
            }
        }
        if let Some(keys) = inbound {
            let at = |error: ConfigError| error.inside("inbound").inside(&place.path);
            let sa = InboundSa::new(SaParameters {
                window: window(protection.window),
                inner: link.inner.unwrap_or_default().into(),
                ..parameters(keys)
            });
            let sa = sa.map_err(sa_error).map_err(at)?;
            self.inbound
                .push((format!("{path}.{}.inbound", place.path), sa));
        }
        Ok(())
    }

    /// RFC 8221 section 3: no counter mode with keys that a restart would use again.
    fn check_manual_keys(&self, transform: Transform) -> Result<(), ConfigError> {
        if transform.is_counter_mode() && !self.config.insecure_test_keys {
            let cause = format!(
                "{transform} with keys from a document would use the same IVs again after a restart (RFC 8221 section 3); for tests, set insecure-test-keys"
            );
            return Err(ConfigError::at("transform", cause));
        }
        Ok(())
    }
}

/// The keys of a virtual link for one worker or for any, outbound and inbound, and where they stand.
struct WorkerPlace<'c> {
    path: String,
    worker: Option<WorkerId>,
    keys: [Option<&'c SaKeysConfig>; 2],
}

/// All keys of a virtual link; no worker has two places.
fn worker_places(protection: &ProtectionConfig) -> Result<Vec<WorkerPlace<'_>>, ConfigError> {
    let mut places = Vec::from([WorkerPlace {
        path: "protection".into(),
        worker: None,
        keys: [protection.outbound.as_ref(), protection.inbound.as_ref()],
    }]);
    for (index, config) in protection.workers.iter().enumerate() {
        let path = format!("protection.workers[{index}]");
        let worker = Some(WorkerId(config.worker));
        if places.iter().any(|place| place.worker == worker) {
            let cause = format!("worker {} has SAs in this list already", config.worker);
            return Err(ConfigError::at("worker", cause).inside(path));
        }
        places.push(WorkerPlace {
            path,
            worker,
            keys: [config.outbound.as_ref(), config.inbound.as_ref()],
        });
    }
    Ok(places)
}

impl SaConfig {
    /// The sending side of the SA.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn outbound(&self) -> Result<OutboundSa, ConfigError> {
        OutboundSa::new(self.outbound_parameters()?).map_err(sa_error)
    }

    /// The receiving side of the SA.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn inbound(&self) -> Result<InboundSa, ConfigError> {
        InboundSa::new(self.inbound_parameters()?).map_err(sa_error)
    }

    fn outbound_parameters(&self) -> Result<SaParameters, ConfigError> {
        let ends = self.source.zip(self.destination);
        let ends = ends.map(|(local, remote)| TunnelEnds { local, remote });
        let outer = self
            .outer
            .as_ref()
            .map_or(Ok(OuterFields::TUNNEL_MODE), |outer| {
                outer
                    .fields(&OuterFields::TUNNEL_MODE)
                    .map_err(|error| error.inside("outer"))
            })?;
        Ok(SaParameters {
            rollover: self.rollover,
            iv_mask: self.iv_mask,
            outer,
            dscps: dscps(&self.dscps)?,
            path_mtu: self.path_mtu,
            ..self.common_parameters(ends)?
        })
    }

    fn inbound_parameters(&self) -> Result<SaParameters, ConfigError> {
        use crate::config::LookupName;
        let ends = self.source.zip(self.destination);
        let ends = ends.map(|(remote, local)| TunnelEnds { local, remote });
        let key = |field, address: Option<core::net::IpAddr>| match address {
            Some(address) => Ok(Some(address)),
            None => Err(ConfigError::at(
                field,
                "it takes part in the lookup and is missing",
            )),
        };
        let (destination, source) = match self.lookup.unwrap_or(LookupName::Spi) {
            LookupName::Spi => (None, None),
            LookupName::Destination => (key("destination", self.destination)?, None),
            LookupName::Source => (
                key("destination", self.destination)?,
                key("source", self.source)?,
            ),
        };
        let check = self.check_padding.unwrap_or(true);
        let diagnosis = self
            .late_checks_per_second
            .map(|retries_per_second| Diagnosis { retries_per_second });
        Ok(SaParameters {
            destination,
            source,
            window: window(self.window),
            padding_check: if check {
                PaddingCheck::Monotonic
            } else {
                PaddingCheck::None
            },
            flow_padding: self.flow_padding,
            inner: self.inner.unwrap_or_default().into(),
            verify_outer_source: self.verify_outer_source,
            diagnosis: diagnosis.unwrap_or_default(),
            resynchronisation: self.resynchronisation.map(|rules| Resynchronisation {
                failures: rules.failures,
                runs: rules.runs,
            }),
            ..self.common_parameters(ends)?
        })
    }

    fn common_parameters(&self, ends: Option<TunnelEnds>) -> Result<SaParameters, ConfigError> {
        let mode = match (self.mode, ends) {
            (ModeName::Transport, _) => Mode::Transport,
            (ModeName::Tunnel, Some(ends)) => Mode::Tunnel(ends),
            (ModeName::Tunnel, None) => {
                let cause = "tunnel mode needs the two ends: source and destination";
                return Err(ConfigError::at("mode", cause));
            }
        };
        let keys = Keys {
            encryption: self.key.0.clone(),
            integrity: self.integrity_key.0.clone(),
        };
        Ok(SaParameters {
            name: self.name.clone().unwrap_or_else(|| self.spi.to_string()),
            extended_sequence: self.extended_sequence,
            start: self.start,
            worker: self.worker.map(WorkerId),
            selectors: selector_sets(&self.selectors).map_err(|error| error.inside("selectors"))?,
            inner_selectors: inner_selectors(&self.inner_selectors, self.inner_layer)?,
            lifetime: self.lifetime.unwrap_or_default().into(),
            udp_encapsulation: self.udp_encapsulation.map(Into::into),
            ..SaParameters::new(self.spi.0, mode, self.transform.0, keys)
        })
    }
}

impl SaKeysConfig {
    fn keys(&self) -> Keys {
        Keys {
            encryption: self.key.0.clone(),
            integrity: self.integrity_key.0.clone(),
        }
    }
}

/// Puts the fault of an SA at the field that it comes from.
fn sa_error(error: SaError) -> ConfigError {
    let field = match &error {
        SaError::ReservedSpi(_) => "spi",
        SaError::Key(error) if error.key == "integrity key" => "integrity-key",
        SaError::Key(_) => "key",
        SaError::Window(_) => "window",
        SaError::ExtendedWithoutWindow => "window",
        SaError::MixedTunnelEnds => "destination",
        SaError::RolloverRepeatsIv | SaError::RolloverOfExtended => "rollover",
        SaError::ImplicitIvForGroup => "transform",
        SaError::SourceWithoutDestination => "source",
        SaError::StartTooLarge => "start",
        SaError::MaskWithoutCounter => "iv-mask",
    };
    ConfigError::at(field, error)
}

/// A set of DSCPs, one bit each; all if the document names none.
pub(super) fn dscps(config: &[u8]) -> Result<u64, ConfigError> {
    if config.is_empty() {
        return Ok(u64::MAX);
    }
    config.iter().try_fold(0, |set, &dscp| {
        if dscp > 63 {
            let cause = format!("{dscp} is not a DSCP from 0 to 63");
            return Err(ConfigError::at("dscps", cause));
        }
        Ok(set | 1 << dscp)
    })
}

pub(super) fn window(config: Option<WindowConfig>) -> Option<u32> {
    match config {
        None => Some(crate::esp::ReplayWindow::DEFAULT),
        Some(WindowConfig::Size(size)) => Some(size),
        Some(WindowConfig::Word(_)) => None,
    }
}

impl From<UdpEncapsulationConfig> for UdpEncapsulation {
    fn from(config: UdpEncapsulationConfig) -> Self {
        Self {
            source: config.source,
            destination: config.destination,
        }
    }
}

impl From<LifetimeConfig> for Lifetime {
    fn from(config: LifetimeConfig) -> Self {
        let soft = if config.soft == LimitsOfLifetime::default() {
            Self::default().soft
        } else {
            config.soft.into()
        };
        Self {
            created: Instant::ZERO,
            soft,
            hard: config.hard.into(),
        }
    }
}

impl From<LimitsOfLifetime> for Limits {
    fn from(config: LimitsOfLifetime) -> Self {
        Self {
            time: config.seconds.map(Duration::from_secs),
            bytes: config.bytes,
            packets: config.packets,
        }
    }
}
