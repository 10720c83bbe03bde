//! `pcap open`.

use iiptran::wire::{IpHeader, SkipList};
use iiptran_cli::capture::PcapngWriter;
use iiptran_tests::captures::PACKETS;

use crate::{Desk, Timed, args, case, cases, fail, read, received, succeed, wire};

/// The packet inside and the outer header's addresses of a packet of IP in IP.
fn inside(packet: &[u8]) -> &[u8] {
    let header = IpHeader::parse(packet, &SkipList::default()).unwrap();
    assert!(header.protocol.is_ip());
    header.payload(packet)
}

#[test]
fn every_recorded_case_opens_to_what_linux_received() {
    let mut opened = 0;
    for (name, sas) in cases() {
        let desk = Desk::new();
        let inner = desk.path("inner.pcap");
        succeed(args![
            "pcap",
            "open",
            "-k",
            desk.keys(&sas),
            wire(&name),
            &inner
        ]);
        assert_eq!(read(&inner), received(&sas, &name), "{name}");
        opened += read(&inner).len();
    }
    assert_eq!(opened, PACKETS);
}

#[test]
fn the_outer_header_stays_where_that_is_asked_for() {
    for name in ["iiptran-6in4-aes128gcm16", "tunnel-4in6-aes128cbc-sha256"] {
        let (desk, sas) = (Desk::new(), case(name));
        let ipip = desk.path("ipip.pcap");
        let keys = desk.keys(&sas);
        succeed(args![
            "pcap",
            "open",
            "--keep-outer",
            "-k",
            keys,
            wire(name),
            &ipip
        ]);
        let found: Vec<Timed> = read(&ipip)
            .into_iter()
            .map(|(time, packet)| (time, inside(&packet).to_vec()))
            .collect();
        assert_eq!(found, received(&sas, name));
    }
}

#[test]
fn each_packet_has_its_verdict() {
    let name = "iiptran-4in4-aes256gcm16-esn-roll";
    let (desk, sas) = (Desk::new(), case(name));
    let inner = desk.path("inner.pcap");
    let (out, error) = succeed(args![
        "--json",
        "pcap",
        "open",
        "-k",
        desk.keys(&sas),
        wire(name),
        &inner
    ]);
    assert!(error.is_empty(), "{error}");
    let wire = read(&wire(name));
    let mut offset = 24;
    for (index, line) in out.lines().enumerate() {
        let verdict: serde_json::Value = serde_json::from_str(line).unwrap();
        let packet = &wire[index].1;
        let (sa, recorded) = sas
            .iter()
            .find_map(|sa| Some((sa, sa.packets.iter().find(|sent| sent.wire == *packet)?)))
            .unwrap();
        let iv: String = recorded
            .iv
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let spi = u32::from_be_bytes(packet[20..24].try_into().unwrap());
        let expected = serde_json::json!({
            "number": index + 1,
            "offset": offset,
            "verdict": "opened",
            "spi": format!("0x{spi:08x}"),
            "sequence": recorded.sequence,
            "iv": iv,
            "next-header": 4,
            "source": sa.ends.local.to_string(),
            "destination": sa.ends.remote.to_string(),
            "length": recorded.inner.len(),
        });
        assert_eq!(verdict, expected);
        offset += 16 + packet.len();
    }
    assert_eq!(out.lines().count(), wire.len());
}

/// Where an SA with extended sequence numbers was when a capture began is seldom known.
#[test]
fn the_low_half_of_the_first_number_need_not_be_known() {
    let name = "tunnel-4in4-chacha20poly1305-esn-roll";
    let (desk, sas) = (Desk::new(), case(name));
    let mut document = crate::document(&sas);
    document.sas.iter_mut().for_each(|sa| sa.start = 0);
    let keys = desk.file("keys.json", serde_json::to_string(&document).unwrap());
    let inner = desk.path("inner.pcap");
    succeed(args!["pcap", "open", "-k", keys, wire(name), &inner]);
    assert_eq!(read(&inner), received(&sas, name));
}

