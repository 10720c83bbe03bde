//! The command line.

use std::net::IpAddr;
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
    /// Walk a packet through a node, step by step.
    Walk(WalkArguments),
    /// Tell what a drop reason means, which clause it comes from, and what to check.
    Explain(ExplainArguments),
    /// Print a completion script for a shell.
    Completions(CompletionsArguments),
    /// Write the manual pages.
    Man(ManArguments),
}

/// Each step is told with the table that was asked, the entries that came into question, and the bytes
/// that changed: `+` stands before a new byte, `*` before one that changed.
///
/// Without a document an embedded example is walked: an echo request from a host of a virtual network
/// through an IIPtran gateway to the far one, and the reply back.
#[derive(Args, Debug, Default)]
#[command(after_help = "Examples:
  iiptran walk
  iiptran walk --arrangement tunnel-mode --brief
  iiptran walk node.toml --from 10.1.0.5 --to 10.2.0.5
  iiptran walk node.toml --packet '45 00 00 1c ...' --link wan
  iiptran walk node.toml --pcap wire.pcap --number 3 --json")]
pub(crate) struct WalkArguments {
    /// The node's document, TOML or JSON; - for the standard input.
    pub(crate) node: Option<PathBuf>,
    /// The packet, from its IP header on, in hexadecimal digits.
    #[arg(long, value_name = "HEX", conflicts_with_all = ["pcap", "from", "to"])]
    pub(crate) packet: Option<String>,
    /// The packets of a capture, one after another.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "to"])]
    pub(crate) pcap: Option<PathBuf>,
    /// Print only the packet with this number of the capture; those before it go through the node too.
    #[arg(long, value_name = "N", requires = "pcap")]
    pub(crate) number: Option<u64>,
    /// An echo request from this address.
    #[arg(long, value_name = "ADDRESS", requires = "to")]
    pub(crate) from: Option<IpAddr>,
    /// An echo request to this address.
    #[arg(long, value_name = "ADDRESS", requires = "from")]
    pub(crate) to: Option<IpAddr>,
    /// The link by which the packet arrives; by default the one that its source is on.
    #[arg(long, value_name = "NAME", conflicts_with = "send")]
    pub(crate) link: Option<String>,
    /// The node itself sends the packet, in this network.
    #[arg(long, value_name = "NETWORK")]
    pub(crate) send: Option<String>,
    /// Put this word in place of the document's arrangement.
    #[arg(long, value_name = "WORD")]
    pub(crate) arrangement: Option<String>,
    /// Only the steps, without tables and bytes.
    #[arg(long)]
    pub(crate) brief: bool,
}

impl WalkArguments {
    /// Whether the user gives a packet, or says where it enters.
    pub(crate) const fn has_input(&self) -> bool {
        self.packet.is_some()
            || self.pcap.is_some()
            || self.from.is_some()
            || self.link.is_some()
            || self.send.is_some()
    }
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArguments {
    /// The reason's name, such as bad-icv, or its code, such as 0x52. Without one, all are listed.
    pub(crate) reason: Option<String>,
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
