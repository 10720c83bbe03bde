//! The order of inbound checks: of two faults the earlier one is the reason.

use iiptran::esp::ReplayWindow;
use iiptran::sa::{InboundSa, SaParameters, SealOptions};
use iiptran::spd::Selectors;
use iiptran::transform::{Integrity, Keys, Transform};
use iiptran::wire::{IpVersion, Protocol, Spi};
use iiptran::{DropReason, Mode, TunnelEnds};
use iiptran_tests::lab::{hosts, ip};
use iiptran_tests::{Ip, NOW, process, reference};

/// The faults that one packet can have, in the order in which they are to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Fragment,
    UnknownSpi,
    Expired,
    TooShort,
    Replayed,
    BadIcv,
    BadPadding,
    Dummy,
    NotTunnelled,
    BadInner,
    Selectors,
}

use Fault::*;

const FAULTS: [(Fault, DropReason); 11] = [
    (Fragment, DropReason::FragmentOffered),
    (UnknownSpi, DropReason::UnknownSpi),
    (Expired, DropReason::SaExpired),
    (TooShort, DropReason::Truncated),
    (Replayed, DropReason::Replayed),
    (BadIcv, DropReason::BadIcv),
    (BadPadding, DropReason::BadPadding),
    (Dummy, DropReason::Dummy),
    (NotTunnelled, DropReason::NotTunnelled),
    (BadInner, DropReason::Truncated),
    (Selectors, DropReason::SelectorMismatch),
];

const ENDS: [&str; 2] = ["192.0.2.1", "192.0.2.2"];

fn parameters(mode: Mode) -> SaParameters {
    let transform = Transform::from_names("null", Some("hmac-sha2-256-128")).unwrap();
    let keys = Keys {
        integrity: (&[9; 32][..]).into(),
        ..Keys::default()
    };
    SaParameters::new(Spi(0x1000), mode, transform, keys)
}

/// Makes a packet with some faults, and gives the reason why it is dropped.
fn reason(faults: &[Fault]) -> Option<DropReason> {
    let has = |fault| faults.contains(&fault);
    let sender =
        iiptran::sa::OutboundSa::new(parameters(Mode::Transport)).expect("an SA to send with");

    // The payload, and the trailer that says what it is. Built as a transport-mode packet so that
    // anything can be inside.
    let inner = Ip::udp(hosts(IpVersion::V4), b"inside").bytes();
    let inner = if has(BadInner) {
        inner[..inner.len() - 4].to_vec()
    } else {
        inner
    };
    let protocol = match (has(Dummy), has(NotTunnelled)) {
        (true, _) => Protocol::NO_NEXT_HEADER,
        (_, true) => Protocol::UDP,
        _ => Protocol::IPV4,
    };
    let outer = Ip::new(ENDS.map(ip), protocol, &inner).bytes();
    let options = SealOptions {
        sequence: Some(if has(Replayed) { 0 } else { 1 }),
        ..Default::default()
    };
    let mut wire = process(&outer, |packet| sender.seal_with(NOW, packet, &options)).unwrap();
    if has(BadPadding) {
        // With NULL encryption the padding can be changed, and the ICV made right again.
        let end = wire.len() - 16;
        wire[end - 2] = 255;
        let hmac = Integrity::HmacSha2_256_128;
        let icv = reference::hmac_icv(hmac, &[9; 32], &wire[20..end]).unwrap();
        wire[end..].copy_from_slice(&icv);
    }
    if has(BadIcv) {
        *wire.last_mut().unwrap() ^= 1;
    }
    if has(TooShort) {
        wire.truncate(20 + 8 + 16);
    }
    if has(UnknownSpi) {
        wire[23] ^= 1;
    }
    let total = u16::try_from(wire.len()).unwrap();
    wire[2..4].copy_from_slice(&total.to_be_bytes());
    if has(Fragment) {
        wire[6] |= 0x20;
    }
    iiptran::wire::Ipv4Header::fill_checksum(&mut wire[..20]);

    let ends = TunnelEnds {
        local: ip(ENDS[1]),
        remote: ip(ENDS[0]),
    };
    let mut receiver = parameters(Mode::Tunnel(ends));
    if has(Selectors) {
        let other = Selectors::new(
            ip("10.9.9.9").into(),
            ip("10.8.8.8").into(),
            Protocol::TCP.into(),
        );
        receiver.selectors = Box::new([other.unwrap()]);
    }
    if has(Expired) {
        receiver.lifetime.hard.time = Some(core::time::Duration::ZERO);
    }
    receiver.window = Some(ReplayWindow::DEFAULT);
    let mut receiver = InboundSa::new(receiver).unwrap();
    process(&wire, |packet| receiver.open(NOW, packet)).err()
}

