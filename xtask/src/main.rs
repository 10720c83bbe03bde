//! The checks and generators of this workspace.
#![forbid(unsafe_code)]

mod bare;
mod c;
mod callgrind;
mod compiled;
mod counts;
mod debian;
mod fuzz;
mod generated;
mod no_trace;
mod node;
mod parity;
mod peers;
mod python;
mod readme;
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
    /// Write the matrix of the arrangements into README.md, from a run.
    Readme {
        /// Only tell whether it is up to date.
        #[arg(long)]
        check: bool,
    },
    /// Write the JSON Schema of the documents to core/schema.
    Schema {
        /// Only tell whether the files are up to date.
        #[arg(long)]
        check: bool,
    },
    /// Write the header of the C library.
    Header {
        /// Only tell whether it is up to date.
        #[arg(long)]
        check: bool,
    },
    /// Build the C library for release and install it with its header and pkg-config file.
    InstallC {
        /// The folder that gets `include` and `lib`.
        #[arg(long, default_value = "/usr/local")]
        prefix: PathBuf,
    },
    /// Make the HTML reference of the C library in target/c/reference.
    ReferenceC,
    /// Test the C library alone.
    TestC,
    /// Run the fuzz targets, or one of them (needs a nightly compiler).
    Fuzz {
        /// Its name; all of them one after another without it.
        target: Option<String>,
        /// How long each runs, seconds.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Check that every host has every call of docs/api.toml.
    Parity,
    /// Build the Python package as a user would, and run its tests.
    TestPython,
    /// Build the Node package as a user would, and run its tests.
    TestNode,
    /// Build the core for targets without an operating system.
    Bare,
    /// Count the instructions of the data path under valgrind, and compare them with a baseline.
    Counts {
        /// Write the baseline instead.
        #[arg(long)]
        renew: bool,
    },
    /// Read the assembly of the data path without a trace: nothing of tracing may be in it.
    NoTrace {
        /// Write the list of what it calls instead of comparing with it.
        #[arg(long)]
        renew: bool,
    },
    /// Install and build other libraries, and time IIPtran beside them, in turns on one core.
    BenchPeers(peers::Options),
    /// Write the tables and plots of docs/performance.md, from the run in docs/performance/run.json.
    Performance {
        /// Only tell whether they are up to date.
        #[arg(long)]
        check: bool,
    },
    /// Build the npm package iiptran-wasm and the page of packet walkthroughs.
    Wasm,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Test => test::run(),
        Task::Requirements { check } => requirements::run(check),
        Task::Readme { check } => readme::run(check),
        Task::Schema { check } => schema::run(check),
        Task::Header { check } => c::header::run(check),
        Task::InstallC { prefix } => c::install::run(&prefix),
        Task::ReferenceC => {
            let mut steps = step::Steps::default();
            steps.run("C reference", c::reference::run)
        }
        Task::TestC => {
            let mut steps = step::Steps::default();
            let result = c::test(&mut steps);
            steps.summary();
            result
        }
        Task::Fuzz { target, seconds } => fuzz::run(target.as_deref(), seconds),
        Task::Parity => parity::run(),
        Task::TestPython => python::run(),
        Task::TestNode => node::run(),
        Task::Bare => bare::run(),
        Task::Counts { renew } => counts::run(renew),
        Task::NoTrace { renew } => no_trace::run(renew),
        Task::BenchPeers(options) => peers::run(&options),
        Task::Performance { check } => peers::page(check),
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
