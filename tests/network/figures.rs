//! The figures of RFC 3884: what is on the wire, and which way it goes.

use iiptran::wire::Protocol;
use iiptran_tests::{header, lab::ip};

use crate::watch::{Seen, arranged, decrypt, flow, key_of, run, scenario, watch};

#[test]
fn fig_01_transport_mode_keeps_the_original_header_in_front() {
    let (report, seen, keys) = watch(&scenario("figure-1"));
    assert!(report.flows.iter().all(|flow| flow.delivered == 200));
    let packets = seen.of("wire", Protocol::ESP);
    assert_eq!(packets.len(), 400);
    assert_eq!(seen.wires["wire"].len(), 400, "nothing is in clear");
    let key: Vec<u8> = (0..0x14).collect();
    for packet in packets
        .iter()
        .filter(|p| header(p).source == ip("192.0.2.1"))
    {
        assert_eq!(header(packet).destination, ip("192.0.2.2"));
        assert_eq!(key_of(packet, &keys), key, "the list of keys has it");
        let (next, datagram) = decrypt(packet, &key);
        assert_eq!((next, datagram.len()), (17, 72), "UDP, as it was");
    }
}

/// Outer header, next header inside ESP, inner header.
fn layers(seen: &Seen, keys: &iiptran::config::KeysConfig) -> Vec<(String, u8, String)> {
    let text = |packet: &[u8]| {
        let header = header(packet);
        format!("{} > {}", header.source, header.destination)
    };
    let esp = seen.of("left", Protocol::ESP);
    assert_eq!(esp.len(), seen.wires["left"].len(), "nothing is in clear");
    esp.iter()
        .map(|packet| {
            let (next, inner) = decrypt(packet, &key_of(packet, keys));
            (text(packet), next, text(&inner))
        })
        .collect()
}

#[test]
fn fig_02_tunnel_mode_puts_the_whole_packet_behind_a_new_header() {
    let (report, seen, keys) = watch(&scenario("figure-2"));
    assert!(report.flows.iter().all(|flow| flow.delivered == 200));
    let layers = layers(&seen, &keys);
    assert_eq!(layers.len(), 400);
    for (outer, next, inner) in layers {
        assert_eq!(next, 4);
        let there = ("192.0.2.1 > 198.51.100.1", "10.1.0.5 > 10.2.0.5");
        let back = ("198.51.100.1 > 192.0.2.1", "10.2.0.5 > 10.1.0.5");
        assert!([there, back].contains(&(&outer, &inner)), "{outer} {inner}");
    }
}

#[test]
fn fig_03_a_failure_moves_traffic_to_the_other_way() {
    let report = run(&scenario("figure-3"));
    for name in ["X to Y", "Y to X"] {
        let flow = flow(&report, name);
        // Hold time 3 s, checked with each update, then one request and its answer.
        assert!(flow.longest_gap < 5_000_000_000, "{}", flow.longest_gap);
        assert!(flow.longest_gap > 1_000_000_000, "{}", flow.longest_gap);
        assert!(flow.missing < 250, "{}", flow.missing);
        assert_eq!(flow.ttl, Some(61), "A, B or C, and D");
    }
    let took = report.convergence[1].took.expect("routes changed");
    assert!(took < 5_000_000_000, "{took}");
    // Links 4, 5 and 6 have two ends each.
    assert_eq!(report.adjacencies.len(), 6);
}

#[test]
fn fig_04_an_ipip_link_shows_the_packet_behind_the_outer_header() {
    let (report, seen, _) = watch(&scenario("figure-4"));
    assert!(report.flows.iter().all(|flow| flow.delivered == 200));
    let packets = seen.of("left", Protocol::IPV4);
    assert_eq!((packets.len(), seen.wires["left"].len()), (400, 400));
    for packet in packets {
        let outer = header(packet);
        let inner = header(&packet[outer.length..]);
        assert!([outer.source, outer.destination].contains(&ip("198.51.100.1")));
        assert!([inner.source, inner.destination].contains(&ip("10.2.0.5")));
    }
}

#[test]
fn fig_05_iiptran_is_on_the_wire_what_tunnel_mode_is() {
    let (_, tunnel_mode, keys) = watch(&scenario("figure-2"));
    let (report, iiptran, _) = watch(&scenario("figure-5"));
    assert!(report.flows.iter().all(|flow| flow.delivered == 200));
    assert_eq!(layers(&iiptran, &keys), layers(&tunnel_mode, &keys));
    let sizes = |seen: &Seen| {
        let packets = seen.wires["left"].iter();
        packets
            .map(|(time, packet)| (*time, packet.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(sizes(&iiptran), sizes(&tunnel_mode));
}

#[test]
fn fig_06_a_node_that_appears_is_found_by_routing() {
    let (report, seen, _) = watch(&scenario("figure-6"));
    let before = flow(&report, "B to C");
    assert_eq!(before.missing, 0, "nobody else notices");
    let new = flow(&report, "B to N");
    // N appears at 10 s, 5 s after the flow began, and is known within an update and a bit.
    assert!((500..700).contains(&new.missing), "{}", new.missing);
    assert!(seen.count("neighbour") >= 6);
    assert_eq!(report.adjacencies.len(), 6);
}

#[test]
fn sys_05_equal_addresses_in_two_networks_never_meet() {
    for arrangement in ["iiptran", "tunnel-mode"] {
        let report = run(&arranged("equal-addresses", arrangement));
        assert_eq!(report.flows.len(), 4);
        for flow in report.flows {
            assert_eq!((flow.misdelivered, flow.missing), (0, 0), "{}", flow.name);
        }
    }
}

#[test]
fn sys_03_a_network_in_a_network_gives_esp_in_esp() {
    let (report, seen, keys) = watch(&scenario("nested"));
    assert!(report.flows.iter().all(|flow| flow.missing == 0));
    assert_eq!(report.adjacencies.len(), 2, "over the upper link");
    let packets = seen.of("wan", Protocol::ESP);
    assert!(packets.len() >= 400);
    for packet in packets {
        let (next, lower) = decrypt(packet, &key_of(packet, &keys));
        assert_eq!((next, header(&lower).protocol), (4, Protocol::ESP));
        let (next, upper) = decrypt(&lower, &key_of(&lower, &keys));
        assert_eq!((next, header(&upper).protocol), (4, Protocol::UDP));
    }
}

#[test]
fn sys_01_a_virtual_link_is_one_hop_however_long_the_base_path() {
    let report = run(&scenario("figure-5"));
    // Two gateways; the router between them sees the outer header alone.
    assert!(report.flows.iter().all(|flow| flow.ttl == Some(62)));
}
