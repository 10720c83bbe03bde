//! A capture with keys: what became of each packet, and the way of one through its receiver.

use core::ops::Range;
use core::time::Duration;
use std::net::IpAddr;

use iiptran::config::{DirectionName, ModeName, NodeConfig, SaConfig};
use iiptran::trace::{Step, Watcher};
use iiptran::walkthrough::{Hex, Recorder};
use iiptran::wire::Protocol;
use iiptran::{Instant, Node, PacketBuffer, Trace};
use iiptran_capture::keys::{KeyFile, in_comment};
use iiptran_capture::opening::{InboundSas, OpenOptions, PacketOpener, Report, Verdict};
use iiptran_capture::{CaptureReader, Framing, PcapngWriter};
use serde::Serialize;

use crate::fault::Fault;
use crate::journey::{Journey, KeysReport, Leg, dissect};
use crate::line::{LineReport, StationTables};

/// How many packets before one are received again for its walk: more than the default window holds.
const BEFORE: usize = 1024;
const WIRE: &str = "wire";

/// A capture, and what became of each of its packets.
pub struct Capture {
    sas: Option<InboundSas>,
    keys: Vec<KeysReport>,
    notes: Vec<String>,
    /// The IP packets, one after the other.
    bytes: Vec<u8>,
    packets: Vec<Packet>,
}

struct Packet {
    report: Report,
    range: Range<usize>,
    /// Since 1970, nanoseconds.
    time: u64,
}

/// A capture as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaptureReport {
    /// Packets.
    pub packets: usize,
    /// Those that were opened.
    pub opened: usize,
    /// Those that were dropped.
    pub dropped: usize,
    /// What was not taken over from the keys.
    pub notes: Vec<String>,
    /// Where the capture is broken, after all these packets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}

/// A packet of a list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RowReport<'c> {
    /// When it was seen, nanoseconds since the first.
    pub time: u64,
    /// What became of it.
    #[serde(flatten)]
    pub report: &'c Report,
}

/// The way of one packet, and how to go it again elsewhere.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaptureWalk {
    /// The walk.
    #[serde(flatten)]
    pub line: LineReport,
    /// The receiver's document.
    pub document: String,
    /// The link that the packet comes by.
    pub link: &'static str,
    /// When it comes, nanoseconds.
    pub time: u64,
    /// The packets to receive, the last being that of the walk.
    pub packets: Vec<Hex>,
}

/// The keys in the comment of a capture.
pub(crate) fn keys_in(name: &str, bytes: &[u8]) -> Result<Option<String>, Fault> {
    let wrong = |error| Fault::new("capture", error);
    let mut reader = CaptureReader::new(name, bytes).map_err(wrong)?;
    let comment = reader.comment().map_err(wrong)?;
    Ok(in_comment(comment).map(str::to_owned))
}

