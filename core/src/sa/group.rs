//! SAs that carry the same packets, so that each worker has one of its own (RFC 9611).

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::OutboundSa;
use crate::wire::{Flow, InnerFlows};
use crate::{DropReason, Instant};

/// The number of a worker: of the thread that runs one node of several with the same tables. RFC 9611 calls
/// it a resource. Each end numbers its own, and the two need not have equally many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkerId(pub u16);

impl fmt::Display for WorkerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Outbound SAs that serve one policy, or are one interface: those of single workers, and those that are of
/// none, on which a worker falls back (RFC 9611 section 5).
///
/// ```
/// use std::sync::Arc;
/// use iiptran::sa::{OutboundSa, SaGroup, SaParameters, WorkerId};
/// use iiptran::transform::{Keys, Transform};
/// use iiptran::wire::Spi;
/// use iiptran::Mode;
///
/// let sa = |spi, worker| {
///     let transform = Transform::from_names("null", Some("hmac-sha2-256-128"))?;
///     let keys = Keys { integrity: (&[7; 32][..]).into(), ..Keys::default() };
///     let parameters = SaParameters::new(Spi(spi), Mode::Transport, transform, keys);
///     let sa = OutboundSa::new(SaParameters { worker, ..parameters })?;
///     Ok::<_, Box<dyn core::error::Error>>(Arc::new(sa))
/// };
/// let group = SaGroup::new([sa(0x1000, None)?, sa(0x1001, Some(WorkerId(1)))?]);
/// let first = |worker| group.of_worker(worker).first().map(|sa| sa.spi());
/// assert_eq!(first(Some(WorkerId(1))), Some(Spi(0x1001)), "one of its own");
/// assert_eq!(first(Some(WorkerId(0))), Some(Spi(0x1000)), "the one to fall back on");
/// assert_eq!(first(None), Some(Spi(0x1000)));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct SaGroup {
    sas: Sas,
    /// For each worker that has SAs of its own, in order: these, and behind them those of nobody.
    of_workers: Box<[(WorkerId, Sas)]>,
    /// Those of nobody; empty as well if all are.
    of_nobody: Sas,
}

type Sas = Box<[Arc<OutboundSa>]>;

impl SaGroup {
    /// The group of these SAs, the newest first.
    #[must_use]
    pub fn new(sas: impl IntoIterator<Item = Arc<OutboundSa>>) -> Self {
        let sas: Sas = sas.into_iter().collect();
        let mut workers: Vec<_> = sas.iter().filter_map(|sa| sa.worker()).collect();
        if workers.is_empty() {
            return Self {
                sas,
                ..Self::default()
            };
        }
        workers.sort_unstable();
        workers.dedup();
        let of = |worker| sas.iter().filter(move |sa| sa.worker() == worker).cloned();
        let of_workers = workers
            .into_iter()
            .map(|worker| (worker, of(Some(worker)).chain(of(None)).collect()));
        Self {
            of_workers: of_workers.collect(),
            of_nobody: of(None).collect(),
            sas,
        }
    }

    /// All SAs, the newest first.
    #[inline]
    #[must_use]
    pub const fn sas(&self) -> &[Arc<OutboundSa>] {
        &self.sas
    }

    /// The SAs that a worker may use, in the order in which it tries them: its own, the newest first, and then
    /// those of nobody. `None` is a node without a number, which has none of its own.
    #[inline]
    #[must_use]
    pub fn of_worker(&self, worker: Option<WorkerId>) -> &[Arc<OutboundSa>] {
        if self.of_workers.is_empty() {
            return &self.sas;
        }
        worker
            .and_then(|worker| self.own(worker))
            .unwrap_or(&self.of_nobody)
    }

    /// Whether others have SAs of their own and this worker has not: it is to get one (RFC 9611 section 5).
    #[inline]
    #[must_use]
    pub fn lacks(&self, worker: WorkerId) -> bool {
        !self.of_workers.is_empty() && self.own(worker).is_none()
    }

    fn own(&self, worker: WorkerId) -> Option<&[Arc<OutboundSa>]> {
        let place = self.of_workers.binary_search_by_key(&worker, |(of, _)| *of);
        let (_, sas) = self.of_workers.get(place.ok()?)?;
        Some(sas)
    }

    /// The SA for a packet of a worker: of those that it may use, the first that may carry the packet and is
    /// usable now (RFC 4301 section 4.1 and 4.4.2).
    ///
    /// # Errors
    /// [`DropReason::NoOutboundSa`], or the reason why the first that may carry the packet is not usable.
    #[inline]
    pub fn choose(
        &self,
        worker: Option<WorkerId>,
        flow: &Flow,
        inner: Option<&InnerFlows>,
        now: Instant,
    ) -> Result<&Arc<OutboundSa>, DropReason> {
        let mut refusal = DropReason::NoOutboundSa;
        let sas = self.of_worker(worker).iter();
        for sa in sas.filter(|sa| sa.may_carry_through(flow, inner)) {
            match sa.check(now) {
                Ok(()) => return Ok(sa),
                Err(reason) if refusal == DropReason::NoOutboundSa => refusal = reason,
                Err(_) => {}
            }
        }
        Err(refusal)
    }

    /// The group with one more SA, the newest.
    #[must_use]
    pub(crate) fn with(&self, sa: Arc<OutboundSa>) -> Self {
        Self::new(core::iter::once(sa).chain(self.sas.iter().cloned()))
    }

    /// The group of those SAs that `keep` accepts.
    #[must_use]
    pub(crate) fn retained(&self, keep: impl Fn(&Arc<OutboundSa>) -> bool) -> Self {
        Self::new(self.sas.iter().filter(|sa| keep(sa)).cloned())
    }

    /// The group with another SA in the place of each.
    #[must_use]
    pub(crate) fn replaced(&self, other: impl FnMut(&Arc<OutboundSa>) -> Arc<OutboundSa>) -> Self {
        Self::new(self.sas.iter().map(other))
    }
}
