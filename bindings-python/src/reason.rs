//! Drop reasons.

use iiptran_host::DropReason;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// What a drop reason means.
#[pyclass(frozen, eq, hash, get_all, module = "iiptran")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Explained {
    /// Stable number.
    code: u8,
    /// Stable name, in kebab case.
    name: &'static str,
    /// The kind of reason.
    group: &'static str,
    /// The clause that asks for the drop.
    clause: &'static str,
    /// What happened.
    meaning: &'static str,
    /// What to look at first.
    check: &'static str,
}

#[pymethods]
impl Explained {
    fn __str__(&self) -> String {
        format!(
            "{} (0x{:02x}, {})\n{}\n{}\nCheck: {}",
            self.name, self.code, self.group, self.clause, self.meaning, self.check
        )
    }

    fn __repr__(&self) -> String {
        format!("<iiptran.Explained {}: {}>", self.name, self.meaning)
    }
}

/// What a drop reason means, which clause asks for it, and what to check.
#[pyfunction]
#[pyo3(signature = (reason, /))]
pub(crate) fn explain(reason: u8) -> PyResult<Explained> {
    let explained = iiptran_host::explain(reason)
        .ok_or_else(|| PyValueError::new_err(format!("no drop reason has the code {reason}")))?;
    Ok(Explained {
        code: explained.code,
        name: explained.name,
        group: explained.group,
        clause: explained.clause,
        meaning: explained.meaning,
        check: explained.check,
    })
}

/// The codes of all drop reasons.
#[pyfunction]
pub(crate) fn reasons() -> Vec<u8> {
    DropReason::ALL.iter().map(|reason| reason.code()).collect()
}
