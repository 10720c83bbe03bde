//! SPIs and keys of a scenario's virtual links.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::Network;
use super::random::Random;
use crate::config::{HexKey, KeysConfig, SaConfig, SaKeysConfig, SpiText};
use crate::transform::{Keys, SecretBytes, Transform};
use crate::wire::Spi;

/// The first SPI of virtual links. Those below are left to the nodes' own SAs.
const FIRST: u32 = 0x0100_0000;

/// Which SA: of a virtual link, from one of its ends to the other, after so many rekeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Which {
    pub(super) link: u32,
    /// The end that sends: 0 or 1.
    pub(super) from: u32,
    pub(super) generation: u32,
}

impl Which {
    /// Its SPI among those of so many links; no two are the same.
    pub(super) const fn spi(self, links: u32) -> Spi {
        let place = self
            .generation
            .wrapping_mul(links)
            .wrapping_add(self.link)
            .wrapping_mul(2)
            .wrapping_add(self.from);
        Spi(FIRST.wrapping_add(place))
    }

    /// The link that an SPI belongs to.
    pub(super) const fn link_of(spi: Spi, links: u32) -> Option<u32> {
        match spi.0.checked_sub(FIRST) {
            Some(place) => (place / 2).checked_rem(links),
            None => None,
        }
    }

    /// SPI and keys. They look random and are not: whoever has the scenario has them.
    pub(super) fn keys(self, seed: u64, links: u32, transform: Transform) -> SaKeysConfig {
        let spi = self.spi(links);
        let mut random = Random::new(seed ^ (u64::from(spi.0) << 32) ^ 0x6b65_7973);
        let mut key = |length: usize| {
            let mut bytes: Vec<u8> = alloc::vec![0; length];
            random.fill(&mut bytes);
            HexKey(SecretBytes::from(bytes))
        };
        let integrity = transform
            .integrity()
            .map_or(0, |integrity| integrity.key_length());
        SaKeysConfig {
            spi: SpiText(spi),
            key: key(transform
                .key_length()
                .saturating_add(transform.salt_length())),
            integrity_key: key(integrity),
            start: 0,
        }
    }
}

impl Network {
    /// The SAs of the nodes' documents, and those that the scenario's virtual links have had until now,
    /// as a list of keys: what it takes to read the captures of a run.
    #[must_use]
    pub fn keys(&self) -> KeysConfig {
        let links = self.virtual_links.len();
        let links = u32::try_from(links).unwrap_or(u32::MAX);
        let mut sas = self.own_sas.clone();
        for (link, number) in self.virtual_links.iter().zip(0..) {
            let Some(transform) = link.transform else {
                continue;
            };
            let [a, b] = &link.ends;
            for generation in 0..=link.generation {
                for (from, source, destination) in [(0, a, b), (1, b, a)] {
                    let which = Which {
                        link: number,
                        from,
                        generation,
                    };
                    let SaKeysConfig {
                        spi,
                        key,
                        integrity_key,
                        ..
                    } = which.keys(self.seed, links, transform);
                    let keys = Keys {
                        encryption: key.0,
                        integrity: integrity_key.0,
                    };
                    sas.push(SaConfig {
                        name: Some(link.name.to_string()),
                        source: Some(source.local),
                        destination: Some(destination.local),
                        mode: link.mode,
                        extended_sequence: link.extended_sequence,
                        udp_encapsulation: link.udp_encapsulation,
                        ..SaConfig::new(spi.0, transform, keys)
                    });
                }
            }
        }
        KeysConfig { sas }
    }
}
