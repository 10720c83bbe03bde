//! `pcap open`.

use iiptran::wire::{IpHeader, SkipList};
use iiptran_tests::captures::PACKETS;

use crate::{Desk, Timed, args, case, cases, read, received, succeed, wire};

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
