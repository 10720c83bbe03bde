//! `keys`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use iiptran::config::{KeysConfig, SaConfig};
use iiptran::transform::Transform;

use crate::{Desk, args, case, cases, document, fail, succeed};

/// What a document becomes in another format and back.
fn there_and_back(desk: &Desk, keys: &KeysConfig, format: &str) -> KeysConfig {
    let here = desk.file("here.json", serde_json::to_string(keys).unwrap());
    let (there, back) = (desk.path("there"), desk.path("back.json"));
    succeed(args!["keys", &here, "--to", format, "--output", &there]);
    succeed(args!["keys", &there, "--output", &back]);
    KeysConfig::from_json(&fs::read_to_string(back).unwrap()).unwrap()
}

#[test]
fn linux_and_our_own_document_lose_nothing() {
    for (name, sas) in cases() {
        let (desk, keys) = (Desk::new(), document(&sas));
        assert_eq!(there_and_back(&desk, &keys, "iiptran"), keys, "{name}");
        assert_eq!(there_and_back(&desk, &keys, "ip-xfrm"), keys, "{name}");
    }
}

#[test]
fn selectors_windows_and_numbers_go_through_linux() {
    let document = r#"
        [[sas]]
        direction = "inbound"
        spi = 0x1000
        source = "2001:db8::1"
        destination = "2001:db8::2"
        transform = "null + aes-cmac-96"
        integrity-key = "000102030405060708090a0b0c0d0e0f"
        window = "off"
        start = 7
        selectors = [{ local = ["2001:db8:2::/48"], remote = ["2001:db8:1::/48"], protocol = 17, remote-ports = [53] }]
        [[sas]]
        spi = 0x1001
        source = "192.0.2.1"
        destination = "192.0.2.2"
        transform = "aes-192-ccm-12"
        key = "000102030405060708090a0b0c0d0e0f101112131415161718191a"
        extended-sequence = true
        start = 0x500000009
        window = 1024
        udp-encapsulation = { source = 4500, destination = 40000 }
    "#;
    let mut keys = KeysConfig::from_toml(document).unwrap();
    let desk = Desk::new();
    let found = there_and_back(&desk, &keys, "ip-xfrm");
    // Without a direction, selectors are seen from the sender.
    keys.sas[0] = SaConfig {
        direction: None,
        ..keys.sas[0].at_other_end()
    };
    assert_eq!(found, keys);
    let commands = fs::read_to_string(desk.path("there")).unwrap();
    let lines: Vec<&str> = commands.lines().collect();
    assert_eq!(
        lines[1..],
        [
            "ip xfrm state add src 2001:db8::1 dst 2001:db8::2 proto esp spi 0x00001000 mode transport enc 'ecb(cipher_null)' '' auth-trunc 'cmac(aes)' 0x000102030405060708090a0b0c0d0e0f 96 replay-window 0 replay-seq 0x7 replay-oseq 0x7 sel src 2001:db8:1::/48 dst 2001:db8:2::/48 proto 17 sport 53",
            "ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x00001001 mode transport aead 'rfc4309(ccm(aes))' 0x000102030405060708090a0b0c0d0e0f101112131415161718191a 96 replay-window 1024 flag esn replay-seq 0x9 replay-oseq 0x9 replay-seq-hi 0x5 replay-oseq-hi 0x5 encap espinudp 4500 40000 0.0.0.0",
        ]
    );
}

/// Everything but what Wireshark does not know: the mode, the low half of the start, UDP.
#[test]
fn wireshark_keeps_what_it_knows() {
    let (mut kept, mut unknown) = (0, 0);
    for (name, sas) in cases() {
        let (desk, mut keys) = (Desk::new(), document(&sas));
        let transform = sas[0].transform;
        let is_known = !matches!(
            transform,
            Transform::AesCcm { .. } | Transform::AesGmac { .. }
        ) && !transform.to_string().contains("aes-xcbc")
            && !transform.to_string().contains("aes-cmac");
        if !is_known {
            unknown += 1;
            continue;
        }
        let found = there_and_back(&desk, &keys, "wireshark");
        for sa in &mut keys.sas {
            sa.mode = iiptran::config::ModeName::Transport;
            sa.udp_encapsulation = None;
            sa.start = if sa.extended_sequence {
                sa.start >> 32 << 32
            } else {
                0
            };
        }
        assert_eq!(found, keys, "{name}");
        kept += 1;
    }
    assert_eq!([kept, unknown], [48, 8]);
}

