//! Networks on a virtual clock.

use std::net::IpAddr;

use iiptran_host::{Misuse, Watched};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::document::Document;
use crate::node::loads;
use crate::owned::Owned;
use crate::{raise, shape, target};

/// A network of nodes and hosts on a virtual clock: RFC 3884, run.
///
/// The document is a scenario, see `iiptran.config.Scenario`, or the name of one of `scenarios()`.
/// There is no chance but the seed's: the same calls give the same bytes. All that happens is noted
/// until it is taken. Other threads run while the network does; those that use it meanwhile get
/// `Misuse`.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct Network(Owned<iiptran_host::Network>);

/// A packet that reached upper layers, was dropped, or got lost.
#[pyclass(frozen, eq, module = "iiptran")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PacketEnd(iiptran_host::PacketEnd);

#[pymethods]
impl PacketEnd {
    /// When, since the scenario began.
    #[getter]
    const fn time(&self) -> u64 {
        self.0.time
    }

    /// Its number in the run; copies that a wire made have the same.
    #[getter]
    const fn number(&self) -> u64 {
        self.0.number
    }

    /// The flow of the scenario that sent it.
    #[getter]
    fn flow(&self) -> Option<&str> {
        self.0.flow.as_deref()
    }

    /// `deliver`, `drop`, or `lose` for a wire.
    #[getter]
    const fn verdict(&self) -> &'static str {
        self.0.verdict
    }

    /// The node or host, or the wire that lost it.
    #[getter]
    fn place(&self) -> &str {
        &self.0.place
    }

    /// Why: the label of a `DropReason`, or how the wire lost it.
    #[getter]
    const fn reason(&self) -> Option<&'static str> {
        self.0.reason
    }

    /// The packet as it was then.
    #[getter]
    fn packet<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.packet)
    }

    fn __repr__(&self) -> String {
        let reason = self.0.reason.map(|reason| format!(" {reason}"));
        format!(
            "<iiptran.PacketEnd number={} time={} {}{} at {:?}, {} bytes: {}>",
            self.0.number,
            self.0.time,
            self.0.verdict,
            reason.unwrap_or_default(),
            self.0.place,
            self.0.packet.len(),
            shape::start(&self.0.packet)
        )
    }
}

/// The names of the scenarios that the library brings.
#[pyfunction]
pub(crate) fn scenarios() -> Vec<&'static str> {
    iiptran_host::scenarios().collect()
}

impl Network {
    /// Works on the network while other threads of Python run.
    fn work<R: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut iiptran_host::Network) -> R + Send,
    ) -> PyResult<R> {
        let mut network = self.0.hold()?;
        Ok(py.detach(|| work(&mut network)))
    }

    /// The same with something that may be wrong to ask.
    fn ask<R: Send>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&mut iiptran_host::Network) -> Result<R, Misuse> + Send,
    ) -> PyResult<R> {
        self.work(py, question)?
            .map_err(|misuse| raise::misused(py, misuse))
    }
}

#[pymethods]
impl Network {
    #[new]
    #[pyo3(signature = (document: "Document", /))]
    fn new(py: Python<'_>, document: Document) -> PyResult<Self> {
        let network = document.read(py, iiptran_host::Network::new)?;
        Ok(Self(Owned::new(network)))
    }

    /// Begins anew, with another seed if one is given; what was noted is gone.
    #[pyo3(signature = (seed=None))]
    fn reset(&self, py: Python<'_>, seed: Option<u64>) -> PyResult<()> {
        self.work(py, |network| network.reset(seed))?
            .map_err(|error| raise::error(py, &error, None))
    }

    /// What is noted from now on; at first all of it. Whatever is not taken takes memory.
    #[pyo3(signature = (*, ends, trace, captures))]
    fn watch(&self, ends: bool, trace: bool, captures: bool) -> PyResult<()> {
        let watched = Watched {
            ends,
            trace,
            captures,
        };
        self.0.with(|network| network.watch(watched))
    }

    /// How much time has passed.
    #[getter]
    fn now(&self) -> PyResult<u64> {
        self.0.with(|network| network.now())
    }

    /// How long the scenario takes. The network can go on after that; flows end.
    #[getter]
    fn duration(&self) -> PyResult<u64> {
        self.0.with(|network| network.duration())
    }

    /// Where all chance comes from.
    #[getter]
    fn seed(&self) -> PyResult<u64> {
        self.0.with(|network| network.seed())
    }

