//! The receiving side of SAs.

use iiptran_host::{Misuse, Place};
use pyo3::prelude::*;

use crate::burst;
use crate::document::Document;
use crate::owned::{Owned, Unusable};
use crate::packet::Failed;
use crate::raise::Misused;
use crate::results::{BurstResults, Shown};
use crate::sa_id::SaId;
use crate::shape;
use crate::target::Target;

/// The receiving side of an SA. It can't be copied: a second window would let a packet in twice.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct InboundSa(Owned<Option<iiptran_host::InboundSa>>);

/// What opening found.
#[pyclass(frozen, eq, get_all, module = "iiptran")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// The whole sequence number.
    sequence: u64,
    /// Pad length, bytes.
    pad_length: usize,
    /// The payload's protocol: 4 or 41 for an IP packet.
    next_header: u8,
    /// Where the packet is in its buffer now.
    offset: usize,
    /// The packet's length now.
    length: usize,
}

impl Opened {
    pub(crate) const fn new(opened: iiptran_host::Opened, place: Place) -> Self {
        Self {
            sequence: opened.sequence,
            pad_length: opened.pad_length,
            next_header: opened.next_header,
            offset: place.offset,
            length: place.length,
        }
    }
}

impl Shown for iiptran_host::Opened {
    fn object(self, py: Python<'_>, place: Place) -> PyResult<Bound<'_, PyAny>> {
        Ok(Bound::new(py, Opened::new(self, place))?.into_any())
    }
}

#[pymethods]
impl Opened {
    fn __repr__(&self) -> String {
        format!(
            "<iiptran.Opened sequence={} pad_length={} next_header={} offset={} length={}>",
            self.sequence, self.pad_length, self.next_header, self.offset, self.length
        )
    }
}

impl InboundSa {
    /// Has the SA, if it is here, for the time of `work`.
    fn hold<R>(&self, work: impl FnOnce(&mut iiptran_host::InboundSa) -> R) -> Result<R, Unusable> {
        let mut held = self.0.hold()?;
        let sa = held.as_mut();
        sa.map(work).ok_or(Unusable::Misused(Misused::HandedOver))
    }

    fn with<R>(&self, work: impl FnOnce(&mut iiptran_host::InboundSa) -> R) -> PyResult<R> {
        Ok(self.hold(work)?)
    }

    /// Hands the SA over; one that is not taken in stays.
    pub(crate) fn hand_over(
        &self,
        take_in: impl FnOnce(
            iiptran_host::InboundSa,
        ) -> Result<(), (Box<iiptran_host::InboundSa>, Misuse)>,
    ) -> Result<Result<(), Misuse>, Unusable> {
        let mut held = self.0.hold()?;
        let sa = held.take().ok_or(Unusable::Misused(Misused::HandedOver))?;
        Ok(take_in(sa).map_err(|(sa, misuse)| {
            *held = Some(*sa);
            misuse
        }))
    }
}

impl From<iiptran_host::InboundSa> for InboundSa {
    fn from(sa: iiptran_host::InboundSa) -> Self {
        Self(Owned::new(Some(sa)))
    }
}

#[pymethods]
impl InboundSa {
    #[new]
    #[pyo3(signature = (document: "Document", /))]
    fn new(py: Python<'_>, document: Document) -> PyResult<Self> {
        let sa = document.read(py, iiptran_host::InboundSa::new)?;
        Ok(sa.into())
    }

    /// Opens an ESP packet in place, all checks included (RFC 4303 section 3.4).
    ///
    /// Raises `Drop`; `Misuse`. The packet is as it was then.
    #[pyo3(signature = (packet: "Packet | Buffer", offset=None, length=None, *, now=0))]
    fn open(
        &self,
        packet: &Bound<'_, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
        now: u64,
    ) -> PyResult<Opened> {
        let target = Target::new(packet, offset, length)?;
        let (opened, place) = self.hold(|sa| {
            target.process_or_raise(packet.py(), Failed::Undefined, |buffer, place| {
                sa.open(now, buffer, place)
            })
        })??;
        Ok(Opened::new(opened, place))
    }

    /// Opens many packets while other threads run; each has a result of its own.
    #[pyo3(signature = (
        packets: "Iterable[BurstItem]", *, now=0
    ) -> "Results[Opened | Drop | Misuse]")]
    fn open_burst(&self, packets: &Bound<'_, PyAny>, now: u64) -> PyResult<BurstResults> {
        let outcomes = self.hold(|sa| {
            burst::process(packets, Failed::Undefined, Ok(()), |burst| {
                sa.open_burst(now, burst)
            })
        })??;
        Ok(BurstResults::new(outcomes))
    }

    /// Name for people.
    #[getter]
    fn name(&self) -> PyResult<String> {
        self.with(|sa| sa.name().to_string())
    }

    /// The key under which packets find the SA.
    #[getter]
    fn id(&self) -> PyResult<SaId> {
        self.with(|sa| SaId(sa.id()))
    }

    /// Security parameters index.
    #[getter]
    fn spi(&self) -> PyResult<u32> {
        self.with(|sa| sa.spi())
    }

    /// `transport` or `tunnel`.
    #[getter]
    fn mode(&self) -> PyResult<&'static str> {
        self.with(|sa| sa.mode())
    }

    /// The algorithms as a document names them.
    #[getter]
    fn transform(&self) -> PyResult<String> {
        self.with(|sa| sa.transform())
    }

    /// Whether sequence numbers have 64 bits.
    #[getter]
    fn extended_sequence(&self) -> PyResult<bool> {
        self.with(|sa| sa.extended_sequence())
    }

    /// The highest sequence number that was received; 0 without anti-replay.
    #[getter]
    fn sequence(&self) -> PyResult<u64> {
        self.with(|sa| sa.sequence())
    }

    /// Packets that passed the integrity check.
    #[getter]
    fn packets(&self) -> PyResult<u64> {
        self.with(|sa| sa.packets())
    }

    /// Their bytes given to the cipher.
    #[getter]
    fn bytes(&self) -> PyResult<u64> {
        self.with(|sa| sa.bytes())
    }

    /// Whether the soft lifetime is over, told once.
    #[pyo3(signature = (*, now=0))]
    fn take_soft_expiry(&self, now: u64) -> PyResult<bool> {
        self.with(|sa| sa.take_soft_expiry(now))
    }

    fn __repr__(&self) -> String {
        let text = self.with(|sa| {
            format!(
                "<iiptran.InboundSa {:?} spi=0x{:08x} {} {} sequence={} extended={}>",
                sa.name(),
                sa.spi(),
                sa.mode(),
                sa.transform(),
                sa.sequence(),
                shape::truth(sa.extended_sequence())
            )
        });
        text.unwrap_or_else(|_elsewhere| "<iiptran.InboundSa, elsewhere>".into())
    }
}
