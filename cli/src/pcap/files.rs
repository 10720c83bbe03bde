//! The files of a run: captures in and out, verdicts and a summary.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use super::progress::Progress;
use super::verdict::{Report, Tally};
use crate::capture::{CaptureReader, CaptureWriter, CapturedPacket, refuse_overwrite};
use crate::failure::Failure;

/// A capture that is read, from a file or the standard input.
pub(super) type Input = CaptureReader<Box<dyn Read>>;

/// What a run writes.
pub(super) struct Output {
    writer: CaptureWriter<'static>,
    verdicts: Option<BufWriter<io::Stdout>>,
    tally: Tally,
    progress: Progress,
    from: String,
    to: String,
    done: &'static str,
}

pub(super) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
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
        let name = |path: &Path, standard: &str| {
            if is_standard(path) {
                standard.to_string()
            } else {
                path.display().to_string()
            }
        };
        Ok(Self {
            writer,
            verdicts: json.then(|| BufWriter::new(io::stdout())),
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
        if let Some(verdicts) = &mut self.verdicts {
            serde_json::to_writer(&mut *verdicts, report)?;
            verdicts.write_all(b"\n")?;
        }
        self.progress.at(captured.offset);
        Ok(())
    }

    /// Gives the file its name, and tells people what was done.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.progress.finish();
        self.writer.finish()?;
        match &mut self.verdicts {
            Some(verdicts) => verdicts.flush()?,
            None => {
                let mut out = anstream::stderr().lock();
                self.tally
                    .write(&mut out, self.done, &self.from, &self.to)?;
            }
        }
        Ok(())
    }
}
