//! What one caller at a time uses, behind Python's references, of which there may be many.

use std::ops::{Deref, DerefMut};
use std::thread;

use parking_lot::{Mutex, MutexGuard};
use pyo3::prelude::*;

use crate::raise::{self, Misused};

/// A value that one caller at a time uses. It is asked for by threads that have the interpreter, and nobody
/// waits for it: who has it may come to need the interpreter.
#[derive(Debug)]
pub(crate) struct Owned<T>(Mutex<State<T>>);

#[derive(Debug)]
struct State<T> {
    value: T,
    /// A call that changes the value ended in a panic.
    is_half_done: bool,
}

/// A value that is in use. It may be taken along to where other threads have the interpreter.
#[derive(Debug)]
pub(crate) struct Held<'o, T>(MutexGuard<'o, State<T>>);

/// Why a value can't be used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unusable {
    Misused(Misused),
    HalfDone,
}

impl<T> Owned<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(State {
            value,
            is_half_done: false,
        }))
    }

    /// Has the value for as long as what this gives is there.
    pub(crate) fn hold(&self) -> Result<Held<'_, T>, Unusable> {
        match self.0.try_lock() {
            Some(state) if state.is_half_done => Err(Unusable::HalfDone),
            Some(state) => Ok(Held(state)),
            None => Err(Unusable::Misused(Misused::InUse)),
        }
    }

    /// Uses the value for a short time.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> PyResult<R> {
        let mut held = self.hold()?;
        Ok(work(&mut held))
    }
}

impl<T> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0.value
    }
}

impl<T> Drop for Held<'_, T> {
    fn drop(&mut self) {
        self.0.is_half_done = thread::panicking();
    }
}

impl From<Unusable> for PyErr {
    fn from(unusable: Unusable) -> Self {
        match unusable {
            Unusable::Misused(misused) => raise::misuse(misused),
            Unusable::HalfDone => raise::panicked(),
        }
    }
}
