//! Headers around ESP in transport mode (RFC 4303 section 3.1).

use iiptran::sa::{InboundSa, OutboundSa, SaParameters};
use iiptran::transform::{Integrity, Keys, Transform};
use iiptran::wire::IpVersion::{V4, V6};
use iiptran::wire::{Protocol, Spi};
use iiptran::{DropReason, Mode};
use iiptran_tests::lab::gateways;
use iiptran_tests::{Ip, NOW, process, reference, with_traffic_class};

const KEY: [u8; 32] = [9; 32];

/// An SA that hides nothing, so that what it adds can be written by hand.
fn parameters() -> SaParameters {
    let transform = Transform::from_names("null", Some("hmac-sha2-256-128")).unwrap();
    let keys = Keys {
        integrity: KEY[..].into(),
        ..Keys::default()
    };
    SaParameters::new(Spi(0x1000), Mode::Transport, transform, keys)
}

/// The first ESP packet of that SA, by hand: `payload` and three bytes fill words with the trailer.
fn esp(payload: &[u8], next_header: u8) -> Vec<u8> {
    assert_eq!(payload.len() % 4, 3);
    let front = [0, 0, 0x10, 0, 0, 0, 0, 1];
    let esp = [&front[..], payload, &[1, 2, 3, 3, next_header]].concat();
    let icv = reference::hmac_icv(Integrity::HmacSha2_256_128, &KEY, &esp).unwrap();
    [esp, icv].concat()
}

/// Packets, and where ESP goes in them.
fn cases() -> Vec<(Ip, Ip)> {
    let udp = |version| Ip::udp(gateways(version), b"payload");
    let options = |kind| (kind, vec![0, 0, 1, 4, 0, 0, 0, 0]);
    let on_the_path = vec![
        options(Protocol::HOP_BY_HOP),
        options(Protocol::DESTINATION_OPTIONS),
        (Protocol::ROUTING, vec![0, 0, 253, 0, 0, 0, 0, 0]),
        // An atomic fragment: offset 0 and nothing more to come.
        (Protocol::FRAGMENT, vec![0, 0, 0, 0, 0, 0, 0, 9]),
    ];
    let behind_ip = |packet: &Ip| Ip {
        protocol: Protocol::ESP,
        payload: esp(&packet.payload, 17),
        ..packet.clone()
    };
    let mut cases = Vec::new();
    for packet in [
        udp(V4),
        Ip {
            identification: 7,
            flags_and_offset: 0x4000,
            traffic_class: 0xba,
            options: vec![0x94, 4, 0, 0, 1, 1, 1, 0],
            ..udp(V4)
        },
        udp(V6),
        Ip {
            traffic_class: 0xba,
            flow_label: 0xabcde,
            extension_headers: on_the_path.clone(),
            ..udp(V6)
        },
    ] {
        let sealed = behind_ip(&packet);
        cases.push((packet, sealed));
    }
    // Options for the final destination are protected too.
    for on_the_path in [Vec::new(), on_the_path] {
        let last = options(Protocol::DESTINATION_OPTIONS);
        let packet = Ip {
            extension_headers: [on_the_path.clone(), vec![last]].concat(),
            ..udp(V6)
        };
        let payload = [&[17, 0, 1, 4, 0, 0, 0, 0], &packet.payload[..]].concat();
        let sealed = Ip {
            extension_headers: on_the_path,
            protocol: Protocol::ESP,
            payload: esp(&payload, 60),
            ..packet.clone()
        };
        cases.push((packet, sealed));
    }
    cases
}

#[test]
fn hdr_08_where_esp_goes() {
    for (packet, expected) in cases() {
        let sender = OutboundSa::new(parameters()).unwrap();
        let sealed = process(&packet.bytes(), |packet| sender.seal(NOW, packet));
        assert_eq!(sealed, Ok(expected.bytes()));
    }
    // A fragment has no place for it.
    let fragments = [
        Ip {
            flags_and_offset: 0x2000,
            ..Ip::udp(gateways(V4), b"payload")
        },
        Ip {
            extension_headers: vec![(Protocol::FRAGMENT, vec![0, 0, 0, 1, 0, 0, 0, 9])],
            ..Ip::udp(gateways(V6), b"payload")
        },
    ];
    for fragment in fragments {
        let sender = OutboundSa::new(parameters()).unwrap();
        let sealed = process(&fragment.bytes(), |packet| sender.seal(NOW, packet));
        assert_eq!(sealed, Err(DropReason::FragmentOffered));
    }
}

#[test]
fn hdr_09_the_packet_is_restored() {
    let mut cases = cases();
    // A sender may put all destination options in front of ESP.
    let options = (Protocol::DESTINATION_OPTIONS, vec![0, 0, 1, 4, 0, 0, 0, 0]);
    let packet = Ip {
        extension_headers: vec![options],
        ..Ip::udp(gateways(V6), b"payload")
    };
    let sealed = Ip {
        protocol: Protocol::ESP,
        payload: esp(&packet.payload, 17),
        ..packet.clone()
    };
    cases.push((packet, sealed));
    for (packet, sealed) in cases {
        let mut receiver = InboundSa::new(parameters()).unwrap();
        let opened = process(&sealed.bytes(), |packet| receiver.open(NOW, packet));
        assert_eq!(opened, Ok(packet.bytes()));
        // Of the fields that the path changes, the new values stay.
        let changed = |packet: &Ip| Ip {
            ttl: 3,
            ..packet.clone()
        };
        let wire = changed(&sealed).bytes();
        let restored = changed(&packet).bytes();
        let [wire, restored] = [wire, restored].map(|bytes| {
            if packet.options.is_empty() {
                with_traffic_class(&bytes, 0xbb)
            } else {
                bytes
            }
        });
        let mut receiver = InboundSa::new(parameters()).unwrap();
        let opened = process(&wire, |packet| receiver.open(NOW, packet));
        assert_eq!(opened, Ok(restored));
    }
}
