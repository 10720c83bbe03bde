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
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct Network(Owned<iiptran_host::Network>);

/// A packet that reached upper layers, was dropped, or got lost.
#[pyclass(frozen, eq, module = "iiptran")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PacketEnd(iiptran_host::PacketEnd);

#[pymethods]
impl PacketEnd {
    #[getter]
    const fn time(&self) -> u64 {
        self.0.time
    }

    #[getter]
    const fn number(&self) -> u64 {
        self.0.number
    }

    #[getter]
    fn flow(&self) -> Option<&str> {
        self.0.flow.as_deref()
    }

    #[getter]
    const fn verdict(&self) -> &'static str {
        self.0.verdict
    }

    #[getter]
    fn place(&self) -> &str {
        &self.0.place
    }

    #[getter]
    const fn reason(&self) -> Option<&'static str> {
        self.0.reason
    }

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
        let mut network = self.0.lend()?;
        let result = py.detach(|| work(&mut network));
        self.0.give_back(network);
        Ok(result)
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
    #[pyo3(signature = (document, /))]
    fn new(py: Python<'_>, document: Document) -> PyResult<Self> {
        let network = document.read(py, iiptran_host::Network::new)?;
        Ok(Self(Owned::new(network)))
    }

    #[pyo3(signature = (seed=None))]
    fn reset(&self, py: Python<'_>, seed: Option<u64>) -> PyResult<()> {
        self.work(py, |network| network.reset(seed))?
            .map_err(|error| raise::error(py, &error, None))
    }

    #[pyo3(signature = (*, ends, trace, captures))]
    fn watch(&self, ends: bool, trace: bool, captures: bool) -> PyResult<()> {
        let watched = Watched {
            ends,
            trace,
            captures,
        };
        self.0.with(|network| network.watch(watched))
    }

    #[getter]
    fn now(&self) -> PyResult<u64> {
        self.0.with(|network| network.now())
    }

    #[getter]
    fn duration(&self) -> PyResult<u64> {
        self.0.with(|network| network.duration())
    }

    #[getter]
    fn seed(&self) -> PyResult<u64> {
        self.0.with(|network| network.seed())
    }

    #[getter]
    fn under_way(&self) -> PyResult<usize> {
        self.0.with(|network| network.under_way())
    }

    fn step(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        self.work(py, iiptran_host::Network::step)
    }

    #[pyo3(signature = (until, /))]
    fn run_until(&self, py: Python<'_>, until: u64) -> PyResult<()> {
        self.work(py, |network| network.run_until(until))
    }

    #[pyo3(signature = (station, packet, *, network=None))]
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

    fn set_wire_up(&self, py: Python<'_>, wire: &str, up: bool) -> PyResult<()> {
        self.ask(py, |network| network.set_wire_up(wire, up))
    }

    fn set_link_up(&self, py: Python<'_>, node: &str, link: &str, up: bool) -> PyResult<()> {
        self.ask(py, |network| network.set_link_up(node, link, up))
    }

    fn take_ends(&self) -> PyResult<Vec<PacketEnd>> {
        let ends = self.0.with(iiptran_host::Network::take_ends)?;
        Ok(ends.into_iter().map(PacketEnd).collect())
    }

    fn take_trace<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let trace = self.work(py, iiptran_host::Network::take_trace)?;
        loads(py, &trace)
    }

    #[pyo3(signature = (wire=None))]
    fn take_capture<'py>(
        &self,
        py: Python<'py>,
        wire: Option<&str>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let file = self.ask(py, |network| network.take_capture(wire))?;
        Ok(PyBytes::new(py, &file))
    }

    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.0.with(|network| network.report())?)
    }

    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.0.with(|network| network.keys())?)
    }

    #[pyo3(signature = (node, /))]
    fn tables<'py>(&self, py: Python<'py>, node: &str) -> PyResult<Bound<'py, PyAny>> {
        loads(py, &self.ask(py, |network| network.tables(node))?)
    }

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

    fn nodes(&self) -> PyResult<Vec<String>> {
        self.0
            .with(|network| network.nodes().map(String::from).collect())
    }

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
