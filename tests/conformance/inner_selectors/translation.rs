//! Every tunnel-mode policy has a translation: RFC 3884 section 4.2.3.1.

use super::*;
use iiptran::ipip;
use iiptran::outer::InnerFields;
use iiptran::sa::{InboundSa, OutboundSa, SaParameters};
use iiptran::spd::{IcmpMessage, IcmpSet, TranslationError};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::Spi;
use iiptran::{PacketBuffer, TunnelEnds};
use iiptran_tests::NOW;
use proptest::prelude::*;

const FAR: [&str; 3] = ["192.0.2.2", "192.0.2.3", "2001:db8::2"];

fn tunnel(far: &str) -> TunnelEnds {
    let remote = ip(far);
    let local = if remote.is_ipv4() {
        "192.0.2.1"
    } else {
        "2001:db8::1"
    };
    TunnelEnds {
        local: ip(local),
        remote,
    }
}

fn addresses(choices: [&'static str; 2]) -> impl Strategy<Value = AddressSet> {
    let [host, network] = choices;
    prop_oneof![
        Just(AddressSet::Any),
        Just(ip(host).into()),
        Just(AddressSet::prefix(ip(network), 16).unwrap()),
    ]
}

fn ports() -> impl Strategy<Value = PortSet> {
    prop_oneof![
        Just(PortSet::Any),
        Just(PortSet::Opaque),
        (20..25_u16).prop_map(PortSet::from),
        Just(PortSet::ranges([22..=23]).unwrap()),
    ]
}

fn next_layer() -> impl Strategy<Value = NextLayer> {
    let with_ports = (ports(), ports()).prop_map(|(local, remote)| NextLayer::Protocol {
        protocol: Protocol::TCP,
        upper: UpperSelector::Ports(Sides { local, remote }),
    });
    let echo = IcmpSet::ranges([IcmpMessage::of_type(8)]).unwrap();
    let icmp = NextLayer::Protocol {
        protocol: Protocol::ICMP,
        upper: UpperSelector::Icmp(Sides {
            local: echo.clone(),
            remote: echo,
        }),
    };
    prop_oneof![
        2 => Just(NextLayer::Any),
        4 => with_ports,
        1 => Just(icmp),
        1 => Just(Protocol::UDP.into()),
        1 => Just(Protocol::IPV4.into()),
    ]
}

fn set() -> impl Strategy<Value = Selectors> {
    let local = addresses(["10.1.0.5", "10.1.0.0"]);
    let remote = addresses(["10.2.0.5", "10.2.0.0"]);
    (local, remote, next_layer())
        .prop_map(|(local, remote, next_layer)| Selectors::new(local, remote, next_layer).unwrap())
}

fn policies() -> impl Strategy<Value = Vec<Policy>> {
    let one = (prop::collection::vec(set(), 1..3), 0..6_usize, 0..3_usize);
    let applies = [Applies::Both, Applies::Outbound, Applies::Inbound];
    prop::collection::vec(one, 1..7).prop_map(move |all| {
        let policy = |(number, (sets, action, choice)): (usize, (Vec<_>, _, usize))| {
            let name = format!("p{number}");
            match action {
                0 => Policy::bypass(name, applies[choice], sets),
                1 => Policy::discard(name, applies[choice], sets),
                _ => {
                    let mode = Mode::Tunnel(tunnel(FAR[choice]));
                    Policy::protect(name, sets, Protection::new(mode))
                }
            }
            .unwrap()
        };
        all.into_iter().enumerate().map(policy).collect()
    })
}

fn packet() -> impl Strategy<Value = Vec<u8>> {
    let local = prop_oneof![Just("10.1.0.5"), Just("10.1.0.6"), Just("10.9.0.1")];
    let remote = prop_oneof![Just("10.2.0.5"), Just("10.2.0.6"), Just("10.9.0.2")];
    let fragment = prop_oneof![4 => Just(0_u16), 1 => Just(0x2000), 1 => Just(0x2004)];
    let kind = (0..5_usize, 19..26_u16, 19..26_u16, 0..24_usize);
    (local, remote, fragment, kind, any::<bool>()).prop_map(
        |(local, remote, flags_and_offset, (kind, source, destination, cut), outbound)| {
            let mut ends = [ip(local), ip(remote)];
            if !outbound {
                ends.reverse();
            }
            let mut payload = tcp(destination);
            payload[..2].copy_from_slice(&source.to_be_bytes());
            payload.truncate(cut.max(1));
            let (protocol, payload) = match kind {
                0 | 1 => (Protocol::TCP, payload),
                2 => (Protocol::UDP, payload),
                3 => (Protocol::ICMP, vec![if source > 22 { 8 } else { 0 }; 8]),
                // A tunnel inside: tunnel mode does not look into it.
                _ => (Protocol::IPV4, segment(23).bytes()),
            };
            Ip {
                flags_and_offset,
                ..Ip::new(ends, protocol, &payload)
            }
            .bytes()
        },
    )
}

/// What becomes of a packet: the tunnel that protects it, and by which policy; or it passes in
/// clear; or not at all.
#[derive(Debug, PartialEq)]
enum Fate {
    Protected(String, TunnelEnds),
    Clear,
    Discarded,
}

fn in_tunnel_mode(spd: &Spd, direction: Direction, packet: &[u8]) -> Fate {
    let flow = Flow::of(packet, &header(packet));
    match spd
        .lookup(direction, &flow)
        .map(|(_, policy)| (policy.name(), policy.action()))
    {
        Some((name, Action::Protect(protection))) => match protection.mode {
            Mode::Tunnel(ends) => Fate::Protected(format!("{name} to {}", ends.remote), ends),
            Mode::Transport => panic!("no transport mode here"),
        },
        Some((_, Action::Bypass)) => Fate::Clear,
        _ => Fate::Discarded,
    }
}

/// Which of the ways are open under IIPtran: in clear, and through each tunnel.
fn under_iiptran(clear: &Spd, outer: &Spd, direction: Direction, packet: &[u8]) -> Vec<Fate> {
    let mut open = Vec::new();
    let flow = Flow::of(packet, &header(packet));
    if let Some((_, policy)) = clear.lookup(direction, &flow) {
        match policy.action() {
            Action::Bypass => open.push(Fate::Clear),
            Action::Protect(_) => panic!("nothing of tunnel mode is left"),
            Action::Discard => {}
        }
    }
    for ends in FAR.map(tunnel) {
        let mut addresses = [ends.local, ends.remote];
        if direction == Inbound {
            addresses.reverse();
        }
        let wire = Ip::new(addresses, Protocol::IPV4, packet).bytes();
        let flow = Flow::of(&wire, &header(&wire));
        let found = outer.lookup_through(direction, &flow, Some(&inside(&wire)));
        if let Some((_, policy)) = found
            && let Action::Protect(protection) = policy.action()
        {
            assert_eq!(protection.mode, Mode::Transport);
            open.push(Fate::Protected(policy.name().into(), ends));
        }
    }
    if open.is_empty() {
        open.push(Fate::Discarded);
    }
    open
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn sel_06_a_translated_spd_gives_the_same_verdicts(
        policies in policies(),
        packets in prop::collection::vec(packet(), 1..6),
    ) {
        let spd = Spd::new(policies).unwrap();
        let translated = spd.to_iiptran().unwrap();
        for packet in packets {
            for direction in [Outbound, Inbound] {
                let expected = in_tunnel_mode(&spd, direction, &packet);
                let open =
                    under_iiptran(&translated.clear, &translated.outer, direction, &packet);
                prop_assert_eq!(open, vec![expected]);
            }
        }
    }

    #[test]
    fn sel_06_an_sa_with_inner_selectors_takes_what_a_tunnel_mode_sa_takes(
        sets in prop::collection::vec(set(), 1..3),
        packet in packet(),
        damage in prop::option::weighted(0.2, 0..40_usize),
    ) {
        let ends = TunnelEnds { local: ip("192.0.2.1"), remote: ip("192.0.2.2") };
        let keys = || Keys { integrity: (&[9; 32][..]).into(), ..Keys::default() };
        let transform = Transform::from_names("null", Some("hmac-sha2-256-128")).unwrap();
        let parameters = |mode| SaParameters::new(Spi(0x1000), mode, transform, keys());
        let mut tunnel_mode = InboundSa::new(SaParameters {
            selectors: sets.clone().into(),
            ..parameters(Mode::Tunnel(ends))
        }).unwrap();
        let outer = Selectors::new(
            ends.local.into(),
            ends.remote.into(),
            Protocol::IPV4.into(),
        ).unwrap();
        let mut transport = InboundSa::new(SaParameters {
            selectors: Box::new([outer]),
            inner_selectors: Some(InnerSelectors {
                layer: InnerLayer::Next,
                sets: sets.into(),
            }),
            ..parameters(Mode::Transport)
        }).unwrap();
        let mut inner = packet;
        if let Some(place) = damage
            && let Some(byte) = inner.get_mut(place)
        {
            *byte ^= 0x11;
        }
        let sender = OutboundSa::new(parameters(Mode::Transport)).unwrap();
        let wire = Ip::new([ends.remote, ends.local], Protocol::IPV4, &inner).bytes();
        let mut buffer = PacketBuffer::new(&wire);
        buffer.process(|packet| sender.seal(NOW, packet)).unwrap();
        let wire = buffer.bytes().to_vec();

        let mut one = PacketBuffer::new(&wire);
        let one = one.process(|packet| {
            tunnel_mode.open(NOW, packet).map(|_| packet.bytes().to_vec())
        });
        let mut other = PacketBuffer::new(&wire);
        let other = other.process(|packet| {
            let received = transport.open(NOW, packet)?;
            let fields = InnerFields::default();
            ipip::decapsulate(packet, &received.header, fields, &SkipList::default())?;
            Ok::<_, DropReason>(packet.bytes().to_vec())
        });
        // A packet that can't be read is dropped by both, by each where it looks first; so are
        // inner sources that can't be on the wire.
        match (&one, &other) {
            (Ok(_), Err(DropReason::Martian)) => {}
            _ => prop_assert_eq!(one.ok(), other.ok()),
        }
    }
}

#[test]
fn sel_06_what_has_no_translation_says_so() {
    let protection = Protection {
        populate: iiptran::spd::PopulateFromPacket {
            remote: true,
            ..iiptran::spd::PopulateFromPacket::NONE
        },
        ..Protection::new(Mode::Tunnel(tunnel("192.0.2.2")))
    };
    let policy = Policy::protect("pfp", [Selectors::ANY], protection).unwrap();
    let refused = Spd::new([policy]).unwrap().to_iiptran();
    assert_eq!(refused, Err(TranslationError::Populate("pfp".into())));
    let policy = Policy::discard("inside", Applies::Both, [Selectors::ANY]).unwrap();
    let policy = policy.with_inner_selectors(innermost([Selectors::ANY]));
    let refused = Spd::new([policy]).unwrap().to_iiptran();
    assert_eq!(
        refused,
        Err(TranslationError::InnerSelectors("inside".into()))
    );
}
