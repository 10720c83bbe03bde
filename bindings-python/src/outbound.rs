//! The sending side of SAs.

use iiptran_host::{Place, SealOptions};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyList;

use crate::document::Document;
use crate::raise;
use crate::shape;
use crate::target::{self, Target};

/// The sending side of an SA. Many threads may seal with it.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct OutboundSa(iiptran_host::OutboundSa);

/// What sealing did, and where the packet is now.
#[pyclass(frozen, eq, get_all, module = "iiptran")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    sequence: u64,
    pad_length: usize,
    offset: usize,
    length: usize,
}

impl Sealed {
    const fn new(sealed: iiptran_host::Sealed, place: Place) -> Self {
        Self {
            sequence: sealed.sequence,
            pad_length: sealed.pad_length,
            offset: place.offset,
            length: place.length,
        }
    }
}

#[pymethods]
impl Sealed {
    fn __repr__(&self) -> String {
        format!(
            "<iiptran.Sealed sequence={} pad_length={} offset={} length={}>",
            self.sequence, self.pad_length, self.offset, self.length
        )
    }
}

#[pymethods]
impl OutboundSa {
    #[new]
    #[pyo3(signature = (document, /))]
    fn new(py: Python<'_>, document: Document) -> PyResult<Self> {
        Ok(Self(document.read(py, iiptran_host::OutboundSa::new)?))
    }

    #[pyo3(signature = (
        packet, offset=None, length=None, *,
        now=0, sequence=None, iv=None, padding=0, flow_padding=0, dummy=false
    ))]
    #[allow(clippy::too_many_arguments, reason = "they have names in Python")]
    fn seal(
        &self,
        packet: &Bound<'_, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
        now: u64,
        sequence: Option<u64>,
        iv: Option<PyBackedBytes>,
        padding: u8,
        flow_padding: usize,
        dummy: bool,
    ) -> PyResult<Sealed> {
        let options = SealOptions {
            sequence,
            iv: iv.as_deref(),
            padding,
            flow_padding,
            dummy,
        };
        let target = Target::new(packet, offset, length)?;
        let (sealed, place) = target.process_or_raise(packet.py(), |buffer, place| {
            self.0.seal(now, buffer, place, &options)
        })?;
        Ok(Sealed::new(sealed, place))
    }

    #[pyo3(signature = (packets, *, now=0))]
    fn seal_burst<'py>(
        &self,
        packets: &Bound<'py, PyAny>,
        now: u64,
    ) -> PyResult<Bound<'py, PyList>> {
        let py = packets.py();
        let options = SealOptions::default();
        let results = target::burst(py, packets, |buffer, place| {
            self.0.seal(now, buffer, place, &options)
        })?;
        let list = PyList::empty(py);
        for (result, offset) in results {
            match result {
                Ok((sealed, place)) => list.append(Sealed::new(sealed, place))?,
                Err(error) => list.append(raise::error_object(py, &error, Some(offset))?)?,
            }
        }
        Ok(list)
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    #[getter]
    fn spi(&self) -> u32 {
        self.0.spi()
    }

    #[getter]
    fn mode(&self) -> &'static str {
        self.0.mode()
    }

    #[getter]
    fn transform(&self) -> String {
        self.0.transform()
    }

    #[getter]
    fn extended_sequence(&self) -> bool {
        self.0.extended_sequence()
    }

    #[getter]
    fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    #[getter]
    fn packets(&self) -> u64 {
        self.0.packets()
    }

    #[getter]
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    #[pyo3(signature = (*, now=0))]
    fn take_soft_expiry(&self, now: u64) -> bool {
        self.0.take_soft_expiry(now)
    }

    #[pyo3(signature = (payload, /))]
    fn overhead(&self, payload: usize) -> usize {
        self.0.overhead(payload)
    }

    fn __repr__(&self) -> String {
        format!(
            "<iiptran.OutboundSa {:?} spi=0x{:08x} {} {} sequence={} extended={}>",
            self.0.name(),
            self.0.spi(),
            self.0.mode(),
            self.0.transform(),
            self.0.sequence(),
            shape::truth(self.0.extended_sequence())
        )
    }
}
