//! The node.

use iiptran_host::{Burst, DropReason, Error, LinkId, Misuse, Outcomes, Place, Verdict};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::burst;
use crate::document::Document;
use crate::inbound::InboundSa;
use crate::name::Name;
use crate::owned::Owned;
use crate::packet::Failed;
use crate::results::{BurstResults, Shown};
use crate::sa_id::Key;
use crate::target::Target;
use crate::{raise, verdict};

static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static WALKTHROUGH: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole).
///
/// A link or network is given by its name or its number. A packet is given as for
/// `OutboundSa.seal`. A packet that is dropped has a `Drop` as its verdict, which is not raised,
/// and is as it was.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct Node(Owned<iiptran_host::Node>);

/// What a node reads, outbound SAs included, for as many nodes as there are cores.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct Tables(iiptran_host::SharedTables);

#[pymethods]
impl Tables {
    fn __repr__(&self) -> &'static str {
        "<iiptran.Tables>"
    }
}

impl Node {
    /// Processes one packet.
    fn one<'py>(
        &self,
        target: &Target<'py>,
        py: Python<'py>,
        way: impl FnOnce(&mut iiptran_host::Node, &mut [u8], &mut Place) -> Result<Verdict, Error>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (result, offset) = self.0.with(|node| {
            target.process(py, Failed::Undefined, |buffer, place| {
                verdict::or_error(way(node, buffer, place)?)
            })
        })??;
        if let Err(error @ (Error::Misuse(_) | Error::Config(_))) = &result {
            return Err(raise::error(py, error, Some(offset)));
        }
        match result {
            Ok((verdict, place)) => verdict.object(py, place),
            Err(error) => raise::error_object(py, &error, Some(offset)),
        }
    }

    /// Processes one packet, and tells its way.
    fn walk<'py>(
        &self,
        target: &Target<'py>,
        py: Python<'py>,
        way: impl FnOnce(
            &mut iiptran_host::Node,
            &mut [u8],
            &mut Place,
        ) -> Result<(Verdict, String), Error>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let mut told = String::new();
        let verdict = self.one(target, py, |node, buffer, place| {
            let (verdict, walkthrough) = way(node, buffer, place)?;
            told = walkthrough;
            Ok(verdict)
        })?;
        let class = WALKTHROUGH.import(py, "iiptran._walkthrough", "Walkthrough")?;
        Ok((verdict, class.call1((loads(py, &told)?,))?))
    }

    /// Processes many packets while other threads run.
    fn many(
        &self,
        packets: &Bound<'_, PyAny>,
        allowed: impl FnOnce(&iiptran_host::Node) -> Result<(), Misuse>,
        mut way: impl FnMut(&mut iiptran_host::Node, &mut Burst<'_>) -> Outcomes<Verdict> + Send,
    ) -> PyResult<BurstResults> {
        let mut node = self.0.hold()?;
        let allowed = allowed(&node);
        let outcomes = burst::process(packets, Failed::Undefined, allowed, |burst| {
            way(&mut node, burst)
        })?;
        Ok(BurstResults::new(outcomes))
    }

    /// Asks the node something that may be wrong to ask.
    fn ask<R>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&mut iiptran_host::Node) -> Result<R, Misuse>,
    ) -> PyResult<R> {
        self.0
            .with(question)?
            .map_err(|misuse| raise::misused(py, misuse))
    }
}

#[pymethods]
impl Node {
    #[new]
    #[pyo3(signature = (document: "Document", /))]
    fn new(py: Python<'_>, document: Document) -> PyResult<Self> {
        let node = document.read(py, iiptran_host::Node::new)?;
        Ok(Self(Owned::new(node)))
    }

    /// A node for another core, with the same tables and outbound SAs, and no inbound SA.
    #[staticmethod]
    #[pyo3(signature = (tables, /))]
    fn with_tables(tables: &Tables) -> Self {
        Self(Owned::new(iiptran_host::Node::with_tables(&tables.0)))
    }

    /// Numbers the node among those of several workers with the same tables, or among none.
    ///
    /// It seals with the outbound SAs of its number, and where there is none, with those for any
    /// worker. A new node has no number.
    #[pyo3(signature = (worker, /))]
    fn set_worker(&self, worker: Option<u16>) -> PyResult<()> {
        self.0.with(|node| node.set_worker(worker))
    }

