//! Sequence numbers and anti-replay: RFC 4303 sections 2.2, 3.3.3 and 3.4.3 and appendix A, RFC 6479.

use std::collections::VecDeque;

use iiptran::config::NodeConfig;
use iiptran::esp::ReplayWindow;
use iiptran::node::Event;
use iiptran::sa::{InboundSa, OutboundSa, Resynchronisation, SaParameters};
use iiptran::trace::Step;
use iiptran::transform::Transform;
use iiptran::{DropReason, PacketBuffer, Trace};
use iiptran_tests::lab::{Lab, ip};
use iiptran_tests::sa::{
    ENDS, PLAIN, both_sides, by_hand, clear, open, parameters, seal, seal_as, transform,
};
use iiptran_tests::{Ip, KEY_BYTES, NOW, header, reference};
use proptest::prelude::*;

use crate::hosts;

const GCM: &str = "aes-128-gcm-16";

fn extended(transform: Transform) -> SaParameters {
    SaParameters {
        extended_sequence: true,
        ..parameters(transform)
    }
}

/// The sequence number on the wire, behind an IPv4 header and the SPI.
fn on_the_wire(packet: &[u8]) -> u32 {
    u32::from_be_bytes(packet[24..28].try_into().unwrap())
}

#[test]
fn seq_01_the_first_packet_has_1() {
    for transform in Transform::all() {
        for parameters in [parameters(transform), extended(transform)] {
            let sender = OutboundSa::new(parameters).unwrap();
            assert_eq!(sender.sequence(), 0);
            // The same packet once more is a new one.
            let numbers = [(); 4].map(|()| on_the_wire(&seal(&sender, &clear(b"again")).unwrap()));
            assert_eq!(numbers, [1, 2, 3, 4], "{transform}");
        }
    }
}

#[test]
fn seq_02_numbers_end() {
    for transform in [PLAIN, GCM].map(transform) {
        for (parameters, last) in [
            (parameters(transform), u64::from(u32::MAX)),
            (extended(transform), u64::MAX),
        ] {
            let sender = OutboundSa::new(SaParameters {
                start: last - 2,
                ..parameters
            });
            let sender = sender.unwrap();
            let packet = clear(b"one of the last");
            assert!(seal(&sender, &packet).is_ok() && seal(&sender, &packet).is_ok());
            assert_eq!(sender.sequence(), last);
            // Nothing is sent beyond, and the packet is as it was.
            let mut buffer = PacketBuffer::new(&packet);
            let sealed = buffer.process(|packet| sender.seal(NOW, packet));
            assert_eq!(sealed.err(), Some(DropReason::SequenceExhausted));
            assert_eq!(buffer.bytes(), packet);
            assert_eq!(sender.sequence(), last);
        }
    }
    // A node counts it and asks for another SA.
    let document = hosts::document(1, 2);
    let used_up = document.replace("spi = 0x1001", "spi = 0x1001\nstart = 4294967294");
    let mut host = Lab::new(&used_up);
    let packet = clear(b"hello");
    assert_eq!(host.send("base", &packet).reason(), None);
    assert_eq!(host.node.poll_event(), None);
    let outcome = host.send("base", &packet);
    assert_eq!(outcome.reason(), Some(DropReason::SequenceExhausted));
    assert_eq!(host.drops(DropReason::SequenceExhausted), 1);
    let event = host.node.poll_event();
    assert!(matches!(event, Some(Event::Acquire { .. })), "{event:?}");
}

#[test]
fn seq_02_numbers_start_again_where_that_was_agreed() {
    let agreed = SaParameters {
        start: u64::from(u32::MAX) - 1,
        rollover: true,
        window: None,
        ..parameters(transform(PLAIN))
    };
    let (sender, mut receiver) = both_sides(&agreed);
    let packet = clear(b"on and on");
    for expected in [u32::MAX, 0, 1, 2] {
        let wire = seal(&sender, &packet).unwrap();
        assert_eq!(on_the_wire(&wire), expected);
        assert_eq!(open(&mut receiver, &wire), Ok(packet.clone()));
    }
}

