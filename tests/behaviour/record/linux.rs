//! The packets of Linux.

use iiptran::Arrangement;
use iiptran_tests::behaviour::{Case, Options, Step};
use iiptran_tests::captures::{self, CapturedSa};
use iiptran_tests::header;

use serde_json::{Value, json};

use super::Record;

pub(super) fn cases() -> Vec<Case> {
    captures::load().iter().map(case).collect()
}

fn case(captured: &CapturedSa) -> Case {
    let parameters = captured.sender(Arrangement::Transport);
    let hex = |bytes: &[u8]| String::from(iiptran_tests::Hex::from(bytes.to_vec()));
    let document = json!({
        "spi": parameters.spi.0,
        "transform": parameters.transform.to_string(),
        "key": hex(parameters.keys.encryption.expose()),
        "integrity-key": hex(parameters.keys.integrity.expose()),
        "extended-sequence": parameters.extended_sequence,
        "start": parameters.start,
        "source": captured.ends.local,
        "destination": captured.ends.remote,
    });
    let with = |document: &Value, field: &str, value: Value| {
        let mut document = document.clone();
        document[field] = value;
        document
    };
    let tunnel = with(&document, "mode", "tunnel".into());
    let mut record = Record::new(format!("{}, SPI {}", captured.case, parameters.spi));
    let sender = |document: &Value| match captured.udp_encapsulation {
        true => with(document, "udp-encapsulation", json!({})).to_string(),
        false => document.to_string(),
    };
    record.make("outbound-sa", "sender", &sender(&document));
    record.make("inbound-sa", "transport", &document.to_string());
    let has_tunnel = captured.arrangement != Arrangement::Transport;
    if has_tunnel {
        record.make("inbound-sa", "tunnel", &tunnel.to_string());
        record.make("outbound-sa", "tunnel", &sender(&tunnel));
    }
    let last = captured.packets.len() - 1;
    for packet in [0, last / 2, last].map(|index| &captured.packets[index]) {
        let restored = record.packet(Step::new("open", "transport"), &packet.wire);
        let options = Options {
            sequence: Some(packet.sequence.to_string()),
            iv: (!packet.iv.as_bytes().is_empty()).then(|| packet.iv.as_bytes().to_vec().into()),
            ..Options::default()
        };
        let seal = |on, options| Step {
            options: Some(options),
            ..Step::new("seal", on)
        };
        record.packet(seal("sender", options.clone()), &restored);
        if has_tunnel {
            let inner = record.packet(Step::new("open", "tunnel"), &packet.wire);
            let outer = packet.wire[..header(&packet.wire).length].to_vec();
            let outer = Some(outer.into());
            record.packet(seal("tunnel", Options { outer, ..options }), &inner);
        }
    }
    record.done()
}