    /// A node for another worker, with the same tables and the inbound SAs that are for its number.
    #[pyo3(signature = (worker, /))]
    fn for_worker(&self, worker: u16) -> PyResult<Self> {
        self.0
            .with(|node| Self(Owned::new(node.for_worker(worker))))
    }

    /// The tables, to share them with nodes of other cores.
    fn tables(&self) -> PyResult<Tables> {
        self.0.with(|node| Tables(node.tables()))
    }

    /// Replaces the tables by those of another document.
    ///
    /// Outbound SAs that both have go on with their sequence numbers; inbound SAs stay, and new
    /// ones are taken in. Raises `ConfigError`; nothing has changed then.
    #[pyo3(signature = (document: "Document", /))]
    fn install(&self, py: Python<'_>, document: Document) -> PyResult<()> {
        let mut node = self.0.hold()?;
        document.read(py, |text| node.install(text))
    }

    /// Replaces the tables by those of another node.
    #[pyo3(signature = (tables, /))]
    fn install_tables(&self, tables: &Tables) -> PyResult<()> {
        self.0.with(|node| node.install_tables(&tables.0))
    }

    /// Sends a packet of this node, in a network. Raises `Misuse`.
    #[pyo3(signature = (
        network, packet: "Packet | Buffer", offset=None, length=None, *, now=0
    ) -> "Verdict")]
    fn send<'py>(
        &self,
        network: Name,
        packet: &Bound<'py, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
        now: u64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let target = Target::new(packet, offset, length)?;
        self.one(&target, packet.py(), |node, buffer, place| {
            node.send(now, network.network(node)?, buffer, place)
        })
    }

    /// Sends a packet of this node out of a link, without asking for a route.
    #[pyo3(signature = (
        link, packet: "Packet | Buffer", offset=None, length=None, *, now=0
    ) -> "Verdict")]
    fn send_via<'py>(
        &self,
        link: Name,
        packet: &Bound<'py, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
        now: u64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let target = Target::new(packet, offset, length)?;
        self.one(&target, packet.py(), |node, buffer, place| {
            node.send_via(now, link.link(node)?, buffer, place)
        })
    }

    /// Takes a packet that came in by a physical link. Raises `Misuse`.
    #[pyo3(signature = (
        link, packet: "Packet | Buffer", offset=None, length=None, *, now=0
    ) -> "Verdict")]
    fn receive<'py>(
        &self,
        link: Name,
        packet: &Bound<'py, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
        now: u64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let target = Target::new(packet, offset, length)?;
        self.one(&target, packet.py(), |node, buffer, place| {
            node.receive(now, link.link(node)?, buffer, place)
        })
    }

    /// Sends many packets of one network while other threads run.
    #[pyo3(signature = (
        network, packets: "Iterable[BurstItem]", *, now=0
    ) -> "Results[Verdict | Misuse]")]
    fn send_burst(
        &self,
        py: Python<'_>,
        network: Name,
        packets: &Bound<'_, PyAny>,
        now: u64,
    ) -> PyResult<BurstResults> {
        let network = self.ask(py, |node| network.network(node))?;
        self.many(
            packets,
            |node| node.may_send(network),
            |node, burst| node.send_burst(now, network, burst),
        )
    }

    /// Takes many packets of one link while other threads run.
    #[pyo3(signature = (
        link, packets: "Iterable[BurstItem]", *, now=0
    ) -> "Results[Verdict | Misuse]")]
    fn receive_burst(
        &self,
        py: Python<'_>,
        link: Name,
        packets: &Bound<'_, PyAny>,
        now: u64,
    ) -> PyResult<BurstResults> {
        let link = self.ask(py, |node| link.link(node))?;
        self.many(
            packets,
            |node| node.may_receive(link),
            |node, burst| node.receive_burst(now, link, burst),
        )
    }

    /// Sends a packet and tells its way.
    #[pyo3(signature = (
        network, packet: "Packet | Buffer", offset=None, length=None, *, now=0
    ) -> "tuple[Verdict, Walkthrough]")]
    fn walk_send<'py>(
        &self,
        network: Name,
        packet: &Bound<'py, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
        now: u64,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let target = Target::new(packet, offset, length)?;
        self.walk(&target, packet.py(), |node, buffer, place| {
            node.walk_send(now, network.network(node)?, buffer, place)
        })
    }

    /// Sends a packet out of a link and tells its way.
    #[pyo3(signature = (
        link, packet: "Packet | Buffer", offset=None, length=None, *, now=0
    ) -> "tuple[Verdict, Walkthrough]")]
    fn walk_send_via<'py>(
        &self,
        link: Name,
        packet: &Bound<'py, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
        now: u64,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let target = Target::new(packet, offset, length)?;
        self.walk(&target, packet.py(), |node, buffer, place| {
            node.walk_send_via(now, link.link(node)?, buffer, place)
        })
    }

    /// Takes a packet and tells its way.
    #[pyo3(signature = (
        link, packet: "Packet | Buffer", offset=None, length=None, *, now=0
    ) -> "tuple[Verdict, Walkthrough]")]
    fn walk_receive<'py>(
        &self,
        link: Name,
        packet: &Bound<'py, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
        now: u64,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let target = Target::new(packet, offset, length)?;
        self.walk(&target, packet.py(), |node, buffer, place| {
            node.walk_receive(now, link.link(node)?, buffer, place)
        })
    }

    /// Takes an inbound SA in, whose packets arrive in the node's first network; as `Sad.insert`.
    #[pyo3(signature = (sa, /))]
    fn insert_inbound_sa(&self, sa: &Bound<'_, InboundSa>) -> PyResult<()> {
        let inserted = self
            .0
            .with(|node| sa.get().hand_over(|sa| node.insert_inbound_sa(sa)))??;
        inserted.map_err(|misuse| raise::misused(sa.py(), misuse))
    }

    /// Gives an inbound SA back, window and all, to hand it to another core. Raises `Misuse`.
    fn remove_inbound_sa(
        &self,
        py: Python<'_>,
        network: Name,
        key: Key<'_>,
    ) -> PyResult<InboundSa> {
        let id = key.id();
        let sa = self.ask(py, |node| {
            let network = network.network(node)?;
            node.remove_inbound_sa(network, &id)
        })?;
        Ok(sa.into())
    }

    /// Takes a link up or down.
    fn set_link_up(&self, py: Python<'_>, link: Name, up: bool) -> PyResult<()> {
        self.ask(py, |node| node.set_link_up(link.link(node)?, up))
    }

    /// The number of the link of this name.
    #[pyo3(signature = (name, /))]
    fn link(&self, py: Python<'_>, name: &str) -> PyResult<u32> {
        self.ask(py, |node| Ok(node.link(name)?.0))
    }

    /// The name of a link.
    #[pyo3(signature = (link, /))]
    fn link_name(&self, py: Python<'_>, link: Name) -> PyResult<String> {
        self.ask(py, |node| Ok(node.link_name(link.link(node)?)?.to_string()))
    }

    /// The number of the network of this name.
    #[pyo3(signature = (name, /))]
    fn network(&self, py: Python<'_>, name: &str) -> PyResult<u32> {
        self.ask(py, |node| Ok(node.network(name)?.0))
    }

    /// What went where, as `core/schema/counters.json` describes it.
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn counters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.0.with(|node| node.counters())?)
    }

    /// How many packets met their end for a reason.
    #[pyo3(signature = (reason, /))]
    fn drops(&self, reason: u8) -> PyResult<u64> {
        let reason = DropReason::from_code(reason)
            .ok_or_else(|| PyValueError::new_err("no drop reason has this code"))?;
        self.0.with(|node| node.drops(reason))
    }

    /// The oldest event that was not yet told.
    #[pyo3(signature = () -> "dict[str, Any] | None")]
    fn poll_event<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let event = self.0.with(|node| node.poll_event_document())?;
        event.map(|event| loads(py, &event)).transpose()
    }

    fn __repr__(&self) -> String {
        let text = self.0.with(|node| {
            let names = (0..).map_while(|number| node.link_name(LinkId(number)).ok());
            let names: Vec<&str> = names.collect();
            format!("<iiptran.Node with links {}>", names.join(", "))
        });
        text.unwrap_or_else(|_busy| "<iiptran.Node, in use>".into())
    }
}

/// A document as values of Python.
pub(crate) fn loads<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    LOADS.import(py, "json", "loads")?.call1((json,))
}
