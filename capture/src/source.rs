//! The bytes of a file, seen through a window that slides over it.
//!
//! ```text
//!  file    |<---- position ---->|<-- window -->|  not read yet
//!  buffer           |<- start ->|<-- window -->|<- free ->|
//! ```

use std::io::{ErrorKind, Read};

use super::Cause;

/// The longest record that is kept whole, in bytes: a pcap packet or a pcapng block, headers included.
///
/// The longest snapshot of a packet that libpcap takes, or that it and Wireshark accept, is 256 KiB.
/// As much again is for a pcapng block's options. The snapshot length that a file states is no help:
/// damaged files claim anything, and honest ones understate it.
pub(super) const MAX_RECORD: usize = 512 * 1024;

/// Bytes asked for at once.
const CAPACITY: usize = 256 * 1024;

/// An input and the part of it that was read but not yet taken.
pub(super) struct Source<R> {
    input: R,
    buffer: Vec<u8>,
    // Invariant: start <= end <= buffer.len().
    start: usize,
    end: usize,
    position: u64,
}

impl<R: Read> Source<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            buffer: vec![0; CAPACITY],
            start: 0,
            end: 0,
            position: 0,
        }
    }

    /// Bytes taken or skipped so far: the place of the window in the file.
    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    /// The bytes that were read and not yet taken.
    pub(super) fn window(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The first `N` bytes of the window, read if need be.
    pub(super) fn peek<const N: usize>(&mut self) -> Result<[u8; N], Cause> {
        self.fill(N)?;
        let first = self.window().first_chunk();
        Ok(first.copied().unwrap_or([0; N]))
    }

    /// Whether the input ends here.
    pub(super) fn at_end(&mut self) -> Result<bool, Cause> {
        Ok(self.window().is_empty() && self.read_more()? == 0)
    }

    /// Reads until the window has at least `count` bytes, and no further than that takes: a live
    /// capture shows each packet when it comes.
    pub(super) fn fill(&mut self, count: usize) -> Result<(), Cause> {
        if count > MAX_RECORD {
            return Err(Cause::TooLong {
                length: count as u64,
                limit: MAX_RECORD as u64,
            });
        }
        if self.buffer.len() - self.start < count {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            self.buffer.resize(self.buffer.len().max(count), 0);
        }
        while self.window().len() < count {
            if self.read_more()? == 0 {
                return Err(self.truncated(count as u64));
            }
        }
        Ok(())
    }

    /// Takes the first `count` bytes, which must be in the window. They stay in place until the next
    /// call that reads.
    pub(super) fn take(&mut self, count: usize) -> &[u8] {
        let taken = self.start..self.end.min(self.start.saturating_add(count));
        self.start = taken.end;
        self.position += taken.len() as u64;
        self.buffer.get(taken).unwrap_or_default()
    }

    /// Passes over `count` bytes, however many, without keeping them.
    pub(super) fn skip(&mut self, count: u64) -> Result<(), Cause> {
        let mut left = count;
        while left > 0 {
            if self.at_end()? {
                return Err(self.truncated(left));
            }
            let step = usize::try_from(left).unwrap_or(usize::MAX);
            left -= self.take(step).len() as u64;
        }
        Ok(())
    }

    /// Reads once, behind the window; answers how many bytes came, 0 at the end of the input.
    fn read_more(&mut self) -> Result<usize, Cause> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        let free = self.buffer.get_mut(self.end..).unwrap_or_default();
        loop {
            match self.input.read(free) {
                Ok(count) => {
                    self.end += count.min(free.len());
                    return Ok(count);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn truncated(&self, needed: u64) -> Cause {
        Cause::Truncated {
            needed,
            found: self.window().len() as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    /// Gives one byte at a time, and is interrupted before each.
    struct Trickle {
        left: u8,
        interrupted: bool,
    }

    impl Read for Trickle {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.interrupted = !self.interrupted;
            if self.interrupted {
                return Err(ErrorKind::Interrupted.into());
            }
            match (self.left.checked_sub(1), buffer.first_mut()) {
                (Some(left), Some(byte)) => {
                    self.left = left;
                    *byte = left;
                    Ok(1)
                }
                _ => Ok(0),
            }
        }
    }

    fn trickle(left: u8) -> Source<Trickle> {
        Source::new(Trickle {
            left,
            interrupted: false,
        })
    }

    #[test]
    fn a_slow_input_gives_what_is_asked_and_no_more() {
        let mut source = trickle(10);
        source.fill(3).unwrap();
        assert_eq!(source.window(), [9, 8, 7]);
        assert_eq!(source.take(2), [9, 8]);
        assert_eq!(source.peek().unwrap(), [7, 6]);
        source.skip(7).unwrap();
        assert_eq!((source.position(), source.at_end().unwrap()), (9, false));
        assert_eq!(source.take(9), [0]);
        assert!(source.at_end().unwrap());
    }

    #[test]
    fn an_end_too_early_says_what_is_missing() {
        let mut source = trickle(3);
        let error = source.fill(5).unwrap_err().to_string();
        assert_eq!(
            error,
            "the file is cut off: 5 bytes belong here, 3 are left"
        );
        assert!(source.skip(4).is_err());
        assert_eq!(source.position(), 3);
    }

    #[test]
    fn the_window_grows_to_the_longest_record_and_no_further() {
        let mut source = Source::new(io::repeat(7));
        source.fill(CAPACITY).unwrap();
        source.take(CAPACITY - 1);
        source.fill(MAX_RECORD).unwrap();
        assert_eq!(source.buffer.len(), MAX_RECORD);
        assert!(source.take(MAX_RECORD).iter().all(|&byte| byte == 7));
        assert!(matches!(
            source.fill(MAX_RECORD + 1),
            Err(Cause::TooLong { .. })
        ));
    }
}
