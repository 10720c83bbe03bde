//! Packets out of a capture, one at a time.

use core::ops::Range;
use core::time::Duration;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::pcap::Pcap;
use super::pcapng::Pcapng;
use super::source::Source;
use super::{CaptureError, Cause, LinkType, Precision};

/// A packet of a capture, lent from the reader's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapturedPacket<'b> {
    /// Place in the capture, counted from 0.
    pub index: u64,
    /// Where in the capture its record begins, bytes.
    pub offset: u64,
    /// When it was captured, since 1970-01-01 00:00 UTC. Zero for a Simple Packet Block of pcapng,
    /// which does not say.
    pub timestamp: Duration,
    /// Bytes that it had on the link; never less than those captured.
    pub original_length: u32,
    /// What its first bytes are.
    pub link_type: LinkType,
    /// The bytes captured, from the link header on.
    pub bytes: &'b [u8],
}

/// Where in the window a packet is, and what its record says of it.
pub(super) struct Record {
    // Bytes of the whole record, from the start of the window.
    pub(super) length: usize,
    // The packet among them.
    pub(super) data: Range<usize>,
    pub(super) timestamp: Duration,
    pub(super) original_length: u32,
    pub(super) link_type: LinkType,
}

/// Reads a capture, pcap or pcapng of either byte order, in bounded memory.
///
/// A packet that is cut off or contradicts itself is an error, after all packets before it; nothing
/// is read after an error.
pub struct CaptureReader<R> {
    name: String,
    source: Source<R>,
    format: Format,
    length: Option<u64>,
    packets: u64,
    failed: bool,
}

enum Format {
    Pcap(Pcap),
    Pcapng(Pcapng),
}

impl CaptureReader<File> {
    /// Opens the capture at `path`.
    ///
    /// # Errors
    /// [`CaptureError::Open`], or as [`Self::new`].
    pub fn open(path: &Path) -> Result<Self, CaptureError> {
        let name = path.display().to_string();
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = opened.map_err(|cause| CaptureError::Open {
            file: name.clone(),
            cause,
        })?;
        let mut reader = Self::new(name, file)?;
        // A pipe or a device has a length of 0, which means nothing.
        reader.length = metadata.is_file().then_some(metadata.len());
        Ok(reader)
    }
}

impl<R: Read> CaptureReader<R> {
    /// Reads a capture from `input`, to be called `name` in errors.
    ///
    /// # Errors
    /// [`CaptureError::Read`] if the input can't be read or does not begin as a capture.
    pub fn new(name: impl Into<String>, input: R) -> Result<Self, CaptureError> {
        let name = name.into();
        let mut source = Source::new(input);
        match Format::recognise(&mut source) {
            Ok(format) => Ok(Self {
                name,
                source,
                format,
                length: None,
                packets: 0,
                failed: false,
            }),
            Err(cause) => Err(CaptureError::Read {
                file: name,
                offset: source.position(),
                packet: 0,
                cause,
            }),
        }
    }

    /// The text in the comments of a pcapng capture's first section, where its keys may be
    /// ([`crate::keys::in_comment`]); empty if there is none, and of a pcap capture. To be asked for before
    /// the first packet, it reads no further than it must.
    ///
    /// # Errors
    /// [`CaptureError::Read`]: the capture is damaged where it begins. Every later call of [`Self::next`] answers
    /// `None`.
    pub fn comment(&mut self) -> Result<&str, CaptureError> {
        match &mut self.format {
            Format::Pcap(_) => Ok(""),
            Format::Pcapng(pcapng) => match pcapng.comment(&mut self.source) {
                Ok(comment) => Ok(comment),
                Err(cause) => {
                    self.failed = true;
                    Err(CaptureError::Read {
                        file: self.name.clone(),
                        offset: self.source.position(),
                        packet: 0,
                        cause,
                    })
                }
            },
        }
    }

    /// The next packet, good until the next call; `None` at the end of the capture.
    ///
    /// # Errors
    /// [`CaptureError::Read`]. Every later call answers `None`.
    #[expect(
        clippy::should_implement_trait,
        reason = "an Iterator can't lend from itself"
    )]
    pub fn next(&mut self) -> Result<Option<CapturedPacket<'_>>, CaptureError> {
        if self.failed {
            return Ok(None);
        }
        let record = match self.format.next_record(&mut self.source) {
            Ok(Some(record)) => record,
            Ok(None) => return Ok(None),
            Err(cause) => {
                self.failed = true;
                return Err(CaptureError::Read {
                    file: self.name.clone(),
                    offset: self.source.position(),
                    packet: self.packets,
                    cause,
                });
            }
        };
        let index = self.packets;
        let offset = self.source.position();
        self.packets += 1;
        let bytes = self.source.take(record.length).get(record.data);
        let bytes = bytes.unwrap_or_default();
        Ok(Some(CapturedPacket {
            index,
            offset,
            timestamp: record.timestamp,
            original_length: record.original_length.max(saturating_u32(bytes.len())),
            link_type: record.link_type,
            bytes,
        }))
    }

    /// The unit of the time stamps. Interfaces of pcapng may differ in it: the smaller one is told.
    #[must_use]
    pub const fn precision(&self) -> Precision {
        match &self.format {
            Format::Pcap(pcap) => pcap.precision(),
            Format::Pcapng(_) => Precision::Nanoseconds,
        }
    }

    /// Bytes of the file up to the end of the last packet.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.source.position()
    }

    /// Bytes of the file as it was opened, if it is one.
    #[must_use]
    pub const fn length(&self) -> Option<u64> {
        self.length
    }
}

impl Format {
    fn recognise<R: Read>(source: &mut Source<R>) -> Result<Self, Cause> {
        let first = source.peek()?;
        if Pcapng::is_magic(first) {
            Ok(Self::Pcapng(Pcapng::default()))
        } else if Pcap::is_magic(first) {
            Pcap::begin(source).map(Self::Pcap)
        } else {
            Err(Cause::NotACapture(first))
        }
    }

    fn next_record<R: Read>(&mut self, source: &mut Source<R>) -> Result<Option<Record>, Cause> {
        match self {
            Self::Pcap(pcap) => pcap.next_record(source),
            Self::Pcapng(pcapng) => pcapng.next_record(source),
        }
    }
}

fn saturating_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
