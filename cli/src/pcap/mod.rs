//! `iiptran pcap`: decrypt captures, and encrypt them again.

mod files;
mod open;
mod outbound;
mod progress;
mod seal;
mod verdict;

use std::path::Path;

use crate::capture::opening::Frames;
use crate::command::PcapCommand;
use crate::failure::Failure;

pub(crate) fn run(command: &PcapCommand, json: bool) -> Result<(), Failure> {
    match command {
        PcapCommand::Open(arguments) => open::run(arguments, json),
        PcapCommand::Seal(arguments) => seal::run(arguments, json),
    }
}

/// The standard input can be read once.
fn refuse_two_standard_inputs<P: AsRef<Path>>(inputs: &[P]) -> Result<(), Failure> {
    let standard = inputs
        .iter()
        .filter(|path| files::is_standard(path.as_ref()));
    if standard.count() < 2 {
        return Ok(());
    }
    Err(Failure::Usage(
        "only one input can be the standard input".to_string(),
    ))
}

/// Whether there was anything to read in a capture at all.
fn check(frames: &Frames, file: &Path) -> Result<(), Failure> {
    let checked = frames.check();
    checked.map_err(|error| Failure::Input(format!("{}: {error}", file.display())))
}
