//! Explicit congestion notification through a tunnel (RFC 6040), with packets of both versions inside
//! packets of both versions.

use core::net::IpAddr;

use iiptran::ipip::{self, Origin};
use iiptran::outer::{
    Ecn, EcnAnomaly, EcnEgress, EcnIngress, InnerFields, OuterFields, OuterHeader,
};
use iiptran::wire::SkipList;
use iiptran::{DropReason, PacketBuffer, TunnelEnds};
use iiptran_tests::{Ip, header, vectors};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Encapsulation {
    inner: String,
    normal: String,
    compatibility: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decapsulation {
    inner: String,
    outer: String,
    result: Option<String>,
    anomaly: Option<String>,
}

/// DSCPs that must not mix with the ECN fields beside them, nor with each other.
const INNER_DSCP: u8 = 46;
const OUTER_DSCP: u8 = 10;

fn ecn(name: &str) -> Ecn {
    let all = [Ecn::NotEct, Ecn::Ect1, Ecn::Ect0, Ecn::Ce];
    all.into_iter().find(|ecn| ecn.name() == name).unwrap()
}

/// Inner packets of both versions.
fn inner_packets(ecn: Ecn) -> [Vec<u8>; 2] {
    let v4 = ["10.1.0.1", "10.2.0.1"];
    let v6 = ["fd00:1::1", "fd00:2::1"];
    [v4, v6].map(|ends| {
        let packet = Ip {
            traffic_class: INNER_DSCP << 2 | ecn as u8,
            ..Ip::udp(ends.map(|end| end.parse().unwrap()), b"payload")
        };
        packet.bytes()
    })
}

/// Tunnels of both versions.
fn tunnels() -> [TunnelEnds; 2] {
    let v4 = ["192.0.2.1", "192.0.2.2"];
    let v6 = ["2001:db8::1", "2001:db8::2"];
    [v4, v6].map(|ends| {
        let [local, remote] = ends.map(|end| end.parse::<IpAddr>().unwrap());
        TunnelEnds { local, remote }
    })
}

fn encapsulate(inner: &[u8], ends: TunnelEnds, rule: EcnIngress) -> Vec<u8> {
    let fields = OuterFields {
        ecn: rule,
        ..OuterFields::IPIP
    };
    let mut buffer = PacketBuffer::new(inner);
    let encapsulated = buffer.process(|packet| {
        ipip::encapsulate(packet, &header(inner), Origin::Local, ends, &fields, 1)
    });
    assert!(encapsulated.is_ok());
    buffer.bytes().to_vec()
}

#[test]
fn rfc_6040_encapsulation() {
    let vectors: Vec<Encapsulation> = vectors::load("rfc6040-encapsulation");
    assert_eq!(vectors.len(), 4);
    for vector in vectors {
        for (rule, expected) in [
            (EcnIngress::Normal, ecn(&vector.normal)),
            (EcnIngress::Compatibility, ecn(&vector.compatibility)),
        ] {
            let inner_ecn = ecn(&vector.inner);
            assert_eq!(rule.outer(inner_ecn), expected);
            for (inner, ends) in pairs(inner_ecn) {
                let packet = encapsulate(&inner, ends, rule);
                let outer = header(&packet);
                assert_eq!(Ecn::of(outer.traffic_class), expected);
                assert_eq!(outer.dscp(), INNER_DSCP);
                assert_eq!(outer.payload(&packet), inner, "nothing changes inside");
            }
        }
    }
}

/// Each inner packet with each tunnel.
fn pairs(inner: Ecn) -> impl Iterator<Item = (Vec<u8>, TunnelEnds)> {
    let packets = inner_packets(inner).into_iter();
    packets.flat_map(|packet| tunnels().map(|ends| (packet.clone(), ends)))
}

/// A packet that congestion on the path, or somebody, has marked.
fn marked(inner: &[u8], ends: TunnelEnds, ecn: Ecn) -> PacketBuffer {
    let outer = OuterHeader {
        ends,
        protocol: header(inner).version().protocol(),
        traffic_class: OUTER_DSCP << 2 | ecn as u8,
        ttl: 60,
        dont_fragment: false,
        identification: 0,
        flow_label: 0,
        encapsulation_limit: None,
    };
    let mut buffer = PacketBuffer::new(inner);
    buffer.process(|packet| outer.push(packet)).unwrap();
    buffer
}

#[test]
fn rfc_6040_decapsulation() {
    let vectors: Vec<Decapsulation> = vectors::load("rfc6040-decapsulation");
    assert_eq!(vectors.len(), 16);
    for vector in vectors {
        let (inner, outer) = (ecn(&vector.inner), ecn(&vector.outer));
        let result = vector.result.as_deref().map(ecn);
        let result = result.ok_or(DropReason::EcnCongestionLost);
        let anomaly = vector.anomaly.as_deref().map(|anomaly| match anomaly {
            "possible" => EcnAnomaly::Possible,
            "dangerous" => EcnAnomaly::Dangerous,
            other => panic!("{other} is not an anomaly"),
        });
        assert_eq!(EcnEgress::Rfc6040.combine(inner, outer), result);
        assert_eq!(EcnAnomaly::of(inner, outer), anomaly);

        for (packet, ends) in pairs(inner) {
            let mut buffer = marked(&packet, ends, outer);
            let before = buffer.clone();
            let found = buffer.process(|packet| {
                let outer = header(packet.bytes());
                ipip::decapsulate(packet, &outer, InnerFields::default(), &SkipList::default())
            });
            match result {
                Ok(result) => {
                    let [v4, v6] = inner_packets(result);
                    let expected = if packet[0] >> 4 == 4 { v4 } else { v6 };
                    assert_eq!(buffer.bytes(), expected, "checksum and DSCP included");
                    let found = found.unwrap();
                    assert_eq!(found.inner, header(buffer.bytes()));
                    assert_eq!(found.anomaly, anomaly);
                }
                Err(reason) => {
                    assert_eq!(found, Err(reason));
                    assert_eq!(buffer, before);
                }
            }
        }
    }
}
