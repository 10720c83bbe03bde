//! Documents: text as it is, and anything else as the JSON that `iiptran._document` makes of it.

use iiptran_host::Error;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;

use crate::raise;

static JSON: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// A document's text.
#[derive(Debug)]
pub(crate) struct Document {
    text: String,
    /// Whether the caller wrote the text, and lines and columns of it mean something to them.
    is_written: bool,
}

impl Document {
    /// Makes of the document what it describes, while other threads run.
    pub(crate) fn read<T: Send>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&str) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        py.detach(|| read(&self.text)).map_err(|mut error| {
            if let (false, Error::Config(error)) = (self.is_written, &mut error) {
                error.position = None;
            }
            raise::error(py, &error, None)
        })
    }
}

impl<'py> FromPyObject<'_, 'py> for Document {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(Self {
                text: text.to_str()?.into(),
                is_written: true,
            });
        }
        let json = JSON.import(object.py(), "iiptran._document", "json_text")?;
        Ok(Self {
            text: json.call1((object,))?.extract()?,
            is_written: false,
        })
    }
}
