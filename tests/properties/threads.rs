//! Many threads that send over one SA.

use alloc::collections::BTreeSet;
use std::thread;

use iiptran::sa::{OutboundSa, SaParameters};
use iiptran::transform::Transform;
use iiptran::wire::Spi;
use iiptran::{DropReason, Mode, PacketBuffer};
use iiptran_tests::{Ip, KEY_BYTES, NOW, keys};

const THREADS: usize = 4;
const PACKETS: usize = 1000;

/// Sequence number and IV of every packet that was sealed, and how many found no number left.
fn race(sa: &OutboundSa) -> (Vec<(u64, Vec<u8>)>, usize) {
    let ends = ["192.0.2.1", "192.0.2.2"].map(|end| end.parse().unwrap());
    let clear = Ip::udp(ends, b"payload").bytes();
    let send = || {
        let sealed = (0..PACKETS).map(|_| {
            let mut buffer = PacketBuffer::new(&clear);
            buffer.process(|packet| sa.seal(NOW, packet))
        });
        sealed.collect::<Vec<_>>()
    };
    let sealed = thread::scope(|scope| {
        let threads = [(); THREADS].map(|()| scope.spawn(send));
        threads.map(|thread| thread.join().unwrap()).concat()
    });
    let (sealed, refused): (Vec<_>, Vec<_>) = sealed.into_iter().partition(Result::is_ok);
    let is_exhausted = |refused: &_| *refused == Err(DropReason::SequenceExhausted);
    assert!(refused.iter().all(is_exhausted));
    let used = sealed.into_iter().map(|sealed| {
        let esp = sealed.unwrap().esp;
        (esp.authenticated.sequence, esp.iv.as_bytes().to_vec())
    });
    (used.collect(), refused.len())
}

fn parameters(transform: Transform, start: u64) -> SaParameters {
    SaParameters {
        start,
        ..SaParameters::new(
            Spi(256),
            Mode::Transport,
            transform,
            keys(transform, &[7; KEY_BYTES]),
        )
    }
}

#[test]
fn seq_13_no_number_and_no_iv_is_used_twice() {
    for (encryption, integrity) in [
        ("aes-128-gcm-16", None),
        ("aes-128-gcm-16-iiv", None),
        ("chacha20-poly1305", None),
        ("aes-256-cbc", Some("hmac-sha2-256-128")),
    ] {
        let transform = Transform::from_names(encryption, integrity).unwrap();
        let sa = OutboundSa::new(parameters(transform, 0)).unwrap();
        let (used, refused) = race(&sa);
        let numbers: BTreeSet<u64> = used.iter().map(|(number, _)| *number).collect();
        let ivs: BTreeSet<_> = used.iter().map(|(_, iv)| iv).collect();
        assert_eq!(refused, 0);
        assert!(numbers.into_iter().eq(1..=(THREADS * PACKETS) as u64));
        assert_eq!(ivs.len(), THREADS * PACKETS, "{transform}");
    }
}

#[test]
fn seq_02_the_last_number_ends_it_for_all() {
    const LEFT: u64 = 1234;
    let transform = Transform::from_names("aes-128-gcm-16", None).unwrap();
    let start = u64::from(u32::MAX) - LEFT;
    let sa = OutboundSa::new(parameters(transform, start)).unwrap();
    let (used, refused) = race(&sa);
    let numbers: BTreeSet<u64> = used.into_iter().map(|(number, _)| number).collect();
    assert!(numbers.into_iter().eq(start + 1..=u32::MAX.into()));
    assert_eq!(refused as u64, (THREADS * PACKETS) as u64 - LEFT);
    assert_eq!(sa.check(NOW), Err(DropReason::SequenceExhausted));
}
