//! What is refused: RFC 4301 sections 4.1 and 4.4, RFC 4303, RFC 8221, RFC 8750.

use iiptran::config::{ConfigError, NodeConfig, TransformText};
use iiptran::esp::ReplayWindow;
use iiptran::sa::{InboundSa, OutboundSa, SaError, SaParameters};
use iiptran::transform::{Keys, SecretBytes, Transform};
use iiptran::wire::{Protocol, Spi};
use iiptran::{DropReason, Mode};
use iiptran_tests::lab::{Gateways, Lab, Side, ip};
use iiptran_tests::sa::{ENDS, both_sides, parameters, seal, transform};
use iiptran_tests::{Ip, KEY_BYTES, keys};

use crate::fragments::halves;
use crate::hosts;

/// Why a transform with these names is refused.
fn refusal(names: &str) -> String {
    let in_text = names.parse::<TransformText>().unwrap_err();
    // A document says the same, and where.
    let document = hosts::document(1, 2).replacen("aes-128-gcm-16", names, 1);
    let error = NodeConfig::from_toml(&document).unwrap_err();
    assert_eq!(error.path, "sas[0].transform");
    assert!(error.cause.contains(&in_text), "{error}");
    assert!(error.position.is_some());
    in_text
}

/// The fault of a document.
fn fault(document: &str) -> ConfigError {
    let config = NodeConfig::from_toml(document);
    config.and_then(|config| config.node()).unwrap_err()
}

#[test]
fn forb_01_neither_encryption_nor_integrity() {
    assert!(refusal("null").contains("integrity algorithm is missing"));
    assert!(refusal("null + none").contains("no integrity algorithm"));
    // A transform that has neither can't be made in another way: each has an ICV.
    assert!(Transform::all().all(|transform| transform.icv_length() >= 8));
}

#[test]
fn forb_02_encryption_without_integrity() {
    for bits in [128, 192, 256] {
        for kind in ["cbc", "ctr"] {
            let error = refusal(&format!("aes-{bits}-{kind}"));
            assert!(error.contains("integrity algorithm is missing"), "{error}");
        }
    }
}

#[test]
fn forb_03_integrity_beside_an_aead() {
    for aead in [
        "aes-128-gcm-16",
        "aes-256-gcm-8",
        "aes-128-ccm-8",
        "aes-256-gmac",
        "chacha20-poly1305",
        "aes-128-gcm-16-iiv",
    ] {
        for integrity in ["hmac-sha2-256-128", "aes-xcbc-96"] {
            let error = refusal(&format!("{aead} + {integrity}"));
            assert!(error.contains("authenticates by itself"), "{error}");
        }
        // A second key for an AEAD is no way around.
        let aead = transform(aead);
        let two_keys = Keys {
            integrity: (&[1; 32][..]).into(),
            ..keys(aead, &[7; KEY_BYTES])
        };
        let sa = SaParameters::new(Spi(256), Mode::Transport, aead, two_keys);
        assert!(matches!(OutboundSa::new(sa), Err(SaError::Key(_))));
    }
}

#[test]
fn forb_04_anti_replay_without_integrity() {
    // Anti-replay is on unless told otherwise; no transform that lacks integrity comes so far.
    for encryption in ["null", "aes-128-cbc", "aes-256-ctr"] {
        let document = hosts::document(1, 2).replace("aes-128-gcm-16", encryption);
        for window in ["", "\nwindow = 64"] {
            let document = [&*document, window].concat();
            let error = NodeConfig::from_toml(&document).unwrap_err();
            assert_eq!(error.path, "sas[0].transform");
        }
    }
    // And no SA with a window takes a packet that is not authentic.
    for transform in Transform::all() {
        let (sender, mut receiver) = both_sides(&parameters(transform));
        assert!(receiver.window().is_some());
        let packet = Ip::udp(ENDS.map(ip), b"hello").bytes();
        let mut wire = seal(&sender, &packet).unwrap();
        *wire.last_mut().unwrap() ^= 1;
        let opened = iiptran_tests::sa::open(&mut receiver, &wire);
        assert_eq!(opened, Err(DropReason::BadIcv), "{transform}");
    }
}

