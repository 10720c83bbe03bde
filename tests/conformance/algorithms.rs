//! Algorithms: RFC 8221 and the RFCs of each.

use std::collections::BTreeSet;

use iiptran::config::{NodeConfig, TransformText};
use iiptran::node::Event;
use iiptran::sa::{Lifetime, OutboundSa, SaParameters, SealOptions};
use iiptran::transform::{Integrity, Iv, Keys, Transform};
use iiptran::wire::{Protocol, Spi};
use iiptran::{DropReason, Mode};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts as inner_hosts, ip};
use iiptran_tests::sa::{ENDS, both_sides, clear, open, parameters, seal, seal_as, transform};
use iiptran_tests::{Ip, KEY_BYTES, NOW, process, reference};

use crate::hosts;

/// Whether the transform of these names exists and carries a packet.
fn works(names: &str) -> bool {
    let Ok(TransformText(transform)) = names.parse() else {
        return false;
    };
    let (sender, mut receiver) = both_sides(&parameters(transform));
    let packet = clear(b"hello");
    let wire = seal(&sender, &packet).unwrap();
    assert_eq!(open(&mut receiver, &wire), Ok(packet), "{names}");
    true
}

/// RFC 8221 section 5.
#[test]
fn alg_01_encryption() {
    let must = [
        "null + hmac-sha2-256-128",
        "aes-128-cbc + hmac-sha2-256-128",
        "aes-256-cbc + hmac-sha2-256-128",
        "aes-128-gcm-16",
        "aes-256-gcm-16",
    ];
    let should = ["chacha20-poly1305", "aes-128-ccm-8", "aes-256-ccm-8"];
    for name in must.into_iter().chain(should) {
        assert!(works(name), "{name}");
    }
    // MUST NOT, and SHOULD NOT.
    for name in [
        "des", "des-cbc", "des-iv64", "des-iv32", "blowfish", "idea", "3idea", "rc5", "3des",
    ] {
        assert!(!works(name) && !works(&format!("{name} + hmac-sha2-256-128")));
        let error = Transform::from_names(name, Some("hmac-sha2-256-128")).unwrap_err();
        let error = error.to_string();
        assert!(error.contains(name), "{error}");
    }
    for transform in Transform::all() {
        let name = transform.to_string();
        assert!(!name.contains("des") && !name.contains("md5"), "{name}");
    }
}

/// RFC 8221 section 6.
#[test]
fn alg_02_integrity() {
    for name in [
        "hmac-sha2-256-128",
        "hmac-sha2-512-256",
        "hmac-sha1-96",
        "aes-xcbc-96",
    ] {
        assert!(works(&format!("aes-128-cbc + {name}")), "{name}");
    }
    assert!(works("aes-128-gmac") && works("aes-256-gmac"));
    for name in ["hmac-md5-96", "kpdk-md5", "des-mac", "hmac-sha2-256-96"] {
        assert!(!works(&format!("aes-128-cbc + {name}")), "{name}");
        assert!(!works(&format!("null + {name}")), "{name}");
    }
}

/// RFC 8221 section 4: ESP alone.
#[test]
fn alg_03_there_is_no_ah() {
    let document = hosts::document(1, 2);
    for (place, path) in [
        ("spi = 0x1001", "sas[0]"),
        ("action = \"protect\"", "policies[0]"),
    ] {
        for word in ["protocol = \"ah\"", "ah = true", "ah-spi = 0x3001"] {
            let with_ah = document.replace(place, &format!("{place}\n{word}"));
            let error = NodeConfig::from_toml(&with_ah).unwrap_err();
            assert!(error.path.starts_with(path), "{error}");
            assert!(error.cause.contains("unknown field"), "{error}");
        }
    }
    assert!("ah + hmac-sha2-256-128".parse::<TransformText>().is_err());
    // An AH header is a next layer that nobody here opens, with ESP inside or without.
    let (mut a, mut b) = (hosts::host(1, 2), hosts::host(2, 1));
    let esp = a.send("base", &clear(b"hello")).transmitted();
    let header = [50, 4, 0, 0, 0, 0, 0x10, 1, 0, 0, 0, 1].into_iter();
    let authenticated: Vec<u8> = header.chain([0; 12]).chain(esp[20..].to_vec()).collect();
    let packet = Ip::new(ENDS.map(ip), Protocol::AH, &authenticated).bytes();
    assert_eq!(
        b.receive("wan", &packet).reason(),
        Some(DropReason::Unprotected)
    );
    assert_eq!(b.receive("wan", &esp).reason(), None);
}

