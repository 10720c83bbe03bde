//! What is wrong with a document, and where.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use ::toml::Spanned;
use ::toml::de::DeTable;
use serde::de::DeserializeOwned;

use super::{json, toml};

/// What is wrong with a document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The field, such as `virtual-links[0].protection.outbound.key`; `.` for the whole document.
    pub path: String,
    /// What is wrong with it.
    pub cause: String,
    /// Where in the text, if the fault is in the text itself.
    pub position: Option<Position>,
}

/// A place in a document's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl ConfigError {
    /// A fault of a field.
    pub(crate) fn at(path: impl Into<String>, cause: impl fmt::Display) -> Self {
        Self {
            path: path.into(),
            cause: cause.to_string(),
            position: None,
        }
    }

    /// The same fault, the field being inside another.
    pub(crate) fn inside(mut self, outer: impl fmt::Display) -> Self {
        self.path = if self.path == "." {
            outer.to_string()
        } else if self.path.starts_with('[') {
            format!("{outer}{}", self.path)
        } else {
            format!("{outer}.{}", self.path)
        };
        self
    }
}

/// Reads a document: JSON if it begins with a brace, TOML if not. Every host language reads documents
/// so.
///
/// # Errors
/// [`ConfigError`].
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, ConfigError> {
    if text.trim_start().starts_with('{') {
        from_json(text)
    } else {
        from_toml(text)
    }
}

/// Reads a document of type `T` from JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, ConfigError> {
    Source::json(text).read()
}

/// Reads a document of type `T` from TOML text.
///
/// It is read as the JSON that says the same: what reads documents is large, and there once. Where in the
/// text a fault is, its path tells.
pub(crate) fn from_toml<T: DeserializeOwned>(text: &str) -> Result<T, ConfigError> {
    Source::toml(text)?.read()
}

/// A document's text. What does not depend on the type that is read from it is compiled once.
struct Source<'t> {
    text: &'t str,
    json: Cow<'t, str>,
    /// The document, if it is TOML.
    toml: Option<Spanned<DeTable<'t>>>,
}

impl<'t> Source<'t> {
    const fn json(text: &'t str) -> Self {
        Self {
            text,
            json: Cow::Borrowed(text),
            toml: None,
        }
    }

    fn toml(text: &'t str) -> Result<Self, ConfigError> {
        let at = |offset: usize| Some(position(text, offset));
        let table = DeTable::parse(text).map_err(|error| ConfigError {
            path: ".".to_string(),
            cause: error.message().to_string(),
            position: error.span().and_then(|span| at(span.start)),
        })?;
        let json = toml::json(table.get_ref()).map_err(|(offset, cause)| ConfigError {
            path: ".".to_string(),
            cause: cause.to_string(),
            position: at(offset),
        })?;
        Ok(Self {
            text,
            json: Cow::Owned(json),
            toml: Some(table),
        })
    }

    fn read<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        self.value()?.document().map_err(|fault| self.error(fault))
    }

    fn value(&self) -> Result<json::Value<'_>, ConfigError> {
        json::Value::read(&self.json).map_err(|error| {
            let place = Position {
                line: error.line(),
                column: error.column(),
            };
            self.placed(ConfigError {
                path: ".".to_string(),
                cause: json::cause(&error),
                position: Some(place),
            })
        })
    }

    #[inline(never)]
    fn error(&self, fault: json::Fault) -> ConfigError {
        let (error, place) = fault.into_error();
        self.placed(ConfigError {
            position: place.map(|place| position(&self.json, place)),
            ..error
        })
    }

    /// The same error, its place being one of the text.
    fn placed(&self, mut error: ConfigError) -> ConfigError {
        if let Some(table) = &self.toml {
            let place = toml::find(table, &error.path, &error.cause);
            error.position = Some(position(self.text, place));
        }
        error
    }
}

fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    Position {
        line: before.matches('\n').count().saturating_add(1),
        column: last_line.chars().count().saturating_add(1),
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Position { line, column }) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        if self.path != "." {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.cause)
    }
}

impl core::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SaConfig;

    #[test]
    fn a_field_without_a_name_is_of_the_whole_document() {
        for text in ["{ \"\": 1 }", "\"\" = 1"] {
            let error = read::<SaConfig>(text).map(|_| ()).unwrap_err();
            assert_eq!(error.path, ".", "{text}");
            assert!(error.cause.starts_with("unknown field ``"), "{error}");
        }
    }

    #[test]
    fn names_and_words_of_json_begin_with_their_quotes() {
        let faults = [
            r#"{ "links": [], |"lnks": [] }"#,
            r#"{ "arrangement": |"iptran" }"#,
            r#"{ "arrangement": "iiptran", "links": [{ "name": "a", "side": |"inside" }] }"#,
            r#"{ "arrangement": "iiptran", "links": [{ "name": "a", "mtu": |"x" }] }"#,
            r#"{ "arrangement": "iiptran", "links": [{ "name": "a", |"mut": 1 }] }"#,
        ];
        for fault in faults {
            let text = fault.replace('|', "");
            let error = read::<crate::config::NodeConfig>(&text).map(|_| ());
            let place = error.unwrap_err().position.map(|place| place.column);
            assert_eq!(place, fault.find('|').map(|place| place + 1), "{text}");
        }
    }
}
