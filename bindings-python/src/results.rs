//! What became of the packets of a burst.

use std::fmt::Debug;

use iiptran_host::{DropReason, Error, Misuse, Place};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList, PySlice};

use crate::raise;

/// What became of the packets of a burst, in their order.
///
/// Most callers look at few of them: an object is made when it is asked for.
#[pyclass(frozen, module = "iiptran")]
#[derive(Debug)]
pub(crate) struct BurstResults(Box<dyn Outcomes>);

/// What became of a packet, and where it is now.
pub(crate) type Outcome<R> = Result<(R, Place), Failure>;

/// Why a packet of a burst failed, and at which offset of its buffer it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    pub(crate) fault: Fault,
    pub(crate) offset: usize,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Drop(DropReason),
    Misuse(Misuse),
}

/// What a packet that did not fail shows in Python.
pub(crate) trait Shown: Copy + Debug + Send + Sync + 'static {
    fn object(self, py: Python<'_>, place: Place) -> PyResult<Bound<'_, PyAny>>;
}

trait Outcomes: Debug + Send + Sync {
    fn length(&self) -> usize;

    /// The object for a packet, by its place in the burst.
    fn object<'py>(&self, py: Python<'py>, place: usize) -> PyResult<Bound<'py, PyAny>>;

    fn failed(&self) -> Vec<usize>;
}

impl<R: Shown> Outcomes for Vec<Outcome<R>> {
    fn length(&self) -> usize {
        self.len()
    }

    fn object<'py>(&self, py: Python<'py>, place: usize) -> PyResult<Bound<'py, PyAny>> {
        match self.get(place) {
            Some(Ok((result, place))) => result.object(py, *place),
            Some(Err(Failure { fault, offset })) => {
                raise::error_object(py, &Error::from(*fault), Some(*offset))
            }
            None => Err(PyIndexError::new_err("the burst has fewer packets")),
        }
    }

    fn failed(&self) -> Vec<usize> {
        let outcomes = self.iter().enumerate();
        let failed = outcomes.filter(|(_, outcome)| outcome.is_err());
        failed.map(|(place, _)| place).collect()
    }
}

impl BurstResults {
    pub(crate) fn new<R: Shown>(outcomes: Vec<Outcome<R>>) -> Self {
        Self(Box::new(outcomes))
    }

    fn list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for place in 0..self.0.length() {
            list.append(self.0.object(py, place)?)?;
        }
        Ok(list)
    }
}

#[pymethods]
impl BurstResults {
    /// The places of the packets that failed, from 0.
    #[getter]
    fn failed(&self) -> Vec<usize> {
        self.0.failed()
    }

    /// How many results are equal to a value.
    #[pyo3(signature = (value, /) -> "int")]
    fn count<'py>(&self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.list(value.py())?.call_method1("count", (value,))
    }

    /// The place of the first result that is equal to a value.
    #[pyo3(signature = (value, start=0, stop=isize::MAX) -> "int")]
    fn index<'py>(
        &self,
        value: &Bound<'py, PyAny>,
        start: isize,
        stop: isize,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.list(value.py())?
            .call_method1("index", (value, start, stop))
    }

    fn __len__(&self) -> usize {
        self.0.length()
    }

    fn __getitem__<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = index.py();
        if index.is_instance_of::<PySlice>() {
            return self.list(py)?.as_any().get_item(index);
        }
        let index: isize = index.extract()?;
        let place = match usize::try_from(index) {
            Ok(place) => Some(place),
            Err(_) => self.0.length().checked_sub(index.unsigned_abs()),
        };
        self.0.object(py, place.unwrap_or(usize::MAX))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.list(py)?.try_iter()
    }

    fn __eq__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<bool> {
        let own = self.list(other.py())?;
        match other.cast::<Self>() {
            Ok(other) => own.eq(other.get().list(other.py())?),
            Err(_) => own.eq(other),
        }
    }

    fn __reversed__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.list(py)?.call_method0("__reversed__")
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.list(py)?.repr()?.to_string())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Drop(reason) => reason.into(),
            Fault::Misuse(misuse) => misuse.into(),
        }
    }
}
