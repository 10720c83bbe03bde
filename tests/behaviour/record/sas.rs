//! SAs alone.

use iiptran::transform::Transform;
use iiptran_tests::behaviour::{Case, Options, Step};
use iiptran_tests::{Ip, KEY_BYTES, keys};

use super::Record;

const GCM: &str = r#"{ "spi": 4096, "transform": "aes-128-gcm-16",
    "key": "000102030405060708090a0b0c0d0e0f10111213"FIELDS }"#;

fn gcm(fields: &str) -> String {
    GCM.replace("FIELDS", fields)
}

fn clear() -> Vec<u8> {
    let ends = ["192.0.2.1", "192.0.2.2"].map(|text| text.parse().expect("an address"));
    Ip::udp(ends, b"ping over ESP").bytes()
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Transform::all().map(every_transform).collect();
    cases.extend([
        options(),
        tunnel(),
        outer(),
        udp(),
        replay(),
        extended(),
        faults(),
        room(),
        garbage(),
    ]);
    cases.push(documents());
    cases
}

fn every_transform(transform: Transform) -> Case {
    let mut bytes = [0; KEY_BYTES];
    for (byte, value) in bytes.iter_mut().zip(1..) {
        *byte = value;
    }
    let keys = keys(transform, &bytes);
    let hex = |bytes: &[u8]| String::from(iiptran_tests::Hex::from(bytes.to_vec()));
    let document = serde_json::json!({
        "name": "every transform",
        "spi": "0x00001000",
        "transform": transform.to_string(),
        "key": hex(keys.encryption.expose()),
        "integrity-key": hex(keys.integrity.expose()),
    });
    let mut record = Record::new(transform.to_string());
    record.make("outbound-sa", "sender", &document.to_string());
    record.make("inbound-sa", "receiver", &document.to_string());
    let sealed = record.packet(Step::new("seal", "sender"), &clear());
    record.packet(Step::new("open", "receiver"), &sealed);
    let mut damaged = sealed.to_vec();
    if let Some(last) = damaged.last_mut() {
        *last ^= 1;
    }
    record.make("inbound-sa", "receiver", &document.to_string());
    record.packet(Step::new("open", "receiver"), &damaged);
    record.done()
}

fn options() -> Case {
    let mut record = Record::new("what a single seal does differently");
    record.make("outbound-sa", "sender", &gcm(""));
    record.make("inbound-sa", "receiver", &gcm(""));
    let all = [
        Options {
            sequence: Some("7".into()),
            ..Options::default()
        },
        Options {
            iv: Some(vec![9; 8].into()),
            ..Options::default()
        },
        Options {
            padding: 100,
            ..Options::default()
        },
        Options {
            flow_padding: 64,
            ..Options::default()
        },
        Options {
            dummy: true,
            ..Options::default()
        },
        // And those that are wrong.
        Options {
            iv: Some(vec![9; 7].into()),
            ..Options::default()
        },
        Options {
            sequence: Some("4294967296".into()),
            ..Options::default()
        },
    ];
    for options in all {
        let seal = Step {
            options: Some(options),
            ..Step::new("seal", "sender")
        };
        let sealed = record.packet(seal, &clear());
        if !sealed.is_empty() {
            record.packet(Step::new("open", "receiver"), &sealed);
        }
    }
    record.done()
}

fn tunnel() -> Case {
    let fields = r#", "mode": "tunnel", "source": "2001:db8::1", "destination": "2001:db8::2""#;
    let mut record = Record::new("tunnel mode, IPv4 inside IPv6");
    record.make("outbound-sa", "sender", &gcm(fields));
    record.make("inbound-sa", "receiver", &gcm(fields));
    for _ in 0..2 {
        let sealed = record.packet(Step::new("seal", "sender"), &clear());
        record.packet(Step::new("open", "receiver"), &sealed);
    }
    record.done()
}

/// Outer headers that are given, and what is none.
fn outer() -> Case {
    const V4: &str = "45b8ffff 1234 4000 07 ff ffff cb007101 cb007102";
    const V6: &str =
        "6b812345 ffff 3b 07 20010db8000000000000000000000003 20010db8000000000000000000000004";
    const LIMIT: &str = "3b 00 04 01 06 01 01 00";
    let v6_with = |next: &str, rest: &str| V6.replace(" 3b ", next) + rest;
    let fields = r#", "mode": "tunnel", "source": "192.0.2.1", "destination": "192.0.2.2""#;
    let mut record = Record::new("tunnel mode with an outer header that is given");
    record.make("outbound-sa", "sender", &gcm(fields));
    record.make("outbound-sa", "transport", &gcm(""));
    record.make("inbound-sa", "receiver", &gcm(fields));
    let headers = [
        V4.into(),
        V6.into(),
        v6_with(" 3c ", LIMIT),
        // And what is none: nothing, too short, too long, options, fragments, no limit.
        String::new(),
        V4[..V4.len() - 2].into(),
        V4.to_owned() + "00",
        V4.replace("45b8", "46b8") + "00000000",
        V4.replace("4000", "2000"),
        V4.replace("4000", "0001"),
        V6.to_owned() + LIMIT,
        v6_with(" 3c ", ""),
        v6_with(" 3c ", "3b 00 01 04 00000000"),
        "5".repeat(40),
    ];
    for header in headers {
        let header = header.replace(' ', "");
        let options = Options {
            outer: Some(header.try_into().expect("digits")),
            ..Options::default()
        };
        let seal = |on| Step {
            options: Some(options.clone()),
            ..Step::new("seal", on)
        };
        let sealed = record.packet(seal("sender"), &clear());
        if sealed.is_empty() {
            continue;
        }
        record.packet(Step::new("open", "receiver"), &sealed);
        record.packet(seal("transport"), &clear());
    }
    record.done()
}

