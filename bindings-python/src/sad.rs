//! The SAD.

use std::net::IpAddr;

use pyo3::prelude::*;

use crate::inbound::{InboundSa, Opened};
use crate::owned::Owned;
use crate::packet::Failed;
use crate::raise;
use crate::sa_id::{Key, SaId};
use crate::target::{self, Target};

/// The inbound part of the security association database (RFC 4301 section 4.4.2).
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct Sad(pub(crate) Owned<iiptran_host::Sad>);

#[pymethods]
impl Sad {
    #[new]
    const fn new() -> Self {
        Self(Owned::new(iiptran_host::Sad::new()))
    }

    /// Takes an SA in; the object that was given is empty from then on.
    ///
    /// Raises `Misuse` if another SA has the same key; the SA stays where it was then.
    #[pyo3(signature = (sa, /))]
    fn insert(&self, sa: &Bound<'_, InboundSa>) -> PyResult<()> {
        let inserted = self
            .0
            .with(|sad| sa.get().hand_over(|sa| sad.insert(sa)))??;
        inserted.map_err(|misuse| raise::misused(sa.py(), misuse))
    }

    /// Gives an SA back, window and all. The key of a unicast SA is its SPI. Raises `Misuse`.
    #[pyo3(signature = (key, /))]
    fn remove(&self, py: Python<'_>, key: Key<'_>) -> PyResult<InboundSa> {
        let removed = self.0.with(|sad| sad.remove(&key.id()))?;
        let sa = removed.map_err(|misuse| raise::misused(py, misuse))?;
        Ok(sa.into())
    }

    /// The key of the SA for a packet: the longest match.
    #[pyo3(signature = (spi, destination: "AddressLike", source: "AddressLike"))]
    fn lookup(&self, spi: u32, destination: IpAddr, source: IpAddr) -> PyResult<Option<SaId>> {
        let found = self.0.with(|sad| sad.lookup(spi, destination, source))?;
        Ok(found.map(SaId))
    }

    /// Finds the SA of an ESP packet and opens the packet in place; as `InboundSa.open`.
    #[pyo3(signature = (packet: "Packet | Buffer", offset=None, length=None, *, now=0))]
    fn open(
        &self,
        packet: &Bound<'_, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
        now: u64,
    ) -> PyResult<(SaId, Opened)> {
        let target = Target::new(packet, offset, length)?;
        let opened = self.0.with(|sad| {
            target.process_or_raise(packet.py(), Failed::Undefined, |buffer, place| {
                sad.open(now, buffer, place)
            })
        })?;
        opened.map(|((id, opened), place)| (SaId(id), Opened::new(opened, place)))
    }

    /// Whether a new unicast SA may have this SPI.
    #[pyo3(signature = (spi, /))]
    fn is_vacant(&self, spi: u32) -> PyResult<bool> {
        self.0.with(|sad| sad.is_vacant(spi))
    }

    fn __len__(&self) -> PyResult<usize> {
        self.0.with(|sad| sad.len())
    }

    fn __repr__(&self) -> PyResult<String> {
        self.0
            .with(|sad| format!("<iiptran.Sad, {} inbound SAs>", sad.len()))
    }
}

/// The SPI that an ESP packet shows, to hand it to the worker that has its inbound SA.
///
/// It is behind IP, or behind UDP to `udp_port`. `None` if the packet is something else, broken, or a
/// fragment.
#[pyfunction]
#[pyo3(signature = (packet: "Packet | Buffer", *, udp_port=4500))]
pub(crate) fn spi_of(packet: &Bound<'_, PyAny>, udp_port: u16) -> PyResult<Option<u32>> {
    let packet = target::view(packet)?;
    Ok(iiptran_host::spi_of(&packet, udp_port))
}
