//! Panics in the middle of work, for the tests alone: the package does not export them.
#![allow(clippy::panic, reason = "that is what they are for")]

use pyo3::prelude::*;

use crate::burst;
use crate::packet::Failed;
use crate::results::Outcome;
use crate::sad::Sad;

/// Panics in the middle of changing the SAD.
#[pyfunction(signature = (sad, /))]
pub(crate) fn panic(sad: &Bound<'_, Sad>) -> PyResult<()> {
    sad.get().0.with(|_| panic!("a fault of the library"))
}

/// Panics in the middle of a burst.
#[pyfunction(signature = (packets, /))]
pub(crate) fn panic_in_burst(packets: &Bound<'_, PyAny>) -> PyResult<()> {
    let failed = Failed::Undefined;
    let outcomes: PyResult<Vec<Outcome<()>>> = burst::process(packets, failed, Ok(()), |_| {
        panic!("a fault of the library")
    });
    outcomes.map(|_| ())
}
