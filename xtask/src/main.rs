//! The checks and generators of this workspace.
#![forbid(unsafe_code)]

mod bare;
mod generated;
mod requirements;
mod schema;
mod step;
mod test;
mod toolchain;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The checks and generators of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the tests need and run all of them.
    Test,
    /// List the requirements with their tests, and write docs/requirements.md.
    Requirements {
        /// Only tell whether the list is up to date.
        #[arg(long)]
        check: bool,
    },
    /// Write the JSON Schema of the documents to core/schema.
    Schema {
        /// Only tell whether the files are up to date.
        #[arg(long)]
        check: bool,
    },
    /// Build the core for targets without an operating system.
    Bare,
    /// Build the npm package iiptran-wasm and the page of packet walkthroughs.
    Wasm,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Test => test::run(),
        Task::Requirements { check } => requirements::run(check),
        Task::Schema { check } => schema::run(check),
        Task::Bare => bare::run(),
        Task::Wasm => wasm::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    package.parent().map(PathBuf::from).unwrap_or(package)
}
