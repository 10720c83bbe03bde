//! `pcap seal`.

use std::fs;

use iiptran_tests::captures::CASES;

use crate::{Desk, args, case, cases, document, fail, read, succeed, wire};

#[test]
fn what_was_opened_seals_to_the_file_of_linux_byte_for_byte() {
    let mut sealed = 0;
    for (name, sas) in cases() {
        let desk = Desk::new();
        let (keys, inner, again) = (desk.keys(&sas), desk.path("inner"), desk.path("again"));
        for option in [None, Some("--keep-outer")] {
            let open = args!["pcap", "open", "-k", &keys, wire(&name), &inner];
            let seal = args![
                "pcap",
                "seal",
                "-k",
                &keys,
                "--like",
                wire(&name),
                &inner,
                &again
            ];
            let with = |arguments: &[std::ffi::OsString]| {
                let mut arguments = arguments.to_vec();
                arguments.extend(option.map(Into::into));
                arguments
            };
            succeed(&with(open));
            succeed(&with(seal));
            assert_eq!(
                fs::read(wire(&name)).unwrap(),
                fs::read(&again).unwrap(),
                "{name}"
            );
        }
        sealed += 1;
    }
    assert_eq!(sealed, CASES);
}

/// Sequence numbers and IVs from the keys alone: in counter modes the first packet gives away what
/// Linux combines them with. In transport mode there is no other header to choose.
#[test]
fn numbers_and_ivs_of_the_keys_give_the_bytes_of_linux() {
    for name in ["transport-v4-aes128gcm16", "transport-v6-aes128gcm16-udp"] {
        let (desk, sas) = (Desk::new(), case(name));
        let mut document = document(&sas);
        for (sa, captured) in document.sas.iter_mut().zip(&sas) {
            let first = &captured.packets[0];
            let iv = u64::from_be_bytes(first.iv.as_bytes().try_into().unwrap());
            sa.iv_mask = iv ^ first.sequence;
        }
        let keys = desk.file("keys.json", serde_json::to_string(&document).unwrap());
        let (inner, again) = (desk.path("inner"), desk.path("again"));
        succeed(args!["pcap", "open", "-k", &keys, wire(name), &inner]);
        succeed(args!["pcap", "seal", "-k", &keys, &inner, &again]);
        assert_eq!(read(&again), read(&wire(name)), "{name}");
    }
}

/// An SA of a tunnel takes what its selectors fit, the first in the document first.
#[test]
fn selectors_choose_the_sa() {
    let name = "tunnel-4in4-aes128gcm16";
    let (desk, sas) = (Desk::new(), case(name));
    let keys = desk.keys(&sas);
    let inner = desk.path("inner");
    succeed(args!["pcap", "open", "-k", &keys, wire(name), &inner]);
    let mut document = document(&sas);
    for (sa, captured) in document.sas.iter_mut().zip(&sas) {
        let [.., d] = captured.packets[0].inner[12..16] else {
            panic!()
        };
        let source = captured.packets[0].inner[12..16].iter().map(u8::to_string);
        let source = source.collect::<Vec<_>>().join(".");
        assert!(d > 0);
        let selectors = serde_json::json!([{ "local": [source] }]);
        sa.selectors = serde_json::from_value(selectors).unwrap();
    }
    let keys = desk.file("keys.json", serde_json::to_string(&document).unwrap());
    let again = desk.path("again");
    let (out, _) = succeed(args!["--json", "pcap", "seal", "-k", &keys, &inner, &again]);
    let spis: Vec<String> = out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|verdict| verdict["spi"].as_str().unwrap().to_string())
        .collect();
    let expected: Vec<String> = read(&wire(name))
        .iter()
        .map(|(_, packet)| u32::from_be_bytes(packet[20..24].try_into().unwrap()))
        .map(|spi| format!("0x{spi:08x}"))
        .collect();
    assert_eq!(spis, expected);
    // And the receivers take it.
    let back = desk.path("back");
    succeed(args!["pcap", "open", "-k", &keys, &again, &back]);
    assert_eq!(read(&back), read(&inner));
}

#[test]
fn a_packet_without_an_sa_is_left_out() {
    let (desk, name) = (Desk::new(), "transport-v4-aes128gcm16");
    let keys = desk.keys(&case("transport-v6-aes128gcm16"));
    let (inner, sealed) = (desk.path("inner"), desk.path("sealed"));
    succeed(args![
        "pcap",
        "open",
        "-k",
        desk.keys(&case(name)),
        wire(name),
        &inner
    ]);
    let keys_of_others = desk.keys(&case("transport-v6-aes128gcm16"));
    assert_eq!(keys, keys_of_others);
    let (_, error) = succeed(args!["pcap", "seal", "-k", &keys, &inner, &sealed]);
    assert!(error.contains("24 dropped: no-outbound-sa"), "{error}");
    assert!(read(&sealed).is_empty());
}

#[test]
fn a_pattern_with_fewer_packets_is_an_error() {
    let (desk, name) = (Desk::new(), "iiptran-4in4-aes128gcm16");
    let keys = desk.keys(&case(name));
    let packets = read(&wire(name));
    let shorter = desk.capture("shorter.pcap", &packets[..9]);
    let (inner, again) = (desk.path("inner"), desk.path("again"));
    succeed(args!["pcap", "open", "-k", &keys, wire(name), &inner]);
    let (status, message) = fail(args![
        "pcap", "seal", "-k", &keys, "--like", &shorter, &inner, &again
    ]);
    assert_eq!(status, 1);
    assert!(message.contains("counterpart of packet 10"), "{message}");
    assert!(!again.exists());
}
