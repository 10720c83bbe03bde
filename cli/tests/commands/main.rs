//! `pcap` and `keys`, as somebody at a shell uses them, on packets of Linux 6.1.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod convert;
mod damage;
mod open;
mod others;
mod seal;
mod tables;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use iiptran::Arrangement;
use iiptran::config::{KeysConfig, ModeName, SaConfig, UdpEncapsulationConfig};
use iiptran_cli::capture::{CaptureReader, CaptureWriter, LinkType, Precision};
use iiptran_tests::captures::{self, CapturedSa};
use tempfile::TempDir;

/// A packet with its time.
type Timed = (Duration, Vec<u8>);

/// A folder for one test, with the keys of a case in it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, contents).unwrap();
        path
    }

    /// Writes the keys of a case as a document.
    fn keys(&self, sas: &[CapturedSa]) -> PathBuf {
        self.file("keys.json", serde_json::to_string(&document(sas)).unwrap())
    }

    /// Writes a capture.
    fn capture(&self, name: &str, packets: &[Timed]) -> PathBuf {
        let path = self.path(name);
        let mut writer = CaptureWriter::create(&path, Precision::Microseconds).unwrap();
        for (time, packet) in packets {
            writer.write(*time, packet).unwrap();
        }
        writer.finish().unwrap();
        path
    }

    /// Names of the files that are there.
    fn names(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// Runs the command.
fn run<A: AsRef<OsStr>>(arguments: &[A]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iiptran"))
        .args(arguments)
        .output()
        .unwrap()
}

/// What a successful run wrote to the standard output and to the standard error.
fn succeed<A: AsRef<OsStr>>(arguments: &[A]) -> (String, String) {
    let output = run(arguments);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, error) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{error}");
    (out, error)
}

/// Status and message of a run that fails.
fn fail<A: AsRef<OsStr>>(arguments: &[A]) -> (i32, String) {
    let output = run(arguments);
    assert!(output.stdout.is_empty(), "nothing but the message");
    (
        output.status.code().expect("a status"),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// Arguments of several kinds.
macro_rules! args {
    ($($argument:expr),* $(,)?) => {
        &[$(std::ffi::OsString::from($argument)),*]
    };
}
pub(crate) use args;

/// The recorded cases: the SAs of each, by its name.
fn cases() -> BTreeMap<String, Vec<CapturedSa>> {
    let mut cases: BTreeMap<String, Vec<CapturedSa>> = BTreeMap::new();
    for sa in captures::load() {
        cases.entry(sa.case.clone()).or_default().push(sa);
    }
    assert_eq!(cases.len(), captures::CASES);
    cases
}

/// The SAs of one case.
fn case(name: &str) -> Vec<CapturedSa> {
    cases().remove(name).expect(name)
}

fn wire(case: &str) -> PathBuf {
    captures::file(case, "wire")
}

/// The keys of a case.
fn document(sas: &[CapturedSa]) -> KeysConfig {
    let config = |captured: &CapturedSa| {
        let sender = captured.sender(captured.arrangement);
        let mut sa = SaConfig::new(sender.spi, sender.transform, sender.keys);
        sa.source = Some(captured.ends.local);
        sa.destination = Some(captured.ends.remote);
        if captured.arrangement == Arrangement::TunnelMode {
            sa.mode = ModeName::Tunnel;
        }
        sa.extended_sequence = sender.extended_sequence;
        sa.start = sender.start;
        sa.udp_encapsulation = sender
            .udp_encapsulation
            .map(|_| UdpEncapsulationConfig::default());
        sa
    };
    KeysConfig {
        sas: sas.iter().map(config).collect(),
    }
}

/// The packets of a capture.
fn read(path: &Path) -> Vec<Timed> {
    let mut reader = CaptureReader::open(path).unwrap();
    let mut packets = Vec::new();
    while let Some(packet) = reader.next().unwrap() {
        assert_eq!(packet.link_type, LinkType::RAW);
        packets.push((packet.timestamp, packet.bytes.to_vec()));
    }
    packets
}

/// What the receivers of a case had in the end, in the order and with the times of the wire.
fn received(sas: &[CapturedSa], case: &str) -> Vec<Timed> {
    let packets: BTreeMap<_, _> = sas
        .iter()
        .flat_map(|sa| &sa.packets)
        .map(|packet| (packet.wire.clone(), packet.inner.clone()))
        .collect();
    let inner = |(time, wire)| (time, packets[&wire].clone());
    read(&wire(case)).into_iter().map(inner).collect()
}

/// Makes the checksum of an IPv4 header without options right (RFC 791 section 3.1).
fn fill_checksum(packet: &mut [u8]) {
    packet[10..12].fill(0);
    let words = packet[..20].chunks(2);
    let sum: u32 = words
        .map(|word| u32::from(u16::from_be_bytes([word[0], word[1]])))
        .sum();
    let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
}
