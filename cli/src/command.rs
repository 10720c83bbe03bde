//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// RFC 3884 made real: IPIP virtual interfaces protected by IPsec transport mode.
///
/// Without a command it walks a packet through an embedded example: from a host of a virtual network,
/// through an IIPtran gateway, to the far one and back.
#[derive(Debug, Parser)]
#[command(
    name = "iiptran",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
pub(crate) struct Arguments {
    /// Print JSON for programs instead of text for people.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) color: colorchoice_clap::Color,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tell what a drop reason means, which clause it comes from, and what to check.
    Explain(ExplainArguments),
    /// Run a scenario: a network of nodes on a virtual clock.
    Sim(SimArguments),
    /// Print a completion script for a shell.
    Completions(CompletionsArguments),
    /// Write the manual pages.
    Man(ManArguments),
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArguments {
    /// The reason's name, such as bad-icv, or its code, such as 0x52. Without one, all are listed.
    pub(crate) reason: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct SimArguments {
    /// The name of a scenario that comes with the command, or a file; - is the standard input.
    #[arg(required_unless_present = "list")]
    pub(crate) scenario: Option<String>,
    /// List the scenarios that come with the command.
    #[arg(long)]
    pub(crate) list: bool,
    /// Run it under another arrangement, such as tunnel-mode or iiptran.
    #[arg(long, value_name = "WORD")]
    pub(crate) arrangement: Option<String>,
    /// Run it with another seed.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Write what happens into this file, one line of JSON for each event; - is the standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Option<PathBuf>,
    /// Write what each wire carried into captures in this folder, with the keys of the virtual links.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pcap: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
pub(crate) struct ManArguments {
    /// Write one page for each command into this folder, instead of the main page to the output.
    pub(crate) folder: Option<PathBuf>,
}