#[test]
fn seq_03_windows_are_exactly_as_large_as_told() {
    let plain = parameters(transform(PLAIN));
    let with = |window| SaParameters {
        window: Some(window),
        ..plain.clone()
    };
    // By default 64.
    assert_eq!(
        InboundSa::new(plain.clone())
            .unwrap()
            .window()
            .unwrap()
            .size(),
        64
    );
    for size in [0, 1, 31, 65_537, u32::MAX] {
        assert!(InboundSa::new(with(size)).is_err(), "{size}");
    }
    for size in [32, 33, 63, 64, 65, 100, 128, 1024, 4096, 65_536] {
        let (sender, mut receiver) = both_sides(&with(size));
        let top = 3 * u64::from(size);
        let mut receive = |number| open(&mut receiver, &seal_as(&sender, number, &clear(b"")));
        assert!(receive(top).is_ok());
        let first = top - u64::from(size) + 1;
        assert_eq!(receive(first - 1), Err(DropReason::LeftOfWindow), "{size}");
        assert!(receive(first).is_ok(), "{size}");
        assert_eq!(receive(first), Err(DropReason::Replayed), "{size}");
    }
    let document = [&*hosts::document(1, 2), "window = 31\n"].concat();
    let error = NodeConfig::from_toml(&document)
        .unwrap()
        .node()
        .unwrap_err();
    assert_eq!(error.path, "sas[1].window");
}

#[test]
fn seq_04_a_forged_number_moves_nothing() {
    for transform in Transform::all() {
        for parameters in [parameters(transform), extended(transform)] {
            let (sender, mut receiver) = both_sides(&parameters);
            let honest = seal_as(&sender, 10, &clear(b"hello"));
            assert!(open(&mut receiver, &honest).is_ok());
            let before = receiver.window().unwrap().clone();
            for number in [11, 1_000, u32::MAX / 2] {
                let mut forged = seal_as(&sender, 11, &clear(b"hello"));
                forged[24..28].copy_from_slice(&number.to_be_bytes());
                *forged.last_mut().unwrap() ^= 1;
                assert_eq!(open(&mut receiver, &forged), Err(DropReason::BadIcv));
            }
            assert_eq!(*receiver.window().unwrap(), before, "{transform}");
            assert_eq!(receiver.usage().packets, 1);
            // So the packet whose number was forged still comes in.
            let next = seal_as(&sender, 11, &clear(b"hello"));
            assert!(open(&mut receiver, &next).is_ok(), "{transform}");
        }
    }
}

#[test]
fn seq_05_number_0_is_never_taken() {
    assert_eq!(
        ReplayWindow::new(64).unwrap().check(0),
        Err(DropReason::Replayed)
    );
    // Both packets are authentic: only their number is in the way.
    let (_, mut receiver) = both_sides(&parameters(transform(PLAIN)));
    let body = [0xaa, 0xbb, 0, 253];
    let zero = by_hand(0, None, &body);
    assert_eq!(open(&mut receiver, &zero), Err(DropReason::Replayed));
    let (_, mut receiver) = both_sides(&extended(transform(PLAIN)));
    let zero = by_hand(0, Some(0), &body);
    assert_eq!(open(&mut receiver, &zero), Err(DropReason::Replayed));
    // The low half may well be 0.
    let near = SaParameters {
        start: u64::from(u32::MAX),
        ..extended(transform(PLAIN))
    };
    let mut receiver = InboundSa::new(near).unwrap();
    assert!(open(&mut receiver, &by_hand(0, Some(1), &body)).is_ok());
    assert_eq!(receiver.window().unwrap().top(), 1 << 32);
}

#[test]
fn seq_09_the_high_half_never_goes_below_0() {
    let body = [0xaa, 0xbb, 0, 253];
    for (top, low, expected) in [
        (0, u32::MAX, Err(DropReason::LeftOfWindow)),
        (0, u32::MAX - 62, Err(DropReason::LeftOfWindow)),
        (0, u32::MAX - 63, Ok(())),
        (5, u32::MAX - 57, Err(DropReason::LeftOfWindow)),
        (5, u32::MAX - 58, Ok(())),
        (62, u32::MAX, Err(DropReason::LeftOfWindow)),
        (63, u32::MAX, Ok(())),
    ] {
        let restored = SaParameters {
            start: top,
            ..extended(transform(PLAIN))
        };
        let mut receiver = InboundSa::new(restored).unwrap();
        // Authentic with a high half of 0, which is what a wrap below 0 would have been taken for.
        let opened = open(&mut receiver, &by_hand(low, Some(0), &body)).map(drop);
        assert_eq!(opened, expected, "{low} after {top}");
        assert_eq!(receiver.usage().late, 0);
    }
}

