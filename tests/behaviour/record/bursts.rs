//! Packets in a row, which hosts take as bursts too.

use iiptran_tests::behaviour::{Case, Step};
use iiptran_tests::{Ip, with_traffic_class};

use super::Record;
use super::nodes::{gateway, packet, receive, send};

/// Longer than what is processed at once, and no multiple of it.
const PACKETS: usize = 70;

const TUNNEL: &str =
    r#", "mode": "tunnel", "source": "192.0.2.1", "destination": "192.0.2.2", "window": 64"#;

const GCM: &str =
    r#""transform": "aes-128-gcm-16", "key": "000102030405060708090a0b0c0d0e0f10111213""#;

const CBC: &str = r#""transform": "aes-128-cbc + hmac-sha2-256-128",
    "key": "000102030405060708090a0b0c0d0e0f",
    "integrity-key": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f""#;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        sas("transport mode", GCM, ""),
        sas("tunnel mode", GCM, TUNNEL),
        sas("a cipher without bursts", CBC, TUNNEL),
        sas(
            "near the roll",
            GCM,
            r#", "extended-sequence": true, "start": 4294967260"#,
        ),
        sas(
            "a lifetime that ends",
            GCM,
            r#", "lifetime": { "hard": { "packets": 30 } }"#,
        ),
    ];
    let all = ["iiptran", "tunnel-mode"];
    cases.extend(all.into_iter().map(nodes));
    cases.push(links());
    cases
}

/// Packets of several lengths and flows, and among them some that are none.
fn mixed(ends: [[&str; 2]; 2]) -> Vec<Vec<u8>> {
    let fine = |index: usize| {
        let [source, destination] = ends[usize::from(index % 7 == 3)];
        packet(source, destination, &vec![index as u8; index % 90])
    };
    (0..PACKETS)
        .map(|index| match index % 23 {
            5 => Vec::new(),
            9 => fine(index)[..19].to_vec(),
            11 => with_traffic_class(&fine(index), 0xb9),
            14 => {
                let ends = ["2001:db8::1", "2001:db8::2"].map(|text| text.parse().expect("IPv6"));
                Ip::udp(ends, b"six").bytes()
            }
            17 => vec![0xff; 60],
            _ => fine(index),
        })
        .collect()
}

/// What comes out of a wire that damages packets, repeats them, and lets them overtake each other.
fn disturbed(sent: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut wire: Vec<Vec<u8>> = Vec::new();
    for (index, mut packet) in sent
        .into_iter()
        .filter(|packet| !packet.is_empty())
        .enumerate()
    {
        match index % 13 {
            4 => packet.truncate(packet.len() - 3),
            6 => packet[20] ^= 1,
            8 => wire.push(packet.clone()),
            10 => *packet.last_mut().expect("a byte") ^= 1,
            _ => {}
        }
        let place = if index % 11 == 7 {
            wire.len() - 3
        } else {
            wire.len()
        };
        wire.insert(place, packet);
    }
    wire
}

fn sas(name: &str, keys: &str, fields: &str) -> Case {
    let document = format!(r#"{{ "spi": 4096, {keys}{fields} }}"#);
    let mut record = Record::new(format!("packets of an SA in a row: {name}"));
    record.make("outbound-sa", "sender", &document);
    record.make("inbound-sa", "receiver", &document);
    let ends = [["192.0.2.1", "192.0.2.2"]; 2];
    let sealed = mixed(ends).into_iter().enumerate().map(|(index, clear)| {
        let room = (index % 29 == 12).then_some([8, 8]);
        let seal = Step {
            room,
            ..Step::new("seal", "sender")
        };
        record.packet(seal, &clear).to_vec()
    });
    let wire = disturbed(sealed.collect());
    for packet in wire {
        record.packet(Step::new("open", "receiver"), &packet);
    }
    record.done()
}

/// Through two gateways, and from one of them.
fn nodes(arrangement: &str) -> Case {
    let mut record = Record::new(format!("packets of a node in a row: {arrangement}"));
    let gcm = |here, there| {
        let key = "c3".repeat(20);
        let long = "c3".repeat(32);
        gateway(arrangement, here, there)
            .replace("aes-256-cbc + hmac-sha2-256-128", "aes-128-gcm-16")
            .replace(&format!(", integrity-key = \"{long}\""), "")
            .replace(&long, &key)
    };
    record.make("node", "a", &gcm("1", "2"));
    record.make("node", "b", &gcm("2", "1"));
    let mut calls = |step: Step, packets: Vec<Vec<u8>>| -> Vec<Vec<u8>> {
        let all = packets.into_iter();
        all.map(|packet| record.packet(step.clone(), &packet).to_vec())
            .collect()
    };
    let through = [["10.1.0.5", "10.2.0.5"], ["10.1.0.6", "10.9.0.6"]];
    let own = [["10.1.0.1", "10.2.0.5"], ["10.1.0.1", "10.2.0.1"]];
    let forwarded = calls(receive("a", "lan"), mixed(through));
    let sent = calls(send("a", "vn"), mixed(own));
    let mut wire = disturbed([forwarded, sent].concat());
    wire.extend(fragments());
    calls(receive("b", "wan"), wire);
    for node in ["a", "b"] {
        record.call(Step::new("counters", node));
        record.call(Step::new("poll-event", node));
    }
    record.done()
}

/// A datagram for the gateway itself, in two parts.
fn fragments() -> [Vec<u8>; 2] {
    let whole = packet("192.0.2.9", "192.0.2.2", &[5; 24]);
    let part = |range: std::ops::Range<usize>, more: u16| {
        let mut part = whole[..20].to_vec();
        part.extend(&whole[20..][range.clone()]);
        let length = u16::try_from(part.len()).expect("a short packet");
        part[2..4].copy_from_slice(&length.to_be_bytes());
        let offset = u16::try_from(range.start / 8).expect("a short packet");
        part[6..8].copy_from_slice(&(offset | more << 13).to_be_bytes());
        iiptran_tests::fill_checksum(&mut part);
        part
    };
    [part(0..16, 1), part(16..32, 0)]
}

/// Links by which nothing comes in.
fn links() -> Case {
    let mut record =
        Record::new("packets in a row by a link that is virtual, and by one that is down");
    record.make("node", "a", &gateway("iiptran", "1", "2"));
    let clear = packet("10.1.0.5", "10.2.0.5", b"ping");
    for _ in 0..3 {
        record.packet(receive("a", "tunnel"), &clear);
    }
    record.call(Step {
        link: Some("wan".into()),
        up: Some(false),
        ..Step::new("set-link-up", "a")
    });
    for _ in 0..3 {
        record.packet(receive("a", "lan"), &clear);
    }
    record.done()
}
