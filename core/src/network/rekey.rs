//! New SAs for virtual links, and the end of old ones.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::build::new_keys;
use super::control::index;
use super::event::{Event, KeyChange, Observer};
use super::keys::Which;
use super::{Due, Network};
use crate::config::{Compiled, LifetimeConfig};
use crate::sa::{OutboundSa, SaId};
use crate::spd::PolicyId;
use crate::wire::Spi;
use crate::{LinkId, NetworkId, Tables};

impl Network {
    /// The SAs of a virtual link come near their end.
    pub(super) fn soft_expiry(&mut self, spi: Spi, observer: &mut dyn Observer) {
        let links = self.link_count();
        let Some(number) = Which::link_of(spi, links) else {
            return;
        };
        let link = self.virtual_links.get(index(number));
        let is_current = link.is_some_and(|link| {
            let spis = [0, 1].map(|from| {
                let generation = link.generation;
                let which = Which {
                    link: number,
                    from,
                    generation,
                };
                which.spi(links)
            });
            link.rekey && spis.contains(&spi)
        });
        if is_current {
            self.rekey(number, Duration::from_secs(1), observer);
        }
    }

    fn link_count(&self) -> u32 {
        u32::try_from(self.virtual_links.len()).unwrap_or(u32::MAX)
    }

    /// New SAs for both ends of a virtual link. Those that receive come first, so that no packet comes
    /// too early; the old ones stay for packets that are under way (RFC 7296 section 2.8).
    pub(super) fn rekey(&mut self, number: u32, overlap: Duration, observer: &mut dyn Observer) {
        let Some(link) = self.virtual_links.get(index(number)) else {
            return;
        };
        let generation = link.generation.saturating_add(1);
        let stations = [0, 1].map(|end: usize| link.ends.get(end).map(|end| end.station));
        let mut renewed = Vec::new();
        for (end, station) in stations.into_iter().enumerate() {
            let compiled = station.and_then(|s| self.compile_again(number, s, end, generation));
            let (Some(station), Some(compiled)) = (station, compiled) else {
                return;
            };
            renewed.push((station, compiled));
        }
        let links = self.link_count();
        let spi = |from: usize, generation| {
            let from = u32::try_from(from).unwrap_or_default();
            let which = Which {
                link: number,
                from,
                generation,
            };
            which.spi(links)
        };
        for (end, (station, compiled)) in renewed.iter_mut().enumerate() {
            let new = spi(1_usize.saturating_sub(end), generation);
            let place = compiled
                .inbound
                .iter()
                .position(|(_, sa)| sa.id().spi == new);
            let sa = place.map(|place| compiled.inbound.swap_remove(place).1);
            let router = self.station_mut(*station).and_then(|s| s.router_mut());
            if let (Some(sa), Some(router)) = (sa, router) {
                // Its SPI is new, so that there is nothing to refuse.
                let _ = router.node.insert_inbound_sa(sa);
            }
        }
        for (end, (station, compiled)) in renewed.iter().enumerate() {
            let old = spi(end, generation.saturating_sub(1));
            if let Some((place, sa)) = find_outbound(&compiled.tables, spi(end, generation)) {
                self.replace_outbound(*station, place, sa, old, observer);
            }
        }
        if let Some(link) = self.virtual_links.get_mut(index(number)) {
            link.generation = generation;
        }
        let due = Due::Retire {
            link: number,
            generation,
        };
        self.schedule.add(self.now.after(overlap), due);
        self.tell_keys(number, KeyChange::Rekeyed, observer);
    }

    /// A node's document with other SAs for one virtual link, compiled.
    fn compile_again(
        &self,
        number: u32,
        station: u32,
        end: usize,
        generation: u32,
    ) -> Option<Compiled> {
        let link = self.virtual_links.get(index(number))?;
        let links = u32::try_from(self.virtual_links.len()).unwrap_or(u32::MAX);
        let mut document = self.documents.as_ref()?.get(index(station))?.clone();
        let old = document
            .virtual_links
            .iter_mut()
            .find(|other| other.name == link.name)?;
        if let Some(protection) = &mut old.protection {
            let which = (links, number, generation);
            new_keys(protection, self.seed, which, end);
            let passed = self.now.as_nanos() / 1_000_000_000;
            protection.lifetime = protection.lifetime.map(|life| later(life, passed));
        }
        document.compile().ok()
    }

    /// The inbound SAs before a generation are no longer needed.
    pub(super) fn retire(&mut self, number: u32, generation: u32, observer: &mut dyn Observer) {
        let Some(link) = self.virtual_links.get_mut(index(number)) else {
            return;
        };
        let retired = link.retired;
        link.retired = generation.max(retired);
        for old in retired..generation {
            self.remove_inbound(number, old);
        }
        self.tell_keys(number, KeyChange::Retired, observer);
    }

