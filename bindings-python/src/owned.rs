//! What has one owner, behind Python's references, of which there may be many.

use std::sync::{Mutex, MutexGuard, PoisonError};

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

impl<T> Owned<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(State::Here(value)))
    }

    /// Uses the value for a short time, during which no code of Python runs.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> PyResult<R> {
        match &mut *self.whole()? {
            State::Here(value) => Ok(work(value)),
            State::Lent => Err(raise::misuse(Misused::InUse)),
            State::Gone => Err(raise::misuse(Misused::HandedOver)),
        }
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
        *self.state() = State::Here(value);
    }

    fn take(&self, instead: State<T>) -> PyResult<T> {
        let mut state = self.whole()?;
        match std::mem::replace(&mut *state, instead) {
            State::Here(value) => Ok(value),
            taken => {
                let misused = match taken {
                    State::Gone => Misused::HandedOver,
                    _ => Misused::InUse,
                };
                *state = taken;
                Err(raise::misuse(misused))
            }
        }
    }

    /// The state, unless a call that changes the value ended in a panic and left it half done.
    fn whole(&self) -> PyResult<MutexGuard<'_, State<T>>> {
        self.0.lock().map_err(|_half_done| raise::panicked())
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Panics in the middle of changing the SAD, for the tests alone: the package does not export it.
#[allow(clippy::panic, reason = "that is what it is for")]
#[pyfunction(signature = (sad, /))]
pub(crate) fn panic(sad: &Bound<'_, Sad>) -> PyResult<()> {
    sad.get().0.with(|_| panic!("a fault of the library"))
}
