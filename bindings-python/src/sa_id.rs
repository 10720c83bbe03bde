//! The keys of inbound SAs.

use std::net::IpAddr;

use iiptran_host::Spi;
use pyo3::prelude::*;

/// The key under which packets find an inbound SA (RFC 4301 section 4.1).
#[pyclass(frozen, eq, hash, module = "iiptran")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SaId(pub(crate) iiptran_host::SaId);

#[pymethods]
impl SaId {
    #[new]
    #[pyo3(signature = (
        spi, destination: "AddressLike | None"=None, source: "AddressLike | None"=None
    ))]
    const fn new(spi: u32, destination: Option<IpAddr>, source: Option<IpAddr>) -> Self {
        Self(iiptran_host::SaId {
            spi: Spi(spi),
            destination,
            source,
        })
    }

    /// Security parameters index.
    #[getter]
    const fn spi(&self) -> u32 {
        self.0.spi.0
    }

    /// The destination, if it takes part in the lookup.
    #[getter]
    const fn destination(&self) -> Option<IpAddr> {
        self.0.destination
    }

    /// The source, if it takes part in the lookup.
    #[getter]
    const fn source(&self) -> Option<IpAddr> {
        self.0.source
    }

    fn __repr__(&self) -> String {
        let address = |name, address: Option<IpAddr>| {
            address.map_or_else(String::new, |address| format!(", {name}='{address}'"))
        };
        format!(
            "iiptran.SaId(0x{:08x}{}{})",
            self.0.spi.0,
            address("destination", self.0.destination),
            address("source", self.0.source)
        )
    }
}

/// A key, or the SPI of a unicast SA.
#[derive(FromPyObject)]
pub(crate) enum Key<'py> {
    Id(Bound<'py, SaId>),
    Spi(u32),
}

impl Key<'_> {
    pub(crate) fn id(&self) -> iiptran_host::SaId {
        match self {
            Self::Id(id) => id.get().0,
            Self::Spi(spi) => iiptran_host::SaId::unicast(Spi(*spi)),
        }
    }
}
