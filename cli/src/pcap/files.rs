//! The files of a run: captures in and out, verdicts and a summary.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use super::progress::Progress;
use super::verdict::Tally;
use crate::capture::opening::Report;
use crate::capture::{CaptureReader, CaptureWriter, CapturedPacket, refuse_overwrite};
use crate::failure::Failure;

/// A capture that is read, from a file or the standard input.
pub(super) type Input = CaptureReader<Box<dyn Read>>;

/// What a run writes.
pub(super) struct Output {
    writer: CaptureWriter<'static>,
    verdicts: Verdicts,
    tally: Tally,
    progress: Progress,
    from: String,
    to: String,
    done: &'static str,
}

/// Where verdicts go.
enum Verdicts {
    /// Into a summary at the end.
    Summary,
    /// To the standard output, one by one.
    Lines(BufWriter<io::Stdout>),
    /// Whoever read them has seen enough. The packets are still to be written.
    Unread,
}

impl Verdicts {
    /// Writes to the standard output, as long as somebody reads it.
    fn tell(
        &mut self,
        write: impl FnOnce(&mut BufWriter<io::Stdout>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let Self::Lines(lines) = self else {
            return Ok(());
        };
        match write(lines) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                *self = Self::Unread;
                Ok(())
            }
            written => Ok(written?),
        }
    }
}

pub(super) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// What a file is called: its path, or what stands for it.
pub(super) fn name(path: &Path, standard: &str) -> String {
    if is_standard(path) {
        standard.to_string()
    } else {
        path.display().to_string()
    }
}

/// Opens a capture.
pub(super) fn open(path: &Path) -> Result<(Input, Option<u64>), Failure> {
    if is_standard(path) {
        let reader = CaptureReader::new("standard input", Box::new(io::stdin()) as Box<dyn Read>)?;
        return Ok((reader, None));
    }
    let name = path.display().to_string();
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let (metadata, file) = opened.map_err(|error| Failure::file(path, error))?;
    let length = metadata.is_file().then_some(metadata.len());
    let reader = CaptureReader::new(name, Box::new(file) as Box<dyn Read>)?;
    Ok((reader, length))
}

impl Output {
    /// Begins the output of a run that reads `input` and the other files.
    pub(super) fn create(
        path: &Path,
        (input, reader, length): (&Path, &Input, Option<u64>),
        others: &[&Path],
        done: &'static str,
        json: bool,
    ) -> Result<Self, Failure> {
        let precision = reader.precision();
        let writer = if is_standard(path) {
            if json {
                return Err(Failure::Usage(
                    "verdicts and packets can't both go to the standard output: name a file, or leave --json out"
                        .to_string(),
                ));
            }
            CaptureWriter::new("standard output", io::stdout(), precision)?
        } else {
            let inputs: Vec<&Path> = others.iter().copied().chain([input]).collect();
            refuse_overwrite(path, &inputs)?;
            CaptureWriter::create(path, precision)?
        };
        Ok(Self {
            writer,
            verdicts: if json {
                Verdicts::Lines(BufWriter::new(io::stdout()))
            } else {
                Verdicts::Summary
            },
            tally: Tally::default(),
            progress: Progress::new(length),
            from: name(input, "standard input"),
            to: name(path, "standard output"),
            done,
        })
    }

    /// A packet of the input, what became of it, and what is to be written.
    pub(super) fn put(
        &mut self,
        captured: &CapturedPacket<'_>,
        report: &Report,
        bytes: Option<&[u8]>,
    ) -> Result<(), Failure> {
        if let Some(bytes) = bytes {
            self.writer.write(captured.timestamp, bytes)?;
        }
        self.tally.count(report);
        self.verdicts.tell(|lines| {
            serde_json::to_writer(&mut *lines, report)?;
            lines.write_all(b"\n")
        })?;
        self.progress.at(captured.offset);
        Ok(())
    }

    /// Gives the file its name, and tells people what was done.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.progress.finish();
        self.writer.finish()?;
        self.verdicts.tell(Write::flush)?;
        if matches!(self.verdicts, Verdicts::Summary) {
            let mut out = anstream::stderr().lock();
            self.tally
                .write(&mut out, self.done, &self.from, &self.to)?;
        }
        Ok(())
    }
}
