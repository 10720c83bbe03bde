//! `iiptran pcap`: decrypt captures, and encrypt them again.

mod files;
mod frames;
mod inbound;
mod open;
mod opener;
mod outbound;
mod progress;
mod seal;
mod verdict;

use std::path::Path;

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
