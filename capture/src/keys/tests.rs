//! Whatever a key file holds, reading it ends with keys or an error.

use proptest::prelude::*;

use super::{KeyFormat, wireshark, xfrm};

const ROW: &str = "\"IPv4\",\"192.0.2.*\",\"*\",\"0x0000100*\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x000102030405060708090a0b0c0d0e0f10111213\",\"NULL\",\"\",\"64-bit\",\"5\"\n";
const STATE: &str = "src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x00001000 reqid 1 mode tunnel\n\treplay-window 0 flag esn\n\tauth-trunc hmac(sha256) 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 128\n\tenc ecb(cipher_null) \n\tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0\n\tsel src 10.0.0.0/8 dst 0.0.0.0/0 proto udp sport 5\n";
const COMMAND: &str = "ip xfrm state add src ::1 dst ::2 proto esp spi 9 aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128 encap espinudp 1 2 ::\n";

fn read(text: &str) {
    match KeyFormat::of(text) {
        KeyFormat::Wireshark => drop(wireshark::read(text)),
        KeyFormat::IpXfrm => drop(xfrm::read(text)),
        // Documents are the library's.
        KeyFormat::Iiptran => {}
    }
}

/// A good text of one of the formats, with some of its characters replaced or cut out.
fn damaged() -> impl Strategy<Value = String> {
    let text = prop::sample::select(vec![ROW, STATE, COMMAND]);
    let damage = prop::collection::vec((any::<prop::sample::Index>(), "[ -~\n\t\\PC]{0,3}"), 1..6);
    (text, damage).prop_map(|(text, damage)| {
        let mut characters: Vec<String> = text.chars().map(String::from).collect();
        for (place, instead) in damage {
            if let Some(character) = characters.get_mut(place.index(text.len())) {
                *character = instead;
            }
        }
        characters.concat()
    })
}

#[test]
fn the_texts_are_good_before_they_are_damaged() {
    for (format, text) in [
        (KeyFormat::Wireshark, ROW),
        (KeyFormat::IpXfrm, STATE),
        (KeyFormat::IpXfrm, COMMAND),
    ] {
        assert_eq!(KeyFormat::of(text), format);
        let parsed = match format {
            KeyFormat::Wireshark => wireshark::read(text),
            _ => xfrm::read(text),
        };
        assert!(
            matches!(&parsed, Ok((entries, notes)) if entries.len() == 1 && notes.is_empty()),
            "{parsed:?}"
        );
    }
}

proptest! {
    #[test]
    fn damaged_keys_do_no_harm(text in damaged()) {
        read(&text);
    }

    #[test]
    fn any_text_does_no_harm(text in "(\"|src |ip xfrm state add )\\PC{0,200}") {
        read(&text);
    }
}