#[test]
fn seq_10_the_sender_is_found_again() {
    let lost = (3_u64 << 32) + 100;
    let receiver = |rules: Option<Resynchronisation>| {
        let parameters = SaParameters {
            resynchronisation: rules,
            start: 10,
            ..extended(transform(GCM))
        };
        InboundSa::new(parameters).unwrap()
    };
    let (sender, _) = both_sides(&extended(transform(GCM)));
    let packet = |number| seal_as(&sender, number, &clear(b"hello"));
    let rules = |runs| Some(Resynchronisation { failures: 3, runs });
    // After three failures in a row it looks ahead, and goes on from there.
    let mut found = receiver(rules(4));
    let outcomes = [0, 1, 2, 3].map(|more| open(&mut found, &packet(lost + more)).err());
    let failed = Some(DropReason::BadIcv);
    assert_eq!(outcomes, [failed, failed, None, None]);
    assert_eq!(found.window().unwrap().top(), lost + 3);
    assert_eq!(found.usage().resynchronised, 1);
    // No further than told, and never unless told.
    for rules in [rules(2), None] {
        let mut receiver = receiver(rules);
        for more in 0..50 {
            let opened = open(&mut receiver, &packet(lost + more));
            assert_eq!(opened, Err(DropReason::BadIcv));
        }
        assert_eq!(receiver.window().unwrap().top(), 10);
        assert!(open(&mut receiver, &packet(11)).is_ok());
    }
    // An honest packet in between starts the count anew, and a forged one is never taken.
    let mut receiver = receiver(rules(4));
    let mut forged = packet(lost);
    *forged.last_mut().unwrap() ^= 1;
    for number in 11..20 {
        for failing in [&forged, &packet(lost)] {
            assert_eq!(open(&mut receiver, failing), Err(DropReason::BadIcv));
        }
        assert!(open(&mut receiver, &packet(number)).is_ok());
    }
    for _ in 0..20 {
        assert_eq!(open(&mut receiver, &forged), Err(DropReason::BadIcv));
    }
    assert_eq!(receiver.usage().resynchronised, 0);
}

#[test]
fn seq_11_where_the_high_half_is_authenticated() {
    let sequence = 0x0000_00ab_0000_0102;
    let packet = Ip::new(ENDS.map(ip), iiptran::wire::Protocol(253), &[0xaa, 0xbb]).bytes();
    let body = [0xaa, 0xbb, 0, 253];
    // Separate integrity: behind the next header, and not on the wire.
    let (sender, _) = both_sides(&extended(transform(PLAIN)));
    let wire = seal_as(&sender, sequence, &packet);
    assert_eq!(wire, by_hand(0x0102, Some(0xab), &body));
    assert_ne!(wire, by_hand(0x0102, None, &body));
    assert_eq!(on_the_wire(&wire), 0x0102);
    // AEAD: between the SPI and the low half.
    let (sender, _) = both_sides(&extended(transform(GCM)));
    let wire = seal_as(&sender, sequence, &packet);
    let (key, salt) = ([7; KEY_BYTES], [7; 4]);
    let iv = &wire[28..36];
    let nonce = [&salt, iv].concat().try_into().unwrap();
    let associated = [0, 0, 0x10, 0, 0, 0, 0, 0xab, 0, 0, 1, 2];
    let sealed = reference::aes_gcm(&key[..16], nonce, &associated, &body);
    assert_eq!(wire[36..], sealed);
    assert_eq!(wire[20..28], [0, 0, 0x10, 0, 0, 0, 1, 2]);
    // An SA without it has neither.
    let (sender, _) = both_sides(&parameters(transform(GCM)));
    let wire = seal_as(&sender, 0x0102, &packet);
    let nonce = [&salt, &wire[28..36]].concat().try_into().unwrap();
    let associated = [0, 0, 0x10, 0, 0, 0, 1, 2];
    let sealed = reference::aes_gcm(&key[..16], nonce, &associated, &body);
    assert_eq!(wire[36..], sealed);
}

