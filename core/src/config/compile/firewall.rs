//! Policy after decapsulation.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

use super::policies::selector_sets;
use super::sas::{dscps, window};
use super::{Compiler, ConfigError};
use crate::LinkId;
use crate::config::{
    AddressRangeText, DemandConfig, FirewallActionName, FirewallRuleConfig, FragmentsName,
    ProtectionConfig, TrailConfig, TrailPatternConfig,
};
use crate::firewall::{Demand, FragmentState, Rule, RuleAction, TrailPattern, TrailPredicate};
use crate::node::Services;
use crate::spd::AddressSet;

const NO_INTERFACE: &str = "the virtual link is no interface in this arrangement: no packet arrives by it (RFC 3884 section 2)";

impl Compiler<'_> {
    /// RFC 3884 section 4.2.3: a packet comes in by a protected virtual link only if the SA that is bound
    /// to the link has opened it, and with no less than the protection gives.
    pub(super) fn demand_bound_sa(&mut self, link: &str, protection: &ProtectionConfig) {
        if let Some(link) = self.interface(link) {
            let services = Services {
                confidentiality: protection.transform.0.is_confidential(),
                anti_replay: window(protection.window).is_some(),
            };
            let demands = &mut self.builder.firewall.demands;
            demands.insert(link, Demand::bound(services));
        }
    }

    pub(super) fn add_demands(&mut self) -> Result<(), ConfigError> {
        for (index, config) in self.config.demands.iter().enumerate() {
            let path = format!("demands[{index}]");
            let inside = |error: ConfigError| error.inside(&path);
            let own = |name: &str| name == config.link;
            if self.config.links.iter().any(|link| own(&link.name)) {
                let cause = "demands are for virtual links: what comes by a physical link is for policies and firewall rules";
                return Err(inside(ConfigError::at("link", cause)));
            }
            let link = self.arrival(&config.link);
            match link.map_err(|error| inside(error.inside("link")))? {
                Some(link) => {
                    let demands = &mut self.builder.firewall.demands;
                    let usual = demands.remove(&link).unwrap_or_default();
                    demands.insert(link, config.demand(usual).map_err(inside)?);
                }
                None => self.warn(format!("{path}.link"), NO_INTERFACE),
            }
        }
        Ok(())
    }

    pub(super) fn add_firewall(&mut self) -> Result<(), ConfigError> {
        for (index, config) in self.config.firewall.iter().enumerate() {
            let path = format!("firewall[{index}]");
            if let Some(rule) = self
                .firewall_rule(&path, config)
                .map_err(|error| error.inside(&path))?
            {
                self.builder.firewall.rules.push(rule);
                self.firewall_paths.push(path);
            }
        }
        Ok(())
    }

    /// The rule; `None` if all links that it is for are no interfaces.
    fn firewall_rule(
        &mut self,
        path: &str,
        config: &FirewallRuleConfig,
    ) -> Result<Option<Rule>, ConfigError> {
        let mut links = Vec::new();
        for (index, name) in config.links.iter().enumerate() {
            let at = format!("links[{index}]");
            match self.arrival(name).map_err(|error| error.inside(&at))? {
                Some(link) => links.push(link),
                None => self.warn(format!("{path}.{at}"), NO_INTERFACE),
            }
        }
        if links.is_empty() && !config.links.is_empty() {
            return Ok(None);
        }
        let selectors = selector_sets(&config.selectors);
        let trail = config.trail.as_ref().map(|trail| self.trail(trail));
        Ok(Some(Rule {
            name: config.name.clone(),
            action: match config.action {
                FirewallActionName::Accept => RuleAction::Accept,
                FirewallActionName::Discard => RuleAction::Discard,
            },
            links: links.into(),
            selectors: selectors.map_err(|error| error.inside("selectors"))?,
            fragments: match config.fragments {
                FragmentsName::Any => FragmentState::Any,
                FragmentsName::Whole => FragmentState::Whole,
                FragmentsName::First => FragmentState::First,
                FragmentsName::Later => FragmentState::Later,
            },
            dscps: dscps(&config.dscps)?,
            trail: trail
                .transpose()
                .map_err(|error| error.inside("trail"))?
                .unwrap_or_default(),
        }))
    }

    fn trail(&self, config: &TrailConfig) -> Result<TrailPredicate, ConfigError> {
        let patterns = |name: &str, configs: &[TrailPatternConfig]| {
            let pattern = |(index, config)| {
                let at = format!("{name}[{index}]");
                self.trail_pattern(config)
                    .map_err(|error: ConfigError| error.inside(at))
            };
            let all = configs.iter().enumerate().map(pattern);
            all.collect::<Result<Box<[_]>, _>>()
        };
        let sequence = config.sequence.as_deref();
        let protected = config.protected || config.confidentiality || config.anti_replay;
        Ok(TrailPredicate {
            any: patterns("any", &config.any)?,
            all: patterns("all", &config.all)?,
            none: patterns("none", &config.none)?,
            sequence: sequence
                .map(|sequence| patterns("sequence", sequence))
                .transpose()?,
            services: protected.then_some(Services {
                confidentiality: config.confidentiality,
                anti_replay: config.anti_replay,
            }),
            bound: config.bound,
        })
    }

    fn trail_pattern(&self, config: &TrailPatternConfig) -> Result<TrailPattern, ConfigError> {
        let network = config.network.as_deref();
        let network = network.map(|name| self.network(Some(name)));
        let sa = TrailPattern::Sa {
            spi: config.spi.map(|spi| spi.0),
            network: network
                .transpose()
                .map_err(|error| error.inside("network"))?,
            source: config.source,
            destination: config.destination,
        };
        let anything = TrailPattern::Sa {
            spi: None,
            network: None,
            source: None,
            destination: None,
        };
        match &config.tunnel {
            None => Ok(sa),
            Some(_) if sa != anything => Err(ConfigError::at(
                "tunnel",
                "an entry of a trail is a tunnel or an SA, not both",
            )),
            Some(name) => {
                let link = self.arrival(name).map_err(|error| error.inside("tunnel"))?;
                let link = link.ok_or_else(|| ConfigError::at("tunnel", NO_INTERFACE))?;
                Ok(TrailPattern::Tunnel(link))
            }
        }
    }

    /// The link of this name; `None` if it is a virtual link and no interface.
    fn arrival(&self, name: &str) -> Result<Option<LinkId>, ConfigError> {
        let mut virtual_links = self.config.virtual_links.iter();
        match self.interface(name) {
            Some(link) => Ok(Some(link)),
            None if virtual_links.any(|link| link.name == name) => Ok(None),
            None => Err(ConfigError::at(".", format!("no link is named \"{name}\""))),
        }
    }
}

