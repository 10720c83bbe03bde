//! What has one owner, and is not used again where a call ended in a panic.

use iiptran_host::{Misuse, OwnershipMisuse};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::sad::Sad;

/// A value that may go elsewhere for good, and that nobody sees half done.
pub(crate) struct Owned<T> {
    /// Nothing once it was handed over.
    value: Option<T>,
    /// Whether the last call that changes it came to its end.
    is_whole: bool,
}

impl<T> Owned<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self {
            value: Some(value),
            is_whole: true,
        }
    }

    /// The value, to be read.
    pub(crate) fn here(&self, env: &Env) -> Result<&T> {
        self.check(env)?;
        self.value.as_ref().ok_or_else(|| gone(env))
    }

    /// Changes the value. If that panics, this was its last use.
    pub(crate) fn change<R>(
        &mut self,
        env: &Env,
        change: impl FnOnce(&mut T) -> Result<R>,
    ) -> Result<R> {
        self.check(env)?;
        let value = self.value.as_mut().ok_or_else(|| gone(env))?;
        self.is_whole = false;
        let result = change(value);
        self.is_whole = true;
        result
    }

    /// Hands the value over for good, unless it is not taken in.
    pub(crate) fn hand_over(
        &mut self,
        env: &Env,
        insert: impl FnOnce(T) -> std::result::Result<(), (Box<T>, Misuse)>,
    ) -> Result<()> {
        self.check(env)?;
        let value = self.value.take().ok_or_else(|| gone(env))?;
        insert(value).map_err(|(value, misuse)| {
            self.value = Some(*value);
            fault::misused(env, misuse)
        })
    }

    fn check(&self, env: &Env) -> Result<()> {
        if self.is_whole {
            return Ok(());
        }
        Err(fault::misuse(
            env,
            "panicked",
            "an earlier call with the object ended in a panic and left it half done",
        ))
    }
}

fn gone(env: &Env) -> napi::Error {
    fault::ownership(env, OwnershipMisuse::HandedOver)
}

/// Panics in the middle of changing the SAD, for the tests alone: the package does not export it.
#[allow(clippy::panic, reason = "that is what it is for")]
#[napi(catch_unwind)]
pub fn panic(env: &Env, sad: &mut Sad) -> Result<()> {
    sad.0.change(env, |_| panic!("a fault of the library"))
}
