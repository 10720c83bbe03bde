//! Which worker a packet is for.

use iiptran::sa::{SaId, SadQuery, Steering, WorkerId};
use iiptran::wire::IpVersion::{V4, V6};
use iiptran::wire::{Protocol, SkipList, Spi};
use iiptran_tests::lab::{Side, VERSIONS, gateways, ip};
use iiptran_tests::{Ip, fragments};

use super::{ARRANGEMENTS, clear, config, lab, shown};

const PORT: u16 = 4500;
const ESP: [u8; 20] = [
    0, 0, 0x20, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
];

/// The SPI that a packet shows.
fn spi(packet: &[u8]) -> Option<u32> {
    let query = SadQuery::of(packet, &SkipList::default(), Some(PORT))?;
    Some(query.spi.0)
}

fn udp(port: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 8).unwrap();
    let fields = [PORT, port, length, 0].map(u16::to_be_bytes);
    [fields.as_flattened(), content].concat()
}

#[test]
fn wrk_05_what_shows_an_spi() {
    for version in VERSIONS {
        let ends = gateways(version);
        let packet = |protocol, payload: &[u8]| Ip::new(ends, protocol, payload);
        let spi_of = |protocol, payload: &[u8]| spi(&packet(protocol, payload).bytes());
        assert_eq!(spi_of(Protocol::ESP, &ESP), Some(0x2001));
        assert_eq!(spi_of(Protocol::UDP, &udp(PORT, &ESP)), Some(0x2001));
        for (protocol, payload) in [
            (Protocol::UDP, udp(4501, &ESP)),
            (Protocol::UDP, udp(PORT, &[0xff])),
            (Protocol::UDP, udp(PORT, &[&[0; 4], &ESP[..]].concat())),
            (Protocol::UDP, udp(PORT, &ESP[..7])),
            (Protocol::TCP, ESP.to_vec()),
            (Protocol::AH, ESP.to_vec()),
            (Protocol::ESP, ESP[..7].to_vec()),
            (Protocol::ESP, Vec::new()),
        ] {
            assert_eq!(spi_of(protocol, &payload), None, "{protocol:?} {payload:?}");
        }
        let whole = packet(Protocol::ESP, &ESP).bytes();
        for length in 0..whole.len() {
            assert_eq!(spi(&whole[..length]), None, "cut off at {length}");
        }
        // Bytes of the link behind the packet are none of the packet's.
        assert_eq!(spi(&[&whole[..], &[0; 26]].concat()), Some(0x2001));
    }
    assert_eq!(
        SadQuery::of(
            &Ip::new(gateways(V4), Protocol::UDP, &udp(PORT, &ESP)).bytes(),
            &SkipList::default(),
            None
        ),
        None,
        "no port is for ESP"
    );
}

#[test]
fn wrk_05_headers_in_front_of_esp() {
    let with_options = Ip {
        options: vec![0x94, 4, 0, 0],
        ..Ip::new(gateways(V4), Protocol::ESP, &ESP)
    };
    assert_eq!(spi(&with_options.bytes()), Some(0x2001));
    let v6 = [ip("2001:db8::1"), ip("2001:db8::2")];
    let with_extensions = Ip {
        extension_headers: vec![
            (Protocol::HOP_BY_HOP, vec![0, 0, 1, 4, 0, 0, 0, 0]),
            (Protocol::DESTINATION_OPTIONS, vec![0, 0, 1, 4, 0, 0, 0, 0]),
        ],
        ..Ip::new(v6, Protocol::ESP, &ESP)
    };
    assert_eq!(spi(&with_extensions.bytes()), Some(0x2001));
}

#[test]
fn wrk_05_a_fragment_is_for_no_certain_worker() {
    let esp = [&ESP[..], &[7; 1000]].concat();
    let whole = Ip::new(gateways(V4), Protocol::ESP, &esp).bytes();
    assert_eq!(spi(&whole), Some(0x2001));
    let [first, second] = fragments::halves(&whole);
    assert_eq!(first[20..24], whole[20..24], "it has the SPI in it");
    assert_eq!([spi(&first), spi(&second)], [None; 2]);
    for (offset_and_more, shows) in [(0, true), (1, false), (8, false), (9, false)] {
        let fragment = Ip {
            extension_headers: vec![(
                Protocol::FRAGMENT,
                vec![0, 0, 0, offset_and_more, 0, 0, 0, 9],
            )],
            ..Ip::new(gateways(V6), Protocol::ESP, &ESP)
        };
        // Offset 0 with nothing to follow is a whole datagram (RFC 6946).
        assert_eq!(spi(&fragment.bytes()).is_some(), shows, "{offset_and_more}");
    }
}

#[test]
fn wrk_05_the_worker_that_has_the_sa() {
    for (arrangement, outer) in ARRANGEMENTS.iter().flat_map(|a| VERSIONS.map(|v| (*a, v))) {
        let mut rest = lab(&config(arrangement, outer, Side::B), Some(5));
        let [first, second] = [0, 1].map(|n| rest.node.for_worker(WorkerId(n)));
        let base = rest.network("base");
        let nodes = [&first, &second, &rest.node];
        let steering = Steering::of_nodes(base, nodes);
        // What each worker of the far side sends is for the worker here that has the SA.
        for (sender, spi, receiver) in [
            (Some(0), 0xab10, 0),
            (Some(1), 0xab11, 1),
            (Some(2), 0xab01, 5),
            (None, 0xab01, 5),
        ] {
            let mut sender = lab(&config(arrangement, outer, Side::A), sender);
            let wire = sender.receive("lan", &clear()).transmitted();
            assert_eq!(shown(&wire)[0], spi);
            let worker = steering.worker(&wire);
            assert_eq!(worker, Some(WorkerId(receiver)), "{arrangement}");
            assert_eq!(steering.worker(&clear()), None);
        }
        let unknown = Ip::new(gateways(outer), Protocol::ESP, &ESP).bytes();
        assert_eq!(steering.worker(&unknown), None);
    }
}

#[test]
fn wrk_05_longer_keys_come_first() {
    let [source, destination, other] = ["192.0.2.1", "233.252.0.9", "192.0.2.7"].map(ip);
    let key = |destination, source| SaId {
        spi: Spi(0x2001),
        destination,
        source,
    };
    let sas = [
        (key(None, None), WorkerId(1)),
        (key(Some(destination), None), WorkerId(2)),
        (key(Some(destination), Some(source)), WorkerId(3)),
    ];
    let steering = Steering::new(sas, SkipList::default(), None);
    for (ends, worker) in [
        ([source, destination], 3),
        ([other, destination], 2),
        ([source, other], 1),
    ] {
        let packet = Ip::new(ends, Protocol::ESP, &ESP).bytes();
        assert_eq!(steering.worker(&packet), Some(WorkerId(worker)));
    }
}
