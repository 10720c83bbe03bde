//! Bursts of packets.

use std::ops::{Deref, DerefMut};

use iiptran_host::{Burst, Misuse, Outcomes};
use pyo3::prelude::*;

use crate::owned::Held;
use crate::packet::{Contents, Failed};
use crate::raise::{self, Misused};
use crate::results::{Failure, Fault, Outcome};
use crate::target::Target;

/// A packet that is held.
enum Member<'t> {
    Packet(Held<'t, Contents>),
    /// A copy of what is in a buffer of Python.
    Copy(Box<Contents>),
}

/// Has `work` process the packets in their order while other threads run, together, as many as a [`Burst`] has
/// room for at a time. The results are in that order. If packets are not `allowed`, that is the fault of each; if
/// one can't be used, nothing happens to any.
pub(crate) fn process<R: Copy + Send>(
    packets: &Bound<'_, PyAny>,
    failed: Failed,
    allowed: Result<(), Misuse>,
    mut work: impl FnMut(&mut Burst<'_>) -> Outcomes<R> + Send,
) -> PyResult<Vec<Outcome<R>>> {
    let py = packets.py();
    let targets: Vec<Target<'_>> = packets
        .try_iter()?
        .map(|item| Target::of_burst(&item?))
        .collect::<PyResult<_>>()?;
    refuse_overlap(&targets)?;
    let members = targets.iter().map(|target| Member::new(py, target));
    let mut members: Vec<_> = members.collect::<PyResult<_>>()?;
    let results = py.detach(|| {
        let mut saved = Vec::new();
        let mut results = Vec::with_capacity(members.len());
        for part in members.chunks_mut(Burst::LENGTH) {
            together(part, failed, &mut saved, allowed, &mut work, &mut results);
        }
        results
    });
    for ((target, member), result) in targets.iter().zip(members).zip(&results) {
        if let (Target::Buffer(buffer, _), Member::Copy(contents), Ok(_)) = (target, member, result)
        {
            buffer.copy_from_slice(py, contents.buffer())?;
        }
    }
    Ok(results)
}

/// Processes packets together, which one burst has room for.
fn together<R: Copy>(
    part: &mut [Member<'_>],
    failed: Failed,
    saved: &mut Vec<u8>,
    allowed: Result<(), Misuse>,
    work: &mut impl FnMut(&mut Burst<'_>) -> Outcomes<R>,
    results: &mut Vec<Outcome<R>>,
) {
    saved.clear();
    let mut lengths = [0; Burst::LENGTH];
    let mut joined = [Ok(()); Burst::LENGTH];
    let mut burst = Burst::new();
    for ((contents, length), joined) in part.iter_mut().zip(&mut lengths).zip(&mut joined) {
        *length = contents.save(failed, saved);
        *joined = allowed.and_then(|()| contents.join(&mut burst));
    }
    let outcomes = work(&mut burst);
    let mut outcomes = outcomes.iter();
    let mut saved = saved.as_slice();
    for ((contents, length), joined) in part.iter_mut().zip(lengths).zip(joined) {
        let offset = contents.offset();
        let (own, others) = saved.split_at_checked(length).unwrap_or_default();
        saved = others;
        let outcome = match (joined, outcomes.as_slice()) {
            (Ok(()), [outcome, ..]) => {
                outcomes.next();
                outcome.map_err(Fault::Drop)
            }
            (joined, _) => Err(Fault::Misuse(joined.err().unwrap_or(Misuse::OutsideBuffer))),
        };
        let outcome = outcome.map_err(|fault| Failure { fault, offset });
        results.push(contents.settle(outcome, own));
    }
}

impl<'t> Member<'t> {
    fn new(py: Python<'_>, target: &'t Target<'_>) -> PyResult<Self> {
        Ok(match target {
            Target::Packet(packet) => Self::Packet(packet.get().hold()?),
            Target::Buffer(buffer, place) => {
                Self::Copy(Box::new(Contents::new(buffer.to_vec(py)?, *place)))
            }
        })
    }
}

impl Deref for Member<'_> {
    type Target = Contents;

    fn deref(&self) -> &Contents {
        match self {
            Self::Packet(contents) => contents,
            Self::Copy(contents) => contents,
        }
    }
}

impl DerefMut for Member<'_> {
    fn deref_mut(&mut self) -> &mut Contents {
        match self {
            Self::Packet(contents) => contents,
            Self::Copy(contents) => contents,
        }
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
