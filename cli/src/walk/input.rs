//! Packets that the user gives, through a node that the user describes.

use std::io::Write;
use std::path::Path;

use iiptran::config::NodeConfig;
use iiptran::walkthrough::{ECHO_PAYLOAD, Echo, Hex, HexError, arrival_link, echo};
use iiptran::{Instant, LinkKind, Node, Tables};

use super::{Entry, Printer, walk};
use crate::capture::{CaptureReader, Framing};
use crate::command::WalkArguments;
use crate::document;
use crate::failure::Failure;

pub(super) fn run<W: Write>(
    file: &Path,
    arguments: &WalkArguments,
    printer: &mut Printer<W>,
) -> Result<(), Failure> {
    let text = document::read(file)?;
    let mut config: NodeConfig =
        document::parse(file, &text, NodeConfig::from_json, NodeConfig::from_toml)?;
    replace_arrangement(&mut config, arguments.arrangement.as_deref())?;
    let mut node = config
        .node()
        .map_err(|error| Failure::config(file, error))?;
    if let Some(capture) = &arguments.pcap {
        return walk_capture(capture, &mut node, arguments, printer);
    }
    let packet = match (&arguments.packet, arguments.from, arguments.to) {
        (Some(digits), ..) => {
            let wrong = |error: HexError| Failure::Usage(format!("--packet: {error}"));
            digits.parse::<Hex>().map_err(wrong)?.0
        }
        (None, Some(from), Some(to)) => {
            echo(Echo::Request, from, to, ECHO_PAYLOAD).ok_or_else(|| {
                Failure::Usage(format!("{from} and {to} are of different IP versions"))
            })?
        }
        _ => {
            return Err(Failure::Usage(
                "which packet? Give --packet HEX, --pcap FILE, or --from and --to for an echo request"
                    .into(),
            ));
        }
    };
    let entry = entry(node.tables(), arguments, &packet)?;
    let (told, ..) = walk(
        &mut node,
        file.display().to_string(),
        entry,
        Instant::ZERO,
        &packet,
    );
    printer.print(&told)
}

fn walk_capture<W: Write>(
    capture: &Path,
    node: &mut Node,
    arguments: &WalkArguments,
    printer: &mut Printer<W>,
) -> Result<(), Failure> {
    let mut reader = CaptureReader::open(capture)?;
    let mut first = None;
    while let Some(packet) = reader.next()? {
        let number = packet.index + 1;
        let title = format!("{}, packet {number}", capture.display());
        let wanted = arguments.number.is_none_or(|wanted| wanted == number);
        let offset = match packet.link_type.ip_packet(packet.bytes) {
            Ok(Framing::Ip { offset }) => offset,
            Ok(Framing::NotIp { protocol }) => {
                if wanted {
                    printer.say(&format!("{title}: not IP (protocol 0x{protocol:04x})\n"))?;
                }
                continue;
            }
            Ok(Framing::Malformed(reason)) => {
                if wanted {
                    printer.say(&format!("{title}: broken link header ({reason})\n"))?;
                }
                continue;
            }
            Err(unsupported) => return Err(Failure::Usage(format!("{title}: {unsupported}"))),
        };
        let bytes = packet.bytes.get(offset..).unwrap_or_default();
        let now = packet
            .timestamp
            .saturating_sub(*first.get_or_insert(packet.timestamp));
        let now = Instant::from_nanos(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX));
        let entry = entry(node.tables(), arguments, bytes)?;
        // Packets that nobody asked about still move windows and counters.
        let (told, ..) = walk(node, title, entry, now, bytes);
        if wanted {
            printer.print(&told)?;
        }
    }
    Ok(())
}

/// Where a packet enters: where the user says; else by the link whose prefix holds its source; else by
/// the only link on the far side of the IPsec boundary.
fn entry(tables: &Tables, arguments: &WalkArguments, packet: &[u8]) -> Result<Entry, Failure> {
    if let Some(name) = &arguments.send {
        let found = tables.find_network(name).map(Entry::Own);
        let names = tables.networks().map(|(_, network)| network.name());
        return found.ok_or_else(|| unknown("network", name, names));
    }
    let physical = || {
        tables
            .links()
            .filter(|(_, link)| link.kind == LinkKind::Physical)
    };
    if let Some(name) = &arguments.link {
        let found = physical().find(|(_, link)| link.name == *name);
        let names = physical().map(|(_, link)| link.name.as_str());
        return found
            .map(|(id, _)| Entry::Link(id))
            .ok_or_else(|| unknown("physical link", name, names));
    }
    let names = physical().map(|(_, link)| link.name.as_str());
    arrival_link(tables, packet).map(Entry::Link).ok_or_else(|| {
        Failure::Usage(format!(
            "by which link does the packet arrive? Give --link, one of {}; or --send if the node sends it",
            names.collect::<Vec<_>>().join(", ")
        ))
    })
}

fn unknown<'n>(kind: &str, name: &str, names: impl Iterator<Item = &'n str>) -> Failure {
    let names = names.collect::<Vec<_>>().join(", ");
    Failure::Usage(format!("there is no {kind} \"{name}\"; there is {names}"))
}

/// Puts another word of the arrangement into a document.
pub(super) fn replace_arrangement(
    config: &mut NodeConfig,
    word: Option<&str>,
) -> Result<(), Failure> {
    if let Some(word) = word {
        config.arrangement = document::arrangement(word)?;
    }
    Ok(())
}
