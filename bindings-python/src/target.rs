//! The packets of calls: a [`Packet`], or a place in a buffer of Python.

use iiptran_host::{Error, Place};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::packet::{Contents, Failed, Packet};
use crate::raise;

/// Where a call finds its packet and leaves it.
pub(crate) enum Target<'py> {
    Packet(Bound<'py, Packet>),
    Buffer(PyBuffer<u8>, Place),
}

/// What a call on a packet gave, and where the packet is now.
pub(crate) type Processed<R> = Result<(R, Place), Error>;

impl<'py> Target<'py> {
    pub(crate) fn new(
        packet: &Bound<'py, PyAny>,
        offset: Option<usize>,
        length: Option<usize>,
    ) -> PyResult<Self> {
        if let Ok(packet) = packet.cast::<Packet>() {
            return match (offset, length) {
                (None, None) => Ok(Self::Packet(packet.clone())),
                _ => Err(PyTypeError::new_err(
                    "a Packet knows its offset and length; they are for buffers",
                )),
            };
        }
        let buffer = bytes(packet)?;
        if buffer.readonly() {
            return Err(PyTypeError::new_err(
                "the buffer is read-only; packets are processed in place: use a Packet or a bytearray",
            ));
        }
        let offset = offset.unwrap_or_default();
        let rest = buffer.len_bytes().saturating_sub(offset);
        let length = length.unwrap_or(rest);
        Ok(Self::Buffer(buffer, Place { offset, length }))
    }

    /// A packet of a burst: a [`Packet`], a buffer, or a tuple of a buffer with offset and length.
    pub(crate) fn of_burst(item: &Bound<'py, PyAny>) -> PyResult<Self> {
        if !item.is_instance_of::<PyTuple>() {
            return Self::new(item, None, None);
        }
        match item.extract::<(Bound<'py, PyAny>, usize, usize)>() {
            Ok((buffer, offset, length)) => Self::new(&buffer, Some(offset), Some(length)),
            Err(_) => Self::new(item, None, None),
        }
    }

    /// Processes the packet, which is as it was if that fails. Tells the offset at which it was, too.
    pub(crate) fn process<R>(
        &self,
        py: Python<'_>,
        failed: Failed,
        process: impl FnOnce(&mut [u8], &mut Place) -> Result<R, Error>,
    ) -> PyResult<(Processed<R>, usize)> {
        let work = |contents: &mut Contents| {
            let offset = contents.offset();
            (contents.process(failed, process), offset)
        };
        match self {
            Self::Packet(packet) => Ok(work(&mut *packet.get().hold()?)),
            Self::Buffer(buffer, place) => {
                let mut contents = Contents::new(buffer.to_vec(py)?, *place);
                let (processed, offset) = work(&mut contents);
                if processed.is_ok() {
                    buffer.copy_from_slice(py, contents.buffer())?;
                }
                Ok((processed, offset))
            }
        }
    }

    /// Processes the packet, and raises what goes wrong.
    pub(crate) fn process_or_raise<R>(
        &self,
        py: Python<'_>,
        failed: Failed,
        process: impl FnOnce(&mut [u8], &mut Place) -> Result<R, Error>,
    ) -> PyResult<(R, Place)> {
        let (processed, offset) = self.process(py, failed, process)?;
        processed.map_err(|error| raise::error(py, &error, Some(offset)))
    }

    /// The addresses of a buffer's bytes.
    pub(crate) fn addresses(&self) -> Option<(usize, usize)> {
        match self {
            Self::Packet(_) => None,
            Self::Buffer(buffer, _) => {
                let start = buffer.buf_ptr().addr();
                Some((start, start.saturating_add(buffer.len_bytes())))
            }
        }
    }
}

/// Bytes of anything that has them in one piece.
pub(crate) fn bytes(object: &Bound<'_, PyAny>) -> PyResult<PyBuffer<u8>> {
    let buffer = PyBuffer::<u8>::get(object)?;
    if !buffer.is_c_contiguous() {
        return Err(PyBufferError::new_err("the buffer is not in one piece"));
    }
    Ok(buffer)
}

/// The bytes of a packet, to read.
pub(crate) fn view(packet: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    match packet.cast::<Packet>() {
        Ok(packet) => packet.get().to_vec(),
        Err(_) => bytes(packet)?.to_vec(packet.py()),
    }
}