#[test]
fn duplicates_are_opened_only_on_request() {
    let name = "iiptran-4in4-aes128gcm16";
    let (desk, sas) = (Desk::new(), case(name));
    let once = read(&wire(name));
    let twice = desk.capture("twice.pcap", &[&once[..], &once].concat());
    let (keys, inner) = (desk.keys(&sas), desk.path("inner.pcap"));
    let (_, error) = succeed(args!["pcap", "open", "-k", &keys, &twice, &inner]);
    assert!(error.contains("14 dropped: replayed"), "{error}");
    assert_eq!(read(&inner), received(&sas, name));
    succeed(args![
        "pcap",
        "open",
        "--no-anti-replay",
        "-k",
        &keys,
        &twice,
        &inner
    ]);
    assert_eq!(
        read(&inner),
        [received(&sas, name), received(&sas, name)].concat()
    );
}

/// A pcapng capture of a recorded case, with this text in its comment.
fn commented(desk: &Desk, case: &str, comment: &str) -> std::path::PathBuf {
    let mut writer = PcapngWriter::new(comment);
    for (time, packet) in read(&wire(case)) {
        writer.write(time, &packet);
    }
    desk.file("wire.pcapng", writer.finish())
}

#[test]
fn keys_in_the_comment_of_a_capture_open_it_in_every_format() {
    let name = "iiptran-4in4-aes128gcm16";
    let sas = case(name);
    for format in ["iiptran", "wireshark", "ip-xfrm"] {
        let desk = Desk::new();
        let (keys, _) = succeed(args!["keys", desk.keys(&sas), "--to", format]);
        let inner = desk.path("inner.pcap");
        // Long enough for several comments.
        let keys = format!("{}{keys}", "# a line of remarks\n".repeat(8000));
        let capture = commented(&desk, name, &keys);
        succeed(args!["pcap", "open", capture, &inner]);
        assert_eq!(read(&inner), received(&sas, name), "{format}");
    }
    // The document as JSON, as `sim --pcap` writes it.
    let desk = Desk::new();
    let keys = std::fs::read_to_string(desk.keys(&sas)).unwrap();
    let inner = desk.path("inner.pcap");
    succeed(args!["pcap", "open", commented(&desk, name, &keys), &inner]);
    assert_eq!(read(&inner), received(&sas, name));
}

#[test]
fn a_comment_without_keys_or_with_broken_ones_is_told() {
    let name = "iiptran-4in4-aes128gcm16";
    let (desk, sas) = (Desk::new(), case(name));
    let inner = desk.path("inner.pcap");
    for comment in ["", "\"Monday\", said the lab", "src of all evil? xfrm not"] {
        let capture = commented(&desk, name, comment);
        let (status, message) = fail(args!["pcap", "open", &capture, &inner]);
        assert_eq!(status, 2, "{message}");
        assert!(message.contains("none in its comment"), "{message}");
        assert!(message.contains("--keys"), "{message}");
    }
    let (status, message) = fail(args!["pcap", "open", wire(name), &inner]);
    assert_eq!(status, 2, "{message}");
    let (table, _) = succeed(args!["keys", desk.keys(&sas), "--to", "wireshark"]);
    let broken = table.replacen("\"0x", "\"0y", 1);
    let capture = commented(&desk, name, &broken);
    let (status, message) = fail(args!["pcap", "open", &capture, &inner]);
    assert_eq!(status, 1, "{message}");
    assert!(message.contains("its comment: line 2"), "{message}");
    assert!(message.contains("0y"), "{message}");
    // Keys that are given count, whatever the comment says.
    succeed(args![
        "pcap",
        "open",
        "-k",
        desk.keys(&sas),
        &capture,
        &inner
    ]);
    assert_eq!(read(&inner), received(&sas, name));
    assert_eq!(desk.names(), ["inner.pcap", "keys.json", "wire.pcapng"]);
}
