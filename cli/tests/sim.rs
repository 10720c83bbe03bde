//! The command `iiptran sim`, as a user runs it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};

use iiptran_cli::capture::{CaptureReader, Framing};
use serde_json::Value;

fn sim(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iiptran"));
    command.arg("sim").args(arguments);
    command.output().expect("the command runs")
}

/// The files that a run writes, by name.
fn files(folder: &Path, seed: &str) -> BTreeMap<String, Vec<u8>> {
    let events = folder.join("events.jsonl");
    let [pcap, events] = [folder, &events].map(|path| path.to_str().unwrap());
    let output = sim(&[
        "figure-3", "--seed", seed, "--pcap", pcap, "--events", events,
    ]);
    assert!(output.status.success(), "{output:?}");
    let entries = fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        (name, fs::read(path).unwrap())
    });
    entries.collect()
}

#[test]
fn equal_seeds_write_equal_files() {
    let [first, second, third] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let files_of_first = files(first.path(), "1");
    let names: Vec<_> = files_of_first.keys().map(String::as_str).collect();
    let expected = [
        "a-b.pcap",
        "a-c.pcap",
        "b-d.pcap",
        "c-d.pcap",
        "d-y.pcap",
        "esp_sa",
        "events.jsonl",
        "keys.json",
        "x-a.pcap",
    ];
    assert_eq!(names, expected);
    assert!(files_of_first == files(second.path(), "1"));
    let other = files(third.path(), "2");
    assert!(files_of_first["a-b.pcap"] != other["a-b.pcap"]);
    assert!(files_of_first["events.jsonl"] != other["events.jsonl"]);
}

#[test]
fn captures_and_events_agree() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), "1");
    let events = String::from_utf8(files["events.jsonl"].clone()).unwrap();
    let events: Vec<Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let carried = events
        .iter()
        .filter(|event| event["wire"] == "a-b" && event["arrives"].is_u64());
    let file = File::open(folder.path().join("a-b.pcap")).unwrap();
    let mut reader = CaptureReader::new("a-b", file).unwrap();
    for event in carried {
        let packet = reader.next().unwrap().expect("a packet for each event");
        assert_eq!(packet.timestamp.as_nanos() as u64, event["time"]);
        let framing = packet.link_type.ip_packet(packet.bytes).unwrap();
        assert!(matches!(framing, Framing::Ip { offset: 0 }));
        let length = format!(" {} bytes", packet.bytes.len());
        assert!(event["summary"].as_str().unwrap().ends_with(&length));
    }
    assert!(reader.next().unwrap().is_none(), "no packet without event");
}

/// The keys beside captures are for their owner, and open them: those of Wireshark's table too.
#[test]
fn keys_stand_beside_the_captures() {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path(), "1");
    for name in ["esp_sa", "keys.json"] {
        let keys = folder.path().join(name);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&keys).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        let inner = folder.path().join("inner.pcap");
        let output = Command::new(env!("CARGO_BIN_EXE_iiptran"))
            .args(["pcap", "open", "--drop-others", "--keys"])
            .args([&keys, &folder.path().join("a-b.pcap"), &inner])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let inner = File::open(inner).unwrap();
        let mut reader = CaptureReader::new("inner", inner).unwrap();
        let mut count = 0;
        while reader.next().unwrap().is_some() {
            count += 1;
        }
        assert!(count > 500, "{name} opens {count} packets");
    }
}

#[test]
fn one_word_changes_the_arrangement() {
    let adjacencies = |arrangement| {
        let output = sim(&["figure-3", "--json", "--arrangement", arrangement]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["arrangement"], arrangement);
        report["adjacencies"].as_array().unwrap().len()
    };
    assert_eq!(adjacencies("iiptran"), 6);
    assert_eq!(adjacencies("tunnel-mode"), 0);
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    for (arguments, status, words) in [
        (
            &["nowhere"][..],
            2,
            "no scenario or file is named \"nowhere\"",
        ),
        (
            &["figure-3", "--arrangement", "magic"],
            2,
            "unknown variant `magic`",
        ),
        (
            &["figure-3", "--arrangement", "transport"],
            1,
            "virtual-links[0]: ",
        ),
        (&["missing.toml"], 1, "missing.toml: "),
    ] {
        let output = sim(arguments);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(words), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(output.stdout.is_empty());
    }
}
