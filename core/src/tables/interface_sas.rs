//! The SADs of interfaces that are SAs (RFC 3884 section 4.1, alternative 1).

use alloc::sync::Arc;

use super::check::{TablesFault, TablesPart, fail};
use super::{Tables, TablesError};
use crate::link::LinkKind;
use crate::sa::{InboundSa, OutboundSa, SaGroup, WorkerId};
use crate::{Link, LinkId, Mode, SaInterface, SortedMap};

/// The outbound SAs of each SA interface, the newest first: one, and one for each worker, unless the tables are
/// for a demonstration.
#[derive(Clone, Debug, Default)]
pub(super) struct InterfaceSas(SortedMap<LinkId, SaGroup>);

impl InterfaceSas {
    pub(super) fn insert(&mut self, link: LinkId, sa: Arc<OutboundSa>) {
        if let Some(group) = self.0.get_or_insert_with(link, SaGroup::default) {
            *group = group.with(sa);
        }
    }

    /// Puts another SA in the place of each of an interface's.
    pub(super) fn replace_each(
        &mut self,
        link: LinkId,
        other: impl FnMut(&Arc<OutboundSa>) -> Arc<OutboundSa>,
    ) {
        if let Some(group) = self.0.get_mut(&link) {
            *group = group.replaced(other);
        }
    }

    fn of(&self, link: LinkId) -> Option<&SaGroup> {
        self.0.get(&link)
    }
}

/// Whether an interface's SAD may take an SA besides those of the same worker that it `holds`. RFC 3884 section
/// 4.1: a transport-mode SA would bring the packet back to the interface, and of two tunnels in one interface
/// routing would take each for the other. `shared` permits both, to watch that. SAs of several workers are one
/// tunnel: the ends are the same.
pub(super) fn check(
    link: &Link,
    sa: &OutboundSa,
    holds: usize,
    shared: bool,
) -> Result<(), TablesFault> {
    let interface = match (&link.kind, sa.mode()) {
        (LinkKind::Sa(interface), _) => interface,
        (_, Mode::Tunnel(_)) => return Err(TablesFault::TunnelOnPhysicalInterface),
        (_, Mode::Transport) => return Err(TablesFault::NoSaInterface),
    };
    match sa.mode() {
        _ if shared => Ok(()),
        Mode::Transport => Err(TablesFault::TransportOnSaInterface),
        Mode::Tunnel(ends) if ends != interface.ends => Err(TablesFault::SaInterfaceEnds),
        Mode::Tunnel(_) if holds > 0 => Err(TablesFault::SecondSa),
        Mode::Tunnel(_) => Ok(()),
    }
}

impl Tables {
    /// The outbound SAs in the SAD of an SA interface: one, or one for each worker and one for any, or none
    /// while the interface is down.
    #[inline]
    #[must_use]
    pub fn interface_sas(&self, link: LinkId) -> &[Arc<OutboundSa>] {
        let group = self.interface_group(link);
        group.map(SaGroup::sas).unwrap_or_default()
    }

    /// [`Self::interface_sas`], by the worker that each is for.
    #[inline]
    #[must_use]
    pub fn interface_group(&self, link: LinkId) -> Option<&SaGroup> {
        self.interface_sas.of(link)
    }

    /// Whether a link could carry packets of a worker: an SA interface can while it has an SA that the worker
    /// may use, others always.
    #[must_use]
    pub fn has_carrier(&self, link: LinkId, worker: Option<WorkerId>) -> bool {
        let is_sa = |link: &Link| matches!(link.kind, LinkKind::Sa(_));
        let has_sa = |group: &SaGroup| !group.of_worker(worker).is_empty();
        !self.link(link).is_some_and(is_sa) || self.interface_group(link).is_some_and(has_sa)
    }

    /// These tables with an SA in the SAD of an interface that has none of its worker: the interface comes up.
    ///
    /// # Errors
    /// [`TablesError`] if the interface is no SA interface, or has an SA of the same worker, or is not between
    /// the ends of this one (RFC 3884 section 4.1).
    pub fn with_interface_sa(
        &self,
        link: LinkId,
        sa: Arc<OutboundSa>,
    ) -> Result<Self, TablesError> {
        self.with_sa(link, sa, false)
    }

    /// These tables with another SA in the place of the one of its worker that an interface has: a rekey. The
    /// interface keeps its number, addresses, routes and counters.
    ///
    /// # Errors
    /// As [`Self::with_interface_sa`], except that the interface may have an SA.
    pub fn with_replaced_interface_sa(
        &self,
        link: LinkId,
        sa: Arc<OutboundSa>,
    ) -> Result<Self, TablesError> {
        self.with_sa(link, sa, true)
    }

    /// These tables without the SAs of an interface, which is down then.
    #[must_use]
    pub fn without_interface_sa(&self, link: LinkId) -> Self {
        let mut tables = self.clone();
        Arc::make_mut(&mut tables.interface_sas).0.remove(&link);
        tables
    }

    fn with_sa(
        &self,
        id: LinkId,
        sa: Arc<OutboundSa>,
        replaces: bool,
    ) -> Result<Self, TablesError> {
        let part = TablesPart::Link(id);
        let link = self.link(id);
        let link = link.ok_or_else(|| fail(part, "links", TablesFault::UnknownLink))?;
        let worker = sa.worker();
        let is_of_worker = |other: &Arc<OutboundSa>| other.worker() == worker;
        let holds = if replaces {
            0
        } else {
            let held = self.interface_sas(id).iter();
            held.filter(|other| is_of_worker(other)).count()
        };
        check(link, &sa, holds, self.shared_sa_interfaces)
            .map_err(|fault| fail(part, alloc::format!("link \"{}\"", link.name), fault))?;
        let mut tables = self.clone();
        let sas = Arc::make_mut(&mut tables.interface_sas);
        if replaces && let Some(group) = sas.0.get_mut(&id) {
            *group = group.retained(|other| !is_of_worker(other));
        }
        sas.insert(id, sa);
        Ok(tables)
    }

    /// The SA interface that an inbound SA is the receiving side of.
    pub(crate) fn interface_of(&self, sa: &InboundSa) -> Option<&SaInterface> {
        self.links
            .iter()
            .filter(|link| link.network == sa.network())
            .find_map(|link| match &link.kind {
                LinkKind::Sa(interface) if sa.mode() == Mode::Tunnel(interface.ends) => {
                    Some(interface)
                }
                _ => None,
            })
    }
}