impl DemandConfig {
    /// `usual` is what the link demands without being told.
    fn demand(&self, usual: Demand) -> Result<Demand, ConfigError> {
        let given = usual.services.unwrap_or(Services {
            confidentiality: false,
            anti_replay: false,
        });
        let services = Services {
            confidentiality: self.confidentiality.unwrap_or(given.confidentiality),
            anti_replay: self.anti_replay.unwrap_or(given.anti_replay),
        };
        let asked = [self.bound, self.confidentiality, self.anti_replay];
        let asks = asked.contains(&Some(true));
        if asks && self.protected == Some(false) {
            let cause = "what asks for an SA does not let packets in clear";
            return Err(ConfigError::at("protected", cause));
        }
        let protected = self.protected.unwrap_or(asks || usual.services.is_some());
        let set = |text: &AddressRangeText| AddressSet::ranges([text.0.clone()]);
        let sources: Result<_, _> = self.sources.iter().map(set).collect();
        Ok(Demand {
            services: protected.then_some(services),
            bound: protected && self.bound.unwrap_or(usual.bound),
            sources: sources.map_err(|error| ConfigError::at("sources", error))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::NodeConfig;
    use alloc::format;
    use alloc::string::String;

    /// The path and the cause of what is wrong with these lines of a document.
    fn fault(lines: &str) -> (String, String) {
        let document = format!(
            r#"
arrangement = "iiptran"
networks = [{{ name = "base" }}, {{ name = "vn" }}]
links = [{{ name = "wan", addresses = ["192.0.2.1/24"] }}]

[[virtual-links]]
name = "link"
network = "vn"
local = "192.0.2.1"
remote = "192.0.2.2"

{lines}
"#
        );
        let config = NodeConfig::from_toml(&document);
        let error = config.and_then(|config| config.compile()).unwrap_err();
        (error.path, error.cause)
    }

    #[test]
    fn each_fault_has_its_place_and_cause() {
        let rule = "[[firewall]]\nname = \"one\"\naction = \"accept\"\n";
        let demand = "[[demands]]\nlink = \"link\"\n";
        let table = [
            (format!("{rule}links = [\"wan\", \"lan\"]"), "firewall[0].links[1]", "lan"),
            (format!("{rule}dscps = [64]"), "firewall[0].dscps", "64"),
            (
                format!("{rule}selectors = [{{ remote-ports = [7] }}]"),
                "firewall[0].selectors[0].protocol",
                "need a protocol",
            ),
            (
                format!("{rule}trail.any = [{{}}, {{ tunnel = \"link\", spi = 256 }}]"),
                "firewall[0].trail.any[1].tunnel",
                "not both",
            ),
            (
                format!("{rule}trail.sequence = [{{ network = \"nv\" }}]"),
                "firewall[0].trail.sequence[0].network",
                "base, vn",
            ),
            (
                format!("{rule}trail.none = [{{ tunnel = \"kink\" }}]"),
                "firewall[0].trail.none[0].tunnel",
                "kink",
            ),
            (format!("{rule}fragments = \"last\""), "firewall[0].fragments", "last"),
            (format!("{rule}{rule}"), "firewall[1]", "same name"),
            ("[[demands]]\nlink = \"wan\"".into(), "demands[0].link", "virtual links"),
            ("[[demands]]\nlink = \"kink\"".into(), "demands[0].link", "kink"),
            (
                format!("{demand}protected = false\nbound = true"),
                "demands[0].protected",
                "in clear",
            ),
            (
                format!("{demand}sources = [\"10.0.0.9-10.0.0.1\"]"),
                "demands[0].sources",
                "ends before",
            ),
            (
                "[[policies]]\nname = \"p\"\naction = \"bypass\"\ninner-selectors = [{ remote-ports = [7] }]"
                    .into(),
                "policies[0].inner-selectors[0].protocol",
                "need a protocol",
            ),
        ];
        for (lines, path, cause) in table {
            let found = fault(&lines);
            assert_eq!(found.0, path, "{lines}: {}", found.1);
            assert!(found.1.contains(cause), "{lines}: {}", found.1);
        }
    }

    #[test]
    fn labels_are_for_ipv6_prefixes() {
        let document = r#"
arrangement = "iiptran"

[[networks]]
name = "base"
source-addresses.labels = [{ prefix = "10.0.0.0/8", label = 7 }]
"#;
        let error = NodeConfig::from_toml(document)
            .unwrap()
            .compile()
            .unwrap_err();
        assert_eq!(error.path, "networks[0].source-addresses.labels[0].prefix");
        assert!(error.cause.contains("::ffff:0:0/96"), "{error}");
    }
}
