//! Bytes that nobody sealed: nothing panics, and nothing is delivered.

use std::sync::LazyLock;

use iiptran::ipip;
use iiptran::outer::InnerFields;
use iiptran::sa::{EspPlace, InboundSa, SaParameters};
use iiptran::transform::Transform;
use iiptran::wire::{Flow, IpHeader, Protocol, SkipList, Spi};
use iiptran::{Mode, PacketBuffer, TunnelEnds};
use iiptran_tests::{Ip, KEY_BYTES, NOW, keys};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::random::ip;

/// Receivers with every transform, in both modes.
static RECEIVERS: LazyLock<Vec<SaParameters>> = LazyLock::new(|| {
    let [local, remote] = ["192.0.2.1", "192.0.2.2"].map(|end| end.parse().unwrap());
    let modes = [Mode::Transport, Mode::Tunnel(TunnelEnds { local, remote })];
    let receiver = |transform| {
        modes.map(|mode| SaParameters {
            // Both ways of counting, with every transform.
            extended_sequence: mode == Mode::Transport,
            ..SaParameters::new(SPI, mode, transform, keys(transform, &[7; KEY_BYTES]))
        })
    };
    Transform::all().flat_map(receiver).collect()
});

/// The SPI of all of them.
const SPI: Spi = Spi(0x0101_0101);

/// Runs everything that reads bytes of strangers.
fn receive(packet: &[u8]) -> Result<(), TestCaseError> {
    let skip = SkipList::default();
    if let Ok(header) = IpHeader::parse(packet, &skip) {
        prop_assert!(header.length <= header.total_length);
        prop_assert!(header.total_length <= packet.len());
        let _ = EspPlace::find(packet, &header);
        let _ = Flow::innermost(packet, &header, &skip);
        let mut buffer = PacketBuffer::new(packet);
        let before = buffer.clone();
        let decapsulated = buffer
            .process(|packet| ipip::decapsulate(packet, &header, InnerFields::default(), &skip));
        prop_assert!(decapsulated.is_ok() || buffer == before);
    }
    for parameters in &*RECEIVERS {
        let mut sa = InboundSa::new(parameters.clone()).unwrap();
        let opened = PacketBuffer::new(packet).process(|packet| sa.open(NOW, packet));
        prop_assert!(opened.is_err(), "{}", parameters.transform);
    }
    Ok(())
}

/// A correct header, and behind it what may look like ESP of the receivers, UDP or IP.
fn plausible() -> impl Strategy<Value = Vec<u8>> {
    let protocols = [0, 4, 17, 41, 43, 44, 50, 51, 60].map(Protocol);
    let inside = prop_oneof![
        vec(any::<u8>(), 0..200),
        vec(any::<u8>(), 0..200).prop_map(|rest| [&SPI.0.to_be_bytes()[..], &rest].concat()),
        ip().prop_map(|packet| packet.bytes()),
    ];
    (ip(), select(protocols.to_vec()), inside, any::<bool>()).prop_map(
        |(outer, protocol, inside, is_datagram)| {
            let packet = if is_datagram {
                Ip::udp([outer.source, outer.destination], &inside)
            } else {
                Ip {
                    protocol,
                    payload: inside,
                    ..outer
                }
            };
            packet.bytes()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes(bytes in vec(any::<u8>(), 0..200)) {
        receive(&bytes)?;
    }

    #[test]
    fn random_bytes_that_begin_like_ip(
        first in select(&[0x45, 0x46, 0x4f, 0x60]),
        rest in vec(any::<u8>(), 0..200),
    ) {
        receive(&[&[first], &rest[..]].concat())?;
    }

    #[test]
    fn plausible_packets(packet in plausible()) {
        receive(&packet)?;
    }

    #[test]
    fn plausible_packets_cut_short(packet in plausible(), cut in any::<prop::sample::Index>()) {
        receive(&packet[..cut.index(packet.len())])?;
    }
}
