//! The FIB.

use std::net::IpAddr;

use pyo3::prelude::*;

use crate::document::Document;
use crate::{raise, target};

/// The forwarding table of one network, of a document with names of `links`, and `routes`.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct Fib(iiptran_host::Fib);

/// Where a route leads.
#[pyclass(frozen, eq, get_all, module = "iiptran")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NextHop {
    /// The link's place in the document, from 0.
    link: u32,
    /// The neighbour on that link: the router, or the destination itself.
    address: IpAddr,
}

#[pymethods]
impl NextHop {
    fn __repr__(&self) -> String {
        format!("<iiptran.NextHop {} by link {}>", self.address, self.link)
    }
}

#[pymethods]
impl Fib {
    #[new]
    #[pyo3(signature = (document: "Document", /))]
    fn new(py: Python<'_>, document: Document) -> PyResult<Self> {
        Ok(Self(document.read(py, iiptran_host::Fib::new)?))
    }

    /// Where an IP packet goes. Raises `Drop`.
    #[pyo3(signature = (packet: "Packet | Buffer", /))]
    fn lookup(&self, packet: &Bound<'_, PyAny>) -> PyResult<NextHop> {
        let found = self.0.lookup(&target::view(packet)?);
        next_hop(packet.py(), found)
    }

    /// Where a destination lies; flows with different hashes may take different equal paths.
    #[pyo3(signature = (destination: "AddressLike", *, flow_hash=0))]
    fn lookup_address(
        &self,
        py: Python<'_>,
        destination: IpAddr,
        flow_hash: u64,
    ) -> PyResult<NextHop> {
        next_hop(py, self.0.lookup_address(destination, flow_hash))
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        format!("<iiptran.Fib, {} routes>", self.0.len())
    }
}

fn next_hop(
    py: Python<'_>,
    found: Result<iiptran_host::NextHop, iiptran_host::Error>,
) -> PyResult<NextHop> {
    let found = found.map_err(|error| raise::error(py, &error, None))?;
    Ok(NextHop {
        link: found.link,
        address: found.address,
    })
}
