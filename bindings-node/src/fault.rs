//! What goes wrong, as errors that carry a plain object; the package makes its own errors of it.

use iiptran_host::{Error, Misuse};
use napi::bindgen_prelude::{JsObjectValue, JsValue, Object};
use napi::{Env, Result};

/// The exception for an error.
pub(crate) fn thrown(env: &Env, error: &Error) -> napi::Error {
    object(env, error).map_or_else(|failed| failed, |fault| carrying(env, &fault))
}

/// The exception for a call that is wrong.
pub(crate) fn misused(env: &Env, misuse: Misuse) -> napi::Error {
    thrown(env, &Error::Misuse(misuse))
}

/// The exception for a call that is wrong in JavaScript alone.
pub(crate) fn misuse(env: &Env, name: &str, text: &str) -> napi::Error {
    misuse_object(env, name, text).map_or_else(|failed| failed, |fault| carrying(env, &fault))
}

/// The exception for an object that was handed over.
pub(crate) fn handed_over(env: &Env) -> napi::Error {
    misuse(
        env,
        "handed-over",
        "the SA was handed over to a SAD or a node, and must be removed from it first",
    )
}

fn object<'env>(env: &'env Env, error: &Error) -> Result<Object<'env>> {
    match error {
        Error::Drop(reason) => {
            let mut fault = Object::new(env)?;
            fault.set("kind", "drop")?;
            fault.set("reason", u32::from(reason.code()))?;
            Ok(fault)
        }
        Error::Config(error) => {
            let mut fault = Object::new(env)?;
            fault.set("kind", "config")?;
            fault.set("path", &error.path)?;
            fault.set("cause", &error.cause)?;
            fault.set("text", error.to_string())?;
            if let Some(place) = error.position {
                fault.set("line", u32::try_from(place.line).unwrap_or(u32::MAX))?;
                fault.set("column", u32::try_from(place.column).unwrap_or(u32::MAX))?;
            }
            Ok(fault)
        }
        Error::Misuse(misuse) => misuse_object(env, misuse.name(), misuse.text()),
    }
}

fn misuse_object<'env>(env: &'env Env, name: &str, text: &str) -> Result<Object<'env>> {
    let mut fault = Object::new(env)?;
    fault.set("kind", "misuse")?;
    fault.set("name", name)?;
    fault.set("text", text)?;
    Ok(fault)
}

/// An error of JavaScript with the object as its `fault`: napi throws nothing but errors as they are.
fn carrying(env: &Env, fault: &Object<'_>) -> napi::Error {
    let error = env
        .create_error(napi::Error::from_reason("fault"))
        .and_then(|mut error| {
            error.set_named_property("fault", *fault)?;
            Ok(error)
        });
    match error {
        Ok(error) => napi::Error::from_unknown_without_coercion(error.to_unknown()),
        Err(failed) => failed,
    }
}