/// RFC 3602 sections 2 and 3.
#[test]
fn alg_09_the_ivs_of_cbc_are_unpredictable() {
    let cbc = transform("aes-128-cbc + hmac-sha2-256-128");
    let iv = |key: u8, sequence: u64| -> [u8; 16] {
        let keys = Keys {
            encryption: (&[key; 16][..]).into(),
            integrity: (&[1; 32][..]).into(),
        };
        let sa = SaParameters::new(Spi(256), Mode::Transport, cbc, keys);
        let sender = OutboundSa::new(sa).unwrap();
        let wire = seal_as(&sender, sequence, &clear(b"the same packet"));
        wire[28..44].try_into().unwrap()
    };
    let ivs: Vec<_> = (1..=2000).map(|sequence| iv(7, sequence)).collect();
    assert_eq!(ivs.iter().collect::<BTreeSet<_>>().len(), ivs.len());
    // No counter, and nothing near one: neighbours differ in half of their bits.
    let distance = |pair: &[[u8; 16]]| {
        (u128::from_be_bytes(pair[0]) ^ u128::from_be_bytes(pair[1])).count_ones()
    };
    let distances: Vec<u32> = ivs.windows(2).map(distance).collect();
    assert!(distances.iter().all(|bits| (32..96).contains(bits)));
    let mean = distances.iter().sum::<u32>() / 1999;
    assert!((62..=66).contains(&mean), "{mean} bits of 128");
    // Other keys have other IVs, and the encryption key itself does not make them: what it makes of a
    // chosen block must not be known (NIST SP 800-38A appendix C).
    for sequence in 1..=100 {
        let counter = u128::from(sequence).to_be_bytes();
        let made = iv(7, sequence);
        assert_ne!(made, counter);
        assert_ne!(made, iv(8, sequence));
        assert_ne!(made, reference::aes_block(&[7; 16], counter));
    }
}

/// RFC 4868 section 2.1.1 and section 2.6.
#[test]
fn alg_10_hmac_lengths() {
    for (integrity, key_length, icv_length) in [
        (Integrity::HmacSha2_256_128, 32, 16),
        (Integrity::HmacSha2_384_192, 48, 24),
        (Integrity::HmacSha2_512_256, 64, 32),
    ] {
        let transform = Transform::Null { integrity };
        let key: Vec<u8> = (1..=key_length).collect();
        let keys = Keys {
            integrity: (&*key).into(),
            ..Keys::default()
        };
        let sa = SaParameters::new(Spi(256), Mode::Transport, transform, keys);
        let (sender, _) = both_sides(&sa);
        let wire = seal(&sender, &clear(b"")).unwrap();
        // 8 bytes of ESP header, 8 of UDP, 2 of padding and 2 of trailer.
        assert_eq!(wire.len(), 20 + 8 + 8 + 2 + 2 + icv_length);
        let (covered, icv) = wire[20..].split_at(20);
        assert_eq!(reference::hmac_icv(integrity, &key, covered).unwrap(), icv);
    }
}

/// RFC 8750 section 4.
#[test]
fn alg_11_implicit_ivs() {
    let packet = Ip::new(ENDS.map(ip), Protocol(253), &[0xaa, 0xbb]).bytes();
    let body = [0xaa, 0xbb, 0, 253];
    let (key, salt) = ([7; KEY_BYTES], [7; 4]);
    for (extended, sequence, associated) in [
        (false, 0x0102, &[0, 0, 0x10, 0, 0, 0, 1, 2][..]),
        (
            true,
            0xab_0000_0102,
            &[0, 0, 0x10, 0, 0, 0, 0, 0xab, 0, 0, 1, 2],
        ),
    ] {
        // The IV is the number, without ESN behind four zero bytes; it is not on the wire.
        let iv = u64::to_be_bytes(sequence);
        let nonce = [&salt[..], &iv].concat().try_into().unwrap();
        let gcm = reference::aes_gcm(&key[..16], nonce, associated, &body);
        let chacha = reference::chacha20_poly1305(&key[..32], nonce, associated, &body);
        let sealed = |name: &str, iv| {
            let sa = SaParameters {
                extended_sequence: extended,
                start: sequence - 1,
                ..parameters(transform(name))
            };
            let options = SealOptions {
                iv,
                ..SealOptions::default()
            };
            let (sender, mut receiver) = both_sides(&sa);
            let wire = process(&packet, |packet| sender.seal_with(NOW, packet, &options));
            assert_eq!(
                open(&mut receiver, &wire.clone().unwrap()),
                Ok(packet.clone())
            );
            wire.unwrap()
        };
        assert_eq!(sealed("aes-128-gcm-16-iiv", None)[28..], gcm);
        assert_eq!(sealed("chacha20-poly1305-iiv", None)[28..], chacha);
        // CCM is as with an explicit IV of that value, less the IV.
        let explicit = sealed("aes-128-ccm-8", Iv::new(&iv));
        assert_eq!(explicit[28..36], iv);
        assert_eq!(sealed("aes-128-ccm-8-iiv", None)[28..], explicit[36..]);
    }
}

