//! A burst is its packets one after the other: the same results, the same bytes, the same state behind it.

use iiptran::esp::PaddingCheck;
use iiptran::outer::OuterFields;
use iiptran::sa::{
    Carried, Diagnosis, InboundSa, Lifetime, Limits, OutboundSa, Resynchronisation, SaParameters,
};
use iiptran::spd::Selectors;
use iiptran::transform::Transform;
use iiptran::wire::{Protocol, Spi};
use iiptran::{DropReason, Mode, Packet, TunnelEnds};
use iiptran_tests::{Ip, NOW, keys};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::random::{ip, key_bytes, tunnel};

/// A packet somewhere in its buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Buffer {
    pub(super) fn new(packet: &[u8], before: usize, behind: usize) -> Self {
        let mut bytes = vec![0xee; before];
        bytes.extend(packet);
        bytes.resize(bytes.len() + behind, 0xee);
        let end = before + packet.len();
        Self {
            bytes,
            start: before,
            end,
        }
    }

    pub(super) fn packet(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }
}

/// Runs `work` on all packets at once and notes where they then are.
pub(super) fn together<R>(buffers: &mut [Buffer], work: impl FnOnce(&mut [Packet<'_>]) -> R) -> R {
    let mut packets: Vec<_> = buffers
        .iter_mut()
        .map(|buffer| Packet::new(&mut buffer.bytes, buffer.start..buffer.end).unwrap())
        .collect();
    let result = work(&mut packets);
    let places: Vec<_> = packets.iter().map(Packet::range).collect();
    for (buffer, place) in buffers.iter_mut().zip(places) {
        (buffer.start, buffer.end) = (place.start, place.end);
    }
    result
}

/// Opens packets one after the other by one SA, and in bursts of a length by another.
pub(super) fn opened_alike(
    [one, burst]: [&mut InboundSa; 2],
    mut buffers: Vec<Buffer>,
    length: usize,
) -> Result<(), TestCaseError> {
    let mut singles = buffers.clone();
    let expected: Vec<_> = together(&mut singles, |packets| {
        let open = |packet: &mut Packet<'_>| one.open(NOW, packet);
        packets.iter_mut().map(open).collect()
    });
    let mut results = vec![UNTOUCHED; buffers.len()];
    together(&mut buffers, |packets| {
        for (packets, results) in packets.chunks_mut(length).zip(results.chunks_mut(length)) {
            burst.open_burst(NOW, packets, results);
        }
    });
    for ((result, expected), (buffer, single)) in results
        .iter()
        .zip(&expected)
        .zip(buffers.iter().zip(&singles))
    {
        let expected = expected.map(|received| Carried {
            sequence: received.sequence,
            pad_length: received.esp.pad_length as u8,
            next_header: received.esp.next_header,
        });
        prop_assert_eq!(*result, expected);
        prop_assert_eq!(buffer.packet(), single.packet());
    }
    prop_assert_eq!(burst.usage(), one.usage());
    prop_assert_eq!(burst.window(), one.window());
    Ok(())
}

prop_compose! {
    /// Everything about an SA that may matter to a burst.
    fn sa()(
        transform in select(Transform::all().collect::<Vec<_>>()),
        gcm in prop::option::weighted(0.6, Just("aes-128-gcm-16")),
        ends in prop::option::weighted(0.7, tunnel()),
        v4 in any::<bool>(),
        extended in any::<bool>(),
        start in prop_oneof![
            Just(0), Just(u64::from(u32::MAX) - 20), Just(u64::from(u32::MAX) - 200),
        ],
        soft in prop::option::weighted(0.2, 1..80_u64),
        hard in prop::option::weighted(0.2, 1..80_u64),
        path_mtu in prop::option::weighted(0.3, 60..1600_usize),
        window in select(vec![32, 64, 128]),
        resynchronises in prop::bool::weighted(0.2),
        narrow in prop::bool::weighted(0.3),
        any_padding in any::<bool>(),
        verify_outer_source in any::<bool>(),
        linux in any::<bool>(),
        keys_from in key_bytes(),
    ) -> SaParameters {
        let transform = gcm.map_or(transform, |name| Transform::from_names(name, None).unwrap());
        let v4_ends = TunnelEnds { local: [192, 0, 2, 1].into(), remote: [192, 0, 2, 2].into() };
        let mode = match ends {
            Some(_) if v4 => Mode::Tunnel(v4_ends),
            Some(ends) => Mode::Tunnel(ends),
            None => Mode::Transport,
        };
        let limits = |packets| Limits { packets, ..Limits::default() };
        let outer = if linux { OuterFields::LINUX_TUNNEL_MODE } else { OuterFields::TUNNEL_MODE };
        let mut parameters = SaParameters {
            extended_sequence: extended,
            start: if extended { start } else { start.min(u64::from(u32::MAX)) },
            lifetime: Lifetime { soft: limits(soft), hard: limits(hard), ..Lifetime::default() },
            path_mtu,
            window: Some(window),
            resynchronisation: resynchronises
                .then_some(Resynchronisation { failures: 2, runs: 2 }),
            diagnosis: Diagnosis::default(),
            padding_check: if any_padding { PaddingCheck::None } else { PaddingCheck::Monotonic },
            verify_outer_source,
            outer,
            ..SaParameters::new(Spi(0x1000), mode, transform, keys(transform, &keys_from))
        };
        if narrow {
            let [v4, _] = Selectors::of_tunnel(v4_ends).unwrap();
            let any = iiptran::spd::AddressSet::Any;
            let udp = Selectors::new(any.clone(), any, Protocol::UDP.into()).unwrap();
            parameters.selectors = Box::new([v4, udp]);
        }
        parameters
    }
}

/// Packets of few flows, and some that are anything.
fn packet() -> impl Strategy<Value = Vec<u8>> {
    let usual = (
        select(vec![0_usize, 1, 2, 3, 40, 576, 1400]),
        select(vec![0_u8, 0, 0, 2, 3, 0xb8]),
        any::<bool>(),
        select(vec![0_u8, 1, 64, 64]),
        0..3_u8,
        0..8_usize,
    )
        .prop_map(
            |(length, traffic_class, dont_fragment, ttl, host, link_padding)| {
                let ends = [[10, 0, 0, host].into(), [10, 1, 0, 1].into()];
                let mut packet = Ip {
                    traffic_class,
                    ttl,
                    flags_and_offset: u16::from(dont_fragment) << 14,
                    ..Ip::udp(ends, &vec![0x5a; length])
                }
                .bytes();
                packet.extend(vec![0; link_padding]);
                packet
            },
        );
    let fragment = any::<u16>().prop_map(|flags_and_offset| {
        let ends = [[10, 0, 0, 1].into(), [10, 1, 0, 1].into()];
        let packet = Ip {
            flags_and_offset,
            ..Ip::udp(ends, &[1; 64])
        };
        packet.bytes()
    });
    prop_oneof![
        12 => usual,
        2 => ip().prop_map(|packet| packet.bytes()),
        1 => fragment,
        1 => vec(any::<u8>(), 0..60),
    ]
}

/// What is done to a sealed packet on its way.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    Arrives,
    Bent(u16),
    Doubled,
    Early,
    Lost,
    Cut(u16),
}

impl Fate {
    /// The packets as they arrive.
    pub(super) fn apply(sealed: impl Iterator<Item = (Vec<u8>, Self)>) -> Vec<Vec<u8>> {
        let mut arriving: Vec<Vec<u8>> = Vec::new();
        for (mut packet, fate) in sealed {
            match fate {
                Self::Arrives => arriving.push(packet),
                Self::Bent(place) => {
                    let place = usize::from(place) % packet.len();
                    packet[place] ^= 1;
                    arriving.push(packet);
                }
                Self::Doubled => arriving.extend([packet.clone(), packet]),
                Self::Early => arriving.insert(arriving.len().saturating_sub(3), packet),
                Self::Lost => {}
                Self::Cut(length) => {
                    packet.truncate(usize::from(length) % packet.len());
                    arriving.push(packet);
                }
            }
        }
        arriving
    }
}

pub(super) fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        12 => Just(Fate::Arrives),
        2 => any::<u16>().prop_map(Fate::Bent),
        1 => Just(Fate::Doubled),
        1 => Just(Fate::Early),
        1 => Just(Fate::Lost),
        1 => any::<u16>().prop_map(Fate::Cut),
    ]
}