fn udp() -> Case {
    let fields = r#", "udp-encapsulation": { "source": 4500, "destination": 31000 }"#;
    let mut record = Record::new("ESP in UDP");
    record.make("outbound-sa", "sender", &gcm(fields));
    record.make("inbound-sa", "receiver", &gcm(""));
    let sealed = record.packet(Step::new("seal", "sender"), &clear());
    record.packet(Step::new("open", "receiver"), &sealed);
    record.done()
}

fn replay() -> Case {
    let mut record = Record::new("replayed, and left of the window");
    record.make("outbound-sa", "sender", &gcm(""));
    record.make("inbound-sa", "receiver", &gcm(", \"window\": 32"));
    let sealed: Vec<_> = (0..40)
        .map(|_| record.packet(Step::new("seal", "sender"), &clear()))
        .collect();
    for index in [0, 0, 39, 6, 7, 8, 8, 39] {
        record.packet(Step::new("open", "receiver"), &sealed[index]);
    }
    record.done()
}

fn extended() -> Case {
    let fields = ", \"extended-sequence\": true, \"start\": 4294967294";
    let mut record = Record::new("extended sequence numbers over the roll");
    record.make("outbound-sa", "sender", &gcm(fields));
    record.make("inbound-sa", "receiver", &gcm(fields));
    for _ in 0..3 {
        let sealed = record.packet(Step::new("seal", "sender"), &clear());
        record.packet(Step::new("open", "receiver"), &sealed);
    }
    let options = Options {
        sequence: Some(u64::MAX.to_string()),
        ..Options::default()
    };
    let seal = Step {
        options: Some(options),
        ..Step::new("seal", "sender")
    };
    record.packet(seal, &clear());
    record.make("outbound-sa", "sender", &gcm(", \"start\": 4294967295"));
    record.packet(Step::new("seal", "sender"), &clear());
    record.done()
}

fn faults() -> Case {
    let mut record = Record::new("packets of another SA, and lifetimes");
    record.make("outbound-sa", "sender", &gcm(""));
    record.make("inbound-sa", "other", &gcm("").replace("4096", "4097"));
    let sealed = record.packet(Step::new("seal", "sender"), &clear());
    record.packet(Step::new("open", "other"), &sealed);
    let fields = r#", "lifetime": { "hard": { "seconds": 10 } }"#;
    record.make("outbound-sa", "mortal", &gcm(fields));
    for now in [9_999_999_999, 10_000_000_000] {
        let seal = Step {
            now,
            ..Step::new("seal", "mortal")
        };
        record.packet(seal, &clear());
    }
    let fields = r#", "selectors": [{ "protocol": "tcp" }]"#;
    record.make("inbound-sa", "strict", &gcm(fields));
    record.packet(Step::new("open", "strict"), &sealed);
    record.done()
}

fn room() -> Case {
    let mut record = Record::new("buffers without room");
    record.make("outbound-sa", "sender", &gcm(""));
    for room in [[15, 512], [16, 512], [512, 16], [512, 64], [0, 0]] {
        let seal = Step {
            room: Some(room),
            ..Step::new("seal", "sender")
        };
        record.packet(seal, &clear());
    }
    record.done()
}

fn garbage() -> Case {
    let mut record = Record::new("what is no packet");
    record.make("outbound-sa", "sender", &gcm(""));
    record.make("inbound-sa", "receiver", &gcm(""));
    let packets: [&[u8]; 5] = [&[], &[0x45], &[0; 40], &[0xff; 60], &clear()[..20]];
    for packet in packets {
        record.packet(Step::new("seal", "sender"), packet);
        record.packet(Step::new("open", "receiver"), packet);
    }
    record.done()
}

fn documents() -> Case {
    let mut record = Record::new("documents of SAs that are wrong");
    let documents = [
        "",
        "{",
        "spi = 4096\ntransform = \"aes-128-gcm-16\"\nkye = \"00\"",
        "{\n  \"spi\": \"many\", \"transform\": \"aes-128-gcm-16\" }",
        "{ \"spi\": 4096, \"transform\": \"rot-13\" }",
        "{ \"spi\": 4096, \"transform\": \"aes-128-gcm-16\", \"key\": \"00\" }",
        "{ \"spi\": 4096, \"transform\": \"aes-128-gcm-16\", \"key\": \"0\" }",
        "{ \"spi\": 255, \"transform\": \"null + hmac-sha2-256-128\" }",
        "[1, 2]",
        "{ \"spi\": 4096, \"spi\": 4097 }",
    ];
    let fields = [
        ", \"window\": 0",
        ", \"window\": \"off\", \"extended-sequence\": true",
        ", \"mode\": \"tunnel\"",
        ", \"start\": 4294967296",
        ", \"start\": -1",
        ", \"rollover\": true",
        ", \"dscps\": [64]",
        ", \"direction\": \"inbound\"",
        ", \"direction\": \"outbound\"",
        ", \"lookup\": \"source\"",
        ", \"selectors\": [{}, { \"local\": [\"10.0.0.0/33\"] }]",
        ", \"udp-encapsulation\": { \"source\": 65536 }",
    ];
    let documents = documents.map(String::from);
    for document in documents.into_iter().chain(fields.map(gcm)) {
        record.make("outbound-sa", "sender", &document);
        record.make("inbound-sa", "receiver", &document);
    }
    record.done()
}
