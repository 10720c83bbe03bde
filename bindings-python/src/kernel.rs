//! Which implementation of AES-GCM and ChaCha20-Poly1305 runs.

use pyo3::exceptions::{PyImportError, PyValueError};
use pyo3::prelude::*;

/// Chooses the implementation of AES-GCM and ChaCha20-Poly1305 for the whole program, from the next key on:
/// `avx512`, `avx2`, `aes-ni`, or `portable`. It changes no byte of a result. The environment variable
/// IIPTRAN_ACCEL does so at import.
#[pyfunction]
#[pyo3(signature = (name, /))]
pub(crate) fn choose_kernel(name: &str) -> PyResult<()> {
    iiptran_host::choose_kernel(name).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The implementation of AES-GCM and ChaCha20-Poly1305 that keys are set up for from now on.
#[pyfunction]
pub(crate) fn kernel() -> &'static str {
    iiptran_host::kernel()
}

/// Follows the environment, as the package does when it is imported: nobody else needs to call it.
#[pyfunction]
pub(crate) fn follow_environment() -> PyResult<()> {
    iiptran_host::follow_environment().map_err(|error| {
        PyImportError::new_err(format!("{}: {error}", iiptran_host::KERNEL_VARIABLE))
    })
}
