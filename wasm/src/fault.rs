//! What is wrong with a request, and where.

use std::fmt;

use iiptran::config::ConfigError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is wrong with a request, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Which part of the request, such as `stations[0].document`; empty for the request itself.
    pub part: String,
    /// The field of a document, if the fault is in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What is wrong.
    pub cause: String,
    /// The line in the document's text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

impl Fault {
    pub(crate) fn new(part: impl Into<String>, cause: impl fmt::Display) -> Self {
        Self {
            part: part.into(),
            path: None,
            cause: cause.to_string(),
            line: None,
            column: None,
        }
    }

    pub(crate) fn config(part: impl Into<String>, error: &ConfigError) -> Self {
        Self {
            part: part.into(),
            path: (error.path != ".").then(|| error.path.clone()),
            cause: error.cause.clone(),
            line: error.position.map(|position| position.line),
            column: error.position.map(|position| position.column),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.part.is_empty() {
            write!(f, "{}: ", self.part)?;
        }
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "line {line}, column {column}: ")?;
        }
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.cause)
    }
}

impl std::error::Error for Fault {}

/// Reads a document: JSON if it begins as such, TOML otherwise.
pub(crate) fn read<T: DeserializeOwned>(part: &str, text: &str) -> Result<T, Fault> {
    iiptran::config::read(text).map_err(|error| Fault::config(part, &error))
}

/// Reads a request.
pub(crate) fn request<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    read("", text)
}
