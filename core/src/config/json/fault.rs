//! What is wrong with a document, while it is read.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{Error, Expected, StdError, Unexpected};

use crate::config::ConfigError;

/// What is wrong, and where in the text.
#[derive(Debug)]
pub(in crate::config) struct Fault(Box<(ConfigError, Option<usize>)>);

impl Fault {
    /// The place in the text, if a deeper one is not known.
    pub(super) fn at(mut self, place: usize) -> Self {
        self.0.1.get_or_insert(place);
        self
    }

    /// A field without a name is told by the cause; its path is that of what it is in.
    pub(super) fn inside(mut self, outer: &str) -> Self {
        if !outer.is_empty() {
            self.0.0 = self.0.0.inside(outer);
        }
        self
    }

    /// The error, and where in the text it is.
    pub(in crate::config) fn into_error(self) -> (ConfigError, Option<usize>) {
        *self.0
    }
}

impl Error for Fault {
    fn custom<T: fmt::Display>(cause: T) -> Self {
        Self(Box::new((ConfigError::at(".", cause), None)))
    }

    // In the words of JSON: `null`, not "unit value".
    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(cause(&serde_json::Error::invalid_type(
            unexpected, expected,
        )))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(cause(&serde_json::Error::invalid_value(
            unexpected, expected,
        )))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

impl StdError for Fault {}

/// What an error says, without the place that follows.
pub(in crate::config) fn cause(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&suffix).unwrap_or(&text).to_string()
}
