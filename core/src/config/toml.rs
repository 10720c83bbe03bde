//! TOML as JSON, and where in its text a field is.

use alloc::string::{String, ToString};
use core::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A place in the text, and what is wrong there.
type Fault = (usize, &'static str);

/// The JSON text of a TOML document.
pub(super) fn json(table: &DeTable<'_>) -> Result<String, Fault> {
    let mut text = String::new();
    write_table(table, &mut text)?;
    Ok(text)
}

fn write_table(table: &DeTable<'_>, text: &mut String) -> Result<(), Fault> {
    text.push('{');
    for (number, (key, value)) in table.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        write_string(key.get_ref(), text);
        text.push(':');
        write_value(value, text)?;
    }
    text.push('}');
    Ok(())
}

fn write_value(value: &Spanned<DeValue<'_>>, text: &mut String) -> Result<(), Fault> {
    let fault = |cause| (value.span().start, cause);
    match value.get_ref() {
        DeValue::String(string) => write_string(string, text),
        DeValue::Integer(integer) => {
            let number = i128::from_str_radix(integer.as_str(), integer.radix());
            let number = number.map_err(|_| fault("the number is too large"))?;
            *text += &number.to_string();
        }
        DeValue::Float(float) => {
            *text += number(float.as_str()).ok_or_else(|| fault("the number is not finite"))?;
        }
        DeValue::Boolean(boolean) => *text += if *boolean { "true" } else { "false" },
        DeValue::Datetime(time) => write_string(&time.to_string(), text),
        DeValue::Array(array) => {
            text.push('[');
            for (number, element) in array.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                write_value(element, text)?;
            }
            text.push(']');
        }
        DeValue::Table(table) => write_table(table, text)?,
    }
    Ok(())
}

/// A number as JSON has it, if it is finite: without a plus sign before it. The core's own reader of numbers
/// would be 13 kB of what a page loads, beside the one of JSON.
fn number(text: &str) -> Option<&str> {
    let number = text.strip_prefix('+').unwrap_or(text);
    super::json::is_number(number).then_some(number)
}

fn write_string(string: &str, text: &mut String) {
    // Writing a string into memory can't fail.
    *text += &serde_json::to_string(string).unwrap_or_default();
}

/// Where in the text a fault is: the value at a path, or as far as the path leads; for a field that is not
/// known, its name.
pub(super) fn find(table: &Spanned<DeTable<'_>>, path: &str, cause: &str) -> usize {
    let mut place = table.span();
    let mut inside = Inside::Table(table.get_ref());
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        let Some((key, value)) = inside.part(part) else {
            break;
        };
        place = match key {
            Some(key) if is_about(cause, part) => return key.start,
            _ => value.span(),
        };
        inside = match value.get_ref() {
            DeValue::Table(table) => Inside::Table(table),
            DeValue::Array(array) => Inside::Array(array),
            _ => Inside::Nothing,
        };
    }
    let unknown = cause.split('`').nth(1).filter(|name| is_about(cause, name));
    let key = unknown.and_then(|name| inside.part(name)?.0);
    key.map_or(place.start, |key| key.start)
}

/// Whether a field's name is what is wrong, and not its value.
fn is_about(cause: &str, name: &str) -> bool {
    cause
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.strip_prefix(name))
        .is_some_and(|rest| rest.starts_with('`'))
}

/// What a path leads on from.
enum Inside<'t> {
    Table(&'t DeTable<'t>),
    Array(&'t toml::de::DeArray<'t>),
    Nothing,
}

impl<'t> Inside<'t> {
    /// The key, where there is one, and the value of a part of a path.
    fn part(&self, part: &str) -> Option<(Option<Range<usize>>, &'t Spanned<DeValue<'t>>)> {
        match self {
            Self::Table(table) => table
                .iter()
                .find(|(key, _)| key.get_ref() == part)
                .map(|(key, value)| (Some(key.span()), value)),
            Self::Array(array) => {
                let value = array.get(part.parse::<usize>().ok()?)?;
                Some((None, value))
            }
            Self::Nothing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{NodeConfig, Position};

    fn place(text: &str) -> (String, Option<(usize, usize)>) {
        let error = NodeConfig::from_toml(text).unwrap_err();
        let position = error
            .position
            .map(|Position { line, column }| (line, column));
        (error.path, position)
    }

    use alloc::string::{String, ToString};

    #[test]
    fn numbers_are_those_of_json() {
        let document = |loss: &str| {
            let wires = alloc::format!("duration = 1\nwires = [{{ loss = {loss} }}]");
            let table = toml::de::DeTable::parse(&wires).unwrap();
            super::json(table.get_ref())
        };
        for (toml, json) in [
            ("0.25", "0.25"),
            ("+1.5", "1.5"),
            ("-0.0", "-0.0"),
            ("1_0.2_5", "10.25"),
            ("1e-2", "1e-2"),
            ("+5E+06", "5E+06"),
        ] {
            let expected = alloc::format!("{{\"duration\":1,\"wires\":[{{\"loss\":{json}}}]}}");
            assert_eq!(document(toml), Ok(expected), "{toml}");
        }
        for toml in ["inf", "-inf", "nan", "+nan", "1e999"] {
            assert_eq!(document(toml), Err((31, "the number is not finite")));
        }
    }

    #[test]
    fn a_fault_is_where_it_stands_in_the_text() {
        let value = "arrangement = \"iiptran\"\nlinks = [{ name = \"a\", mtu = \"x\" }]";
        assert_eq!(place(value), ("links[0].mtu".to_string(), Some((2, 30))));
        let word = "arrangement = \"iptran\"";
        assert_eq!(place(word), ("arrangement".to_string(), Some((1, 15))));
        let (_, name) = place("arrangement = \"iiptran\"\n[[links]]\nnam = \"a\"");
        assert_eq!(name, Some((3, 1)));
        let (_, syntax) = place("arrangement = \"iiptran\"\nlinks = [");
        assert_eq!(syntax.map(|(line, _)| line), Some(2));
        let (_, absent) = place("arrangement = \"iiptran\"\n\n[[links]]\nmtu = 1400");
        assert_eq!(absent.map(|(line, _)| line), Some(3));
    }
}
