//! SAs alone: sealing, opening, and refusing, with nothing taken from memory.

use iiptran::esp::UdpEncapsulation;
use iiptran::outer::{OuterFields, OuterHeader};
use iiptran::sa::{InboundSa, OutboundSa, SaParameters, SealOptions};
use iiptran::tables::VirtualLinkForm;
use iiptran::transform::Transform;
use iiptran::wire::{IpHeader, Protocol, SkipList};
use iiptran::{Arrangement, DropReason, TunnelEnds};
use iiptran_tests::lab::ip;
use iiptran_tests::sa::{
    ENDS, PLAIN, both_sides, by_hand, clear, open, parameters, seal, seal_as, transform,
    tunnel_parameters,
};
use iiptran_tests::{Ip, NOW, receive, send};

use crate::Place;
use crate::allocator::calls;

/// What the outer header is for a packet between [`ENDS`].
fn outer(packet: &[u8]) -> OuterHeader {
    let header = IpHeader::parse(packet, &SkipList::default()).unwrap();
    let [local, remote] = ENDS.map(ip);
    let ends = TunnelEnds { local, remote };
    OuterHeader::choose(ends, &OuterFields::IPIP, packet, &header, 1).unwrap()
}

/// The two sides of an SA for this arrangement.
fn sides(arrangement: Arrangement, sa: &SaParameters) -> (OutboundSa, InboundSa) {
    let [here, there] = ENDS;
    let mode = |local, remote| match arrangement.virtual_links() {
        VirtualLinkForm::None | VirtualLinkForm::TunnelInterface => sa.mode,
        _ => tunnel_parameters(sa.transform, local, remote).mode,
    };
    let sender = SaParameters {
        mode: mode(here, there),
        ..sa.clone()
    };
    let receiver = SaParameters {
        mode: mode(there, here),
        ..sa.clone()
    };
    (
        OutboundSa::new(sender).unwrap(),
        InboundSa::new(receiver).unwrap(),
    )
}

#[test]
fn mem_01_good_packets() {
    let mut place = Place::new();
    let packets = [
        Ip::udp(["10.1.0.5", "10.2.0.5"].map(ip), &[7; 300]).bytes(),
        Ip::udp(["2001:db8:1::5", "2001:db8:2::5"].map(ip), &[7; 1200]).bytes(),
    ];
    for transform in Transform::all() {
        for arrangement in Arrangement::ALL {
            for extended_sequence in [false, true] {
                for udp_encapsulation in [None, Some(UdpEncapsulation::default())] {
                    let sa = SaParameters {
                        extended_sequence,
                        udp_encapsulation,
                        ..parameters(transform)
                    };
                    let (sender, mut receiver) = sides(arrangement, &sa);
                    for packet in &packets {
                        let outer = outer(packet);
                        let options = SealOptions::default();
                        let (received, taken) = calls(|| {
                            place.process(packet, |packet| {
                                send(arrangement, &sender, packet, outer, &options)?;
                                receive(arrangement, &mut receiver, packet)
                            })
                        });
                        assert!(received.is_ok(), "{transform}: {received:?}");
                        assert_eq!(taken, 0, "{transform}, {arrangement:?}");
                    }
                }
            }
        }
    }
}

/// Opens a packet, and tells why it was refused; nothing was taken from memory for that.
fn refusal(place: &mut Place, receiver: &mut InboundSa, wire: &[u8]) -> Option<DropReason> {
    let (reason, taken) = calls(|| place.process(wire, |packet| receiver.open(NOW, packet).err()));
    assert_eq!(taken, 0, "{reason:?}");
    reason
}

#[test]
fn mem_01_bad_packets_of_every_transform() {
    let mut place = Place::new();
    for transform in Transform::all() {
        for extended_sequence in [false, true] {
            let sa = SaParameters {
                extended_sequence,
                start: 1 << 20,
                ..parameters(transform)
            };
            let (sender, mut receiver) = both_sides(&sa);
            let good = seal(&sender, &clear(b"hello")).unwrap();
            let late = seal_as(&sender, 100, &clear(b"hello"));
            let dummy = SealOptions {
                dummy: true,
                ..SealOptions::default()
            };
            let packet = clear(b"hello");
            let (dummy, taken) = calls(|| {
                place.process(&packet, |packet| {
                    sender.seal_with(NOW, packet, &dummy)?;
                    receiver.open(NOW, packet).map(drop)
                })
            });
            assert_eq!((dummy, taken), (Err(DropReason::Dummy), 0));
            let mut forged = good.clone();
            *forged.last_mut().unwrap() ^= 1;
            let mut unknown = good.clone();
            unknown[20] ^= 1;
            let short = Ip::new(ENDS.map(ip), Protocol::ESP, &good[20..30]).bytes();
            for (wire, expected) in [
                (&forged, Some(DropReason::BadIcv)),
                (&good, None),
                (&good, Some(DropReason::Replayed)),
                (&late, Some(DropReason::LeftOfWindow)),
                (&unknown, Some(DropReason::UnknownSpi)),
                (&short, Some(DropReason::Truncated)),
            ] {
                let reason = refusal(&mut place, &mut receiver, wire);
                assert_eq!(reason, expected, "{transform}");
            }
        }
    }
}

