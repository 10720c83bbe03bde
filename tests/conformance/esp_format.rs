//! The ESP packet: RFC 4303 section 2.

use iiptran::esp::{Padding, PaddingCheck};
use iiptran::sa::{InboundSa, OutboundSa, SaParameters, SealOptions};
use iiptran::transform::Transform;
use iiptran::wire::Protocol;
use iiptran::{DropReason, Packet, PacketBuffer};
use iiptran_tests::lab::ip;
use iiptran_tests::sa::{
    ENDS, PLAIN, both_sides, by_hand, clear, open, parameters, seal, seal_as, transform,
    tunnel_parameters,
};
use iiptran_tests::{Ip, NOW};

/// Length of the IV on the wire and the cipher's block, bytes: RFC 4106, 4309, 4543 and 7634 have an IV
/// of 8, RFC 3602 of 16 with a block of 16, RFC 3686 of 8, RFC 2410 and 8750 of none.
fn iv_and_block(transform: Transform) -> (usize, usize) {
    let name = transform.to_string();
    if name.contains("-cbc +") {
        (16, 16)
    } else if name.starts_with("null") || name.ends_with("-iiv") {
        (0, 1)
    } else {
        (8, 1)
    }
}

/// The outcome of opening an ESP packet of the transform [`PLAIN`] with this body.
fn open_by_hand(receiver: &SaParameters, body: &[u8]) -> Result<Vec<u8>, DropReason> {
    let mut receiver = InboundSa::new(receiver.clone()).unwrap();
    open(&mut receiver, &by_hand(1, None, body))
}

fn sealed_with(sender: &OutboundSa, packet: &[u8], options: &SealOptions) -> Vec<u8> {
    let mut buffer = PacketBuffer::with_room(packet, 64, 1500);
    let sealed = buffer.process(|packet| sender.seal_with(NOW, packet, options));
    sealed.unwrap();
    buffer.bytes().to_vec()
}

#[test]
fn enc_01_the_layout() {
    // Seven bytes of an experiment: SPI, number 1, payload, padding to four bytes, its length, the
    // protocol, 16 bytes of ICV. The whole packet is known.
    let packet = Ip::new(ENDS.map(ip), Protocol(253), b"payload").bytes();
    let (sender, mut receiver) = both_sides(&parameters(transform(PLAIN)));
    let wire = seal(&sender, &packet).unwrap();
    let esp = [
        &[0, 0, 0x10, 0, 0, 0, 0, 1],
        &b"payload"[..],
        &[1, 2, 3, 3, 253],
    ]
    .concat();
    assert_eq!(wire[20..20 + esp.len()], esp);
    assert_eq!(wire, by_hand(1, None, &esp[8..]));
    assert_eq!(wire[9], 50);
    assert_eq!(open(&mut receiver, &wire), Ok(packet));

    for transform in Transform::all() {
        let (sender, _) = both_sides(&parameters(transform));
        let (iv, block) = iv_and_block(transform);
        let wire = seal(&sender, &clear(b"")).unwrap();
        let body = (8_usize + 2).next_multiple_of(block.max(4));
        let length = 20 + 8 + iv + body + transform.icv_length();
        assert_eq!(wire.len(), length, "{transform}");
        assert_eq!(wire[20..28], [0, 0, 0x10, 0, 0, 0, 0, 1], "{transform}");
    }
}

#[test]
fn enc_02_what_is_encrypted_and_what_is_authenticated() {
    const CONTENT: &[u8] = b"which nobody else is to read";
    for transform in Transform::all() {
        let (sender, mut receiver) = both_sides(&parameters(transform));
        let packet = clear(CONTENT);
        // A number that is new to the receiver with any of its bits flipped.
        let wire = seal_as(&sender, 0x1_0102, &packet);
        let is_readable = wire.windows(8).any(|part| CONTENT.starts_with(part));
        let name = transform.to_string();
        let hides_nothing = name.starts_with("null") || name.contains("gmac");
        assert_eq!(is_readable, hides_nothing, "{transform}");
        // Every bit from the SPI to the end of the ICV is covered; the header in front is not.
        for byte in 20..wire.len() {
            for bit in [0x01, 0x80] {
                let mut damaged = wire.clone();
                damaged[byte] ^= bit;
                let opened = open(&mut receiver, &damaged);
                let expected = match byte {
                    20..24 => DropReason::UnknownSpi,
                    _ => DropReason::BadIcv,
                };
                assert_eq!(opened, Err(expected), "{transform}, byte {byte}");
            }
        }
        let mut routed = wire.clone();
        iiptran::wire::decrement_ttl(&mut routed).unwrap();
        assert_eq!(open(&mut receiver, &routed).unwrap()[20..], packet[20..]);
    }
}