#[test]
fn forb_05_transport_mode_for_packets_of_others() {
    // A policy that has no address of this node is refused.
    let document = hosts::document(1, 2);
    let foreign = document.replace("local = [\"192.0.2.1\"]", "local = [\"192.0.2.77\"]");
    assert_ne!(foreign, document);
    let error = fault(&foreign);
    assert_eq!(error.path, "policies[0]");
    assert!(error.cause.contains("RFC 4301 section 4.1"), "{error}");
    // One that has some is for those alone.
    let wide = document.replace("local = [\"192.0.2.1\"]", "local = [\"192.0.2.0/24\"]");
    let bypass = "[[policies]]\nname = \"in\"\naction = \"bypass\"\napplies = \"inbound\"\n";
    let mut host = Lab::new(&[&*wide, bypass].concat());
    let [own, transit] = ["192.0.2.1", "192.0.2.9"]
        .map(|source| Ip::udp([source, "192.0.2.2"].map(ip), b"hello").bytes());
    assert_eq!(host.send("base", &own).reason(), None);
    let outcome = host.receive("wan", &transit);
    assert_eq!(outcome.reason(), Some(DropReason::TransportInTransit));
    // It left nothing behind: the SA's next packet has the next number.
    let wire = host.send("base", &own).transmitted();
    assert_eq!(wire[24..28], [0, 0, 0, 2]);
}

#[test]
fn forb_06_transport_mode_for_fragments() {
    let whole = Ip::udp(ENDS.map(ip), &[7; 64]).bytes();
    let v4 = halves(&whole);
    let v6 = [[0, 1], [0, 64]].map(|[high, low]| {
        let header = vec![0, 0, high, low, 0, 0, 0, 9];
        Ip {
            extension_headers: vec![(Protocol::FRAGMENT, header)],
            ..Ip::new(
                ["2001:db8::1", "2001:db8::2"].map(ip),
                Protocol::UDP,
                &[7; 64],
            )
        }
        .bytes()
    });
    for fragment in v4.into_iter().chain(v6) {
        for transform in ["aes-128-gcm-16", "aes-128-cbc + hmac-sha2-256-128"].map(transform) {
            let (sender, _) = both_sides(&parameters(transform));
            assert_eq!(seal(&sender, &fragment), Err(DropReason::FragmentOffered));
            // It used up no sequence number.
            assert_eq!(sender.sequence(), 0);
        }
        let mut host = hosts::host(1, 2);
        let outcome = host.send("base", &fragment);
        assert_eq!(outcome.reason(), Some(DropReason::FragmentOffered));
    }
    // A fragment of an ESP packet is not opened either.
    let (sender, mut receiver) = both_sides(&parameters(transform("aes-128-gcm-16")));
    let wire = seal(&sender, &whole).unwrap();
    for fragment in halves(&wire) {
        let opened = iiptran_tests::sa::open(&mut receiver, &fragment);
        assert_eq!(opened, Err(DropReason::FragmentOffered));
    }
    assert!(iiptran_tests::sa::open(&mut receiver, &wire).is_ok());
}

#[test]
fn forb_07_counter_modes_with_keys_from_a_document() {
    let insecure = "insecure-test-keys = true\n";
    for transform in Transform::all() {
        // RFC 8221 section 3 means everything whose IV must not repeat: all but CBC and NULL.
        let name = transform.to_string();
        let repeats = ["gcm", "ccm", "ctr", "gmac", "chacha20"]
            .iter()
            .any(|mode| name.contains(mode));
        let document = Gateways {
            transform: Some(transform),
            ..Gateways::new("iiptran")
        }
        .document(Side::A);
        assert!(NodeConfig::from_toml(&document).unwrap().node().is_ok());
        let document = document.replace(insecure, "");
        let made = NodeConfig::from_toml(&document).unwrap().node();
        match made {
            Ok(_) => assert!(!repeats, "{name}"),
            Err(error) => {
                assert!(repeats, "{name}");
                assert_eq!(error.path, "virtual-links[0].protection.transform");
                assert!(error.cause.contains("RFC 8221 section 3"), "{error}");
            }
        }
    }
    let error = fault(&hosts::document(1, 2).replace(insecure, ""));
    assert_eq!(error.path, "sas[0].transform");
}

