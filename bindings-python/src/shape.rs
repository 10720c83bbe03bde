//! How values look as text.

use std::fmt::Write as _;

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

/// Hexadecimal digits of the first bytes.
pub(crate) fn start(bytes: &[u8]) -> String {
    const SHOWN: usize = 24;
    match bytes.get(..SHOWN) {
        Some(first) if bytes.len() > SHOWN => format!("{}...", hex(first)),
        _ => hex(bytes),
    }
}

/// Python's word for a truth value.
pub(crate) const fn truth(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