#[test]
fn enc_03_padding_fills_the_block_and_four_bytes() {
    for transform in Transform::all() {
        let (iv, block) = iv_and_block(transform);
        let (sender, mut receiver) = both_sides(&parameters(transform));
        for payload in 0..=2 * 16 + 1 {
            let packet = Ip::new(ENDS.map(ip), Protocol(253), &vec![0xee; payload]).bytes();
            let wire = seal(&sender, &packet).unwrap();
            let body = wire.len() - 20 - 8 - iv - transform.icv_length();
            assert_eq!(body % block, 0, "{transform}");
            assert_eq!((8 + iv + body) % 4, 0, "{transform}");
            // And no more than that.
            assert!(body - payload - 2 < block.max(4), "{transform}");
            assert_eq!(open(&mut receiver, &wire), Ok(packet));
        }
    }
}

#[test]
fn enc_04_padding_is_1_2_3_and_may_be_longer() {
    let plain = parameters(transform(PLAIN));
    let unchecked = SaParameters {
        padding_check: PaddingCheck::None,
        ..plain.clone()
    };
    let (sender, mut receiver) = both_sides(&plain);
    let packet = Ip::new(ENDS.map(ip), Protocol(253), b"four").bytes();
    for wanted in 0..=255 {
        let options = SealOptions {
            padding: Padding::AtLeast(wanted),
            ..SealOptions::default()
        };
        let wire = sealed_with(&sender, &packet, &options);
        let length = wire[wire.len() - 16 - 2];
        let padding = &wire[20 + 8 + 4..wire.len() - 16 - 2];
        let counting: Vec<u8> = (1..=length).collect();
        assert_eq!(padding, counting);
        assert_eq!((4 + padding.len() + 2) % 4, 0);
        assert!(length >= wanted.min(254));
        assert_eq!(open(&mut receiver, &wire), Ok(packet.clone()));
    }
    // A sender may count up to 255, which four-byte alignment reaches with one byte of payload.
    let longest: Vec<u8> = (1..=255).collect();
    let body = [&[0xaa; 3], &longest[..], &[255, 253]].concat();
    assert_eq!(open_by_hand(&plain, &body).unwrap()[20..], [0xaa; 3]);
    // Other contents pass only where they are not looked at.
    for padding in [[0, 0], [2, 1], [1, 3], [1, 1]] {
        let body = [&b"four"[..], &padding, &[2, 253]].concat();
        assert_eq!(open_by_hand(&plain, &body), Err(DropReason::BadPadding));
        assert_eq!(open_by_hand(&unchecked, &body), Ok(packet.clone()));
    }
}

#[test]
fn enc_05_the_payload_is_aligned() {
    for transform in Transform::all() {
        for ends in [ENDS, ["2001:db8::1", "2001:db8::2"]] {
            let packet = Ip::udp(ends.map(ip), b"hello").bytes();
            let (sender, mut receiver) = both_sides(&parameters(transform));
            let wire = seal(&sender, &packet).unwrap();
            let mut buffer = PacketBuffer::new(&wire);
            let received = buffer.process(|packet| receiver.open(NOW, packet)).unwrap();
            let header = if packet[0] >> 4 == 4 { 20 } else { 40 };
            let payload = received.esp.payload_offset - header;
            assert_eq!(payload, 8 + iv_and_block(transform).0);
            // RFC 4303 section 2.3: for IPv6, to eight bytes.
            assert_eq!(payload % 8, 0, "{transform}");
        }
    }
}

