//! A packet with room around it.

use iiptran_host::{Burst, Error, Misuse, PacketBuffer, Place};
use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyType};

use crate::owned::{Held, Owned, Unusable};
use crate::shape;
use crate::target;

/// A packet in a buffer of its own, with room around it for what sealing puts there.
///
/// Calls that process it change it in place; one that fails leaves it as it was.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct Packet(Owned<Contents>);

/// A buffer and where the packet is in it.
#[derive(Clone, Debug)]
pub(crate) struct Contents {
    buffer: Vec<u8>,
    place: Place,
}

/// What a packet's bytes are when the library has refused it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failed {
    /// What they were.
    Unchanged,
    /// Anything: they have to be put back.
    Undefined,
}

impl Contents {
    pub(crate) const fn new(buffer: Vec<u8>, place: Place) -> Self {
        Self { buffer, place }
    }

    pub(crate) const fn offset(&self) -> usize {
        self.place.offset
    }

    pub(crate) fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// Processes the packet, which is as it was if that fails.
    pub(crate) fn process<R>(
        &mut self,
        failed: Failed,
        process: impl FnOnce(&mut [u8], &mut Place) -> Result<R, Error>,
    ) -> Result<(R, Place), Error> {
        let mut saved = Vec::new();
        self.save(failed, &mut saved);
        let mut place = self.place;
        let result = process(&mut self.buffer, &mut place);
        self.settle(result.map(|result| (result, place)), &saved)
    }

    /// Puts the packet into a burst.
    pub(crate) fn join<'c>(&'c mut self, burst: &mut Burst<'c>) -> Result<(), Misuse> {
        burst.push(&mut self.buffer, self.place)
    }

    /// Adds the bytes of the packet to others that are saved, if they may have to be put back. Gives how many
    /// that are.
    pub(crate) fn save(&self, failed: Failed, saved: &mut Vec<u8>) -> usize {
        let before = saved.len();
        if let Failed::Undefined = failed {
            saved.extend_from_slice(self.bytes());
        }
        saved.len().saturating_sub(before)
    }

    /// Notes where the packet is now, or puts its saved bytes back if it met its end.
    pub(crate) fn settle<R, E>(
        &mut self,
        outcome: Result<(R, Place), E>,
        saved: &[u8],
    ) -> Result<(R, Place), E> {
        match &outcome {
            Ok((_, place)) => self.place = *place,
            Err(_) => {
                let end = self.place.offset.saturating_add(saved.len());
                if let Some(bytes) = self.buffer.get_mut(self.place.offset..end) {
                    bytes.copy_from_slice(saved);
                }
            }
        }
        outcome
    }

    fn bytes(&self) -> &[u8] {
        let end = self.place.offset.saturating_add(self.place.length);
        self.buffer.get(self.place.offset..end).unwrap_or_default()
    }
}

impl Packet {
    pub(crate) fn hold(&self) -> Result<Held<'_, Contents>, Unusable> {
        self.0.hold()
    }

    pub(crate) fn to_vec(&self) -> PyResult<Vec<u8>> {
        self.0.with(|contents| contents.bytes().to_vec())
    }
}

#[pymethods]
impl Packet {
    /// A copy of `data` with room around it, bytes; by default enough for four nested tunnels.
    #[new]
    #[pyo3(signature = (data: "Buffer", *, headroom=None, tailroom=None))]
    fn new(
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        headroom: Option<usize>,
        tailroom: Option<usize>,
    ) -> PyResult<Self> {
        let headroom = headroom.unwrap_or(PacketBuffer::HEADROOM);
        let tailroom = tailroom.unwrap_or(PacketBuffer::TAILROOM);
        let data = target::bytes(data)?;
        let length = data.len_bytes();
        let size = headroom
            .checked_add(length)
            .and_then(|size| size.checked_add(tailroom))
            .ok_or_else(|| PyMemoryError::new_err("the packet's buffer is too large"))?;
        let mut buffer = Vec::new();
        buffer
            .try_reserve_exact(size)
            .map_err(|error| PyMemoryError::new_err(error.to_string()))?;
        buffer.resize(headroom, 0);
        buffer.extend_from_slice(&data.to_vec(py)?);
        buffer.resize(size, 0);
        let place = Place {
            offset: headroom,
            length,
        };
        Ok(Self(Owned::new(Contents { buffer, place })))
    }

    /// The packet of hexadecimal digits; spaces mean nothing.
    #[classmethod]
    #[pyo3(signature = (text) -> "Packet")]
    fn fromhex(class: &Bound<'_, PyType>, text: &str) -> PyResult<Py<PyAny>> {
        let bytes = class.py().get_type::<PyBytes>();
        let data = bytes.call_method1("fromhex", (text,))?;
        Ok(class.call1((data,))?.unbind())
    }

    /// Free bytes before the packet.
    #[getter]
    fn headroom(&self) -> PyResult<usize> {
        self.0.with(|contents| contents.place.offset)
    }

    /// Free bytes behind the packet.
    #[getter]
    fn tailroom(&self) -> PyResult<usize> {
        self.0.with(|contents| {
            let Place { offset, length } = contents.place;
            contents
                .buffer
                .len()
                .saturating_sub(offset.saturating_add(length))
        })
    }

    /// The packet in hexadecimal digits.
    fn hex(&self) -> PyResult<String> {
        self.0.with(|contents| shape::hex(contents.bytes()))
    }

    /// Another packet with the same bytes and the same room.
    fn copy(&self) -> PyResult<Self> {
        self.0.with(|contents| Self(Owned::new(contents.clone())))
    }

    fn __copy__(&self) -> PyResult<Self> {
        self.copy()
    }

    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.copy()
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.0.with(|contents| PyBytes::new(py, contents.bytes()))
    }

    fn __len__(&self) -> PyResult<usize> {
        self.0.with(|contents| contents.place.length)
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let other = match (other.cast::<Self>(), target::bytes(other)) {
            (Ok(other), _) => other.get().to_vec()?,
            (_, Ok(buffer)) => buffer.to_vec(py)?,
            // What has no bytes is equal to no packet.
            _ => return Ok(false),
        };
        self.0.with(|contents| contents.bytes() == other)
    }

    fn __repr__(&self) -> PyResult<String> {
        self.0.with(|contents| {
            let bytes = contents.bytes();
            format!(
                "<iiptran.Packet, {} bytes: {}>",
                bytes.len(),
                shape::start(bytes)
            )
        })
    }
}
