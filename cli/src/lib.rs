//! The parts of the command `iiptran`, as a library so that tests reach them.
#![forbid(unsafe_code)]

pub mod capture;
mod command;
mod document;
mod explain;
mod failure;
mod generate;
mod sim;
mod style;

use std::process::ExitCode;

use clap::Parser;

use command::{Arguments, Command};
use failure::Failure;

/// Runs the command with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.color.write_global();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let json = arguments.json;
    match arguments.command {
        None => Ok(()),
        Some(Command::Explain(arguments)) => explain::run(&arguments, json),
        Some(Command::Sim(arguments)) => sim::run(&arguments, json),
        Some(Command::Completions(arguments)) => generate::completions(&arguments),
        Some(Command::Man(arguments)) => generate::man(&arguments),
    }
}
