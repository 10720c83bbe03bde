//! Input that is wrong: one packet, one file, one document.

use std::fs;

use iiptran::DropReason;

use crate::{Desk, args, case, fail, fill_checksum, read, received, succeed, wire};

const NAME: &str = "iiptran-4in4-aes128gcm16";

#[test]
fn a_bad_packet_does_not_stop_the_next() {
    let (desk, sas) = (Desk::new(), case(NAME));
    let mut packets = read(&wire(NAME));
    let last = |packet: &mut Vec<u8>| *packet.last_mut().unwrap() ^= 1;
    last(&mut packets[1].1);
    packets[3].1[20] ^= 0x80;
    packets[5].1.truncate(33);
    packets[7].1[0] = 0x95;
    packets[9].1[6] = 0x20;
    fill_checksum(&mut packets[9].1);
    let damaged = desk.capture("damaged.pcap", &packets);
    let (keys, inner) = (desk.keys(&sas), desk.path("inner"));
    let (out, _) = succeed(args![
        "--json", "pcap", "open", "-k", &keys, &damaged, &inner
    ]);
    let reasons: Vec<Option<DropReason>> = out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|verdict| DropReason::from_name(verdict["reason"].as_str()?))
        .collect();
    let mut expected = vec![None; 14];
    expected[1] = Some(DropReason::BadIcv);
    expected[3] = Some(DropReason::UnknownSpi);
    expected[5] = Some(DropReason::Truncated);
    expected[7] = Some(DropReason::BadVersion);
    expected[9] = Some(DropReason::FragmentOffered);
    assert_eq!(reasons, expected);
    let good = received(&sas, NAME).into_iter().enumerate();
    let good = good.filter(|(index, _)| expected[*index].is_none());
    let good: Vec<_> = good.map(|(_, packet)| packet).collect();
    assert_eq!(read(&inner), good);

    let (_, error) = succeed(args!["pcap", "open", "-k", &keys, &damaged, &inner]);
    for line in [
        "9 opened",
        "1 dropped: bad-icv",
        "1 dropped: unknown-spi",
        "1 with SPI 0x80010039",
    ] {
        assert!(error.contains(line), "{line}: {error}");
    }
}

#[test]
fn a_file_that_ends_too_early_leaves_no_output() {
    let (desk, sas) = (Desk::new(), case(NAME));
    let whole = fs::read(wire(NAME)).unwrap();
    let cut = desk.file("cut.pcap", &whole[..whole.len() - 1]);
    let (keys, inner) = (desk.keys(&sas), desk.path("inner.pcap"));
    let before = desk.names();
    let (status, message) = fail(args!["pcap", "open", "-k", &keys, &cut, &inner]);
    assert_eq!(status, 1);
    let place = format!("{}: after 13 packets, at byte ", cut.display());
    assert!(
        message.contains(&place) && message.contains("cut off"),
        "{message}"
    );
    assert_eq!(desk.names(), before);
    // What was there stays.
    fs::write(&inner, "precious").unwrap();
    fail(args!["pcap", "open", "-k", &keys, &cut, &inner]);
    assert_eq!(fs::read(&inner).unwrap(), b"precious");
}

#[test]
fn no_input_is_overwritten() {
    let (desk, sas) = (Desk::new(), case(NAME));
    let capture = desk.capture("wire.pcap", &read(&wire(NAME)));
    let keys = desk.keys(&sas);
    let contents = [fs::read(&capture).unwrap(), fs::read(&keys).unwrap()];
    for output in [&capture, &keys] {
        let (status, message) = fail(args!["pcap", "open", "-k", &keys, &capture, output]);
        assert_eq!(status, 1);
        assert!(message.contains("refusing to overwrite"), "{message}");
        fail(args![
            "pcap", "seal", "-k", &keys, "--like", output, &capture, output
        ]);
        assert_eq!(
            [fs::read(&capture).unwrap(), fs::read(&keys).unwrap()],
            contents
        );
    }
}

#[test]
fn wrong_keys_are_told_with_place_and_cause() {
    let desk = Desk::new();
    let missing = desk.path("missing");
    let open = |keys: &std::path::Path| {
        fail(args![
            "pcap",
            "open",
            "-k",
            keys,
            wire(NAME),
            desk.path("out")
        ])
    };
    let (_, message) = open(&missing);
    assert!(message.contains("missing: No such file"), "{message}");
    let (_, message) = open(&wire(NAME));
    assert!(message.contains("wire.pcap: this is no text"), "{message}");
    for (text, expected) in [
        (
            "[[sas]]\nspi = 300\ntransform = \"aes-128-gcm-16\"\nkey = \"00\"\n",
            "sas[0].key: the encryption key has 1 bytes, the transform takes 20",
        ),
        (
            "[[sas]]\nspi = 3\ntransform = \"aes-128-gcm-16\"\nkey = \"000102030405060708090a0b0c0d0e0f10111213\"\n",
            "sas[0].spi: SPI 0x00000003 is reserved",
        ),
        (
            "{\"sas\": [{\"spi\": 300, \"transform\": \"rot13\"}]}",
            "sas[0].transform: no encryption algorithm is named",
        ),
        ("sas = []\n", "there is no SA"),
        (
            "\"IPv4\",\"*\",\"*\",\"0x1000\",\"NULL\"",
            "line 1: the field \"encryption key\" is missing",
        ),
        ("\n\"IPv5\",\"*\"", "line 2: the protocol is \"IPv5\""),
        (
            "\"IPv4\",\"2001:db8::1\"",
            "line 1: the source \"2001:db8::1\"",
        ),
        (
            "\"IPv4\",\"*\",\"*\",\"0x1000\",\"NULL\",\"\",\"HMAC-SHA-1-96 [RFC2404]\",\"0xzz\"",
            "line 1: a key has a character",
        ),
        (
            "src 192.0.2.1 dst host\n",
            "line 1: \"dst host\": \"host\" is not an address",
        ),
        (
            "ip xfrm state add src 192.0.2.1 dst",
            "line 1: behind \"dst\" something is missing",
        ),
        (
            "ip xfrm state add spi 'x",
            "line 1: a quotation mark is not closed",
        ),
    ] {
        let keys = desk.file("keys", text);
        let (status, message) = open(&keys);
        assert_eq!(status, 1);
        assert!(message.contains(expected), "{expected}: {message}");
        assert!(message.contains(&keys.display().to_string()), "{message}");
        assert!(!message.contains("0xzz"), "a key is not shown");
        assert!(!desk.path("out").exists());
    }
}

#[test]
fn two_streams_do_not_share_one_output() {
    let (desk, sas) = (Desk::new(), case(NAME));
    let keys = desk.keys(&sas);
    let (status, message) = fail(args![
        "--json",
        "pcap",
        "open",
        "-k",
        &keys,
        wire(NAME),
        "-"
    ]);
    assert_eq!(status, 2);
    assert!(message.contains("standard output"), "{message}");
    let (status, _) = fail(args!["pcap", "open", "-k", "-", "-", desk.path("out")]);
    assert_eq!(status, 2);
}
