//! Rows of what is done to headers alone.

use core::hint::black_box;

use iiptran::ipip::{self, Origin};
use iiptran::outer::{InnerFields, OuterFields};
use iiptran::wire::{Flow, IpHeader, SkipList, checksum};
use iiptran::{Packet, TunnelEnds};
use iiptran_benches::{Gateways, packet, packet_v6};

use crate::row;

const SIZE: usize = 64;
const ROOM: usize = 64;

pub(crate) fn rows() {
    let skip = SkipList::default();
    let v4 = |size: usize| packet(Gateways::SOURCE, Gateways::DESTINATION, size - 28);
    for (version, packet) in [("ipv4", v4(SIZE)), ("ipv6", packet_v6(SIZE))] {
        let parse = |packet: &[u8]| IpHeader::parse(packet, &skip);
        row(format!("wire/header {version}"), || {
            let _ = black_box(parse(black_box(&packet)));
        });
        let header = parse(&packet).unwrap();
        row(format!("wire/flow {version}"), || {
            black_box(Flow::of(black_box(&packet), black_box(&header)));
        });
        let outer = TunnelEnds {
            local: [192, 0, 2, 1].into(),
            remote: [192, 0, 2, 2].into(),
        };
        let fields = OuterFields::IPIP;
        let mut memory = [&[0; ROOM][..], &packet].concat();
        let mut packet = Packet::new(&mut memory, ROOM..ROOM + SIZE).unwrap();
        row(format!("ipip/encapsulate {version} in ipv4"), || {
            let origin = black_box(Origin::Local);
            let packet = black_box(&mut packet);
            ipip::encapsulate(packet, black_box(&header), origin, outer, &fields, 1).unwrap();
        });
        let outer = parse(packet.bytes()).unwrap();
        row(format!("ipip/decapsulate {version} from ipv4"), || {
            let packet = black_box(&mut packet);
            ipip::decapsulate(packet, black_box(&outer), InnerFields::default(), &skip).unwrap();
        });
    }
    let large = v4(1400);
    row("wire/checksum 1400".into(), || {
        black_box(checksum::internet(black_box(&large)));
    });
}
