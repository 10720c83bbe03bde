//! The behaviour vectors as a C header, so that no test in C has to read JSON.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::root;

const SOURCE: &str = "tests/data/behaviour";

/// Texts of a step or of what is expected: the field in JSON and the one in C.
const TEXTS: [(&str, &str); 10] = [
    ("call", "call"),
    ("on", "on"),
    ("with", "with"),
    ("document", "document"),
    ("packet", "packet"),
    ("link", "link"),
    ("network", "network"),
    ("direction", "direction"),
    ("iv", "iv"),
    ("outer", "outer"),
];

const EXPECTED_TEXTS: [(&str, &str); 9] = [
    ("drop", "drop"),
    ("misuse", "misuse"),
    ("packet", "packet"),
    ("verdict", "verdict"),
    ("next-hop", "next_hop"),
    ("policy", "policy"),
    ("action", "action"),
    ("document", "document"),
    ("path", "path"),
];

/// Writes the header.
pub(crate) fn write(file: &Path) -> Result<()> {
    let mut names: Vec<_> = fs::read_dir(root().join(SOURCE))?
        .map(|entry| Ok(entry?.path()))
        .filter(|path: &Result<_>| {
            path.as_ref().is_ok_and(|path: &std::path::PathBuf| {
                path.extension().is_some_and(|e| e == "json")
            })
        })
        .collect::<Result<_>>()?;
    names.sort();
    let mut text = String::from("static const struct step steps[] = {\n");
    for path in names {
        let vectors: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
        for case in list(&vectors, "cases") {
            let name = case.get("name").and_then(Value::as_str).context("name")?;
            writeln!(text, "{{ .begins = {} }},", literal(name))?;
            for step in list(case, "steps") {
                step_text(&mut text, step)?;
            }
        }
    }
    text.push_str("};\n");
    fs::write(file, text).with_context(|| file.display().to_string())
}

fn step_text(text: &mut String, step: &Value) -> Result<()> {
    text.push_str("{ ");
    texts(text, step, &TEXTS)?;
    let options = step.get("options").unwrap_or(&Value::Null);
    texts(text, options, &TEXTS)?;
    for (json, c) in [
        ("now", "now"),
        ("spi", "spi"),
        ("seed", "seed"),
        ("worker", "worker"),
    ] {
        number(text, step, json, c)?;
    }
    if step.get("worker").is_some() {
        text.push_str(".has_worker = 1, ");
    }
    for (json, c) in [("padding", "padding"), ("flow-padding", "flow_padding")] {
        number(text, options, json, c)?;
    }
    if let Some(sequence) = options.get("sequence").and_then(Value::as_str) {
        write!(
            text,
            ".has_sequence = 1, .sequence = UINT64_C({sequence}), "
        )?;
    }
    for (source, field) in [(options, "dummy"), (step, "up")] {
        if source.get(field).and_then(Value::as_bool) == Some(true) {
            write!(text, ".{field} = 1, ")?;
        }
    }
    let mut room = list(step, "room").filter_map(Value::as_u64);
    let [before, behind] = [(); 2].map(|()| room.next().unwrap_or(512));
    write!(text, ".room = {{ {before}, {behind} }}, .expect = {{ ")?;
    let expect = step.get("expect").unwrap_or(&Value::Null);
    texts(text, expect, &EXPECTED_TEXTS)?;
    if let Some(config) = expect.get("config") {
        texts(text, config, &[("path", "path"), ("cause", "cause")])?;
        number(text, config, "line", "line")?;
        number(text, config, "column", "column")?;
    }
    // C has no empty braces, so that one field is always there.
    let sequence = expect.get("sequence").and_then(Value::as_str);
    write!(text, ".sequence = UINT64_C({}), ", sequence.unwrap_or("0"))?;
    for (json, c) in [
        ("pad-length", "pad_length"),
        ("next-header", "next_header"),
        ("link", "link"),
        ("spi", "spi"),
    ] {
        number(text, expect, json, c)?;
    }
    text.push_str("} },\n");
    Ok(())
}

fn list<'v>(value: &'v Value, field: &str) -> impl Iterator<Item = &'v Value> {
    value
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn texts(text: &mut String, value: &Value, fields: &[(&str, &str)]) -> Result<()> {
    for (json, c) in fields {
        if let Some(value) = value.get(json).and_then(Value::as_str) {
            write!(text, ".{c} = {}, ", literal(value))?;
        }
    }
    Ok(())
}

fn number(text: &mut String, value: &Value, json: &str, c: &str) -> Result<()> {
    if let Some(value) = value.get(json).and_then(Value::as_u64) {
        write!(text, ".{c} = {value}, ")?;
    }
    Ok(())
}

/// A string literal of C.
fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => literal.extend(['\\', char::from(byte)]),
            b' '..=b'~' if byte != b'?' => literal.push(char::from(byte)),
            _ => literal.push_str(&format!("\\{byte:03o}")),
        }
    }
    literal.push('"');
    literal
}
