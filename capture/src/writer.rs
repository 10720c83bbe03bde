//! Packets into a capture: a pcap file of raw IP packets, which every tool reads.

use core::time::Duration;
#[cfg(feature = "files")]
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
#[cfg(feature = "files")]
use std::path::{Path, PathBuf};

#[cfg(feature = "files")]
use tempfile::NamedTempFile;

use super::{CaptureError, Cause, LinkType};

/// The unit of the time stamps in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Understood by every reader of pcap.
    #[default]
    Microseconds,
    /// Understood by all but old ones.
    Nanoseconds,
}

/// Writes IP packets as a little-endian pcap file of version 2.4 and [`LinkType::RAW`].
///
/// A file has its name only from [`Self::finish`] on. A writer that is dropped before leaves nothing
/// behind, and a file of that name as it was.
pub struct CaptureWriter<'w> {
    name: String,
    output: BufWriter<Output<'w>>,
    precision: Precision,
    packets: u64,
}

enum Output<'w> {
    #[cfg(feature = "files")]
    File {
        temporary: NamedTempFile,
        target: PathBuf,
    },
    Stream(Box<dyn Write + 'w>),
}

#[cfg(feature = "files")]
impl CaptureWriter<'static> {
    /// Begins the capture that is to be at `path`; see [`refuse_overwrite`].
    ///
    /// # Errors
    /// [`CaptureError::Create`], or [`CaptureError::Write`] if the file header can't be written.
    pub fn create(path: &Path, precision: Precision) -> Result<Self, CaptureError> {
        let name = path.display().to_string();
        match Output::create(path) {
            Ok(output) => Self::begin(name, output, precision),
            Err(cause) => Err(CaptureError::Create { file: name, cause }),
        }
    }
}

impl<'w> CaptureWriter<'w> {
    /// The longest packet, bytes: the longest that libpcap and Wireshark accept.
    pub const MAX_PACKET: usize = 256 * 1024;

    /// Begins a capture that goes to `output`, to be called `name` in errors.
    ///
    /// # Errors
    /// [`CaptureError::Write`] if the file header can't be written.
    pub fn new(
        name: impl Into<String>,
        output: impl Write + 'w,
        precision: Precision,
    ) -> Result<Self, CaptureError> {
        Self::begin(name.into(), Output::Stream(Box::new(output)), precision)
    }

    fn begin(name: String, output: Output<'w>, precision: Precision) -> Result<Self, CaptureError> {
        const VERSION: u32 = 2 | 4 << 16;
        let magic = match precision {
            Precision::Microseconds => 0xa1b2_c3d4,
            Precision::Nanoseconds => 0xa1b2_3c4d,
        };
        let mut writer = Self {
            name,
            output: BufWriter::new(output),
            precision,
            packets: 0,
        };
        let snapshot_length = Self::MAX_PACKET as u32;
        let link_type = LinkType::RAW.0.into();
        let header = words([magic, VERSION, 0, 0, snapshot_length, link_type]);
        writer.put(header.as_flattened())?;
        Ok(writer)
    }

    /// Writes an IP packet that was seen at `timestamp`, counted from 1970-01-01 00:00 UTC and
    /// rounded down to the file's unit.
    ///
    /// # Errors
    /// [`CaptureError::Write`]: the operating system refused, the packet is longer than
    /// [`Self::MAX_PACKET`], or the time is after 2106, which 32 bits of seconds can't say.
    pub fn write(&mut self, timestamp: Duration, packet: &[u8]) -> Result<(), CaptureError> {
        let header = self.record_header(timestamp, packet);
        let header = header.map_err(|cause| self.error(cause))?;
        self.put(header.as_flattened())?;
        self.put(packet)?;
        self.packets += 1;
        Ok(())
    }

    /// Writes out what is buffered and gives a file its name.
    ///
    /// # Errors
    /// [`CaptureError::Write`] or [`CaptureError::Create`]; no file of that name was made or changed.
    pub fn finish(mut self) -> Result<(), CaptureError> {
        if let Err(cause) = self.output.flush() {
            return Err(self.error(cause.into()));
        }
        let (output, _) = self.output.into_parts();
        match output {
            Output::Stream(_) => Ok(()),
            #[cfg(feature = "files")]
            Output::File { temporary, target } => match temporary.persist(target) {
                Ok(_) => Ok(()),
                Err(failed) => Err(CaptureError::Create {
                    file: self.name,
                    cause: failed.error,
                }),
            },
        }
    }

    /// Seconds, fraction, captured length, original length.
    fn record_header(&self, timestamp: Duration, packet: &[u8]) -> Result<[[u8; 4]; 4], Cause> {
        if packet.len() > Self::MAX_PACKET {
            return Err(Cause::TooLong {
                length: packet.len() as u64,
                limit: Self::MAX_PACKET as u64,
            });
        }
        let length = packet.len() as u32;
        let seconds = u32::try_from(timestamp.as_secs()).map_err(|_| Cause::Timestamp)?;
        let fraction = match self.precision {
            Precision::Microseconds => timestamp.subsec_micros(),
            Precision::Nanoseconds => timestamp.subsec_nanos(),
        };
        Ok(words([seconds, fraction, length, length]))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), CaptureError> {
        let written = self.output.write_all(bytes);
        written.map_err(|cause| self.error(cause.into()))
    }

    fn error(&self, cause: Cause) -> CaptureError {
        CaptureError::Write {
            file: self.name.clone(),
            packet: self.packets,
            cause,
        }
    }
}

#[cfg(feature = "files")]
impl Output<'static> {
    fn create(path: &Path) -> io::Result<Self> {
        // A device or a pipe is to be written to, not to be replaced by a file.
        if fs::metadata(path).is_ok_and(|existing| !existing.is_file()) {
            let file = File::options().write(true).open(path)?;
            return Ok(Self::Stream(Box::new(file)));
        }
        // The same for a symbolic link: what it points to is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let directory = match target.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let mut temporary = tempfile::Builder::new();
        temporary.prefix(".iiptran-").suffix(".pcap");
        // As any other new file; the default is for secrets.
        #[cfg(unix)]
        temporary.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        Ok(Self::File {
            temporary: temporary.tempfile_in(directory)?,
            target,
        })
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            #[cfg(feature = "files")]
            Self::File { temporary, .. } => temporary.write(bytes),
            Self::Stream(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            #[cfg(feature = "files")]
            Self::File { temporary, .. } => temporary.flush(),
            Self::Stream(stream) => stream.flush(),
        }
    }
}

#[cfg(feature = "files")]
/// Refuses an output that is one of the inputs, under whatever name or link.
///
/// # Errors
/// [`CaptureError::SameFile`].
pub fn refuse_overwrite<P: AsRef<Path>>(output: &Path, inputs: &[P]) -> Result<(), CaptureError> {
    let is_file = |path: &Path| fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    // A file that does not exist yet, or can't be looked at, is not the same as another. To be compared,
    // files are opened, and a named pipe would wait for somebody at its other end.
    let is_output = |input: &P| {
        is_file(input.as_ref()) && same_file::is_same_file(input, output).unwrap_or(false)
    };
    if !is_file(output) {
        return Ok(());
    }
    if inputs.iter().any(is_output) {
        return Err(CaptureError::SameFile {
            file: output.display().to_string(),
        });
    }
    Ok(())
}

fn words<const N: usize>(values: [u32; N]) -> [[u8; 4]; N] {
    values.map(u32::to_le_bytes)
}
