//! Outer headers.

use iiptran::Arrangement;
use iiptran::outer::{FlowLabelRule, OuterFields, OuterHeader};
use iiptran_tests::captures::{self, PACKETS};
use iiptran_tests::{header, outer_header};

/// The preset for what the sending gateway used.
fn preset(arrangement: Arrangement, is_v4: bool) -> Option<OuterFields> {
    match (arrangement, is_v4) {
        (Arrangement::Transport, _) => None,
        (Arrangement::Iiptran, true) => Some(OuterFields::LINUX_IPIP),
        // The recorded tunnels were made without an encapsulation limit.
        (Arrangement::Iiptran, false) => Some(OuterFields {
            encapsulation_limit: None,
            ..OuterFields::LINUX_IP6TNL
        }),
        _ => Some(OuterFields::LINUX_TUNNEL_MODE),
    }
}

/// As the packets of Linux begin, so they would begin again.
#[test]
fn an_outer_header_is_read_as_linux_wrote_it() {
    let mut read = 0;
    for captured in captures::load() {
        if captured.arrangement == Arrangement::Transport {
            continue;
        }
        for packet in &captured.packets {
            let found = outer_header(&packet.wire, &packet.inner);
            let bytes = packet.wire.get(..found.length()).unwrap();
            let header = OuterHeader::read(bytes, found.protocol);
            let expected = OuterHeader {
                // An IPv6 header has no such bit.
                dont_fragment: found.dont_fragment && found.ends.remote.is_ipv4(),
                ..found
            };
            assert_eq!(header, Some(expected), "{}", captured.case);
            read += 1;
        }
    }
    assert_eq!(read, PACKETS - 4 * 24, "all but those of transport mode");
}

/// All fields but those of which any value will do: the identification, which starts at random, and a
/// flow label that is a hash under a random key.
#[test]
fn the_presets_of_linux_give_the_outer_headers_of_linux() {
    let mut predicted = 0;
    for captured in captures::load() {
        let (ends, is_v4) = (captured.ends, captured.ends.remote.is_ipv4());
        let Some(fields) = preset(captured.arrangement, is_v4) else {
            continue;
        };
        for packet in &captured.packets {
            let found = outer_header(&packet.wire, &packet.inner);
            let inner = header(&packet.inner);
            let chosen = OuterHeader::choose(ends, &fields, &packet.inner, &inner, 0).unwrap();
            let flow_label = match fields.flow_label {
                FlowLabelRule::Hash => found.flow_label,
                _ => chosen.flow_label,
            };
            let expected = OuterHeader {
                identification: found.identification,
                flow_label,
                // An IPv6 header has no such bit.
                dont_fragment: chosen.dont_fragment || !is_v4,
                ..chosen
            };
            assert_eq!(found, expected, "{}", captured.case);
            predicted += 1;
        }
    }
    assert_eq!(
        predicted,
        PACKETS - 4 * 24,
        "all but those of transport mode"
    );
}
