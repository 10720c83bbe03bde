//! `iiptran compare` as a user runs it.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn compare(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iiptran"));
    command.arg("compare").args(arguments).output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = compare(arguments);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_matrix_is_that_of_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    assert!(
        readme.contains(&text(&["--markdown"])),
        "cargo xtask readme"
    );
}

const MATRIX: &str = "\
RFC 3884 section 4.2, run on the scenario comparison

                  Tunnel mode  Alternative 1    Alternative 2     Alternative 3    IIPtran
                  tunnel-mode  interface-sa     initial-lookup-a  integrated       iiptran
──────────────────────────────────────────────────────────────────────────────────────────────────
Static routing    no           yes              no                yes              yes

Dynamic routing   no           yes              no                yes, with        yes
                                                                  changed
                                                                  protocols

Source selection  no           yes              no                not stated       yes
by existing
rules
";

#[test]
fn cmp_01_the_matrix_fits_a_page() {
    let printed = text(&[]);
    assert!(printed.starts_with(MATRIX), "{printed}");
    assert!(printed.lines().all(|line| line.chars().count() <= 100));
    assert!(
        !printed.contains('\u{1b}'),
        "no colour where nobody sees it"
    );
}

#[test]
fn cells_are_told_one_by_one() {
    let printed = text(&["static-routing", "tunnel-mode", "--evidence"]);
    for part in [
        "  tunnel-mode: no\n",
        "the packet goes to B, and after it goes to B.",
        "    The same when the route leads to C\n",
        "The policy link-3 says protect  [policy in vn, ",
        "\"link-4\" is no interface in this arrangement (RFC 3884 section 2)",
        "       came as 45",
        "       left as 45",
        "=>   Transmit by wan to 192.0.2.2",
    ] {
        assert!(printed.contains(part), "{part:?} is not in\n{printed}");
    }
    assert!(!printed.contains("iiptran:"));
}

#[test]
fn json_has_all_of_it() {
    let all: Value = serde_json::from_str(&text(&["--json"])).unwrap();
    assert_eq!(all["columns"].as_array().unwrap().len(), 5);
    let rows = all["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 8);
    for row in rows {
        for cell in row["cells"].as_array().unwrap() {
            assert!(!cell["evidence"].as_array().unwrap().is_empty(), "{cell}");
        }
    }
    let one: Value = serde_json::from_str(&text(&["--json", "ike", "iiptran"])).unwrap();
    let cells = one["rows"][0]["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 1);
    assert_eq!(cells[0]["standing"], "good");
    let seals = cells[0]["evidence"].to_string();
    assert!(
        seals.contains("negotiated (SPI 0x20000001, transport mode"),
        "{seals}"
    );
}

#[test]
fn a_wrong_name_is_told_with_those_that_there_are() {
    let output = compare(&["speed"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains("no row or arrangement is named \"speed\""),
        "{message}"
    );
    assert!(
        message.contains("static-routing, dynamic-routing"),
        "{message}"
    );
    assert_eq!(message.lines().count(), 1);
}
