//! What is wrong with a document, while it is read.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{Error, Expected, StdError, Unexpected};
use serde_json::Number;

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
        Self::custom(format_args!(
            "invalid type: {}, expected {expected}",
            Words(unexpected)
        ))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!(
            "invalid value: {}, expected {expected}",
            Words(unexpected)
        ))
    }
}

/// What was not expected, in the words of serde's JSON. With the words of serde itself comes the core's writer of
/// numbers with a fraction, which is 6 kB of what a page loads, beside the one of JSON.
struct Words<'a>(Unexpected<'a>);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Unexpected::Bool(is) => return write!(f, "boolean `{is}`"),
            Unexpected::Unsigned(number) => return write!(f, "integer `{number}`"),
            Unexpected::Signed(number) => return write!(f, "integer `{number}`"),
            Unexpected::Float(number) => {
                let number = Number::from_f64(number);
                return match number {
                    Some(number) => write!(f, "floating point `{number}`"),
                    None => f.write_str("floating point that is not finite"),
                };
            }
            Unexpected::Char(is) => return write!(f, "character `{is}`"),
            Unexpected::Str(text) => return write!(f, "string {text:?}"),
            Unexpected::Other(other) => other,
            Unexpected::Bytes(_) => "byte array",
            Unexpected::Unit => "null",
            Unexpected::Option => "Option value",
            Unexpected::NewtypeStruct => "newtype struct",
            Unexpected::Seq => "sequence",
            Unexpected::Map => "map",
            Unexpected::Enum => "enum",
            Unexpected::UnitVariant => "unit variant",
            Unexpected::NewtypeVariant => "newtype variant",
            Unexpected::TupleVariant => "tuple variant",
            Unexpected::StructVariant => "struct variant",
        })
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

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use serde::de::{Error, Unexpected};

    use super::Fault;

    #[test]
    fn words_are_those_of_serde_json() {
        for unexpected in [
            Unexpected::Bool(true),
            Unexpected::Unsigned(u64::MAX),
            Unexpected::Signed(-1),
            Unexpected::Float(1e30),
            Unexpected::Float(2.0),
            Unexpected::Char('x'),
            Unexpected::Str("a \"b\""),
            Unexpected::Bytes(&[1]),
            Unexpected::Unit,
            Unexpected::Option,
            Unexpected::NewtypeStruct,
            Unexpected::Seq,
            Unexpected::Map,
            Unexpected::Enum,
            Unexpected::UnitVariant,
            Unexpected::NewtypeVariant,
            Unexpected::TupleVariant,
            Unexpected::StructVariant,
            Unexpected::Other("thing"),
        ] {
            let (ours, _) = Fault::invalid_type(unexpected, &"a field").into_error();
            let theirs = serde_json::Error::invalid_type(unexpected, &"a field").to_string();
            assert_eq!(ours.cause, theirs);
            let (ours, _) = Fault::invalid_value(unexpected, &"a field").into_error();
            let theirs = serde_json::Error::invalid_value(unexpected, &"a field").to_string();
            assert_eq!(ours.cause, theirs);
        }
    }
}
