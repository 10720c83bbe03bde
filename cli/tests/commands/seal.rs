//! `pcap seal`.

use std::fs;
use std::time::Duration;

use iiptran::esp::Padding;
use iiptran::sa::{OutboundSa, SealOptions};
use iiptran::{Arrangement, PacketBuffer};
use iiptran_tests::NOW;
use iiptran_tests::captures::CASES;

use crate::{
    Desk, Timed, args, case, cases, document, fail, fill_checksum, read, received, succeed, wire,
};

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

/// More padding than alignment asks for, and bytes of traffic-flow confidentiality (RFC 4303 sections
/// 2.4 and 2.7), as another sender may have them.
#[test]
fn padding_is_reproduced() {
    let name = "tunnel-4in6-aes128gcm16";
    let (desk, sas) = (Desk::new(), case(name));
    let sa = OutboundSa::new(sas[0].sender(Arrangement::TunnelMode)).unwrap();
    let padded: Vec<Timed> = sas[0]
        .packets
        .iter()
        .zip(0_u8..)
        .map(|(packet, index)| {
            let options = SealOptions {
                padding: Padding::AtLeast(index * 30),
                flow_padding: usize::from(index) * 100,
                ..SealOptions::default()
            };
            let mut buffer = PacketBuffer::with_room(&packet.inner, 100, 1000);
            let sealed = buffer.process(|inner| sa.seal_with(NOW, inner, &options));
            sealed.unwrap();
            (Duration::from_secs(index.into()), buffer.bytes().to_vec())
        })
        .collect();
    let longer = padded[6].1.len() - read(&wire(name))[0].1.len();
    assert!(longer > 600, "there is padding");
    let (keys, padded_file) = (desk.keys(&sas), desk.capture("padded.pcap", &padded));
    let (inner, again) = (desk.path("inner"), desk.path("again"));
    succeed(args!["pcap", "open", "-k", &keys, &padded_file, &inner]);
    let expected = sas[0].packets.iter().map(|packet| &packet.inner);
    assert!(expected.eq(read(&inner).iter().map(|(_, packet)| packet)));
    let seal = args![
        "pcap",
        "seal",
        "-k",
        &keys,
        "--like",
        &padded_file,
        &inner,
        &again
    ];
    succeed(seal);
    assert_eq!(read(&again), padded);
}

/// A NAT changes addresses and ports (RFC 3948); over IPv4 the datagrams have no checksum.
#[test]
fn addresses_and_ports_behind_a_nat_are_reproduced() {
    let name = "iiptran-4in4-aes128gcm16-udp";
    let (desk, sas) = (Desk::new(), case(name));
    let mut packets = read(&wire(name));
    for (index, (_, packet)) in packets.iter_mut().enumerate() {
        let from_first = packet[15] == 1;
        let (address, port) = if from_first { (12, 20) } else { (16, 22) };
        packet[address..address + 4].copy_from_slice(&[203, 0, 113, 9]);
        // Its mapping changes once.
        let mapped: u16 = if index < 7 { 40_000 } else { 40_001 };
        packet[port..port + 2].copy_from_slice(&mapped.to_be_bytes());
        fill_checksum(packet);
    }
    let (keys, nat) = (desk.keys(&sas), desk.capture("nat.pcap", &packets));
    let (inner, again) = (desk.path("inner"), desk.path("again"));
    succeed(args!["pcap", "open", "-k", &keys, &nat, &inner]);
    assert_eq!(read(&inner), received(&sas, name));
    succeed(args![
        "pcap", "seal", "-k", &keys, "--like", &nat, &inner, &again
    ]);
    assert_eq!(read(&again), packets);
}
