//! `iiptran walk`: a packet's way through a node, step by step.

mod example;
mod hex;
mod input;
pub(crate) mod render;

use std::io::Write;

use iiptran::walkthrough::{Recorder, Walkthrough};
use iiptran::{Instant, LinkId, NetworkId, Node, PacketBuffer, Verdict};
use serde::Serialize;

use crate::command::WalkArguments;
use crate::failure::Failure;
use crate::style::{DIM, HEADING};

/// Where a packet enters a node.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    /// It comes in by this link.
    Link(LinkId),
    /// The node sends it itself in this network.
    Own(NetworkId),
}

/// One packet's way through one node.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Walk {
    /// What people call the node or the packet.
    title: String,
    /// What the way is.
    walkthrough: Walkthrough,
}

/// Prints walks as they come.
pub(super) struct Printer<W> {
    out: W,
    json: bool,
    brief: bool,
}

pub(crate) fn run(arguments: &WalkArguments, json: bool) -> Result<(), Failure> {
    let mut printer = Printer {
        out: anstream::stdout().lock(),
        json,
        brief: arguments.brief,
    };
    match &arguments.node {
        None => example::run(arguments, &mut printer),
        Some(file) => input::run(file, arguments, &mut printer),
    }
}

/// Runs a packet through a node, and keeps what is left of it.
pub(super) fn walk(
    node: &mut Node,
    title: impl Into<String>,
    entry: Entry,
    now: Instant,
    packet: &[u8],
) -> (Walk, Verdict, Vec<u8>) {
    let mut recorder = Recorder::new();
    let mut buffer = PacketBuffer::new(packet);
    let verdict = buffer.process(|packet| match entry {
        Entry::Link(link) => node.receive(now, link, packet, &mut recorder),
        Entry::Own(network) => node.send(now, network, packet, &mut recorder),
    });
    let walk = Walk {
        title: title.into(),
        walkthrough: recorder.into_walkthrough(),
    };
    (walk, verdict, buffer.bytes().to_vec())
}

impl<W: Write> Printer<W> {
    /// Something about what follows; not for programs.
    pub(super) fn say(&mut self, text: &str) -> Result<(), Failure> {
        if !self.json {
            writeln!(self.out, "{text}")?;
        }
        Ok(())
    }

    pub(super) fn print(&mut self, walk: &Walk) -> Result<(), Failure> {
        if self.json {
            serde_json::to_writer(&mut self.out, walk)?;
            writeln!(self.out)?;
            return Ok(());
        }
        let Walk { title, walkthrough } = walk;
        writeln!(
            self.out,
            "{HEADING}{title}{HEADING:#}  {DIM}(arrangement {}){DIM:#}",
            walkthrough.arrangement
        )?;
        render::print(&mut self.out, walkthrough, self.brief)?;
        Ok(())
    }
}
