//! The embedded example: an echo request from a host of a virtual network through an IIPtran gateway to
//! the far one, and the reply back.

use std::io::Write;
use std::net::IpAddr;
use std::path::Path;

use iiptran::config::NodeConfig;
use iiptran::walkthrough::{ECHO_PAYLOAD, Echo, GATEWAYS, Gateway, echo};
use iiptran::{Instant, Node, Verdict};

use super::{Entry, Printer, walk};
use crate::command::WalkArguments;
use crate::document;
use crate::failure::Failure;

const PICTURE: &str = "
  10.1.0.5 ---- gateway A ==== virtual link, through the base network ==== gateway B ---- 10.2.0.5
          10.1.0.1    192.0.2.1        ESP(IPIP), AES-128-GCM        198.51.100.1    10.2.0.1
";

pub(super) fn run<W: Write>(
    arguments: &WalkArguments,
    printer: &mut Printer<W>,
) -> Result<(), Failure> {
    if arguments.has_input() {
        return Err(Failure::Usage(
            "a packet needs a node to go through: name its document, as in iiptran walk node.toml"
                .into(),
        ));
    }
    let mut nodes = Vec::new();
    for Gateway { name, text } in GATEWAYS {
        nodes.push(node(name, text, arguments.arrangement.as_deref())?);
    }
    let [near, far] = &mut *nodes else {
        return Ok(());
    };
    let hosts: [IpAddr; 2] = [[10, 1, 0, 5].into(), [10, 2, 0, 5].into()];
    printer.say(PICTURE.trim_matches('\n'))?;
    printer.say("")?;
    let [a, b] = hosts;
    printer.say("An echo request from 10.1.0.5 to 10.2.0.5.\n")?;
    if let Some(request) = echo(Echo::Request, a, b, ECHO_PAYLOAD)
        && !pass(
            printer,
            [(GATEWAYS[0].name, near), (GATEWAYS[1].name, far)],
            &request,
        )?
    {
        return Ok(());
    }
    printer.say("The echo reply.\n")?;
    if let Some(reply) = echo(Echo::Reply, b, a, ECHO_PAYLOAD) {
        pass(
            printer,
            [(GATEWAYS[1].name, far), (GATEWAYS[0].name, near)],
            &reply,
        )?;
    }
    printer.say(
        "Try: iiptran walk --arrangement tunnel-mode; iiptran walk --brief; iiptran walk --help",
    )
}

fn node(name: &str, text: &str, arrangement: Option<&str>) -> Result<Node, Failure> {
    let file = Path::new(name);
    let mut config: NodeConfig =
        document::parse(file, text, NodeConfig::from_json, NodeConfig::from_toml)?;
    super::input::replace_arrangement(&mut config, arrangement)?;
    config.node().map_err(|error| Failure::config(file, error))
}

/// Through the first gateway and, over the wire, the second; whether it came through both.
fn pass<W: Write>(
    printer: &mut Printer<W>,
    gateways: [(&str, &mut Node); 2],
    packet: &[u8],
) -> Result<bool, Failure> {
    let mut packet = packet.to_vec();
    for ((name, node), link) in gateways.into_iter().zip(["lan", "wan"]) {
        let Some(link) = node.tables().find_link(link) else {
            return Ok(false);
        };
        let (told, verdict, left) = walk(node, name, Entry::Link(link), Instant::ZERO, &packet);
        printer.print(&told)?;
        if !matches!(verdict, Verdict::Transmit { .. }) {
            return Ok(false);
        }
        packet = left;
    }
    Ok(true)
}