#[test]
fn mem_01_bad_packets_of_every_kind() {
    let mut place = Place::new();
    let plain = parameters(transform(PLAIN));
    let [here, there] = ENDS;
    let tunnel = tunnel_parameters(transform(PLAIN), there, here);
    let only_tcp =
        iiptran::spd::Selectors::new(ip(there).into(), ip(here).into(), Protocol::TCP.into());
    let only_tcp = SaParameters {
        selectors: Box::new([only_tcp.unwrap()]),
        ..plain.clone()
    };
    let ended = SaParameters {
        lifetime: iiptran::sa::Lifetime {
            hard: iiptran::sa::Limits {
                packets: Some(0),
                ..Default::default()
            },
            ..Default::default()
        },
        ..plain.clone()
    };
    let expired = SaParameters {
        lifetime: iiptran::sa::Lifetime {
            hard: iiptran::sa::Limits {
                time: Some(core::time::Duration::ZERO),
                ..Default::default()
            },
            ..Default::default()
        },
        ..plain.clone()
    };
    let udp = Ip::udp(["10.1.0.5", "10.2.0.5"].map(ip), b"").bytes();
    let marked = |class: u8, body: &[u8]| {
        let mut wire = by_hand(1, None, body);
        wire[1] = class;
        iiptran::wire::Ipv4Header::fill_checksum(&mut wire[..20]);
        wire
    };
    let inside = |inner: &[u8]| [inner, &[0, 4]].concat();
    let body = [0x30, 0x39, 0, 7, 0, 8, 0, 0, 1, 2, 2, 17];
    let good = by_hand(1, None, &body);
    let keepalive = Ip::new(
        ENDS.map(ip),
        Protocol::UDP,
        &[17, 148, 17, 148, 0, 9, 0, 0, 0xff],
    );
    let changed = |place: usize, value: u8| {
        let mut packet = good.clone();
        packet[place] = value;
        packet
    };
    let mut fragment = good.clone();
    fragment[6] = 0x20;
    iiptran::wire::Ipv4Header::fill_checksum(&mut fragment[..20]);
    for (sa, wire, expected) in [
        (&plain, good.clone(), None),
        (
            &plain,
            by_hand(1, None, &[1, 9, 2, 17]),
            Some(DropReason::BadPadding),
        ),
        (&plain, by_hand(1, None, &[0, 59]), Some(DropReason::Dummy)),
        (&tunnel, good.clone(), Some(DropReason::NotTunnelled)),
        (&tunnel, by_hand(1, None, &inside(&udp)), None),
        (
            &tunnel,
            by_hand(1, None, &inside(&udp[..24])),
            Some(DropReason::Truncated),
        ),
        (
            &tunnel,
            marked(3, &inside(&udp)),
            Some(DropReason::EcnCongestionLost),
        ),
        (&only_tcp, good.clone(), Some(DropReason::SelectorMismatch)),
        (&ended, good.clone(), Some(DropReason::LifetimeExceeded)),
        (&expired, good.clone(), Some(DropReason::SaExpired)),
        (&plain, fragment, Some(DropReason::FragmentOffered)),
        (&plain, keepalive.bytes(), Some(DropReason::NatKeepalive)),
        (&plain, changed(0, 0x75), Some(DropReason::BadVersion)),
        (&plain, changed(0, 0x44), Some(DropReason::BadHeaderLength)),
        (&plain, changed(8, 1), Some(DropReason::BadChecksum)),
    ] {
        let mut receiver = InboundSa::new(sa.clone()).unwrap();
        assert_eq!(refusal(&mut place, &mut receiver, &wire), expected);
    }
    // What can't be sent.
    let narrow = SaParameters {
        path_mtu: Some(59),
        ..plain.clone()
    };
    let used_up = SaParameters {
        start: u32::MAX.into(),
        ..plain.clone()
    };
    let mut fragment = clear(b"hello");
    fragment[6] = 0x20;
    iiptran::wire::Ipv4Header::fill_checksum(&mut fragment[..20]);
    let whole = clear(b"hello");
    for (sa, packet, expected) in [
        (&narrow, &whole, DropReason::PacketTooBig),
        (&used_up, &whole, DropReason::SequenceExhausted),
        (&ended, &whole, DropReason::LifetimeExceeded),
        (&plain, &fragment, DropReason::FragmentOffered),
    ] {
        let sender = OutboundSa::new(sa.clone()).unwrap();
        let (sealed, taken) =
            calls(|| place.process(packet, |packet| sender.seal(NOW, packet).err()));
        assert_eq!((sealed, taken), (Some(expected), 0));
    }
    // SAs that are found again after a long loss, which costs the most work.
    let lost = SaParameters {
        extended_sequence: true,
        resynchronisation: Some(iiptran::sa::Resynchronisation {
            failures: 1,
            runs: 8,
        }),
        ..plain
    };
    let (sender, mut receiver) = both_sides(&lost);
    let wire = seal_as(&sender, (5 << 32) + 7, &whole);
    assert_eq!(refusal(&mut place, &mut receiver, &wire), None);
    assert!(open(&mut receiver, &wire).is_err());
}
