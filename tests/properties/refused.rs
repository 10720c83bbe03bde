//! A packet that an SA does not seal is as it was, with the room around it, so that nobody need keep a copy.

use core::time::Duration;

use iiptran::esp::{Padding, UdpEncapsulation};
use iiptran::outer::{DfRule, OuterFields, OuterHeader};
use iiptran::sa::{Lifetime, Limits, OutboundSa, SaParameters, SealOptions};
use iiptran::transform::{Iv, Transform};
use iiptran::wire::{Protocol, Spi};
use iiptran::{DropReason, Instant, Mode, TunnelEnds};
use iiptran_tests::{Ip, keys};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::burst::{Buffer, UNTOUCHED, together};
use super::random::{ip, key_bytes, tunnel};

/// When everything happens; some SAs have expired by then.
const NOW: Instant = Instant::from_nanos(5);

prop_compose! {
    /// An SA that has one reason or another to refuse packets.
    fn sa()(
        transform in select(Transform::all().collect::<Vec<_>>()),
        gcm in prop::option::weighted(0.4, Just("aes-128-gcm-16")),
        ends in prop::option::weighted(0.7, tunnel()),
        extended in any::<bool>(),
        left in prop_oneof![2 => 0..40_u64, 1 => Just(u64::from(u32::MAX))],
        packets in prop::option::weighted(0.2, 0..40_u64),
        bytes in prop::option::weighted(0.2, 0..20_000_u64),
        time in prop::option::weighted(0.1, 1..10_u64),
        path_mtu in prop::option::weighted(0.2, 60..1600_usize),
        udp in prop::option::weighted(0.3, any::<[u16; 2]>()),
        clears_df in prop::bool::weighted(0.3),
        encapsulation_limit in prop::option::of(any::<u8>()),
        keys_from in key_bytes(),
    ) -> SaParameters {
        let transform = gcm.map_or(transform, |name| Transform::from_names(name, None).unwrap());
        let limit = if extended { u64::MAX } else { u32::MAX.into() };
        let hard = Limits { time: time.map(Duration::from_nanos), bytes, packets };
        let udp = udp.map(|[source, destination]| UdpEncapsulation { source, destination });
        SaParameters {
            extended_sequence: extended,
            start: limit - left,
            lifetime: Lifetime { hard, ..Lifetime::default() },
            path_mtu,
            udp_encapsulation: udp,
            outer: OuterFields {
                df: if clears_df { DfRule::Clear } else { DfRule::Copy },
                strict_df: true,
                encapsulation_limit,
                ..OuterFields::TUNNEL_MODE
            },
            ..SaParameters::new(
                Spi(0x1000),
                ends.map_or(Mode::Transport, Mode::Tunnel),
                transform,
                keys(transform, &keys_from),
            )
        }
    }
}

/// Packets of all kinds, some about as long as the field for their length can say, in little room.
fn buffer() -> impl Strategy<Value = Buffer> {
    let fragment = (ip(), any::<u16>()).prop_map(|(packet, flags_and_offset)| {
        Ip {
            flags_and_offset,
            ..packet
        }
        .bytes()
    });
    let long = (ip(), 65_300..65_536_usize).prop_map(|(packet, total)| {
        let before = packet.bytes().len() - packet.payload.len();
        let payload = vec![0x5a; total - before];
        Ip { payload, ..packet }.bytes()
    });
    let bytes = prop_oneof![
        6 => ip().prop_map(|packet| packet.bytes()),
        1 => fragment,
        2 => long,
        1 => (ip(), any::<u16>()).prop_map(|(packet, length)| {
            let mut bytes = packet.bytes();
            bytes.truncate(usize::from(length) % bytes.len());
            bytes
        }),
        1 => vec(any::<u8>(), 0..60),
    ];
    let before = prop_oneof![1 => 0..100_usize, 1 => Just(100)];
    let behind = prop_oneof![1 => 0..50_usize, 1 => Just(600)];
    (bytes, 0..8_usize, before, behind).prop_map(|(mut bytes, link_padding, before, behind)| {
        bytes.resize(bytes.len() + link_padding, 0xdd);
        Buffer::new(&bytes, before, behind)
    })
}

