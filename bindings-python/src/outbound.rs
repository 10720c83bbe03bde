//! The sending side of SAs.

use iiptran_host::{Place, SealOptions};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::burst;
use crate::document::Document;
use crate::packet::Failed;
use crate::results::{BurstResults, Shown};
use crate::shape;
use crate::target::Target;

/// The sending side of an SA. Many threads may seal with it: no sequence number is given out twice.
///
/// The document is that of an entry of `sas` in a node's document, see `iiptran.config.Sa`.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct OutboundSa(iiptran_host::OutboundSa);

/// What sealing did.
#[pyclass(frozen, eq, get_all, module = "iiptran")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    /// The whole sequence number.
    sequence: u64,
    /// Pad length, bytes.
    pad_length: usize,
    /// Where the packet is in its buffer now.
    offset: usize,
    /// The packet's length now.
    length: usize,
}

impl Sealed {
    pub(crate) const fn new(sealed: iiptran_host::Sealed, place: Place) -> Self {
        Self {
            sequence: sealed.sequence,
            pad_length: sealed.pad_length,
            offset: place.offset,
            length: place.length,
        }
    }
}

impl Shown for iiptran_host::Sealed {
    fn object(self, py: Python<'_>, place: Place) -> PyResult<Bound<'_, PyAny>> {
        Ok(Bound::new(py, Sealed::new(self, place))?.into_any())
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
    #[pyo3(signature = (document: "Document", /))]
    fn new(py: Python<'_>, document: Document) -> PyResult<Self> {
        Ok(Self(document.read(py, iiptran_host::OutboundSa::new)?))
    }

    /// Seals an IP packet in place (RFC 4303 section 3.3).
    ///
    /// The packet is a `Packet`, or `length` bytes from `offset` on in a writable buffer, whose
    /// other bytes are the room around it. For known-answer tests, `sequence` and `iv` take the
    /// place of the SA's own, whose counter stays where it is, and `outer` that of tunnel mode's
    /// outer header: as the packet is to begin on the wire, IPv4 without options, or IPv6 with
    /// nothing behind it or a tunnel encapsulation limit; lengths, checksum and protocols are
    /// worked out anew. `padding` is the least pad length, `flow_padding` the length of
    /// traffic-flow confidentiality padding, and `dummy` makes a dummy packet.
    ///
    /// Raises `Drop`; `Misuse`. The packet is as it was then.
    #[pyo3(signature = (
        packet: "Packet | Buffer", offset=None, length=None, *, now=0, sequence=None,
        iv: "builtins.bytes | bytearray | None"=None,
        outer: "builtins.bytes | bytearray | None"=None,
        padding=0, flow_padding=0, dummy=false
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
        outer: Option<PyBackedBytes>,
        padding: u8,
        flow_padding: usize,
        dummy: bool,
    ) -> PyResult<Sealed> {
        let options = SealOptions {
            sequence,
            iv: iv.as_deref(),
            outer: outer.as_deref(),
            padding,
            flow_padding,
            dummy,
        };
        let target = Target::new(packet, offset, length)?;
        let (sealed, place) =
            target.process_or_raise(packet.py(), Failed::Unchanged, |buffer, place| {
                self.0.seal(now, buffer, place, &options)
            })?;
        Ok(Sealed::new(sealed, place))
    }

    /// Seals many packets while other threads run; each has a result of its own.
    #[pyo3(signature = (
        packets: "Iterable[BurstItem]", *, now=0
    ) -> "Results[Sealed | Drop | Misuse]")]
    fn seal_burst(&self, packets: &Bound<'_, PyAny>, now: u64) -> PyResult<BurstResults> {
        let outcomes = burst::process(packets, Failed::Unchanged, Ok(()), |burst| {
            self.0.seal_burst(now, burst)
        })?;
        Ok(BurstResults::new(outcomes))
    }

    /// Name for people.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// Security parameters index.
    #[getter]
    fn spi(&self) -> u32 {
        self.0.spi()
    }

    /// `transport` or `tunnel`.
    #[getter]
    fn mode(&self) -> &'static str {
        self.0.mode()
    }

    /// The algorithms as a document names them.
    #[getter]
    fn transform(&self) -> String {
        self.0.transform()
    }

    /// Whether sequence numbers have 64 bits.
    #[getter]
    fn extended_sequence(&self) -> bool {
        self.0.extended_sequence()
    }

    /// The last sequence number that was given out.
    #[getter]
    fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    /// Packets sealed so far.
    #[getter]
    fn packets(&self) -> u64 {
        self.0.packets()
    }

    /// Bytes given to the cipher so far.
    #[getter]
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    /// Whether the soft lifetime is over, told once.
    #[pyo3(signature = (*, now=0))]
    fn take_soft_expiry(&self, now: u64) -> bool {
        self.0.take_soft_expiry(now)
    }

    /// How many bytes ESP adds to a payload of so many, with minimal padding.
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
