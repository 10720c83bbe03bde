//! What has one owner, behind Python's references, of which there may be many.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;

use crate::raise::{self, Misused};
use crate::sad::Sad;

/// A value that one caller at a time uses, and that may go elsewhere for good.
#[derive(Debug)]
pub(crate) struct Owned<T>(Mutex<State<T>>);

#[derive(Debug)]
enum State<T> {
    /// Nobody uses it.
    Here(T),
    /// A burst uses it, while other threads run.
    Lent,
    /// It was handed over.
    Gone,
}

/// Why a value can't be used. It is raised when the lock is free again: an exception is made by code of Python,
/// in which another thread may have its turn, and ask for the lock.
enum Unusable {
    Misused(Misused),
    /// A call that changes the value ended in a panic.
    HalfDone,
}

impl<T> Owned<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(State::Here(value)))
    }

    /// Uses the value for a short time, during which no code of Python runs.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> PyResult<R> {
        self.locked(|state| match state {
            State::Here(value) => Ok(work(value)),
            other => Err(other.misused()),
        })
    }

    /// Takes the value for a time during which code of Python may run.
    pub(crate) fn lend(&self) -> PyResult<T> {
        self.take(State::Lent)
    }

    /// Takes the value for good, unless it is given back.
    pub(crate) fn hand_over(&self) -> PyResult<T> {
        self.take(State::Gone)
    }

    /// Puts back what was taken.
    pub(crate) fn give_back(&self, value: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::Here(value);
    }

    fn take(&self, instead: State<T>) -> PyResult<T> {
        self.locked(|state| match std::mem::replace(state, instead) {
            State::Here(value) => Ok(value),
            taken => {
                let misused = taken.misused();
                *state = taken;
                Err(misused)
            }
        })
    }

    fn locked<R>(&self, work: impl FnOnce(&mut State<T>) -> Result<R, Misused>) -> PyResult<R> {
        let result = match self.0.lock() {
            Ok(mut state) => work(&mut state).map_err(Unusable::Misused),
            Err(_half_done) => Err(Unusable::HalfDone),
        };
        result.map_err(|unusable| match unusable {
            Unusable::Misused(misused) => raise::misuse(misused),
            Unusable::HalfDone => raise::panicked(),
        })
    }
}

impl<T> State<T> {
    /// What is wrong with using a value that is not here.
    const fn misused(&self) -> Misused {
        match self {
            Self::Gone => Misused::HandedOver,
            _ => Misused::InUse,
        }
    }
}

/// Panics in the middle of changing the SAD, for the tests alone: the package does not export it.
#[allow(clippy::panic, reason = "that is what it is for")]
#[pyfunction(signature = (sad, /))]
pub(crate) fn panic(sad: &Bound<'_, Sad>) -> PyResult<()> {
    sad.get().0.with(|_| panic!("a fault of the library"))
}