impl Capture {
    /// Reads a capture as far as it is good, and opens what the keys open. Without keys nothing is.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn new(name: &str, bytes: &[u8], keys: &str) -> Result<(Self, CaptureReport), Fault> {
        let mut capture = Self {
            sas: None,
            keys: Vec::new(),
            notes: Vec::new(),
            bytes: Vec::with_capacity(bytes.len()),
            packets: Vec::new(),
        };
        let mut opener = None;
        if !keys.trim().is_empty() {
            let wrong = |error| Fault::new("keys", error);
            let file = KeyFile::parse("keys", keys).map_err(wrong)?;
            capture.notes = file.notes.iter().map(ToString::to_string).collect();
            let sas = file.entries.iter().map(|entry| &entry.sa);
            capture.keys = sas
                .flat_map(|sa| KeysReport::of_sas(std::slice::from_ref(sa)))
                .collect();
            let options = OpenOptions {
                keep_outer: false,
                drop_others: false,
            };
            let sas = || InboundSas::new(KeyFile::parse("keys", keys)?, true);
            opener = Some(PacketOpener::new(sas().map_err(wrong)?, options));
            capture.sas = Some(sas().map_err(wrong)?);
        }
        let wrong = |error| Fault::new("capture", error);
        let mut reader = CaptureReader::new(name, bytes).map_err(wrong)?;
        let mut report = CaptureReport {
            packets: 0,
            opened: 0,
            dropped: 0,
            notes: capture.notes.clone(),
            broken: None,
        };
        loop {
            let captured = match reader.next() {
                Ok(Some(captured)) => captured,
                Ok(None) => break,
                Err(error) if capture.packets.is_empty() => return Err(wrong(error)),
                Err(error) => {
                    report.broken = Some(error.to_string());
                    break;
                }
            };
            let start = capture.bytes.len();
            let mut seen = Report::new(&captured, Verdict::Unchanged);
            match captured.link_type.ip_packet(captured.bytes) {
                Ok(Framing::Ip { offset }) => {
                    let ip = captured.bytes.get(offset..).unwrap_or_default();
                    capture.bytes.extend_from_slice(ip);
                    seen.length = ip.len();
                }
                Ok(Framing::Malformed(reason)) => seen.drop_for(reason),
                Ok(Framing::NotIp { .. }) => seen.verdict = Verdict::LeftOut,
                Err(error) => return Err(wrong_link(error)),
            }
            if let Some(opener) = &mut opener {
                seen = opener.open(&captured).report;
            }
            report.opened += usize::from(seen.verdict == Verdict::Opened);
            report.dropped += usize::from(seen.verdict == Verdict::Dropped);
            let time = u64::try_from(captured.timestamp.as_nanos()).unwrap_or(u64::MAX);
            let range = start..capture.bytes.len();
            capture.packets.push(Packet {
                report: seen,
                range,
                time,
            });
        }
        report.packets = capture.packets.len();
        Ok((capture, report))
    }

    /// Packets in hexadecimal digits, one on each line, as a capture.
    ///
    /// # Errors
    /// [`Fault`], with the line.
    pub fn from_hex(text: &str, keys: &str) -> Result<(Self, CaptureReport), Fault> {
        let mut writer = PcapngWriter::new("");
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            let packet: Hex = line.parse().map_err(|error| Fault {
                line: Some(number.saturating_add(1)),
                column: Some(1),
                ..Fault::new("capture", error)
            })?;
            writer.write(Duration::ZERO, &packet.0);
        }
        Self::new("packets", &writer.finish(), keys)
    }

    /// The packets from this place on, from 0, as many as asked for.
    #[must_use]
    pub fn rows(&self, from: usize, count: usize) -> Vec<RowReport<'_>> {
        let rows = self.packets.iter().skip(from).take(count);
        rows.map(|packet| RowReport {
            time: self.since_first(packet),
            report: &packet.report,
        })
        .collect()
    }

    fn since_first(&self, packet: &Packet) -> u64 {
        let first = self.packets.first().map_or(0, |first| first.time);
        packet.time.saturating_sub(first)
    }

    fn bytes(&self, packet: &Packet) -> &[u8] {
        self.bytes.get(packet.range.clone()).unwrap_or_default()
    }

    /// The way of a packet, by its place from 0, through the receiver that its SA makes.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn walk(&self, place: usize) -> Result<CaptureWalk, Fault> {
        let none = || {
            Fault::new(
                "place",
                format!("there is no packet {}", place.saturating_add(1)),
            )
        };
        let packet = self.packets.get(place).ok_or_else(none)?;
        let bytes = self.bytes(packet);
        if bytes.is_empty() {
            return Err(Fault::new("place", "it is no IP packet"));
        }
        let before = self.before(place);
        let document = self.receiver(packet, before.first().copied())?;
        let config = NodeConfig::from_json(&document);
        let node = config.and_then(|config| config.node());
        let mut node = node.map_err(|error| Fault::config("keys", &error))?;
        for earlier in &before {
            receive(
                &mut node,
                self.since_first(earlier),
                self.bytes(earlier),
                &mut Watcher::default(),
            );
        }
        let time = self.since_first(packet);
        let mut recorder = Recorder::new();
        let mut tell = |step: &Step<'_>| recorder.step(step);
        receive(&mut node, time, bytes, &mut Watcher::telling(&mut tell));
        let station = "receiver".to_string();
        let packets = before
            .iter()
            .chain([&packet])
            .map(|packet| Hex(self.bytes(packet).to_vec()));
        Ok(CaptureWalk {
            line: LineReport {
                journey: Journey {
                    legs: vec![
                        Leg::Wire {
                            wire: "capture".into(),
                            from: "sender".into(),
                            to: Some(station.clone()),
                            time,
                            arrives: Some(time),
                            lost: None,
                            notes: Vec::new(),
                            layers: dissect(&bytes.into()),
                            packet: bytes.into(),
                            changes: Vec::new(),
                        },
                        Leg::Node {
                            station: station.clone(),
                            time,
                            walkthrough: recorder.into_walkthrough(),
                        },
                    ],
                },
                nodes: vec![StationTables {
                    name: station,
                    tables: node.report(),
                }],
                keys: self.keys.clone(),
                source: None,
            },
            document,
            link: WIRE,
            time,
            packets: packets.collect(),
        })
    }

    /// The packets before one that its SA opened, the latest of them: they are in its window.
    fn before(&self, place: usize) -> Vec<&Packet> {
        let Some(Packet { report, .. }) = self.packets.get(place) else {
            return Vec::new();
        };
        let is_before = |packet: &&Packet| {
            packet.report.verdict == Verdict::Opened
                && packet.report.spi == report.spi
                && packet.report.destination == report.destination
        };
        let packets = self.packets.iter().take(place).rev();
        let mut before: Vec<_> = packets.filter(is_before).take(BEFORE).collect();
        before.reverse();
        before
    }

    /// The receiver of a packet: a node with its SA, and a tunnel if IP in IP is what the SA protects.
    fn receiver(&self, packet: &Packet, first: Option<&Packet>) -> Result<String, Fault> {
        let report = &packet.report;
        let ends = report.source.zip(report.destination);
        let ends = ends.or_else(|| ends_of(self.bytes(packet)));
        let (source, destination) = ends.unwrap_or(([192, 0, 2, 1].into(), [192, 0, 2, 2].into()));
        let sequence = first.unwrap_or(packet).report.sequence.unwrap_or_default();
        let sa = self.sas.as_ref().zip(report.spi).and_then(|(sas, spi)| {
            let index = sas.find(spi, source, destination)?;
            sas.document(index, spi, sequence)
        });
        receiver(source, destination, sa, report.next_header.map(Protocol))
    }

    /// The packets as a pcapng file, with the keys in the comment of its section.
    #[must_use]
    pub fn pcapng(&self, keys: &str) -> Vec<u8> {
        let mut writer = PcapngWriter::new(keys);
        for packet in &self.packets {
            let bytes = self.bytes(packet);
            if !bytes.is_empty() {
                writer.write(Duration::from_nanos(packet.time), bytes);
            }
        }
        writer.finish()
    }
}

