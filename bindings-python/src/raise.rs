//! What goes wrong, as exceptions of Python. Their classes are in `iiptran._errors`.

pub(crate) use iiptran_host::OwnershipMisuse as Misused;
use iiptran_host::{ConfigError, DropReason, Error, Misuse};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

const ERRORS: &str = "iiptran._errors";
static DROP: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static CONFIG: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static MISUSE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static PANIC: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// The exception for a call that is wrong with objects or buffers.
pub(crate) fn misuse(misused: Misused) -> PyErr {
    Python::attach(|py| raised(misuse_object(py, misused.name(), misused.text())))
}

/// The exception for an object that a panic left half done.
pub(crate) fn panicked() -> PyErr {
    Python::attach(|py| {
        raised(
            PANIC
                .import(py, ERRORS, "Panic")
                .and_then(|class| class.call0()),
        )
    })
}

/// The exception for an error.
pub(crate) fn error(py: Python<'_>, error: &Error, offset: Option<usize>) -> PyErr {
    raised(error_object(py, error, offset))
}

/// The exception for an error, as an object to be kept rather than raised.
pub(crate) fn error_object<'py>(
    py: Python<'py>,
    error: &Error,
    offset: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    match error {
        Error::Drop(reason) => drop_object(py, *reason, offset),
        Error::Config(error) => config_object(py, error),
        Error::Misuse(misuse) => misuse_object(py, misuse.name(), misuse.text()),
    }
}

/// The exception for a packet that met its end, `offset` bytes from the start of its buffer.
pub(crate) fn drop_object(
    py: Python<'_>,
    reason: DropReason,
    offset: Option<usize>,
) -> PyResult<Bound<'_, PyAny>> {
    DROP.import(py, ERRORS, "Drop")?
        .call1((reason.code(), offset))
}

/// The exception for a call that is wrong.
pub(crate) fn misused(py: Python<'_>, misuse: Misuse) -> PyErr {
    error(py, &Error::Misuse(misuse), None)
}

fn config_object<'py>(py: Python<'py>, error: &ConfigError) -> PyResult<Bound<'py, PyAny>> {
    let place = error.position;
    CONFIG.import(py, ERRORS, "ConfigError")?.call1((
        &error.path,
        &error.cause,
        error.to_string(),
        place.map(|place| place.line),
        place.map(|place| place.column),
    ))
}

fn misuse_object<'py>(py: Python<'py>, name: &str, text: &str) -> PyResult<Bound<'py, PyAny>> {
    MISUSE.import(py, ERRORS, "Misuse")?.call1((name, text))
}

fn raised(object: PyResult<Bound<'_, PyAny>>) -> PyErr {
    object.map_or_else(|error| error, PyErr::from_value)
}