prop_compose! {
    /// Calls with things fixed that can't be had.
    fn options()(
        iv in prop::option::weighted(0.3, vec(any::<u8>(), 0..=16)),
        outer in prop::option::weighted(0.3, (tunnel(), tunnel(), any::<bool>(), any::<u8>())),
        encapsulation_limit in prop::option::of(any::<u8>()),
        padding in prop::option::of(any::<u8>()),
        flow_padding in prop_oneof![2 => Just(0), 2 => 0..200_usize, 1 => Just(usize::MAX)],
        dummy in any::<bool>(),
    ) -> SealOptions {
        SealOptions {
            iv: iv.and_then(|iv| Iv::new(&iv)),
            outer: outer.map(|(ends, others, mixes, protocol)| OuterHeader {
                ends: TunnelEnds { local: if mixes { others.local } else { ends.local }, ..ends },
                // More often than not IP.
                protocol: match protocol {
                    0..100 => Protocol::IPV4,
                    100..200 => Protocol::IPV6,
                    _ => Protocol(protocol - 200),
                },
                traffic_class: 0,
                ttl: 64,
                dont_fragment: true,
                identification: 0,
                flow_label: 0,
                encapsulation_limit,
            }),
            padding: padding.map_or(Padding::Minimal, Padding::AtLeast),
            flow_padding,
            dummy,
            ..SealOptions::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn burst_03_a_packet_that_is_not_sealed_is_as_it_was(
        parameters in sa(),
        buffers in vec(buffer(), 1..60),
        options in options(),
    ) {
        let sas = [(); 3].map(|()| OutboundSa::new(parameters.clone()).ok());
        let [Some(one), Some(with), Some(burst)] = sas else { return Ok(()) };
        let mut results = vec![UNTOUCHED; buffers.len()];
        let mut after = buffers.clone();
        together(&mut after, |packets| burst.seal_burst(NOW, packets, &mut results));
        for ((result, before), after) in results.iter().zip(&buffers).zip(&after) {
            prop_assert!(result.is_ok() || before == after, "{result:?} in a burst");
        }
        for before in &buffers {
            let mut after = [before.clone()];
            let result = together(&mut after, |packets| one.seal(NOW, &mut packets[0]));
            prop_assert!(result.is_ok() || *before == after[0], "{result:?} of one");
            let mut after = [before.clone()];
            let result = together(&mut after, |packets| {
                with.seal_with(NOW, &mut packets[0], &options)
            });
            prop_assert!(result.is_ok() || *before == after[0], "{result:?} with {options:?}");
        }
    }
}

/// What the random ones have to come upon: each reason to refuse a packet that was read, behind which its header
/// or the room around it could have been written to.
#[test]
fn burst_03_each_reason_not_to_seal_leaves_the_packet() {
    let ends = [[192, 0, 2, 1].into(), [192, 0, 2, 2].into()];
    let [local, remote] = ends;
    let transform = Transform::from_names("aes-128-gcm-16", None).unwrap();
    let transport = SaParameters::new(
        Spi(0x1000),
        Mode::Transport,
        transform,
        keys(transform, &[7; _]),
    );
    let tunnel = SaParameters {
        mode: Mode::Tunnel(TunnelEnds { local, remote }),
        ..transport.clone()
    };
    let in_udp = |parameters: &SaParameters| SaParameters {
        udp_encapsulation: Some(UdpEncapsulation::default()),
        ..parameters.clone()
    };
    let ended = |hard| SaParameters {
        lifetime: Lifetime {
            hard,
            ..Lifetime::default()
        },
        ..transport.clone()
    };
    let packet = |length, flags_and_offset| {
        let content = vec![0x5a; length];
        Ip {
            flags_and_offset,
            ..Ip::udp(ends, &content)
        }
        .bytes()
    };
    // Lengths that fit until ESP, or UDP, is around them: 16 bytes before, 2 and 16 behind, without padding.
    let [usual, longest, fragment] = [packet(62, 0), packet(65_535 - 28, 0), packet(62, 0x2000)];
    let with_df = packet(62, 0x4000);
    let cases = [
        (&transport, &usual, 15, 18, DropReason::NoHeadroom),
        (&transport, &usual, 16, 17, DropReason::NoTailroom),
        (&in_udp(&transport), &usual, 23, 18, DropReason::NoHeadroom),
        (&in_udp(&transport), &usual, 24, 17, DropReason::NoTailroom),
        (&tunnel, &usual, 19, 90, DropReason::NoHeadroom),
        (&tunnel, &usual, 35, 90, DropReason::NoHeadroom),
        (&tunnel, &usual, 36, 17, DropReason::NoTailroom),
        (&transport, &longest, 99, 99, DropReason::PacketTooBig),
        (
            &in_udp(&transport),
            &longest,
            99,
            99,
            DropReason::PacketTooBig,
        ),
        (&tunnel, &longest, 99, 99, DropReason::PacketTooBig),
        (&transport, &fragment, 99, 99, DropReason::FragmentOffered),
        (
            &SaParameters {
                path_mtu: Some(100),
                ..transport.clone()
            },
            &usual,
            99,
            99,
            DropReason::PacketTooBig,
        ),
        (
            &SaParameters {
                outer: OuterFields {
                    df: DfRule::Clear,
                    ..OuterFields::IPIP
                },
                ..tunnel.clone()
            },
            &with_df,
            99,
            99,
            DropReason::DfConflict,
        ),
        (
            &SaParameters {
                start: u32::MAX.into(),
                ..transport.clone()
            },
            &usual,
            99,
            99,
            DropReason::SequenceExhausted,
        ),
        (
            &ended(Limits {
                packets: Some(0),
                ..Limits::default()
            }),
            &usual,
            99,
            99,
            DropReason::LifetimeExceeded,
        ),
        (
            &ended(Limits {
                time: Some(Duration::from_nanos(5)),
                ..Limits::default()
            }),
            &usual,
            99,
            99,
            DropReason::SaExpired,
        ),
        (
            &tunnel,
            &usual[..40].to_vec(),
            99,
            99,
            DropReason::Truncated,
        ),
    ];
    for (parameters, packet, before, behind, reason) in cases {
        let buffer = Buffer::new(packet, before, behind);
        let [one, burst] = [(); 2].map(|()| OutboundSa::new(parameters.clone()).unwrap());
        let mut after = [buffer.clone()];
        let sealed = together(&mut after, |packets| one.seal(NOW, &mut packets[0]));
        assert_eq!((sealed.err(), &after[0]), (Some(reason), &buffer), "alone");

        // Between others, which may be sealed.
        let usual = Buffer::new(&usual, 99, 99);
        let mut after = [usual.clone(), buffer.clone(), usual];
        let mut results = [UNTOUCHED; 3];
        together(&mut after, |packets| {
            burst.seal_burst(NOW, packets, &mut results)
        });
        assert_eq!(
            (results[1].err(), &after[1]),
            (Some(reason), &buffer),
            "in a burst"
        );
    }
}
