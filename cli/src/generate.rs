//! `iiptran completions` and `iiptran man`: what installers want.

use std::fs;
use std::io::Write;

use clap::CommandFactory;

use crate::command::{Arguments, CompletionsArguments, ManArguments};
use crate::failure::Failure;

pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "iiptran",
        &mut script,
    );
    std::io::stdout().lock().write_all(&script)?;
    Ok(())
}

pub(crate) fn man(arguments: &ManArguments) -> Result<(), Failure> {
    match &arguments.folder {
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
            std::io::stdout().lock().write_all(&page)?;
        }
        Some(folder) => {
            fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
            clap_mangen::generate_to(Arguments::command(), folder)
                .map_err(|error| Failure::file(folder, error))?;
        }
    }
    Ok(())
}
