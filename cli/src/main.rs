//! The command `iiptran`. What it does is in the library beside it.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    iiptran_cli::main()
}