#[test]
fn what_a_format_can_t_express_is_told() {
    let desk = Desk::new();
    let keys = desk.keys(&case("iiptran-4in4-aes128ccm16"));
    let (status, message) = fail(args!["keys", &keys, "--to", "wireshark"]);
    assert_eq!(status, 1);
    for line in [
        "sas[0]: Wireshark has no aes-128-ccm-16; the SA is left out",
        "sas[1]: Wireshark has no aes-128-ccm-16; the SA is left out",
        "2 SAs can't be converted to wireshark",
    ] {
        assert!(message.contains(line), "{line}: {message}");
    }
    let keys = desk.keys(&case("iiptran-4in4-aes128cbc-cmac"));
    let (out, message) = succeed(args!["keys", &keys, "--to", "wireshark"]);
    assert!(
        message.contains("it will decrypt, and not check the packets"),
        "{message}"
    );
    assert!(
        out.contains("\"ANY 96 bit authentication [no checking]\",\"\""),
        "{out}"
    );

    let table = "\"IPv4\",\"192.0.2.*\",\"*\",\"*\",\"AES-CBC [RFC3602]\",\"0x000102030405060708090a0b0c0d0e0f\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x000102030405060708090a0b0c0d0e0f10111213\"\n\"IPv4\",\"*\",\"*\",\"0x1000\",\"TripleDES-CBC [RFC2451]\",\"0x00\",\"NULL\",\"\"\n";
    let table = desk.file("esp_sa", table);
    let (_, message) = fail(args!["keys", &table]);
    for line in [
        "line 1: 0x******** is not one SPI; the SA is left out",
        "line 2: the encryption algorithm \"TripleDES-CBC [RFC2451]\" is not supported; the SA is left out",
    ] {
        assert!(message.contains(line), "{line}: {message}");
    }
    let (out, _) = succeed(args!["keys", "--skip", "--json", &table]);
    assert_eq!(KeysConfig::from_json(&out).unwrap().sas, []);
}

#[test]
fn keys_that_fit_no_sa_are_not_converted() {
    let desk = Desk::new();
    let document = |key: &str| {
        format!("[[sas]]\nspi = 0x1000\ntransform = \"aes-128-gcm-16\"\nkey = \"{key}\"\n")
    };
    let (good, short) = ("00".repeat(20), "00".repeat(19));
    let keys = desk.file("keys.toml", document(&good) + &document(&short));
    for format in ["iiptran", "wireshark", "ip-xfrm"] {
        let (status, message) = fail(args!["keys", &keys, "--to", format]);
        assert_eq!(status, 1);
        let expected =
            "keys.toml: sas[1].key: the encryption key has 19 bytes, the transform takes 20";
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_file_with_keys_is_for_its_owner_alone() {
    let desk = Desk::new();
    let keys = desk.keys(&case("iiptran-4in4-aes128gcm16"));
    let secret = desk.path("secret.toml");
    let (out, error) = succeed(args!["keys", &keys, "--output", &secret]);
    assert!(out.is_empty() && error.contains("secret"), "{error}");
    assert_eq!(
        fs::metadata(&secret).unwrap().permissions().mode() & 0o777,
        0o600
    );
    // Also where a file that anybody could read was before.
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    succeed(args!["keys", &keys, "--output", &secret]);
    assert_eq!(
        fs::metadata(&secret).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let (out, _) = succeed(args!["--json", "keys", &keys, "--to", "ip-xfrm"]);
    let converted: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(converted["format"], "ip-xfrm");
    assert!(converted["text"].as_str().unwrap().starts_with("# Secret"));
}
