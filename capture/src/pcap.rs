//! The classic format: one header, then packets, all of one link type
//! (draft-ietf-opsawg-pcap).

use core::time::Duration;
use std::io::Read;

use pcap_parser::nom::{Err, Needed};
use pcap_parser::{LegacyPcapBlock, parse_pcap_frame, parse_pcap_frame_be, parse_pcap_header};

use super::reader::Record;
use super::source::Source;
use super::{Cause, LinkType, Precision};

/// What the file header says of all packets.
pub(super) struct Pcap {
    big_endian: bool,
    nanoseconds: bool,
    link_type: LinkType,
}

impl Pcap {
    /// Length of the file header, bytes.
    const HEADER: usize = 24;

    /// Whether a file that begins so is of this format.
    pub(super) const fn is_magic(first: [u8; 4]) -> bool {
        const MICROSECONDS: u32 = 0xa1b2_c3d4;
        const NANOSECONDS: u32 = 0xa1b2_3c4d;
        matches!(u32::from_be_bytes(first), MICROSECONDS | NANOSECONDS)
            || matches!(u32::from_le_bytes(first), MICROSECONDS | NANOSECONDS)
    }

    /// Reads the file header.
    pub(super) fn begin<R: Read>(source: &mut Source<R>) -> Result<Self, Cause> {
        let bytes: [u8; Self::HEADER] = source.peek()?;
        let Ok((_, header)) = parse_pcap_header(&bytes) else {
            return Err(Cause::NotACapture(source.peek()?));
        };
        let (major, minor) = (header.version_major, header.version_minor);
        // Older versions have the two lengths of a packet in the other order.
        if (major, minor) != (2, 4) {
            return Err(Cause::Version { major, minor });
        }
        source.take(Self::HEADER);
        Ok(Self {
            big_endian: header.is_bigendian(),
            nanoseconds: header.is_nanosecond_precision(),
            link_type: LinkType::from_pcap(header.network.0),
        })
    }

    /// The unit of the time stamps.
    pub(super) const fn precision(&self) -> Precision {
        if self.nanoseconds {
            Precision::Nanoseconds
        } else {
            Precision::Microseconds
        }
    }

    /// Finds the next packet; `None` at the end of the file.
    pub(super) fn next_record<R: Read>(
        &self,
        source: &mut Source<R>,
    ) -> Result<Option<Record>, Cause> {
        if source.at_end()? {
            return Ok(None);
        }
        let parse = if self.big_endian {
            parse_pcap_frame_be
        } else {
            parse_pcap_frame
        };
        loop {
            let window = source.window();
            let missing = match parse(window) {
                Ok((rest, frame)) => {
                    let length = window.len() - rest.len();
                    return Ok(Some(Record {
                        length,
                        data: length - frame.data.len()..length,
                        timestamp: self.time(&frame),
                        original_length: frame.origlen,
                        link_type: self.link_type,
                    }));
                }
                Err(Err::Incomplete(Needed::Size(missing))) => missing.get(),
                // Nothing else can be wrong with a frame: any bytes are one, if there are enough.
                Err(_) => 1,
            };
            source.fill(window.len().saturating_add(missing))?;
        }
    }

    /// A fraction of a second or more counts on into the seconds.
    fn time(&self, frame: &LegacyPcapBlock<'_>) -> Duration {
        let fraction = u64::from(frame.ts_usec);
        Duration::from_secs(frame.ts_sec.into())
            + if self.nanoseconds {
                Duration::from_nanos(fraction)
            } else {
                Duration::from_micros(fraction)
            }
    }
}
