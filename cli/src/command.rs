//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::capture::keys::KeyFormat;

/// RFC 3884 made real: IPIP virtual interfaces protected by IPsec transport mode.
///
/// Without a command it walks a packet through an embedded example: from a host of a virtual network,
/// through an IIPtran gateway, to the far one and back.
#[derive(Debug, Parser)]
#[command(
    name = "iiptran",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_long_help = "\
Environment:
  IIPTRAN_ACCEL  Ciphers by avx512, avx2, aes-ni or portable instead of the fastest that the CPU has"
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
    /// Decrypt captures, and encrypt them again.
    #[command(subcommand)]
    Pcap(PcapCommand),
    /// Convert keys between IIPtran's document, Wireshark's table and `ip xfrm state`.
    #[command(after_long_help = KEYS_EXAMPLES)]
    Keys(KeysArguments),
    /// Tell what a drop reason means, which clause it comes from, and what to check.
    Explain(ExplainArguments),
    /// Compare the arrangements of RFC 3884 by running them: the matrix of its section 4.2.
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(CompareArguments),
    /// Run a scenario: a network of nodes on a virtual clock.
    Sim(SimArguments),
    /// Serve the page of packet walkthroughs to a browser on this computer.
    Serve(ServeArguments),
    /// Print a completion script for a shell.
    Completions(CompletionsArguments),
    /// Write the manual pages.
    Man(ManArguments),
}

/// It prints the address, opens it in the browser, and serves until it is ended. Nobody else can reach it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  iiptran serve
  iiptran serve wasm/www/dist --no-open")]
