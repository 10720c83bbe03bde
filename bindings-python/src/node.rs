//! The node.

use iiptran_host::{DropReason, Error, LinkId, Misuse, Place, Verdict};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyType};

use crate::document::Document;
use crate::inbound::InboundSa;
use crate::name::Name;
use crate::owned::Owned;
use crate::sa_id::Key;
use crate::sad::refused;
use crate::target::{self, Target};
use crate::{raise, verdict};

static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static WALKTHROUGH: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole).
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
        let mut node = self.0.lend()?;
        let processed = target.process(py, |buffer, place| {
            verdict::or_error(way(&mut node, buffer, place)?)
        });
        self.0.give_back(node);
        let (result, offset) = processed?;
        if let Err(error @ (Error::Misuse(_) | Error::Config(_))) = &result {
            return Err(raise::error(py, error, Some(offset)));
        }
        verdict::object(py, result, offset)
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
    fn many<'py>(
        &self,
        packets: &Bound<'py, PyAny>,
        way: impl Fn(&mut iiptran_host::Node, &mut [u8], &mut Place) -> Result<Verdict, Error> + Sync,
    ) -> PyResult<Bound<'py, PyList>> {
        let py = packets.py();
        let mut node = self.0.lend()?;
        let results = target::burst(py, packets, |buffer, place| {
            verdict::or_error(way(&mut node, buffer, place)?)
        });
        self.0.give_back(node);
        let list = PyList::empty(py);
        for (result, offset) in results? {
            list.append(verdict::object(py, result, offset)?)?;
        }
        Ok(list)
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
    #[pyo3(signature = (document, /))]
    fn new(py: Python<'_>, document: Document) -> PyResult<Self> {
        let node = document.read(py, iiptran_host::Node::new)?;
        Ok(Self(Owned::new(node)))
    }

    #[staticmethod]
    #[pyo3(signature = (tables, /))]
    fn with_tables(tables: &Tables) -> Self {
        Self(Owned::new(iiptran_host::Node::with_tables(&tables.0)))
    }

    fn tables(&self) -> PyResult<Tables> {
        self.0.with(|node| Tables(node.tables()))
    }

    #[pyo3(signature = (document, /))]
    fn install(&self, py: Python<'_>, document: Document) -> PyResult<()> {
        let mut node = self.0.lend()?;
        let installed = document.read(py, |text| node.install(text));
        self.0.give_back(node);
        installed
    }

    #[pyo3(signature = (tables, /))]
    fn install_tables(&self, tables: &Tables) -> PyResult<()> {
        self.0.with(|node| node.install_tables(&tables.0))
    }

    #[pyo3(signature = (network, packet, offset=None, length=None, *, now=0))]
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

    #[pyo3(signature = (link, packet, offset=None, length=None, *, now=0))]
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

    #[pyo3(signature = (link, packet, offset=None, length=None, *, now=0))]
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

    #[pyo3(signature = (network, packets, *, now=0))]
    fn send_burst<'py>(
        &self,
        py: Python<'py>,
        network: Name,
        packets: &Bound<'py, PyAny>,
        now: u64,
    ) -> PyResult<Bound<'py, PyList>> {
        let network = self.ask(py, |node| network.network(node))?;
        self.many(packets, move |node, buffer, place| {
            node.send(now, network, buffer, place)
        })
    }

    #[pyo3(signature = (link, packets, *, now=0))]
    fn receive_burst<'py>(
        &self,
        py: Python<'py>,
        link: Name,
        packets: &Bound<'py, PyAny>,
        now: u64,
    ) -> PyResult<Bound<'py, PyList>> {
        let link = self.ask(py, |node| link.link(node))?;
        self.many(packets, move |node, buffer, place| {
            node.receive(now, link, buffer, place)
        })
    }

    #[pyo3(signature = (network, packet, offset=None, length=None, *, now=0))]
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

    #[pyo3(signature = (link, packet, offset=None, length=None, *, now=0))]
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

    #[pyo3(signature = (link, packet, offset=None, length=None, *, now=0))]
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

    #[pyo3(signature = (sa, /))]
    fn insert_inbound_sa(&self, sa: &Bound<'_, InboundSa>) -> PyResult<()> {
        let owner = &sa.get().0;
        let inserted = self
            .0
            .with(|node| PyResult::Ok(node.insert_inbound_sa(owner.hand_over()?)))?;
        refused(sa.py(), owner, inserted?)
    }

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
        Ok(InboundSa(Owned::new(sa)))
    }

    fn set_link_up(&self, py: Python<'_>, link: Name, up: bool) -> PyResult<()> {
        self.ask(py, |node| node.set_link_up(link.link(node)?, up))
    }

    #[pyo3(signature = (name, /))]
    fn link(&self, py: Python<'_>, name: &str) -> PyResult<u32> {
        self.ask(py, |node| Ok(node.link(name)?.0))
    }

    #[pyo3(signature = (link, /))]
    fn link_name(&self, py: Python<'_>, link: Name) -> PyResult<String> {
        self.ask(py, |node| Ok(node.link_name(link.link(node)?)?.to_string()))
    }

    #[pyo3(signature = (name, /))]
    fn network(&self, py: Python<'_>, name: &str) -> PyResult<u32> {
        self.ask(py, |node| Ok(node.network(name)?.0))
    }

    fn counters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.0.with(|node| node.counters())?)
    }

    #[pyo3(signature = (reason, /))]
    fn drops(&self, reason: u8) -> PyResult<u64> {
        let reason = DropReason::from_code(reason)
            .ok_or_else(|| PyValueError::new_err("no drop reason has this code"))?;
        self.0.with(|node| node.drops(reason))
    }

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