pub(super) const UNTOUCHED: Result<Carried, DropReason> = Err(DropReason::Martian);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn burst_01_a_burst_of_an_sa_is_its_packets_one_by_one(
        parameters in sa(),
        packets in vec((packet(), 20..120_usize, 0..80_usize), 1..90),
        fates in vec(fate(), 90),
        length in 1..90_usize,
    ) {
        let senders = [(); 2].map(|()| OutboundSa::new(parameters.clone()).ok());
        let [Some(one), Some(burst)] = senders else { return Ok(()) };
        let mut buffers: Vec<_> = packets
            .iter()
            .map(|(packet, before, behind)| Buffer::new(packet, *before, *behind))
            .collect();
        let mut singles = buffers.clone();

        let expected: Vec<_> = together(&mut singles, |packets| {
            packets.iter_mut().map(|packet| one.seal(NOW, packet)).collect()
        });
        let mut results = vec![UNTOUCHED; packets.len()];
        together(&mut buffers, |packets| {
            for (packets, results) in packets.chunks_mut(length).zip(results.chunks_mut(length)) {
                burst.seal_burst(NOW, packets, results);
            }
        });
        for ((result, expected), (buffer, single)) in
            results.iter().zip(&expected).zip(buffers.iter().zip(&singles))
        {
            let expected = expected.map(|sealed| {
                (sealed.esp.authenticated.sequence, sealed.esp.pad_length)
            });
            let found = result.map(|done| (done.sequence, usize::from(done.pad_length)));
            prop_assert_eq!(found, expected);
            prop_assert_eq!(buffer.packet(), single.packet());
        }
        prop_assert_eq!(burst.sequence(), one.sequence());
        prop_assert_eq!(burst.bytes(), one.bytes());

        let remote = match parameters.mode {
            Mode::Tunnel(ends) => Mode::Tunnel(TunnelEnds { local: ends.remote, remote: ends.local }),
            Mode::Transport => Mode::Transport,
        };
        let parameters = SaParameters { mode: remote, ..parameters };
        let receivers = [(); 2].map(|()| InboundSa::new(parameters.clone()).ok());
        let [Some(mut one), Some(mut burst)] = receivers else { return Ok(()) };
        let sealed = buffers.iter().zip(&results).filter(|(_, result)| result.is_ok());
        let sealed = sealed.map(|(buffer, _)| buffer.packet().to_vec());
        let arriving = Fate::apply(sealed.zip(fates));
        let buffers = arriving.iter().map(|packet| Buffer::new(packet, 30, 10)).collect();
        opened_alike([&mut one, &mut burst], buffers, length)?;
        prop_assert_eq!(burst.take_soft_expiry(NOW), one.take_soft_expiry(NOW));
    }
}
