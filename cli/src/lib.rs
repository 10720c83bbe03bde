//! The parts of the command `iiptran`, as a library so that tests reach them.
#![forbid(unsafe_code)]

mod command;
mod compare;
mod document;
mod explain;
mod failure;
mod generate;
mod keys;
mod pcap;
mod serve;
mod sim;
mod style;
mod walk;

pub use iiptran_capture as capture;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use command::{Arguments, Command, WalkArguments};
use failure::Failure;

/// Runs the command with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    main_with(std::env::args_os())
}

/// Runs the command with these arguments, the first of which is its own name.
///
/// Ends the process if they ask for help or are wrong.
#[must_use]
pub fn main_with(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = Arguments::parse_from(arguments);
    arguments.color.write_global();
    let kernel = iiptran_host::follow_environment()
        .map_err(|error| Failure::Usage(format!("{}: {error}", iiptran_host::KERNEL_VARIABLE)));
    match kernel.and_then(|()| run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let json = arguments.json;
    match arguments.command {
        None => walk::run(&WalkArguments::default(), json),
        Some(Command::Walk(arguments)) => walk::run(&arguments, json),
        Some(Command::Pcap(command)) => pcap::run(&command, json),
        Some(Command::Keys(arguments)) => keys::run(&arguments, json),
        Some(Command::Explain(arguments)) => explain::run(&arguments, json),
        Some(Command::Compare(arguments)) => compare::run(&arguments, json),
        Some(Command::Sim(arguments)) => sim::run(&arguments, json),
        Some(Command::Serve(arguments)) => serve::run(&arguments),
        Some(Command::Completions(arguments)) => generate::completions(&arguments),
        Some(Command::Man(arguments)) => generate::man(&arguments),
    }
}