    pub(super) fn delete_sas(&mut self, number: u32, observer: &mut dyn Observer) {
        let Some(link) = self.virtual_links.get_mut(index(number)) else {
            return;
        };
        let (generation, retired) = (link.generation, link.retired);
        link.retired = generation.saturating_add(1);
        let stations = [0, 1].map(|end: usize| link.ends.get(end).map(|end| end.station));
        for old in retired..=generation {
            self.remove_inbound(number, old);
        }
        let links = self.link_count();
        for (from, station) in (0..).zip(stations.into_iter().flatten()) {
            let which = Which {
                link: number,
                from,
                generation,
            };
            self.remove_outbound(station, which.spi(links), observer);
        }
        self.tell_keys(number, KeyChange::Deleted, observer);
    }

    /// Gives an outbound SA its place, and takes the one away that it replaces. An interface that had
    /// none usable comes up.
    fn replace_outbound(
        &mut self,
        station: u32,
        place: Place,
        sa: Arc<OutboundSa>,
        old: Spi,
        observer: &mut dyn Observer,
    ) {
        let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) else {
            return;
        };
        let tables = router.node.tables();
        match place {
            Place::Policy(network, policy) => {
                let mut renewed = tables.with_outbound_sa(network, policy, sa);
                if let Some((Place::Policy(network, _), old)) = find_outbound(tables, old) {
                    renewed = renewed.without_outbound_sa(network, &old);
                }
                router.node.install(Arc::new(renewed));
            }
            Place::Interface(link) => {
                let was_up = router.node.is_link_up(link);
                // The ends are those of the SA that the interface had from the start.
                if let Ok(renewed) = tables.with_replaced_interface_sa(link, sa) {
                    router.node.install(Arc::new(renewed));
                }
                if router.node.is_link_up(link) != was_up {
                    self.link_changed(station, link, !was_up, observer);
                }
            }
        }
    }

    /// Takes an outbound SA away. An interface that was this SA goes down.
    fn remove_outbound(&mut self, station: u32, spi: Spi, observer: &mut dyn Observer) {
        let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) else {
            return;
        };
        let tables = router.node.tables();
        match find_outbound(tables, spi) {
            Some((Place::Policy(network, _), sa)) => {
                let tables = tables.without_outbound_sa(network, &sa);
                router.node.install(Arc::new(tables));
            }
            Some((Place::Interface(link), _)) => {
                let was_up = router.node.is_link_up(link);
                let tables = tables.without_interface_sa(link);
                router.node.install(Arc::new(tables));
                if was_up {
                    self.link_changed(station, link, false, observer);
                }
            }
            None => {}
        }
    }

    fn remove_inbound(&mut self, number: u32, generation: u32) {
        let links = self.link_count();
        for receiver in 0..2_usize {
            let from = u32::from(receiver == 0);
            let which = Which {
                link: number,
                from,
                generation,
            };
            let id = SaId::unicast(which.spi(links));
            let link = self.virtual_links.get(index(number));
            let station = link.and_then(|link| link.ends.get(receiver));
            let station = station.map_or(u32::MAX, |end| end.station);
            if let Some(router) = self.station_mut(station).and_then(|s| s.router_mut()) {
                for network in 0..router.networks.len() {
                    router.node.remove_inbound_sa(NetworkId::at(network), &id);
                }
            }
        }
    }

    fn tell_keys(&self, number: u32, change: KeyChange, observer: &mut dyn Observer) {
        if let Some(link) = self.virtual_links.get(index(number)) {
            let event = Event::Keys {
                virtual_link: &link.name,
                change,
                generation: link.generation,
            };
            observer.event(self.now, &event);
        }
    }
}

/// What an outbound SA serves.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// A policy of a network.
    Policy(NetworkId, PolicyId),
    /// An interface that is the SA.
    Interface(LinkId),
}

/// The outbound SA with an SPI, and what it serves.
fn find_outbound(tables: &Tables, spi: Spi) -> Option<(Place, Arc<OutboundSa>)> {
    let of_policies = tables.networks().find_map(|(id, network)| {
        let mut sas = network.outbound().iter();
        let (policy, sa) = sas.find(|(_, sa)| sa.spi() == spi)?;
        Some((Place::Policy(id, policy), sa.clone()))
    });
    let of_interfaces = || {
        tables.links().find_map(|(link, _)| {
            let mut sas = tables.interface_sas(link).iter();
            let sa = sas.find(|sa| sa.spi() == spi)?;
            Some((Place::Interface(link), sa.clone()))
        })
    };
    of_policies.or_else(of_interfaces)
}

/// A lifetime whose seconds count from now.
fn later(mut life: LifetimeConfig, passed: u64) -> LifetimeConfig {
    for limits in [&mut life.soft, &mut life.hard] {
        limits.seconds = limits.seconds.map(|seconds| seconds.saturating_add(passed));
    }
    life
}