pub(crate) struct ServeArguments {
    /// The folder of the page, as `cargo xtask wasm` builds it; by default the page in this command.
    pub(crate) folder: Option<PathBuf>,
    /// Leave the browser alone.
    #[arg(long)]
    pub(crate) no_open: bool,
    /// The port; 0 for any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 3884)]
    pub(crate) port: u16,
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

#[derive(Debug, Subcommand)]
pub(crate) enum PcapCommand {
    /// Decrypt a capture: every ESP packet for which there is a key becomes the packet inside.
    ///
    /// Packets come out in their order and with their times, as a pcap file of raw IP. A packet of IP in
    /// IP, which tunnel mode and RFC 3884 have inside ESP, becomes the innermost of the two; one of
    /// transport mode becomes the IP packet that it was. A packet that can't be opened is left out,
    /// counted by its reason, and the next one follows.
    #[command(after_long_help = OPEN_EXAMPLES)]
    Open(OpenArguments),
    /// Encrypt a capture: the reverse of `pcap open`.
    ///
    /// The first SA of the keys whose selectors, and in transport mode whose addresses, fit a packet
    /// seals it, with sequence numbers from "start" on. With --like, each packet gets the SA, outer
    /// header, sequence number, IV and padding of its counterpart in a sealed capture: sealing what was
    /// opened gives the same bytes again.
    ///
    /// Two different captures that are sealed with the same keys and numbers give those keys away in
    /// counter modes: for captures that others may see, use keys that protect nothing else.
    #[command(after_long_help = SEAL_EXAMPLES)]
    Seal(SealArguments),
}

const OPEN_EXAMPLES: &str = "\
Examples:
  iiptran pcap open --keys keys.toml wire.pcap inner.pcap
  iiptran pcap open --keys ~/.config/wireshark/esp_sa wire.pcapng inner.pcap
  iiptran pcap open --keys keys.toml --json wire.pcap inner.pcap | jq 'select(.reason)'
  ip xfrm state | iiptran pcap open --keys - wire.pcap inner.pcap
  iiptran pcap open --keys keys.toml wire.pcap - | tcpdump -nr -
  iiptran pcap open walked.pcapng inner.pcap   # a capture of the page, with its keys in it

Keys, in TOML:
  [[sas]]
  spi = 0x1000
  transform = \"aes-128-gcm-16\"
  key = \"000102030405060708090a0b0c0d0e0f10111213\"  # with its salt behind it";

const SEAL_EXAMPLES: &str = "\
Examples:
  iiptran pcap seal --keys keys.toml inner.pcap wire.pcap
  iiptran pcap open --keys keys.toml wire.pcap inner.pcap
  iiptran pcap seal --keys keys.toml --like wire.pcap inner.pcap again.pcap
  cmp wire.pcap again.pcap

Keys, in TOML. An IIPtran link seals as tunnel mode does: not a byte differs (RFC 3884 section 3.1).
  [[sas]]
  spi = 0x1000
  mode = \"tunnel\"
  source = \"192.0.2.1\"
  destination = \"192.0.2.2\"
  transform = \"aes-128-gcm-16\"
  key = \"000102030405060708090a0b0c0d0e0f10111213\"
  start = 41      # the first packet has sequence number 42
  iv-mask = 0     # combined with the sequence number, the IV of counter modes
  selectors = [{ local = [\"10.1.0.0/16\"], remote = [\"10.2.0.0/16\"] }]";

const KEYS_EXAMPLES: &str = "\
Examples:
  ip xfrm state | iiptran keys - --output keys.toml
  iiptran keys keys.toml --to wireshark --output ~/.config/wireshark/esp_sa
  iiptran keys keys.toml --to ip-xfrm";

const COMPARE_EXAMPLES: &str = "\
Examples:
  iiptran compare
  iiptran compare dynamic-routing
  iiptran compare static-routing tunnel-mode --evidence
  iiptran compare --markdown
  iiptran compare --json | jq '.rows[0].cells[0].evidence'";

/// Each arrangement runs on one network, the scenario `comparison`, and each cell follows from what
/// its packets did there. Nothing of the matrix is written down.
#[derive(Args, Debug)]
pub(crate) struct CompareArguments {
    /// Rows, such as dynamic-routing, and arrangements, such as tunnel-mode: tell why these cells are what
    /// they are.
    pub(crate) of: Vec<String>,
    /// Print the packets, lookups and verdicts behind the cells too.
    #[arg(long, short)]
    pub(crate) evidence: bool,
    /// Print the matrix as a table of Markdown.
    #[arg(long, conflicts_with_all = ["of", "evidence"])]
    pub(crate) markdown: bool,
}

#[derive(Args, Debug)]
pub(crate) struct OpenArguments {
    /// The keys: IIPtran's document, Wireshark's esp_sa, or what `ip xfrm state` prints; by default those in
    /// the comment of the capture, where the page writes them.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// Write the whole packet of IP in IP, its outer header included, instead of the one inside.
    #[arg(long)]
    pub(crate) keep_outer: bool,
    /// Leave out what is not ESP, instead of writing it unchanged.
    #[arg(long)]
    pub(crate) drop_others: bool,
    /// Open duplicates and late packets too. SAs with extended sequence numbers still need the window.
    #[arg(long)]
    pub(crate) no_anti_replay: bool,
    /// The capture to read, pcap or pcapng; - is the standard input.
    pub(crate) input: PathBuf,
    /// The capture to write; - is the standard output.
    pub(crate) output: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct SealArguments {
    /// The keys: IIPtran's document, Wireshark's esp_sa, or what `ip xfrm state` prints.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) keys: PathBuf,
    /// The sealed capture from which `pcap open` made the input. What is not ESP there is written
    /// unchanged.
    #[arg(long, value_name = "WIRE")]
    pub(crate) like: Option<PathBuf>,
    /// The input was opened with --keep-outer.
    #[arg(long, requires = "like")]
    pub(crate) keep_outer: bool,
    /// The input was opened with --drop-others.
    #[arg(long, requires = "like")]
    pub(crate) drop_others: bool,
    /// The input was opened with --no-anti-replay.
    #[arg(long, requires = "like")]
    pub(crate) no_anti_replay: bool,
    /// The capture to read, pcap or pcapng; - is the standard input.
    pub(crate) input: PathBuf,
    /// The capture to write; - is the standard output.
    pub(crate) output: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct KeysArguments {
    /// The keys, in any of the formats, told apart by what is in the file; - is the standard input.
    pub(crate) input: PathBuf,
    /// The format to write. IIPtran's document is JSON with --json or for a file of that name.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) to: KeyFormat,
    /// The file to write, which only you may read; without it, the standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Leave out SAs that the format can't express, instead of failing.
    #[arg(long)]
    pub(crate) skip: bool,
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
    /// Write what each wire carried into captures in this folder, with the keys of the virtual links in
    /// keys.json and in Wireshark's esp_sa.
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
