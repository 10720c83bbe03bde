//! What has one owner, behind Python's references, of which there may be many.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::PyResult;

use crate::raise::{self, Misused};

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
        match &mut *self.state() {
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
        let mut state = self.state();
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

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
