//! Behaviour vectors: calls that every host language makes, and what comes back.
//!
//! They are files in `tests/data/behaviour`, and each host has a runner of its own for them.

pub use iiptran_calls::{Case, ConfigFault, Expect, Options, Runner, Step, Vectors, together};

use std::fs;

use crate::data;

/// The files.
pub const FILES: [&str; 6] = ["linux", "sas", "tables", "nodes", "bursts", "networks"];

/// Reads a file of vectors.
///
/// # Panics
/// If it is not one.
#[must_use]
pub fn read(file: &str) -> Vectors {
    let text = fs::read_to_string(path(file)).expect("a file of vectors");
    serde_json::from_str(&text).expect("vectors")
}

/// Writes a file of vectors.
///
/// # Panics
/// If it can't be written.
pub fn write(file: &str, vectors: &Vectors) {
    let text = serde_json::to_string_pretty(vectors).expect("JSON") + "\n";
    fs::write(path(file), text).expect("a file that can be written");
}

fn path(file: &str) -> std::path::PathBuf {
    data(&format!("behaviour/{file}.json"))
}