#[test]
fn enc_06_impossible_lengths_do_no_harm() {
    for transform in Transform::all() {
        let (sender, mut receiver) = both_sides(&parameters(transform));
        let wire = seal(&sender, &clear(b"cut off at every place")).unwrap();
        for length in 20..wire.len() {
            let cut = Ip::new(ENDS.map(ip), Protocol::ESP, &wire[20..length]).bytes();
            let reason = open(&mut receiver, &cut).unwrap_err();
            let expected = [DropReason::Truncated, DropReason::BadIcv];
            assert!(expected.contains(&reason), "{transform}: {reason}");
        }
        assert_eq!(receiver.usage().packets, 0);
        assert_eq!(receiver.window().unwrap().top(), 0);
    }
    // Authentic, and still impossible: a pad length beyond the payload, or no room for a trailer.
    let plain = parameters(transform(PLAIN));
    let unchecked = SaParameters {
        padding_check: PaddingCheck::None,
        ..plain.clone()
    };
    for receiver in [&plain, &unchecked] {
        for (body, expected) in [
            (&[1, 1, 253][..], None),
            (&[0, 253], None),
            (&[1, 253], Some(DropReason::BadPadding)),
            (&[255, 253], Some(DropReason::BadPadding)),
            (&[1, 2, 3, 253], Some(DropReason::BadPadding)),
            (&[253], Some(DropReason::Truncated)),
            (&[], Some(DropReason::Truncated)),
        ] {
            assert_eq!(open_by_hand(receiver, body).err(), expected, "{body:?}");
        }
    }
}

#[test]
fn enc_07_in_place_and_anywhere() {
    const ROOM: usize = 200;
    for transform in Transform::all() {
        let packet = clear(b"it stays where it is");
        let end = packet.len();
        let mut expected = None;
        for headroom in [64, 65, 66, 67, 71, 100] {
            let (sender, mut receiver) = both_sides(&parameters(transform));
            let mut buffer = vec![0xcc; headroom + end + ROOM];
            buffer[headroom..headroom + end].copy_from_slice(&packet);
            let mut place = Packet::new(&mut buffer, headroom..headroom + end).unwrap();
            sender.seal(NOW, &mut place).unwrap();
            // The same bytes wherever they are.
            let wire = place.bytes().to_vec();
            assert_eq!(*expected.get_or_insert(wire.clone()), wire, "{transform}");
            // Only the header moved: the payload is where it was, behind header and IV.
            let front = 8 + iv_and_block(transform).0;
            assert_eq!(place.range().start, headroom - front, "{transform}");
            receiver.open(NOW, &mut place).unwrap();
            assert_eq!(place.bytes(), packet);
            assert_eq!(place.range(), headroom..headroom + end);
            // Nothing outside was touched.
            assert!(buffer[..headroom - front].iter().all(|&byte| byte == 0xcc));
            let behind = headroom - front + wire.len();
            assert!(buffer[behind..].iter().all(|&byte| byte == 0xcc));
        }
        // Where it does not fit, it stays as it was.
        for (before, behind, reason) in [
            (7, ROOM, DropReason::NoHeadroom),
            (64, transform.icv_length() + 1, DropReason::NoTailroom),
        ] {
            let (sender, _) = both_sides(&parameters(transform));
            let mut buffer = PacketBuffer::with_room(&packet, before, behind);
            let sealed = buffer.process(|packet| sender.seal(NOW, packet));
            assert_eq!(sealed.err(), Some(reason), "{transform}");
            assert_eq!(buffer.bytes(), packet);
        }
    }
}

#[test]
fn tfc_01_traffic_flow_padding() {
    let [here, there] = ENDS;
    for transform in Transform::all() {
        // In transport mode the datagram's own length tells where it ends, if the peer knows.
        let transport = SaParameters {
            flow_padding: true,
            ..parameters(transform)
        };
        let tunnel = (
            tunnel_parameters(transform, here, there),
            tunnel_parameters(transform, there, here),
        );
        for (sender, receiver) in [(transport.clone(), transport), tunnel] {
            let sender = OutboundSa::new(sender).unwrap();
            let mut receiver = InboundSa::new(receiver).unwrap();
            let packet = clear(b"hello");
            let bare = seal(&sender, &packet).unwrap();
            assert_eq!(open(&mut receiver, &bare), Ok(packet.clone()));
            for flow_padding in [1, 15, 16, 255, 1000] {
                let options = SealOptions {
                    flow_padding,
                    ..SealOptions::default()
                };
                let wire = sealed_with(&sender, &packet, &options);
                assert!(wire.len().abs_diff(bare.len() + flow_padding) < 16);
                assert_eq!(
                    open(&mut receiver, &wire),
                    Ok(packet.clone()),
                    "{transform}"
                );
            }
        }
    }
}