/// A window as RFC 4303 draws it: one place for each number, shifted when the top moves.
struct PlainWindow {
    top: u64,
    places: VecDeque<bool>,
}

impl PlainWindow {
    fn accepts(&mut self, number: u64) -> bool {
        if number > self.top {
            for _ in 0..(number - self.top).min(self.places.len() as u64) {
                self.places.pop_back();
                self.places.push_front(false);
            }
            self.top = number;
        }
        let back = usize::try_from(self.top - number).unwrap();
        match self.places.get_mut(back) {
            Some(seen) if number > 0 => !core::mem::replace(seen, true),
            _ => false,
        }
    }
}

proptest! {
    #[test]
    fn seq_12_the_ring_equals_the_plain_window(
        size in prop_oneof![Just(32_u32), Just(64), Just(65), 32..=300_u32],
        steps in prop::collection::vec((-400..=400_i64, 0..40_u32), 1..400),
    ) {
        let mut ring = ReplayWindow::new(size).unwrap();
        let mut plain = PlainWindow { top: 0, places: vec![false; size as usize].into() };
        for (step, jump) in steps {
            // Now and then far ahead, so that the ring is cleared as a whole.
            let ahead = if jump == 0 { 10_000 } else { step };
            let number = plain.top.saturating_add_signed(ahead);
            let accepted = ring.check(number).is_ok();
            prop_assert_eq!(accepted, plain.accepts(number), "{}", number);
            if accepted {
                ring.receive(number);
            }
            prop_assert_eq!(ring.top(), plain.top);
        }
    }
}

#[test]
fn seq_13_anti_replay_can_be_off() {
    let off = SaParameters {
        window: None,
        ..parameters(transform(GCM))
    };
    let (sender, mut receiver) = both_sides(&off);
    let packet = clear(b"hello");
    for number in [100, 1, 100, 100, 1] {
        let wire = seal_as(&sender, number, &packet);
        assert_eq!(open(&mut receiver, &wire), Ok(packet.clone()));
    }
    assert!(receiver.window().is_none());
    // Integrity is never off.
    let mut forged = seal_as(&sender, 5, &packet);
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(open(&mut receiver, &forged), Err(DropReason::BadIcv));
    let document = [&*hosts::document(2, 1), "window = \"off\"\n"].concat();
    let mut host = Lab::new(&document);
    let wire = hosts::host(1, 2).send("base", &packet).transmitted();
    for _ in 0..3 {
        assert_eq!(host.receive("wan", &wire).delivered(), packet);
    }
}

/// What a record of a refused packet is made from.
#[derive(Default)]
struct Refusals(Vec<(u32, u32, DropReason)>);

impl Trace for Refusals {
    fn step(&mut self, step: &Step<'_>) {
        if let Step::Open {
            sa,
            low,
            opened: Err(reason),
            packet,
        } = step
        {
            let header = header(packet);
            assert_eq!([header.source, header.destination], ENDS.map(ip));
            self.0.push((sa.id().spi.0, *low, *reason));
        }
    }
}

#[test]
fn seq_14_a_replay_is_recorded() {
    let (mut a, mut b) = (hosts::host(1, 2), hosts::host(2, 1));
    let packets = [(); 80].map(|()| a.send("base", &clear(b"hello")).transmitted());
    for packet in packets.iter().skip(1) {
        assert_eq!(b.receive("wan", packet).reason(), None);
    }
    let mut refusals = Refusals::default();
    let link = b.link("wan");
    for packet in [&packets[70], &packets[0], &packets[79]] {
        let node = &mut b.node;
        let mut buffer = PacketBuffer::new(packet);
        let verdict = buffer.process(|packet| node.receive(NOW, link, packet, &mut refusals));
        assert_ne!(verdict.drop_reason(), None);
    }
    assert_eq!(
        refusals.0,
        [
            (0x1001, 71, DropReason::Replayed),
            (0x1001, 1, DropReason::LeftOfWindow),
            (0x1001, 80, DropReason::Replayed),
        ]
    );
    assert_eq!(b.drops(DropReason::Replayed), 2);
    assert_eq!(b.drops(DropReason::LeftOfWindow), 1);
}
