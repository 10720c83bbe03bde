//! The packets of Linux.

use iiptran::Arrangement;
use iiptran_tests::behaviour::{Case, Options, Step};
use iiptran_tests::captures::{self, CapturedSa};

use super::Record;

pub(super) fn cases() -> Vec<Case> {
    captures::load().iter().map(case).collect()
}

fn case(captured: &CapturedSa) -> Case {
    let parameters = captured.sender(Arrangement::Transport);
    let hex = |bytes: &[u8]| String::from(iiptran_tests::Hex::from(bytes.to_vec()));
    let document = serde_json::json!({
        "spi": parameters.spi.0,
        "transform": parameters.transform.to_string(),
        "key": hex(parameters.keys.encryption.expose()),
        "integrity-key": hex(parameters.keys.integrity.expose()),
        "extended-sequence": parameters.extended_sequence,
        "start": parameters.start,
        "source": captured.ends.local,
        "destination": captured.ends.remote,
    });
    let with = |field: &str, value: serde_json::Value| {
        let mut document = document.clone();
        document[field] = value;
        document.to_string()
    };
    let mut record = Record::new(format!("{}, SPI {}", captured.case, parameters.spi));
    let udp = captured.udp_encapsulation;
    let sender = if udp {
        with("udp-encapsulation", serde_json::json!({}))
    } else {
        document.to_string()
    };
    record.make("outbound-sa", "sender", &sender);
    record.make("inbound-sa", "transport", &document.to_string());
    let has_tunnel = captured.arrangement != Arrangement::Transport;
    if has_tunnel {
        record.make("inbound-sa", "tunnel", &with("mode", "tunnel".into()));
    }
    let last = captured.packets.len() - 1;
    for packet in [0, last / 2, last].map(|index| &captured.packets[index]) {
        let restored = record.packet(Step::new("open", "transport"), &packet.wire);
        let options = Options {
            sequence: Some(packet.sequence.to_string()),
            iv: (!packet.iv.as_bytes().is_empty()).then(|| packet.iv.as_bytes().to_vec().into()),
            ..Options::default()
        };
        let seal = Step {
            options: Some(options),
            ..Step::new("seal", "sender")
        };
        record.packet(seal, &restored);
        if has_tunnel {
            record.packet(Step::new("open", "tunnel"), &packet.wire);
        }
    }
    record.done()
}