#[test]
fn alg_12_no_nonce_is_used_twice() {
    for transform in Transform::all().filter(|transform| transform.iv_length() == 8) {
        // Two senders that share a key, told apart by a bit of their IVs; and one SA that goes on
        // where another ended.
        let with = |iv_mask, start| SaParameters {
            iv_mask,
            start,
            ..parameters(transform)
        };
        let mut ivs = BTreeSet::new();
        for sa in [with(0, 0), with(1 << 63, 0), with(0, 300)] {
            let sender = OutboundSa::new(sa).unwrap();
            for _ in 0..300 {
                let wire = seal(&sender, &clear(b"the same packet")).unwrap();
                assert!(ivs.insert(wire[28..36].to_vec()), "{transform}");
            }
        }
    }
    // Where the number is the IV, no mask may change it.
    for transform in Transform::all().filter(|transform| transform.has_implicit_iv()) {
        let masked = SaParameters {
            iv_mask: 1,
            ..parameters(transform)
        };
        assert!(OutboundSa::new(masked).is_err(), "{transform}");
    }
}

#[test]
fn alg_13_packets_and_bytes_of_a_key_are_limited() {
    // Without a word about it: replaced after half of the numbers, ended with the last one (SEQ-02).
    assert_eq!(Lifetime::default().soft.packets, Some(1 << 31));
    let packet = Ip::udp(inner_hosts(iiptran::wire::IpVersion::V4), &[0; 100]).bytes();
    for (limits, warned, last) in [
        ("soft = { packets = 2 }, hard = { packets = 4 }", 3, 4),
        // 128 bytes inside, 2 of padding and 2 of trailer for each.
        ("soft = { bytes = 264 }, hard = { bytes = 528 }", 3, 4),
        ("soft = { bytes = 265 }, hard = { bytes = 529 }", 4, 5),
    ] {
        let gateways = |protection: &str| Gateways {
            protection: protection.into(),
            ..Gateways::new("iiptran")
        };
        let limited = gateways(&format!("lifetime = {{ {limits} }}"));
        // Of what is sent.
        let (mut a, mut b) = (limited.node(Side::A), gateways("").node(Side::B));
        let (told, ended) = until_the_end(&mut a, |a| a.receive("lan", &packet).reason());
        assert_eq!((told, ended), (warned, last + 1), "{limits}");
        assert_eq!(b.node.poll_event(), None);
        // Of what is received.
        let mut a = gateways("").node(Side::A);
        b = limited.node(Side::B);
        let (told, ended) = until_the_end(&mut b, |b| {
            let wire = a.receive("lan", &packet).transmitted();
            b.receive("wan", &wire).reason()
        });
        assert_eq!((told, ended), (warned - 1, last + 1), "{limits}");
    }
}

/// With which packet the end is announced, and which one is the first to be dropped.
fn until_the_end(
    lab: &mut Lab,
    mut packet: impl FnMut(&mut Lab) -> Option<DropReason>,
) -> (usize, usize) {
    let mut told = None;
    for number in 1..100 {
        let reason = packet(lab);
        if let Some(reason) = reason {
            assert_eq!(reason, DropReason::LifetimeExceeded);
            return (told.expect("an announcement"), number);
        }
        match lab.node.poll_event() {
            None => {}
            Some(Event::OutboundSoftExpiry { .. } | Event::InboundSoftExpiry { .. }) => {
                assert_eq!(told.replace(number), None, "told twice");
            }
            Some(other) => panic!("{other:?}"),
        }
    }
    panic!("no limit");
}

#[test]
fn alg_14_nothing_shows_a_key() {
    // A key whose bytes stand out in any notation.
    let secret = [0xa7, 0xb3, 0xc9, 0xd5, 0xe1, 0xf7, 0x9d, 0x8b];
    let digits = "a7b3c9d5e1f79d8b";
    let check = |shown: String| {
        let plain: String = shown
            .to_lowercase()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        for notation in [digits, "0xa70xb30xc9", "167179201213", "a7b3"] {
            let letters: String = notation.chars().collect();
            assert!(!plain.contains(&letters), "{shown}");
        }
    };
    for transform in Transform::all() {
        let key = |length| secret.into_iter().cycle().take(length).collect::<Vec<u8>>();
        let integrity = transform.integrity().map_or(0, |kind| kind.key_length());
        let keys = Keys {
            encryption: key(transform.key_length() + transform.salt_length()).into(),
            integrity: key(integrity).into(),
        };
        check(format!("{keys:?} {keys:#?}"));
        let sa = SaParameters::new(Spi(256), Mode::Transport, transform, keys);
        let (sender, receiver) = both_sides(&sa);
        check(format!("{sa:?} {sender:?} {receiver:#?}"));
    }
    let document = hosts::document(1, 2).replace(
        "000102030405060708090a0b0c0d0e0f10111213",
        &format!("{digits}{digits}a7b3c9d5"),
    );
    let config = NodeConfig::from_toml(&document).unwrap();
    check(format!("{config:?}"));
    check(format!("{:?}", config.node().unwrap()));
    // Nor does the fault of a document with a wrong key.
    let longer = document.replace("a7b3c9d5\"", "a7b3c9d5ff\"");
    check(
        NodeConfig::from_toml(&longer)
            .unwrap()
            .node()
            .unwrap_err()
            .to_string(),
    );
    let damaged = document.replace("a7b3c9d5\"", "a7b3c9dx\"");
    check(NodeConfig::from_toml(&damaged).unwrap_err().to_string());
}