#[test]
fn tfc_02_the_inner_length_tells_the_end() {
    let [here, there] = ENDS;
    let receiver = tunnel_parameters(transform(PLAIN), there, here);
    let v4 = Ip::udp(["10.1.0.5", "10.2.0.5"].map(ip), b"in").bytes();
    let v6 = Ip::udp(["2001:db8:1::5", "2001:db8:2::5"].map(ip), b"in").bytes();
    for (inner, next_header) in [(v4, 4), (v6, 41)] {
        for extra in [0, 1, 2, 3, 40, 1200] {
            let body = [&inner, &vec![0xee; extra][..], &[0, next_header]].concat();
            assert_eq!(open_by_hand(&receiver, &body), Ok(inner.clone()));
        }
        // A length beyond what is there, padding not counted.
        for missing in 1..inner.len() {
            let short = &inner[..inner.len() - missing];
            let body = [short, &[1, 2, 3, 3, next_header]].concat();
            let reason = open_by_hand(&receiver, &body).unwrap_err();
            assert_eq!(reason, DropReason::Truncated, "{missing} missing");
        }
    }
    // In transport mode the datagram inside is no longer than the packet either.
    let cut = SaParameters {
        flow_padding: true,
        ..parameters(transform(PLAIN))
    };
    for (length, expected) in [
        (8, Ok(8)),
        (10, Ok(10)),
        (11, Err(DropReason::Truncated)),
        (7, Err(DropReason::BadHeaderLength)),
    ] {
        let datagram = [0x30, 0x39, 0, 7, 0, length, 0, 0, 0xaa, 0xbb];
        let opened = open_by_hand(&cut, &[&datagram[..], &[0, 17]].concat());
        assert_eq!(opened.map(|packet| packet.len() - 20), expected, "{length}");
    }
}

#[test]
fn tfc_03_dummy_packets() {
    let [here, there] = ENDS;
    let plain = transform(PLAIN);
    let only_tcp =
        iiptran::spd::Selectors::new(ip(there).into(), ip(here).into(), Protocol::TCP.into());
    for mode in [parameters(plain), tunnel_parameters(plain, there, here)] {
        // Neither are selectors asked, nor is anything inside read: it may be no packet at all.
        let receiver = SaParameters {
            selectors: Box::new([only_tcp.clone().unwrap()]),
            ..mode
        };
        let mut receiver = InboundSa::new(receiver).unwrap();
        for (number, payload) in [(1, &b""[..]), (2, &[0xff; 6]), (3, &[0; 1402])] {
            let body = [payload, &[0, 59]].concat();
            let wire = by_hand(number, None, &body);
            assert_eq!(open(&mut receiver, &wire), Err(DropReason::Dummy));
            // It counts: a second time it is a replay, and it uses up lifetime.
            assert_eq!(open(&mut receiver, &wire), Err(DropReason::Replayed));
            assert_eq!(receiver.usage().packets, u64::from(number));
        }
        assert_eq!(receiver.usage().bytes, 2 + 8 + 1404);
    }
    // Nobody is alarmed.
    assert!(DropReason::Dummy.is_expected());
    // One can be sent: the trailer says that there is no next header.
    let (sender, mut receiver) = both_sides(&parameters(plain));
    let options = SealOptions {
        dummy: true,
        flow_padding: 32,
        ..SealOptions::default()
    };
    let wire = sealed_with(&sender, &clear(b"anything"), &options);
    assert_eq!(wire[wire.len() - 16 - 1], 59);
    assert_eq!(open(&mut receiver, &wire), Err(DropReason::Dummy));
    assert_eq!(sender.packets(), 1);
}