#[test]
fn rxo_01_of_two_faults_the_earlier_is_the_reason() {
    assert_eq!(reason(&[]), None);
    for (first, (one, expected)) in FAULTS.into_iter().enumerate() {
        assert_eq!(reason(&[one]), Some(expected), "{one:?}");
        for (two, _) in &FAULTS[first + 1..] {
            assert_eq!(
                reason(&[one, *two]),
                Some(expected),
                "{one:?} before {two:?}"
            );
        }
    }
}

#[test]
fn rxo_02_a_failed_check_leaves_no_plaintext() {
    const SECRET: &[u8] = b"a secret that must not be seen anywhere";
    for transform in Transform::all().filter(|transform| transform.is_confidential()) {
        for extended in [false, true] {
            let key = |length| (0..length as u8).collect::<Vec<u8>>();
            let integrity = transform
                .integrity()
                .map_or(0, |integrity| integrity.key_length());
            let keys = Keys {
                encryption: key(transform.key_length() + transform.salt_length()).into(),
                integrity: key(integrity).into(),
            };
            let parameters = SaParameters {
                extended_sequence: extended,
                ..SaParameters::new(Spi(0x1000), Mode::Transport, transform, keys)
            };
            let sender = iiptran::sa::OutboundSa::new(parameters.clone()).unwrap();
            let mut receiver = InboundSa::new(parameters).unwrap();
            let clear = Ip::udp(ENDS.map(ip), SECRET).bytes();
            let wire = process(&clear, |packet| sender.seal(NOW, packet)).unwrap();
            for place in [28, wire.len() / 2, wire.len() - 1] {
                let mut damaged = wire.clone();
                damaged[place] ^= 0x10;
                let mut buffer = iiptran::PacketBuffer::new(&damaged);
                let outcome = buffer.process(|packet| receiver.open(NOW, packet));
                assert_eq!(
                    outcome.err(),
                    Some(DropReason::BadIcv),
                    "{transform} at {place}"
                );
                // Nothing changed at all: the same damaged packet, wherever the damage was.
                assert_eq!(buffer.bytes(), damaged, "{transform} at {place}");
            }
            // Late on an ESN SA: authentic, but not to be received.
            if extended {
                let options = SealOptions {
                    sequence: Some(5 << 32),
                    ..SealOptions::default()
                };
                let far = process(&clear, |p| sender.seal_with(NOW, p, &options)).unwrap();
                let options = SealOptions {
                    sequence: Some((5 << 32) - 500),
                    ..options
                };
                let late = process(&clear, |p| sender.seal_with(NOW, p, &options)).unwrap();
                let mut restored = receiver_at(transform, 5 << 32);
                assert!(
                    process(&far, |p| restored.open(NOW, p)).is_err(),
                    "number not new"
                );
                let mut buffer = iiptran::PacketBuffer::new(&late);
                let outcome = buffer.process(|packet| restored.open(NOW, packet));
                assert_eq!(outcome.err(), Some(DropReason::LeftOfWindow), "{transform}");
                let leak = buffer
                    .bytes()
                    .windows(8)
                    .any(|part| SECRET.windows(8).any(|s| s == part));
                assert!(!leak, "{transform}");
            }
        }
    }
}

fn receiver_at(transform: Transform, start: u64) -> InboundSa {
    let key = |length| (0..length as u8).collect::<Vec<u8>>();
    let integrity = transform
        .integrity()
        .map_or(0, |integrity| integrity.key_length());
    let keys = Keys {
        encryption: key(transform.key_length() + transform.salt_length()).into(),
        integrity: key(integrity).into(),
    };
    InboundSa::new(SaParameters {
        extended_sequence: true,
        start,
        ..SaParameters::new(Spi(0x1000), Mode::Transport, transform, keys)
    })
    .unwrap()
}
