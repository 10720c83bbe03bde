//! Files with keys, of any of the formats, and where in them something is wrong.

use core::fmt;
use std::path::Path;

use iiptran::config::{ConfigError, KeysConfig, Position, SaConfig};

use super::pattern::{AddressPattern, SpiPattern};
use super::{KeyFormat, wireshark, xfrm};
use crate::document;
use crate::failure::Failure;
use crate::style::WARNING;

/// An SA of a key file, and which packets it is for.
#[derive(Clone, Debug)]
pub(crate) struct KeyEntry {
    /// Where in the file it is.
    pub(crate) place: Place,
    /// Its SPI. Where it is not a single one, that of `sa` means nothing.
    pub(crate) spi: SpiPattern,
    /// From where its packets come.
    pub(crate) source: AddressPattern,
    /// Where they go.
    pub(crate) destination: AddressPattern,
    /// Whether packets of other addresses are never its own. Else the SPI alone may do, as it does for
    /// receivers.
    pub(crate) is_strict: bool,
    /// Everything else.
    pub(crate) sa: SaConfig,
}

/// A file with keys.
#[derive(Debug)]
pub(crate) struct KeyFile {
    /// As the user gave it.
    pub(crate) name: String,
    /// The SAs, in the order of the file.
    pub(crate) entries: Vec<KeyEntry>,
    /// What was not taken over from the file.
    pub(crate) notes: Vec<Note>,
}

/// A place in a key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A path in a document, such as `sas[0]`.
    Path(String),
    /// A line, from 1.
    Line(usize),
}

/// Something that does not pass from one format to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// The SA.
    pub(crate) place: Place,
    /// What, and why.
    pub(crate) text: String,
    /// Whether the SA as a whole is left out.
    pub(crate) is_left_out: bool,
}

impl KeyEntry {
    /// An SA of a document.
    pub(super) fn of_document(index: usize, sa: SaConfig) -> Self {
        Self {
            place: Place::Path(format!("sas[{index}]")),
            spi: SpiPattern::one(sa.spi.0),
            source: AddressPattern::of(sa.source),
            destination: AddressPattern::of(sa.destination),
            is_strict: sa
                .lookup
                .is_some_and(|lookup| lookup != iiptran::config::LookupName::Spi),
            sa,
        }
    }

    /// A fault of this SA, in the words of a document.
    pub(crate) fn fault(&self, file: &str, error: ConfigError) -> Failure {
        let error = match &self.place {
            Place::Path(path) => ConfigError {
                path: format!("{path}.{}", error.path),
                ..error
            },
            Place::Line(line) => ConfigError {
                position: Some(Position {
                    line: *line,
                    column: 1,
                }),
                ..error
            },
        };
        Failure::Config {
            file: file.to_string(),
            error,
        }
    }
}

impl KeyFile {
    /// Reads a file of whichever format it is.
    ///
    /// # Errors
    /// A file that can't be read, is of no format, or breaks the rules of its own.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = document::read(path)?;
        let (entries, notes) = match KeyFormat::of(&text) {
            KeyFormat::Iiptran => {
                let config =
                    document::parse(path, &text, KeysConfig::from_json, KeysConfig::from_toml)?;
                let sas = config.sas.into_iter().enumerate();
                let entries: Vec<_> = sas
                    .map(|(index, sa)| KeyEntry::of_document(index, sa))
                    .collect();
                // A key of the wrong length would otherwise be told by whoever reads the file next.
                for entry in &entries {
                    let sa = entry.sa.inbound();
                    sa.map_err(|error| entry.fault(&path.display().to_string(), error))?;
                }
                (entries, Vec::new())
            }
            KeyFormat::Wireshark => parsed(path, wireshark::read(&text))?,
            KeyFormat::IpXfrm => parsed(path, xfrm::read(&text))?,
        };
        let file = Self {
            name: path.display().to_string(),
            entries,
            notes,
        };
        if file.entries.is_empty() && file.notes.is_empty() {
            return Err(Failure::Input(format!(
                "{}: there is no SA in it",
                file.name
            )));
        }
        Ok(file)
    }

    /// Tells what was not taken over.
    pub(crate) fn warn(&self) {
        warn(&self.name, &self.notes);
    }
}

/// Tells what does not pass from one format to another.
pub(crate) fn warn(file: &str, notes: &[Note]) {
    for note in notes {
        anstream::eprintln!("{WARNING}warning:{WARNING:#} {file}: {note}");
    }
}

impl Note {
    /// Something that an SA loses.
    pub(crate) fn lost(place: &Place, text: impl Into<String>) -> Self {
        Self {
            place: place.clone(),
            text: text.into(),
            is_left_out: false,
        }
    }

    /// An SA that is left out.
    pub(crate) fn left_out(place: &Place, text: impl Into<String>) -> Self {
        Self {
            is_left_out: true,
            ..Self::lost(place, text)
        }
    }
}

/// What a format's own reader gives: SAs with notes, or the line and cause of a fault.
pub(super) type Parsed = Result<(Vec<KeyEntry>, Vec<Note>), (usize, String)>;

fn parsed(path: &Path, parsed: Parsed) -> Result<(Vec<KeyEntry>, Vec<Note>), Failure> {
    parsed.map_err(|(line, cause)| {
        Failure::Input(format!("{}: line {line}: {cause}", path.display()))
    })
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.write_str(path),
            Self::Line(line) => write!(f, "line {line}"),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, text, .. } = self;
        let left_out = if self.is_left_out {
            "; the SA is left out"
        } else {
            ""
        };
        write!(f, "{place}: {text}{left_out}")
    }
}
