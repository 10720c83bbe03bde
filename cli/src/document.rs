//! Reading documents: JSON or TOML, by the file's name or else by what is in it.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use iiptran::config::{ArrangementName, ConfigError};

use crate::failure::Failure;

/// The text of a document; `-` is the standard input.
pub(crate) fn read(file: &Path) -> Result<String, Failure> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    text.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => {
            Failure::Input(format!("{}: this is no text (UTF-8)", file.display()))
        }
        _ => Failure::file(file, error),
    })
}

/// Parses a document of a file.
pub(crate) fn parse<T>(
    file: &Path,
    text: &str,
    from_json: fn(&str) -> Result<T, ConfigError>,
    from_toml: fn(&str) -> Result<T, ConfigError>,
) -> Result<T, Failure> {
    let is_json = match file.extension().and_then(|extension| extension.to_str()) {
        Some("json") => true,
        Some("toml") => false,
        _ => text.trim_start().starts_with('{'),
    };
    let document = if is_json {
        from_json(text)
    } else {
        from_toml(text)
    };
    document.map_err(|error| Failure::config(file, error))
}

/// The arrangement of a word of the command line.
pub(crate) fn arrangement(word: &str) -> Result<ArrangementName, Failure> {
    word.parse()
        .map_err(|error| Failure::Usage(format!("--arrangement: {error}")))
}
