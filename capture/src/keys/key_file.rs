//! Files with keys, of any of the formats, and where in them something is wrong.

use core::fmt;
use iiptran::config::{ConfigError, KeysConfig, Position, SaConfig};

use super::pattern::{AddressPattern, SpiPattern};
use super::{KeyFormat, wireshark, xfrm};

/// An SA of a key file, and which packets it is for.
#[derive(Clone, Debug)]
pub struct KeyEntry {
    /// Where in the file it is.
    pub place: Place,
    /// Its SPI. Where it is not a single one, that of `sa` means nothing.
    pub spi: SpiPattern,
    /// From where its packets come.
    pub source: AddressPattern,
    /// Where they go.
    pub destination: AddressPattern,
    /// Whether packets of other addresses are never its own. Else the SPI alone may do, as it does for
    /// receivers.
    pub is_strict: bool,
    /// Everything else.
    pub sa: SaConfig,
}

/// A file with keys.
#[derive(Debug)]
pub struct KeyFile {
    /// As the user gave it.
    pub name: String,
    /// The SAs, in the order of the file.
    pub entries: Vec<KeyEntry>,
    /// What was not taken over from the file.
    pub notes: Vec<Note>,
}

/// What is wrong with a file with keys. The message is complete.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A document is wrong, or an SA in its words.
    #[error("{file}: {error}")]
    Config {
        /// The file.
        file: String,
        /// Where in it, and why.
        error: ConfigError,
    },
    /// A line of a table is wrong.
    #[error("{file}: line {line}: {cause}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        cause: String,
    },
    /// There are no keys.
    #[error("{file}: there is no SA in it")]
    Empty {
        /// The file.
        file: String,
    },
}

/// A place in a key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A path in a document, such as `sas[0]`.
    Path(String),
    /// A line, from 1.
    Line(usize),
}

/// Something that does not pass from one format to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The SA.
    pub place: Place,
    /// What, and why.
    pub text: String,
    /// Whether the SA as a whole is left out.
    pub is_left_out: bool,
}

impl KeyEntry {
    /// An SA of a document.
    #[must_use]
    pub fn of_document(index: usize, sa: SaConfig) -> Self {
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
    #[must_use]
    pub fn fault(&self, file: &str, error: ConfigError) -> KeyError {
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
        KeyError::Config {
            file: file.to_string(),
            error,
        }
    }
}

impl KeyFile {
    /// Reads the text of a file of whichever format it is, to be called `name` in errors.
    ///
    /// # Errors
    /// [`KeyError`]: it is of no format, or breaks the rules of its own.
    pub fn parse(name: &str, text: &str) -> Result<Self, KeyError> {
        let (entries, notes) = match KeyFormat::of(text) {
            KeyFormat::Iiptran => {
                let config = document(name, text).map_err(|error| KeyError::Config {
                    file: name.to_string(),
                    error,
                })?;
                let sas = config.sas.into_iter().enumerate();
                let entries: Vec<_> = sas
                    .map(|(index, sa)| KeyEntry::of_document(index, sa))
                    .collect();
                // A key of the wrong length would otherwise be told by whoever reads the file next.
                for entry in &entries {
                    let sa = entry.sa.inbound();
                    sa.map_err(|error| entry.fault(name, error))?;
                }
                (entries, Vec::new())
            }
            KeyFormat::Wireshark => parsed(name, wireshark::read(text))?,
            KeyFormat::IpXfrm => parsed(name, xfrm::read(text))?,
        };
        if entries.is_empty() && notes.is_empty() {
            return Err(KeyError::Empty {
                file: name.to_string(),
            });
        }
        Ok(Self {
            name: name.to_string(),
            entries,
            notes,
        })
    }
}

/// A document: JSON or TOML, by the file's name or else by what is in it.
fn document(name: &str, text: &str) -> Result<KeysConfig, ConfigError> {
    let is_json = match name.rsplit_once('.') {
        Some((_, "json")) => true,
        Some((_, "toml")) => false,
        _ => text.trim_start().starts_with('{'),
    };
    if is_json {
        KeysConfig::from_json(text)
    } else {
        KeysConfig::from_toml(text)
    }
}

impl Note {
    /// Something that an SA loses.
    #[must_use]
    pub fn lost(place: &Place, text: impl Into<String>) -> Self {
        Self {
            place: place.clone(),
            text: text.into(),
            is_left_out: false,
        }
    }

    /// An SA that is left out.
    #[must_use]
    pub fn left_out(place: &Place, text: impl Into<String>) -> Self {
        Self {
            is_left_out: true,
            ..Self::lost(place, text)
        }
    }
}

/// What a format's own reader gives: SAs with notes, or the line and cause of a fault.
pub(super) type Parsed = Result<(Vec<KeyEntry>, Vec<Note>), (usize, String)>;

fn parsed(name: &str, parsed: Parsed) -> Result<(Vec<KeyEntry>, Vec<Note>), KeyError> {
    parsed.map_err(|(line, cause)| KeyError::Line {
        file: name.to_string(),
        line,
        cause,
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
