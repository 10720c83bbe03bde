//! How the command fails: one message with place and cause, and a status.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use iiptran::config::ConfigError;

use crate::capture::keys::KeyError;
use crate::capture::{CaptureError, Cause};
use crate::style::ERROR;

/// Why the command fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A document is wrong.
    #[error("{file}: {error}")]
    Config {
        /// The document.
        file: String,
        /// Where in it, and why.
        error: ConfigError,
    },
    /// A file can't be read or written.
    #[error("{file}: {error}")]
    File {
        /// The file.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// A capture can't be read or written.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// A file with keys is wrong.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A file is not what it is to be; the message has place and cause.
    #[error("{0}")]
    Input(String),
    /// The output can't be written.
    #[error("the output: {0}")]
    Output(#[from] io::Error),
    /// The arguments don't fit together.
    #[error("{0}")]
    Usage(String),
}

impl Failure {
    /// A document that is wrong.
    pub(crate) fn config(file: &Path, error: ConfigError) -> Self {
        Self::Config {
            file: file.display().to_string(),
            error,
        }
    }

    /// A file that can't be read or written.
    pub(crate) fn file(file: &Path, error: io::Error) -> Self {
        Self::File {
            file: file.display().to_string(),
            error,
        }
    }

    /// Tells the user, and gives the process its status.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            // Whoever reads the output has seen enough, as `head` does.
            Self::Output(error)
            | Self::Capture(CaptureError::Write {
                cause: Cause::Io(error),
                ..
            }) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Self::Usage(_) => self.print(2),
            _ => self.print(1),
        }
    }

    fn print(&self, status: u8) -> ExitCode {
        anstream::eprintln!("{ERROR}error:{ERROR:#} {self}");
        ExitCode::from(status)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}
