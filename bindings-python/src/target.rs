//! The packets of calls: a [`Packet`], or a place in a buffer of Python.

use iiptran_host::{Burst, Error, Misuse, Outcomes, Place};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::packet::{Contents, Packet};
use crate::raise::{self, Misused};

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
    fn of_burst(item: &Bound<'py, PyAny>) -> PyResult<Self> {
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
        process: impl FnOnce(&mut [u8], &mut Place) -> Result<R, Error>,
    ) -> PyResult<(Processed<R>, usize)> {
        let mut contents = self.lend(py)?;
        let offset = contents.offset();
        let processed = contents.process(process);
        self.settle(py, contents, processed.is_ok())?;
        Ok((processed, offset))
    }

    /// Processes the packet, and raises what goes wrong.
    pub(crate) fn process_or_raise<R>(
        &self,
        py: Python<'_>,
        process: impl FnOnce(&mut [u8], &mut Place) -> Result<R, Error>,
    ) -> PyResult<(R, Place)> {
        let (processed, offset) = self.process(py, process)?;
        processed.map_err(|error| raise::error(py, &error, Some(offset)))
    }

    fn lend(&self, py: Python<'_>) -> PyResult<Contents> {
        match self {
            Self::Packet(packet) => packet.get().lend(),
            Self::Buffer(buffer, place) => Ok(Contents::new(buffer.to_vec(py)?, *place)),
        }
    }

    /// Puts the packet back.
    fn settle(&self, py: Python<'_>, contents: Contents, is_changed: bool) -> PyResult<()> {
        match self {
            Self::Packet(packet) => {
                packet.get().give_back(contents);
                Ok(())
            }
            Self::Buffer(buffer, _) if is_changed => buffer.copy_from_slice(py, contents.buffer()),
            Self::Buffer(..) => Ok(()),
        }
    }

    /// The addresses of a buffer's bytes.
    fn addresses(&self) -> Option<(usize, usize)> {
        match self {
            Self::Packet(_) => None,
            Self::Buffer(buffer, _) => {
                let start = buffer.buf_ptr().addr();
                Some((start, start.saturating_add(buffer.len_bytes())))
            }
        }
    }
}

/// Has `work` process the packets of a burst in their order, while other threads run. The results are in
/// that order, each with the offset at which its packet was. If packets are not `allowed`, that is the fault
/// of each.
pub(crate) fn burst<R: Copy + Send>(
    py: Python<'_>,
    packets: &Bound<'_, PyAny>,
    allowed: Result<(), Misuse>,
    mut work: impl FnMut(&mut Burst<'_>) -> Outcomes<R> + Send,
) -> PyResult<Vec<(Processed<R>, usize)>> {
    let targets: Vec<Target<'_>> = packets
        .try_iter()?
        .map(|item| Target::of_burst(&item?))
        .collect::<PyResult<_>>()?;
    refuse_overlap(&targets)?;
    let mut lent: Vec<Contents> = Vec::with_capacity(targets.len());
    for target in &targets {
        match target.lend(py) {
            Ok(contents) => lent.push(contents),
            Err(error) => {
                for (target, contents) in targets.iter().zip(lent) {
                    target.settle(py, contents, false)?;
                }
                return Err(error);
            }
        }
    }
    let (lent, results) = py.detach(move || {
        let mut lent = lent;
        let mut saved = Vec::new();
        let mut results = Vec::with_capacity(lent.len());
        for part in lent.chunks_mut(Burst::LENGTH) {
            together(part, &mut saved, allowed, &mut work, &mut results);
        }
        (lent, results)
    });
    let mut outcome = Ok(());
    for ((target, contents), (result, _)) in targets.iter().zip(lent).zip(&results) {
        outcome = outcome.and(target.settle(py, contents, result.is_ok()));
    }
    outcome.map(|()| results)
}

/// Processes packets together, as many as a burst has room for.
fn together<R: Copy>(
    part: &mut [Contents],
    saved: &mut Vec<u8>,
    allowed: Result<(), Misuse>,
    work: &mut impl FnMut(&mut Burst<'_>) -> Outcomes<R>,
    results: &mut Vec<(Processed<R>, usize)>,
) {
    saved.clear();
    part.iter().for_each(|contents| contents.save(saved));
    let mut burst = Burst::new();
    let mut joined = [Ok(()); Burst::LENGTH];
    for (contents, joined) in part.iter_mut().zip(&mut joined) {
        *joined = allowed.and_then(|()| contents.join(&mut burst));
    }
    let outcomes = work(&mut burst);
    let mut outcomes = outcomes.iter();
    let mut saved = saved.as_slice();
    for (contents, joined) in part.iter_mut().zip(joined) {
        let offset = contents.offset();
        let (own, others) = saved
            .split_at_checked(contents.length())
            .unwrap_or_default();
        saved = others;
        let outcome = match (joined, outcomes.as_slice()) {
            (Ok(()), [outcome, ..]) => {
                outcomes.next();
                outcome.map_err(Error::from)
            }
            (joined, _) => Err(joined.err().unwrap_or(Misuse::OutsideBuffer).into()),
        };
        results.push((contents.settle(outcome, own), offset));
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

fn refuse_overlap(targets: &[Target<'_>]) -> PyResult<()> {
    let mut ranges: Vec<_> = targets.iter().filter_map(Target::addresses).collect();
    ranges.sort_unstable();
    let mut end = 0;
    for (start, next_end) in ranges {
        if start < end {
            return Err(raise::misuse(Misused::OverlappingBuffers));
        }
        end = next_end;
    }
    Ok(())
}
