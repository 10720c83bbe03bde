//! The gateway example between network namespaces: two hosts, two gateways, and nothing but ESP between
//! those.
//!
//! ```text
//! host a -- lan -- gateway a -- wan -- gateway b -- lan -- host b
//! ```

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::compile::{Language, Program, has, output_folder};
use crate::debian;
use crate::root;
use crate::step::{Outcome, command};

const DOCUMENT: &str = r#"
arrangement = "iiptran"
networks = [{ name = "base" }, { name = "vn" }]
links = [
    { name = "wan", addresses = ["192.0.2.HERE/24"] },
    { name = "lan", network = "vn", side = "protected", addresses = ["10.HERE.0.1/16"] },
]
routes = [{ network = "vn", prefix = "10.PEER.0.0/16", link = "tunnel" }]

[[virtual-links]]
name = "tunnel"
network = "vn"
local = "192.0.2.HERE"
remote = "192.0.2.PEER"

[virtual-links.protection]
transform = "aes-256-cbc + hmac-sha2-256-128"
outbound = { spi = 0x100HERE, key = "KEY", integrity-key = "KEY" }
inbound = { spi = 0x100PEER, key = "KEY", integrity-key = "KEY" }
"#;

/// The namespaces: a host and a gateway on each side.
const SIDES: [[&str; 3]; 2] = [["1", "2", "a"], ["2", "1", "b"]];

pub(crate) fn test() -> Result<Outcome> {
    if !has("cc") || !debian::is_root() {
        return Ok(Outcome::Skipped("network namespaces need root".into()));
    }
    if !has_ping() && !debian::install(&["iputils-ping", "iproute2"]) {
        return Ok(Outcome::Skipped("ping is not installed".into()));
    }
    let Some(namespaces) = Namespaces::new()? else {
        return Ok(Outcome::Skipped(
            "this machine permits no network namespaces".into(),
        ));
    };
    let program = |source| Program {
        source,
        language: Language::C99,
    };
    let library = root().join("target/debug/libiiptran_c.a");
    let gateway = program("examples/afpacket_gateway.c").build(&library, &[])?;
    let listen = program("tests/listen.c").build(&library, &[])?;
    let mut listener = namespaces.start("ga", &listen, &["wan".into()])?;
    let mut gateways = Vec::new();
    for [here, peer, side] in SIDES {
        let file = output_folder()?.join(format!("gateway-{side}.toml"));
        let document = DOCUMENT
            .replace("HERE", here)
            .replace("PEER", peer)
            .replace("KEY", &"5e".repeat(32));
        fs::write(&file, document)?;
        let arguments = [
            file.display().to_string(),
            format!("wan=wan:192.0.2.{here}"),
            format!("lan=lan:10.{here}.0.1"),
        ];
        gateways.push(namespaces.start(&format!("g{side}"), &gateway, &arguments)?);
    }
    // The first echo asks for neighbours and is lost with each of them.
    let ping = namespaces
        .run("ha", "ping")
        .args(["-c", "20", "-i", "0.05", "-W", "1", "10.2.0.5"])
        .output()?;
    let ping = String::from_utf8_lossy(&ping.stdout).into_owned();
    let counters = gateways
        .iter_mut()
        .map(Running::end)
        .collect::<Result<String>>()?;
    let seen = listener.end()?;
    let received = number(&ping, " received").unwrap_or_default();
    let (esp, other) = (number(&seen, "esp "), number(&seen, "other "));
    if received < 10 || esp < Some(2 * received) || other != Some(0) {
        bail!("{ping}\nbetween the gateways: {seen}\n{counters}");
    }
    println!(
        "{received} of 20 echoes came back; between the gateways: {}",
        seen.trim()
    );
    Ok(Outcome::Done)
}

/// The number before or behind a word.
fn number(text: &str, word: &str) -> Option<u64> {
    let (before, behind) = text.split_once(word)?;
    let digits = |text: &str| text.parse().ok();
    let is_separator = |letter: char| !letter.is_ascii_digit();
    if word.starts_with(' ') {
        digits(before.rsplit(is_separator).next()?)
    } else {
        digits(behind.split(is_separator).next()?)
    }
}

fn has_ping() -> bool {
    Command::new("ping").arg("-V").output().is_ok() && Command::new("ip").arg("-V").output().is_ok()
}

/// Four namespaces of this process alone, gone when it is dropped.
struct Namespaces(String);

impl Namespaces {
    /// `None` if the machine permits none.
    fn new() -> Result<Option<Self>> {
        let namespaces = Self(format!("iiptran{}", std::process::id()));
        for name in ["ha", "ga", "gb", "hb"] {
            let added = ip(&["netns", "add", &namespaces.name(name)]);
            if added.is_err() {
                return Ok(None);
            }
        }
        for [left, right, left_name, right_name] in [
            ["ha", "ga", "eth", "lan"],
            ["ga", "gb", "wan", "wan"],
            ["gb", "hb", "lan", "eth"],
        ] {
            let (left, right) = (namespaces.name(left), namespaces.name(right));
            let link = ["link", "add", left_name, "netns", &left, "type", "veth"];
            let peer = ["peer", "name", right_name, "netns", &right];
            ip(&[link.as_slice(), &peer].concat())?;
            for (namespace, name) in [(&left, left_name), (&right, right_name)] {
                // No kernel of a gateway speaks for itself, and nobody speaks IPv6.
                ip(&[
                    "-n",
                    namespace,
                    "link",
                    "set",
                    name,
                    "addrgenmode",
                    "none",
                    "up",
                ])?;
            }
        }
        for [here, _, side] in SIDES {
            let host = namespaces.name(&format!("h{side}"));
            let [address, router] = [format!("10.{here}.0.5/16"), format!("10.{here}.0.1")];
            ip(&["-n", &host, "address", "add", &address, "dev", "eth"])?;
            ip(&["-n", &host, "route", "add", "default", "via", &router])?;
        }
        Ok(Some(namespaces))
    }

    fn name(&self, name: &str) -> String {
        format!("{}-{name}", self.0)
    }

    fn run(&self, namespace: &str, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut run = Command::new("ip");
        run.args(["netns", "exec", &self.name(namespace)])
            .arg(program);
        run
    }

    /// Starts a program and waits until it says that it is ready.
    fn start(&self, namespace: &str, program: &Path, arguments: &[String]) -> Result<Running> {
        let mut run = self.run(namespace, program);
        let mut child = run.args(arguments).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("an output")?;
        let mut running = Running {
            child,
            output: BufReader::new(output),
        };
        let mut line = String::new();
        running.output.read_line(&mut line)?;
        if line.trim() != "ready" {
            bail!("{run:?} said {line:?}");
        }
        Ok(running)
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        for name in ["ha", "ga", "gb", "hb"] {
            drop(ip(&["netns", "del", &self.name(name)]));
        }
    }
}

/// A program that runs until it is ended.
struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Running {
    /// Ends it; what it printed.
    fn end(&mut self) -> Result<String> {
        command(Command::new("kill").arg(self.child.id().to_string()))?;
        let mut text = String::new();
        self.output.read_to_string(&mut text)?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("{status}");
        }
        Ok(text)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After `end` there is nothing left to end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn ip(arguments: &[&str]) -> Result<()> {
    command(Command::new("ip").args(arguments))
}
