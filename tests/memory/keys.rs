//! Keys are wiped before their memory is given back.

use iiptran::config::NodeConfig;
use iiptran::sa::{OutboundSa, SaParameters};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::Spi;
use iiptran::{Mode, NoTrace};
use iiptran_tests::lab::ip;
use iiptran_tests::sa::{ENDS, both_sides, clear, open, seal};
use iiptran_tests::{Ip, NOW};

use crate::Place;
use crate::allocator::{PIECE, leaks};

/// As many bytes as a key has, no eight of them anywhere else.
fn key(length: usize, first: u8) -> Vec<u8> {
    let byte = |index: usize| first ^ u8::try_from(index).unwrap().wrapping_mul(0x4d);
    (0..length).map(byte).collect()
}

/// Two pieces of each key, if it is so long, every bit flipped.
fn pieces(keys: &Keys) -> [Option<[u8; PIECE]>; 4] {
    let piece = |key: &[u8], at: usize| {
        let mut flipped = key.get(at..at + PIECE)?.iter().map(|byte| !byte);
        Some([(); PIECE].map(|()| flipped.next().unwrap()))
    };
    let (encryption, integrity) = (keys.encryption.expose(), keys.integrity.expose());
    [
        piece(encryption, 0),
        piece(encryption, encryption.len().saturating_sub(PIECE)),
        piece(integrity, 0),
        piece(integrity, integrity.len().saturating_sub(PIECE)),
    ]
}

fn keys(transform: Transform) -> Keys {
    let encryption = key(transform.key_length() + transform.salt_length(), 0xa7);
    let integrity = transform.integrity().map_or(0, |kind| kind.key_length());
    Keys {
        encryption: encryption.into(),
        integrity: key(integrity, 0x5b).into(),
    }
}

#[test]
fn alg_14_keys_are_wiped() {
    for transform in Transform::all() {
        let keys = keys(transform);
        let found = leaks(pieces(&keys), || {
            let sa = SaParameters::new(Spi(256), Mode::Transport, transform, keys.clone());
            let (sender, mut receiver) = both_sides(&sa);
            let packet = clear(b"hello");
            let wire = seal(&sender, &packet).unwrap();
            assert_eq!(open(&mut receiver, &wire), Ok(packet));
            let mut forged = seal(&sender, &clear(b"hello")).unwrap();
            *forged.last_mut().unwrap() ^= 1;
            assert!(open(&mut receiver, &forged).is_err());
        });
        assert_eq!(found, 0, "{transform}");
        // A key that is refused goes the same way.
        let found = leaks(pieces(&keys), || {
            let longer = Keys {
                encryption: [keys.encryption.expose(), &[0xee]].concat().into(),
                integrity: keys.integrity.clone(),
            };
            let sa = SaParameters::new(Spi(256), Mode::Transport, transform, longer);
            assert!(OutboundSa::new(sa).is_err());
        });
        assert_eq!(found, 0, "{transform}");
        assert_eq!(leaks(pieces(&keys), || drop(keys)), 0);
    }
}

/// The digits of a document are its reader's to wipe; the bytes that they stand for are not.
#[test]
fn alg_14_keys_of_documents_are_wiped() {
    for name in ["aes-256-gcm-16", "aes-256-cbc + hmac-sha2-512-256"] {
        let transform = iiptran_tests::sa::transform(name);
        let keys = keys(transform);
        let hex = |key: &[u8]| -> String { key.iter().map(|b| format!("{b:02x}")).collect() };
        let document = format!(
            r#"
arrangement = "transport"
insecure-test-keys = true

[[links]]
name = "wan"
addresses = ["192.0.2.1/24"]

[[policies]]
name = "peer"
action = "protect"
selectors = [{{ local = ["192.0.2.1"] }}]

[[sas]]
direction = "outbound"
policy = "peer"
spi = 0x1000
transform = "{name}"
key = "{}"
integrity-key = "{}"
"#,
            hex(keys.encryption.expose()),
            hex(keys.integrity.expose()),
        );
        let mut place = Place::new();
        let packet = Ip::udp(ENDS.map(ip), b"hello").bytes();
        let found = leaks(pieces(&keys), || {
            let mut node = NodeConfig::from_toml(&document).unwrap().node().unwrap();
            let network = node.tables().find_network("base").unwrap();
            let verdict = place.process(&packet, |packet| {
                node.send(NOW, network, packet, &mut NoTrace)
            });
            assert_eq!(verdict.drop_reason(), None);
        });
        assert_eq!(found, 0, "{name}");
    }
}
