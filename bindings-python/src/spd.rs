//! The SPD.

use iiptran_host::Direction;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::document::Document;
use crate::{raise, target};

/// The Security Policy Database (RFC 4301 section 4.4.1), of a document with `policies`.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct Spd(iiptran_host::Spd);

/// The policy that decides about a packet.
#[pyclass(frozen, eq, get_all, module = "iiptran")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PolicyMatch {
    /// Its place in the order, from 0.
    index: u32,
    /// Its name.
    name: String,
    /// `discard`, `bypass` or `protect`.
    action: &'static str,
}

#[pymethods]
impl PolicyMatch {
    fn __repr__(&self) -> String {
        format!(
            "<iiptran.PolicyMatch {:?} index={} action={}>",
            self.name, self.index, self.action
        )
    }
}

#[pymethods]
impl Spd {
    #[new]
    #[pyo3(signature = (document: "Document", /))]
    fn new(py: Python<'_>, document: Document) -> PyResult<Self> {
        Ok(Self(document.read(py, iiptran_host::Spd::new)?))
    }

    /// The first policy that matches an IP packet, `outbound` or `inbound`. Raises `Drop`.
    #[pyo3(signature = (direction, packet: "Packet | Buffer"))]
    fn lookup(&self, direction: &str, packet: &Bound<'_, PyAny>) -> PyResult<PolicyMatch> {
        let py = packet.py();
        let direction = [Direction::Outbound, Direction::Inbound]
            .into_iter()
            .find(|candidate| candidate.name() == direction)
            .ok_or_else(|| PyValueError::new_err("a direction is 'outbound' or 'inbound'"))?;
        let bytes = target::view(packet)?;
        let found = self.0.lookup(direction, &bytes);
        let found = found.map_err(|error| raise::error(py, &error, None))?;
        Ok(PolicyMatch {
            index: found.index,
            name: found.name.to_string(),
            action: found.action,
        })
    }

    fn __repr__(&self) -> String {
        "<iiptran.Spd>".into()
    }
}