fn wrong_link(error: iiptran_capture::UnsupportedLinkType) -> Fault {
    Fault::new("capture", error)
}

fn ends_of(packet: &[u8]) -> Option<(IpAddr, IpAddr)> {
    let header = iiptran::wire::IpHeader::parse(packet, &Default::default()).ok()?;
    Some((header.source, header.destination))
}

fn receive(node: &mut Node, time: u64, packet: &[u8], trace: &mut Watcher<'_>) {
    let Some(link) = node.tables().find_link(WIRE) else {
        return;
    };
    let mut buffer = PacketBuffer::new(packet);
    let _ = buffer.process(|packet| node.receive(Instant::from_nanos(time), link, packet, trace));
}

/// A node at this end of a path, that has an SA for what comes, and lets through what comes out of it.
fn receiver(
    source: IpAddr,
    destination: IpAddr,
    sa: Option<SaConfig>,
    inside: Option<Protocol>,
) -> Result<String, Fault> {
    let mode = sa.as_ref().map(|sa| sa.mode);
    let arrangement = match mode {
        Some(ModeName::Tunnel) => "tunnel-mode",
        Some(ModeName::Transport) if inside.is_some_and(Protocol::is_ip) => "iiptran",
        _ => "transport",
    };
    let length = if destination.is_ipv4() { 32 } else { 128 };
    let address = format!("{destination}/{length}");
    let is_shown = arrangement != "transport";
    // Nothing in it needs an escape.
    let mut members = vec![
        format!("\"arrangement\": \"{arrangement}\""),
        "\"insecure-test-keys\": true".to_owned(),
    ];
    let inside = r#", { "name": "inside", "side": "protected" }"#;
    members.push(format!(
        r#""links": [{{ "name": "{WIRE}", "side": "unprotected", "addresses": ["{address}"] }}{}]"#,
        if is_shown { inside } else { "" }
    ));
    if is_shown {
        let route = |prefix| format!(r#"{{ "prefix": "{prefix}", "link": "inside" }}"#);
        let routes = [route("0.0.0.0/0"), route("::/0")].join(", ");
        members.push(format!(r#""routes": [{routes}]"#));
    }
    if arrangement == "iiptran" {
        members.push(format!(
            r#""virtual-links": [{{ "name": "tunnel", "local": "{destination}", "remote": "{source}" }}]"#
        ));
    }
    if let Some(sa) = sa {
        let sa = SaConfig {
            direction: Some(DirectionName::Inbound),
            source: Some(source),
            destination: Some(destination),
            ..sa
        };
        let ends = match mode {
            Some(ModeName::Tunnel) => format!(
                r#", "mode": "tunnel", "tunnel-local": "{destination}", "tunnel-remote": "{source}""#
            ),
            _ => String::new(),
        };
        members.push(format!(
            r#""policies": [{{ "name": "protected", "action": "protect"{ends} }}]"#
        ));
        let sa = serde_json::to_string(&sa).map_err(|error| Fault::new("keys", error))?;
        members.push(format!(r#""sas": [{sa}]"#));
    }
    Ok(format!("{{\n  {}\n}}", members.join(",\n  ")))
}
