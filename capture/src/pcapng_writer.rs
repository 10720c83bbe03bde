//! Packets into a pcapng file in memory, with a text in it that says how to read them.

use core::time::Duration;

use super::LinkType;

const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const PACKET: u32 = 6;
const COMMENT: u16 = 1;
const TIME_RESOLUTION: u16 = 9;
/// Time stamps count nanoseconds.
const NANOSECONDS: u8 = 9;

/// Writes IP packets as one little-endian section of [`LinkType::RAW`].
#[derive(Clone, Debug)]
pub struct PcapngWriter(Vec<u8>);

impl PcapngWriter {
    /// Begins a section with a comment, such as the keys of its packets; the format has no block for
    /// those of ESP. A text that is longer than a comment can be becomes several, each of whole lines.
    #[must_use]
    pub fn new(comment: &str) -> Self {
        let mut writer = Self(Vec::new());
        let mut section = Vec::new();
        section.extend(0x1a2b_3c4d_u32.to_le_bytes());
        section.extend([1, 0, 0, 0]);
        // The length of the section is not told.
        section.extend(u64::MAX.to_le_bytes());
        let mut rest = comment;
        while !rest.is_empty() {
            let (part, behind) = rest.split_at(comment_length(rest));
            option(&mut section, COMMENT, part.as_bytes());
            rest = behind;
        }
        end_options(&mut section);
        writer.block(SECTION, &section);
        let mut interface = Vec::new();
        interface.extend(LinkType::RAW.0.to_le_bytes());
        interface.extend([0; 6]);
        option(&mut interface, TIME_RESOLUTION, &[NANOSECONDS]);
        end_options(&mut interface);
        writer.block(INTERFACE, &interface);
        writer
    }

    /// Writes an IP packet that was seen at `timestamp`, counted from 1970-01-01 00:00 UTC; the latest
    /// is in 2554.
    pub fn write(&mut self, timestamp: Duration, packet: &[u8]) {
        let time = u64::try_from(timestamp.as_nanos()).unwrap_or(u64::MAX);
        let length = u32::try_from(packet.len()).unwrap_or(u32::MAX);
        let mut body = Vec::with_capacity(packet.len().saturating_add(20));
        body.extend([0; 4]);
        // The high half comes first.
        body.extend(time.rotate_left(32).to_le_bytes());
        body.extend(length.to_le_bytes());
        body.extend(length.to_le_bytes());
        body.extend_from_slice(packet);
        pad(&mut body);
        self.block(PACKET, &body);
    }

    /// The file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn block(&mut self, kind: u32, body: &[u8]) {
        let length = u32::try_from(body.len().saturating_add(12)).unwrap_or(u32::MAX);
        self.0.extend(kind.to_le_bytes());
        self.0.extend(length.to_le_bytes());
        self.0.extend_from_slice(body);
        self.0.extend(length.to_le_bytes());
    }
}

/// How much of a text one comment takes, bytes: all of it, or the lines that fit; of a line that does not,
/// the characters that do.
fn comment_length(text: &str) -> usize {
    const MOST: usize = u16::MAX as usize;
    if text.len() <= MOST {
        return text.len();
    }
    let ends = text
        .char_indices()
        .map(|(at, letter)| (at + letter.len_utf8(), letter));
    let fitting = ends.take_while(|(end, _)| *end <= MOST);
    let (mut characters, mut lines) = (0, None);
    for (end, letter) in fitting {
        characters = end;
        if letter == '\n' {
            lines = Some(end);
        }
    }
    lines.unwrap_or(characters)
}

/// Puts an option behind a body; its value has 65,535 bytes at most.
fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    body.extend(code.to_le_bytes());
    body.extend(length.to_le_bytes());
    body.extend_from_slice(value);
    pad(body);
}

fn end_options(body: &mut Vec<u8>) {
    body.extend([0; 4]);
}

fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CaptureReader;

    #[test]
    #[allow(clippy::unwrap_used)]
    fn what_is_written_is_read_again() {
        let mut writer = PcapngWriter::new("the keys");
        let packets: [(u64, &[u8]); 2] = [(1, &[0x45, 1, 2]), (1 << 40, &[0x60; 40])];
        for (time, packet) in packets {
            writer.write(Duration::from_nanos(time), packet);
        }
        let file = writer.finish();
        assert!(file.windows(8).any(|bytes| bytes == b"the keys"));
        let mut reader = CaptureReader::new("written", file.as_slice()).unwrap();
        for (time, packet) in packets {
            let read = reader.next().unwrap().unwrap();
            assert_eq!(
                (read.timestamp, read.bytes),
                (Duration::from_nanos(time), packet)
            );
            assert_eq!(read.link_type, LinkType::RAW);
        }
        assert!(reader.next().unwrap().is_none());
    }
    /// By another reader of pcapng.
    #[test]
    #[allow(clippy::unwrap_used, clippy::indexing_slicing)]
    fn a_long_text_becomes_several_comments_and_none_of_it_is_lost() {
        use pcap_parser::{Block, OptionCode, parse_block_le};
        let lines = "spi 0x1000 key 00112233445566778899aabbccddeeff\n".repeat(5000);
        let one_line = "\u{e9}".repeat(70_000);
        for text in [lines.as_str(), one_line.as_str(), "short"] {
            let file = PcapngWriter::new(text).finish();
            let (_, block) = parse_block_le(&file).unwrap();
            let Block::SectionHeader(section) = block else {
                panic!("no section header");
            };
            let comments = section.options.iter();
            let comments = comments.filter(|option| option.code == OptionCode::Comment);
            let comments: Vec<_> = comments
                .map(|option| str::from_utf8(&option.value[..usize::from(option.len)]).unwrap())
                .collect();
            assert_eq!(comments.concat(), text);
            let whole = |comment: &&str| comment.ends_with('\n');
            assert!(!text.contains('\n') || comments.iter().all(whole));
        }
    }
}