/// What is wrong with a policy that has this selector set, and these lines more.
fn policy_fault(action: &str, set: &str, more: &str) -> ConfigError {
    fault(&format!(
        "arrangement = \"transport\"\n[[links]]\nname = \"wan\"\n\
         addresses = [\"192.0.2.1/24\", \"2001:db8::1/64\"]\n\
         [[policies]]\nname = \"policy\"\naction = \"{action}\"\nselectors = [{set}]\n{more}"
    ))
}

#[test]
fn forb_08_selectors_that_can_not_be() {
    let tcp = |ports| format!("{{ protocol = \"tcp\", {ports} }}");
    for (populate, set) in [
        ("local-port", tcp("local-ports = \"opaque\"")),
        ("remote-port", tcp("remote-ports = \"opaque\"")),
        ("protocol", "{ protocol = \"opaque\" }".into()),
    ] {
        let error = policy_fault("protect", &set, &format!("populate = [\"{populate}\"]"));
        assert_eq!(error.path, "policies[0]");
        assert!(error.cause.contains("OPAQUE"), "{error}");
    }
    for (set, path, cause) in [
        (
            r#"{ local = ["192.0.2.1"], protocol = "opaque" }"#,
            "",
            "in IPv6 only",
        ),
        (
            r#"{ local = ["192.0.2.1"], remote = ["2001:db8::2"] }"#,
            "",
            "both IPv4 and IPv6",
        ),
        (
            r#"{ local = ["192.0.2.1", "2001:db8::2"] }"#,
            ".local",
            "both IPv4 and IPv6",
        ),
        (r#"{ local = [] }"#, ".local", "at least one"),
        (
            r#"{ protocol = "tcp", remote-ports = [] }"#,
            ".remote-ports",
            "at least one",
        ),
        (
            r#"{ remote = ["192.0.2.9-192.0.2.8"] }"#,
            ".remote",
            "ends before it starts",
        ),
        (
            r#"{ protocol = "tcp", local-ports = ["9-8"] }"#,
            ".local-ports",
            "ends before it starts",
        ),
        (
            r#"{ protocol = "icmp", local-icmp = ["5/2-3/1"] }"#,
            ".local-icmp",
            "ends before it starts",
        ),
    ] {
        for action in ["protect", "bypass", "discard"] {
            let error = policy_fault(action, set, "");
            assert_eq!(
                error.path,
                format!("policies[0].selectors[0]{path}"),
                "{set}"
            );
            assert!(error.cause.contains(cause), "{set}: {error}");
        }
    }
}

#[test]
fn forb_09_a_mode_that_is_neither() {
    let document = hosts::document(1, 2);
    for word in ["any", "either", "wildcard", "beet", "TRANSPORT", ""] {
        let mode = format!("spi = 0x1001\nmode = \"{word}\"");
        let error = NodeConfig::from_toml(&document.replace("spi = 0x1001", &mode)).unwrap_err();
        assert_eq!(error.path, "sas[0].mode");
        assert!(error.cause.contains("`transport` or `tunnel`"), "{error}");
        let mode = format!("action = \"protect\"\nmode = \"{word}\"");
        let changed = document.replace("action = \"protect\"", &mode);
        let error = NodeConfig::from_toml(&changed).unwrap_err();
        assert_eq!(error.path, "policies[0].mode");
    }
    // Half a tunnel is none.
    let half = document.replace(
        "action = \"protect\"",
        "action = \"protect\"\nmode = \"tunnel\"\ntunnel-local = \"192.0.2.1\"",
    );
    assert_eq!(fault(&half).path, "policies[0].mode");
    let both = document.replace(
        "action = \"protect\"",
        "action = \"protect\"\nmode = \"transport\"\ntunnel-remote = \"192.0.2.2\"",
    );
    assert_eq!(fault(&both).path, "policies[0].mode");
}

#[test]
fn forb_10_numbers_that_repeat_an_iv() {
    for transform in Transform::all() {
        let name = transform.to_string();
        let rollover = SaParameters {
            rollover: true,
            ..parameters(transform)
        };
        let expected = (!name.contains("-cbc +") && !name.starts_with("null"))
            .then_some(SaError::RolloverRepeatsIv);
        assert_eq!(OutboundSa::new(rollover).err(), expected, "{name}");
        let group = SaParameters {
            destination: Some(ip("239.1.1.1")),
            ..parameters(transform)
        };
        let expected = name
            .ends_with("-iiv")
            .then_some(SaError::ImplicitIvForGroup);
        assert_eq!(OutboundSa::new(group.clone()).err(), expected, "{name}");
        assert_eq!(InboundSa::new(group).err(), expected, "{name}");
    }
    let iiv = Transform::all().filter(|transform| transform.has_implicit_iv());
    assert_eq!(iiv.count(), 7);
}

#[test]
fn forb_11_extended_numbers_without_a_window() {
    let without = SaParameters {
        extended_sequence: true,
        window: None,
        ..parameters(transform("aes-128-gcm-16"))
    };
    assert_eq!(
        InboundSa::new(without.clone()).err(),
        Some(SaError::ExtendedWithoutWindow)
    );
    let with = SaParameters {
        window: Some(ReplayWindow::SMALLEST),
        ..without
    };
    assert!(InboundSa::new(with).is_ok());
    let document = [
        &*hosts::document(1, 2),
        "extended-sequence = true\nwindow = \"off\"\n",
    ]
    .concat();
    assert_eq!(fault(&document).path, "sas[1].window");
}

/// Key lengths with their salts, bytes: RFC 4106 section 8.1, RFC 4543 section 5.1, RFC 7634 section 2,
/// RFC 4309 section 7.1, RFC 3602 section 2.4, RFC 3686 section 5.1.
const KEY_LENGTHS: [(&str, usize); 16] = [
    ("aes-128-gcm-16", 20),
    ("aes-192-gcm-12", 28),
    ("aes-256-gcm-8", 36),
    ("aes-128-gmac", 20),
    ("aes-192-gmac", 28),
    ("aes-256-gmac", 36),
    ("chacha20-poly1305", 36),
    ("aes-128-ccm-8", 19),
    ("aes-192-ccm-12", 27),
    ("aes-256-ccm-16", 35),
    ("aes-128-cbc + hmac-sha2-256-128", 16),
    ("aes-192-cbc + hmac-sha2-256-128", 24),
    ("aes-256-cbc + hmac-sha2-256-128", 32),
    ("aes-128-ctr + hmac-sha2-256-128", 20),
    ("aes-256-ctr + hmac-sha2-256-128", 36),
    ("null + hmac-sha2-256-128", 0),
];

#[test]
fn forb_13_keys_of_the_wrong_length() {
    for (name, right) in KEY_LENGTHS {
        let transform = transform(name);
        let integrity = transform.integrity().map_or(0, |_| 32);
        for length in 0..=72 {
            for (encryption, integrity_length) in [(length, integrity), (right, length)] {
                let fits = (encryption, integrity_length) == (right, integrity);
                let secret = |length| SecretBytes::from(vec![1; length]);
                let keys = Keys {
                    encryption: secret(encryption),
                    integrity: secret(integrity_length),
                };
                let sa = SaParameters::new(Spi(256), Mode::Transport, transform, keys);
                let error = OutboundSa::new(sa.clone()).err();
                assert_eq!(
                    error.is_none(),
                    fits,
                    "{name} {encryption} {integrity_length}"
                );
                assert_eq!(InboundSa::new(sa).err(), error);
                let told = match error {
                    None => None,
                    Some(SaError::Key(error)) => Some((error.expected, error.found)),
                    Some(other) => panic!("{other}"),
                };
                let expected = if encryption == right {
                    (integrity, integrity_length)
                } else {
                    (right, encryption)
                };
                assert_eq!(told, (!fits).then_some(expected));
            }
        }
    }
    // In a document: at the key, and without a digit of it.
    let document = hosts::document(1, 2).replace("10111213\"", "101112\"");
    let error = fault(&document);
    assert_eq!(error.path, "sas[0].key");
    assert_eq!(
        error.cause,
        "the encryption key has 19 bytes, the transform takes 20"
    );
}