    /// How many packets are under way.
    #[getter]
    fn under_way(&self) -> PyResult<usize> {
        self.0.with(|network| network.under_way())
    }

    /// Does the next thing that is due, and tells when that was; None if nothing ever will be.
    fn step(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        self.work(py, iiptran_host::Network::step)
    }

    /// Does everything that is due up to a moment, that moment included.
    #[pyo3(signature = (until, /))]
    fn run_until(&self, py: Python<'_>, until: u64) -> PyResult<()> {
        self.work(py, |network| network.run_until(until))
    }

    /// Sends a packet from a node or host now, and tells its number in the run.
    ///
    /// The packet is whole, with its source address, and stays as it is. A node sends it in
    /// `network`, by default its first. Raises `Misuse`.
    #[pyo3(signature = (station, packet: "Packet | Buffer", *, network=None))]
    fn send(
        &self,
        station: &str,
        packet: &Bound<'_, PyAny>,
        network: Option<&str>,
    ) -> PyResult<u64> {
        let py = packet.py();
        let bytes = target::view(packet)?;
        self.ask(py, |this| this.send(station, network, &bytes))
    }

    /// Cuts or mends a wire now. Raises `Misuse`.
    fn set_wire_up(&self, py: Python<'_>, wire: &str, up: bool) -> PyResult<()> {
        self.ask(py, |network| network.set_wire_up(wire, up))
    }

    /// Takes a link of a node, physical or virtual, down or up now. Raises `Misuse`.
    fn set_link_up(&self, py: Python<'_>, node: &str, link: &str, up: bool) -> PyResult<()> {
        self.ask(py, |network| network.set_link_up(node, link, up))
    }

    /// The packets that met their end since they were last taken, in the order of time.
    ///
    /// Messages of routing protocols that arrived are not among them.
    fn take_ends(&self) -> PyResult<Vec<PacketEnd>> {
        let ends = self.0.with(iiptran_host::Network::take_ends)?;
        Ok(ends.into_iter().map(PacketEnd).collect())
    }

    /// What happened since it was last taken, as `iiptran sim --events` writes it.
    #[pyo3(signature = () -> "list[dict[str, Any]]")]
    fn take_trace<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let trace = self.work(py, iiptran_host::Network::take_trace)?;
        loads(py, &trace)
    }

    /// What a wire has carried since that was last taken, or all of them, as a pcap file.
    ///
    /// Raises `Misuse`.
    #[pyo3(signature = (wire=None))]
    fn take_capture<'py>(
        &self,
        py: Python<'py>,
        wire: Option<&str>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let file = self.ask(py, |network| network.take_capture(wire))?;
        Ok(PyBytes::new(py, &file))
    }

    /// What the run came to until now, as `core/schema/network-report.json` describes it.
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.0.with(|network| network.report())?)
    }

    /// The keys of all SAs that there were until now: the document that opens captures.
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.0.with(|network| network.keys())?)
    }

    /// A node's tables now, as `core/schema/node-report.json` describes them. Raises `Misuse`.
    #[pyo3(signature = (node, /) -> "dict[str, Any]")]
    fn tables<'py>(&self, py: Python<'py>, node: &str) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.ask(py, |network| network.tables(node))?)
    }

    /// The link by which a node sends to an address now; None if no route leads there.
    #[pyo3(signature = (node, network, destination: "AddressLike"))]
    fn way(
        &self,
        py: Python<'_>,
        node: &str,
        network: &str,
        destination: IpAddr,
    ) -> PyResult<Option<String>> {
        self.ask(py, |this| {
            let link = this.way(node, network, destination)?;
            Ok(link.map(String::from))
        })
    }

    /// The names of the nodes.
    fn nodes(&self) -> PyResult<Vec<String>> {
        self.0
            .with(|network| network.nodes().map(String::from).collect())
    }

    /// The names of the wires.
    fn wires(&self) -> PyResult<Vec<String>> {
        self.0
            .with(|network| network.wires().map(String::from).collect())
    }

    fn __repr__(&self) -> String {
        let text = self.0.with(|network| {
            let nodes: Vec<&str> = network.nodes().collect();
            format!(
                "<iiptran.Network of {} at {} ns, seed={}, {} under way>",
                nodes.join(", "),
                network.now(),
                network.seed(),
                network.under_way()
            )
        });
        text.unwrap_or_else(|_busy| "<iiptran.Network, in use>".into())
    }
}
