//! What can go wrong with a capture, and where.

use std::io;

/// Why a capture could not be read or written, with the name of the file as the user gave it.
///
/// The message is complete: it includes the cause, which is therefore not repeated as the source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The file can't be opened for reading.
    #[error("{file}: can't open: {cause}")]
    Open {
        /// The capture.
        file: String,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The file can't be created, or not be given its name.
    #[error("{file}: can't create: {cause}")]
    Create {
        /// The capture.
        file: String,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The file to write is one of those to read.
    #[error("{file}: is also an input; refusing to overwrite it")]
    SameFile {
        /// The output.
        file: String,
    },
    /// Reading stopped.
    #[error("{file}: {}byte {offset}: {cause}", after(*packet))]
    Read {
        /// The capture.
        file: String,
        /// How far the file is good, in bytes: where the record at fault begins, or how much of a
        /// block that is passed over there is.
        offset: u64,
        /// Index of the packet that was to come, counted from 0.
        packet: u64,
        /// What is wrong there.
        cause: Cause,
    },
    /// Writing stopped.
    #[error("{file}: packet {}: {cause}", packet + 1)]
    Write {
        /// The capture.
        file: String,
        /// Index of the packet, counted from 0.
        packet: u64,
        /// What is wrong with it.
        cause: Cause,
    },
}

/// The packets that were good, as far as there are any: what is wrong may be in no packet at all.
fn after(packets: u64) -> String {
    match packets {
        0 => String::new(),
        1 => "after 1 packet, at ".to_string(),
        packets => format!("after {packets} packets, at "),
    }
}

/// What is wrong at one place of a capture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The operating system failed to read or write.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file begins like neither format.
    #[error("not a pcap or pcapng file: it begins with {0:02x?}")]
    NotACapture([u8; 4]),
    /// Another version of the format.
    #[error("version {major}.{minor} of the format is not supported")]
    Version {
        /// Major version.
        major: u16,
        /// Minor version.
        minor: u16,
    },
    /// The file ends inside a record.
    #[error("the file is cut off: {needed} bytes belong here, {found} are left")]
    Truncated {
        /// Bytes that the record takes.
        needed: u64,
        /// Bytes that the file still has.
        found: u64,
    },
    /// A record claims to be longer than any packet can be.
    #[error("the record claims {length} bytes; {limit} are the most")]
    TooLong {
        /// Bytes claimed.
        length: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A time before 1970, or one that the format can't say.
    #[error("the time stamp is out of range")]
    Timestamp,
    /// A pcapng section has no valid byte-order magic.
    #[error("the section begins with the byte-order magic {0:02x?}")]
    ByteOrder([u8; 4]),
    /// The length of a pcapng block is impossible.
    #[error("the block claims {0} bytes; a block has at least 12, in multiples of 4")]
    BlockLength(u32),
    /// A pcapng block has two different lengths.
    #[error("the block's length is {front} at its front and {back} at its end")]
    BlockTrailer {
        /// Length before the contents.
        front: u32,
        /// Length behind the contents.
        back: u32,
    },
    /// The fields of a pcapng block don't fit into it.
    #[error("the contents of the block of type {0:#x} contradict its length")]
    Block(u32),
    /// A pcapng packet comes from an interface that its section does not describe.
    #[error("the packet names interface {0}, which the section does not describe")]
    UnknownInterface(u32),
    /// A pcapng interface counts time in units so small that no number here can hold them.
    #[error("the interface's time resolution {0:#04x} is out of range")]
    Resolution(u8),
    /// A pcapng section describes more interfaces than are kept.
    #[error("the section describes more than {0} interfaces")]
    TooManyInterfaces(usize),
}
