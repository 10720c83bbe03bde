//! `iiptran keys`: files with the keys of SAs, in three formats.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use iiptran::config::KeysConfig;
use serde::Serialize;

use crate::command::KeysArguments;
use crate::document;
use crate::failure::Failure;
use crate::style::{DIM, WARNING};

use crate::capture::keys::{KeyEntry, KeyFile, KeyFormat, Note, wireshark, xfrm};

/// The first line of a file, which all formats but JSON have a comment for.
const SECRET: &str = "# Secret: whoever has these keys can read and forge the packets.\n";

/// A conversion for programs.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Converted<'c> {
    format: &'static str,
    text: &'c str,
    warnings: Vec<String>,
}

/// Reads a file of whichever format it is.
pub(crate) fn read(path: &Path) -> Result<KeyFile, Failure> {
    let text = document::read(path)?;
    Ok(KeyFile::parse(&path.display().to_string(), &text)?)
}

/// Tells what was not taken over from a file.
pub(crate) fn warn(file: &KeyFile) {
    tell(&file.name, &file.notes);
}

/// Tells what does not pass from one format to another.
fn tell(file: &str, notes: &[Note]) {
    for note in notes {
        anstream::eprintln!("{WARNING}warning:{WARNING:#} {file}: {note}");
    }
}

pub(crate) fn run(arguments: &KeysArguments, json: bool) -> Result<(), Failure> {
    let KeysArguments {
        input,
        to,
        output,
        skip,
    } = arguments;
    let file = read(input)?;
    let json_document = json || output.as_deref().is_some_and(is_json);
    let (text, lost) = match to {
        KeyFormat::Iiptran => document(&file.entries, json_document)?,
        KeyFormat::Wireshark => wireshark::write(&file.entries),
        KeyFormat::IpXfrm => xfrm::write(&file.entries),
    };
    let mut notes = patterns_lost(&file.entries);
    notes.extend(lost);
    let all: Vec<&Note> = file.notes.iter().chain(&notes).collect();
    let left_out = all.iter().filter(|note| note.is_left_out).count();
    if !json || (left_out > 0 && !skip) {
        warn(&file);
        tell(&file.name, &notes);
    }
    if left_out > 0 && !skip {
        let sas = if left_out == 1 {
            "1 SA"
        } else {
            &format!("{left_out} SAs")
        };
        return Err(Failure::Input(format!(
            "{}: {sas} can't be converted to {}; --skip leaves such SAs out",
            file.name,
            to.name()
        )));
    }
    let text = if *to == KeyFormat::Iiptran && json_document {
        text
    } else {
        format!("{SECRET}{text}")
    };
    let text = if *to != KeyFormat::Iiptran && json {
        let converted = Converted {
            format: to.name(),
            text: &text,
            warnings: all.iter().map(ToString::to_string).collect(),
        };
        serde_json::to_string_pretty(&converted)? + "\n"
    } else {
        text
    };
    match output {
        None => io::stdout().lock().write_all(text.as_bytes())?,
        Some(path) => {
            write_secret(path, &text)?;
            if !json {
                let count =
                    file.entries.len() - notes.iter().filter(|note| note.is_left_out).count();
                anstream::eprintln!(
                    "{}: {count} SAs {DIM}(secret keys in clear; only you may read the file){DIM:#}",
                    path.display()
                );
            }
        }
    }
    Ok(())
}

fn is_json(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "json")
}

/// Our own document, of the SAs that have one SPI.
fn document(entries: &[KeyEntry], json: bool) -> Result<(String, Vec<Note>), Failure> {
    let single = entries.iter().filter(|entry| entry.spi.single().is_some());
    let keys = KeysConfig {
        sas: single.map(|entry| entry.sa.clone()).collect(),
    };
    let text = if json {
        serde_json::to_string_pretty(&keys)? + "\n"
    } else {
        toml::to_string(&keys).map_err(|error| io::Error::other(error.to_string()))?
    };
    let many = entries.iter().filter(|entry| entry.spi.single().is_none());
    let note =
        |entry: &KeyEntry| Note::left_out(&entry.place, format!("{} is not one SPI", entry.spi));
    Ok((text, many.map(note).collect()))
}

/// Writes Wireshark's table of SAs, which only its owner may read; tells what the table can't say.
pub(crate) fn write_wireshark(path: &Path, keys: &KeysConfig) -> Result<(), Failure> {
    let sas = keys.sas.iter().cloned().enumerate();
    let entries: Vec<_> = sas
        .map(|(index, sa)| KeyEntry::of_document(index, sa))
        .collect();
    let (text, notes) = wireshark::write(&entries);
    tell(&path.display().to_string(), &notes);
    write_secret(path, &format!("{SECRET}{text}"))
}

/// Wildcards in addresses, which only Wireshark has.
fn patterns_lost(entries: &[KeyEntry]) -> Vec<Note> {
    let mut notes = Vec::new();
    for entry in entries {
        for (name, pattern) in [("source", entry.source), ("destination", entry.destination)] {
            if pattern.single().is_none() && !pattern.is_any() {
                let text = format!("the {name} {pattern} is not one address; it is left out");
                notes.push(Note::lost(&entry.place, text));
            }
        }
    }
    notes
}

/// Writes a file that only its owner may read, which has its name once it is whole.
pub(crate) fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::file(path, error);
    // A device or a pipe is to be written to, not to be replaced by a file.
    if fs::metadata(path).is_ok_and(|existing| !existing.is_file()) {
        return fs::write(path, text).map_err(failed);
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // Temporary files have the mode 0600.
    let mut file = tempfile::Builder::new()
        .prefix(".iiptran-")
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
