//! The SAD: RFC 4301 sections 4.1 and 4.4.2.

use core::time::Duration;

use iiptran::config::{KeysConfig, NodeConfig};
use iiptran::sa::SaParameters;
use iiptran::sa::{InboundSa, InsertCause, Lifetime, Limits, OutboundSa, SaError, SaId, Sad};
use iiptran::spd::Selectors;
use iiptran::trace::Step;
use iiptran::wire::{Protocol, Spi};
use iiptran::{DropReason, Instant, Mode, NetworkId, PacketBuffer, Trace};
use iiptran_tests::lab::{Lab, ip};
use iiptran_tests::sa::{
    ENDS, PLAIN, SPI, both_sides, clear, open, parameters, seal, transform, tunnel_parameters,
};
use iiptran_tests::{Ip, NOW, header, process};

use crate::hosts;

#[test]
fn sad_01_an_sa_has_all_the_parameters() {
    let document = r#"
[[sas]]
name = "all"
spi = 0x1000
mode = "tunnel"
source = "192.0.2.1"
destination = "192.0.2.2"
transform = "aes-256-cbc + hmac-sha2-512-256"
key = "0000000000000000000000000000000000000000000000000000000000000000"
integrity-key = "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
extended-sequence = true
start = 41
window = 128
selectors = [{ protocol = "udp" }]
lifetime = { soft = { packets = 1 }, hard = { seconds = 9, packets = 2 } }
dscps = [46]
path-mtu = 1000
lookup = "destination"
outer = { df = "set", dscp = 10 }
"#;
    let sa = &KeysConfig::from_toml(document).unwrap().sas[0];
    let (sender, mut receiver) = (sa.outbound().unwrap(), sa.inbound().unwrap());
    // SPI, mode and the two ends, algorithms, ESN, selectors, lookup key.
    assert_eq!((sender.name(), receiver.name()), ("all", "all"));
    assert_eq!(
        (sender.spi(), receiver.id().spi),
        (Spi(0x1000), Spi(0x1000))
    );
    let Mode::Tunnel(ends) = sender.mode() else {
        panic!("{sender:?}");
    };
    assert_eq!([ends.local, ends.remote], ENDS.map(ip));
    let algorithms = transform("aes-256-cbc + hmac-sha2-512-256");
    assert_eq!([sender.transform(), receiver.transform()], [algorithms; 2]);
    assert!(sender.extended_sequence() && receiver.extended_sequence());
    assert_eq!(sender.selectors(), receiver.selectors());
    assert_ne!(sender.selectors(), [Selectors::ANY]);
    assert_eq!(receiver.id().destination, Some(ip("192.0.2.2")));
    // Sequence counter and anti-replay window.
    assert_eq!(sender.sequence(), 41);
    let window = receiver.window().unwrap();
    assert_eq!((window.size(), window.top()), (128, 41));
    // DSCPs, and what goes into the outer header.
    let inner = Ip {
        traffic_class: 46 << 2,
        ..Ip::udp(["10.0.0.1", "10.0.0.2"].map(ip), b"x")
    };
    assert!(sender.may_carry(&flow(&inner.bytes())));
    let other = Ip {
        traffic_class: 0,
        ..inner.clone()
    };
    assert!(!sender.may_carry(&flow(&other.bytes())));
    let sealed = seal(&sender, &inner.bytes()).unwrap();
    let outer = header(&sealed);
    assert_eq!([outer.source, outer.destination], ENDS.map(ip));
    assert!(outer.dont_fragment);
    assert_eq!(outer.traffic_class >> 2, 10);
    assert!(open(&mut receiver, &sealed).is_ok());
    // Path MTU, and both lifetimes in packets and in time.
    let large = Ip::udp(["10.0.0.1", "10.0.0.2"].map(ip), &[0; 950]).bytes();
    assert_eq!(seal(&sender, &large), Err(DropReason::PacketTooBig));
    assert!(sender.take_soft_expiry(NOW) && receiver.take_soft_expiry(NOW));
    assert_eq!(
        sender.check(Instant::from_secs(9)),
        Err(DropReason::SaExpired)
    );
    seal(&sender, &inner.bytes()).unwrap();
    assert_eq!(sender.check(NOW), Err(DropReason::LifetimeExceeded));
}

#[test]
fn sad_01_lifetimes_in_time_bytes_and_packets() {
    let with = |hard| SaParameters {
        lifetime: Lifetime {
            created: Instant::from_secs(100),
            soft: Limits::default(),
            hard,
        },
        ..parameters(transform(PLAIN))
    };
    let sa = |hard| OutboundSa::new(with(hard)).unwrap();
    let packets = |packets| Limits {
        packets: Some(packets),
        ..Limits::default()
    };
    let counted = sa(packets(2));
    let sealed = [(); 3].map(|()| seal(&counted, &clear(b"")).err());
    assert_eq!(sealed, [None, None, Some(DropReason::LifetimeExceeded)]);
    let timed = sa(Limits {
        time: Some(Duration::from_secs(5)),
        ..Limits::default()
    });
    assert_eq!(timed.check(Instant::from_nanos(104_999_999_999)), Ok(()));
    assert_eq!(
        timed.check(Instant::from_secs(105)),
        Err(DropReason::SaExpired)
    );
    // 8 bytes of UDP header, 2 of padding and 2 of trailer go through the cipher.
    let weighed = sa(Limits {
        bytes: Some(24),
        ..Limits::default()
    });
    let sealed = [(); 3].map(|()| seal(&weighed, &clear(b"")).err());
    assert_eq!(sealed, [None, None, Some(DropReason::LifetimeExceeded)]);
    assert_eq!(weighed.bytes(), 24);
}

fn flow(packet: &[u8]) -> iiptran::wire::Flow {
    iiptran::wire::Flow::of(packet, &header(packet))
}

/// An inbound SA with this lookup key.
fn inbound(destination: Option<&str>, source: Option<&str>) -> InboundSa {
    let parameters = SaParameters {
        destination: destination.map(ip),
        source: source.map(ip),
        ..parameters(transform(PLAIN))
    };
    InboundSa::new(parameters).unwrap()
}

#[test]
fn sad_02_the_longest_match_finds_the_sa() {
    let group = "239.1.1.1";
    let mut sad = Sad::new();
    let any_source = inbound(Some(group), None);
    let one_source = inbound(Some(group), Some("192.0.2.7"));
    let unicast = inbound(None, None);
    let ids = [unicast.id(), any_source.id(), one_source.id()];
    // The order in which they come in says nothing.
    for sa in [any_source, unicast, one_source] {
        sad.insert(sa).unwrap();
    }
    let find = |sad: &Sad, destination, source| sad.lookup(Spi(SPI), ip(destination), ip(source));
    let [unicast, any_source, one_source] = ids;
    assert_eq!(find(&sad, "192.0.2.2", "192.0.2.7"), Some(unicast));
    assert_eq!(find(&sad, group, "192.0.2.9"), Some(any_source));
    assert_eq!(find(&sad, group, "192.0.2.7"), Some(one_source));
    // Without the longest, the next longest.
    sad.remove(&one_source);
    assert_eq!(find(&sad, group, "192.0.2.7"), Some(any_source));
    sad.remove(&any_source);
    assert_eq!(find(&sad, group, "192.0.2.7"), Some(unicast));
    sad.remove(&unicast);
    assert_eq!(find(&sad, group, "192.0.2.7"), None);
    // A source alone is no key.
    let source_alone = SaParameters {
        source: Some(ip("192.0.2.7")),
        ..parameters(transform(PLAIN))
    };
    assert_eq!(
        InboundSa::new(source_alone).err(),
        Some(SaError::SourceWithoutDestination)
    );
}

#[test]
fn sad_03_a_unicast_sa_is_found_by_its_spi_alone() {
    let (mut a, mut b) = (hosts::host(1, 2), hosts::host(2, 1));
    let packet = Ip::udp([ip("192.0.2.1"), ip("192.0.2.2")], b"hello").bytes();
    // A router on the way translates the source: ESP does not cover it.
    let mut wire = a.send("base", &packet).transmitted();
    wire[12..16].copy_from_slice(&[198, 51, 100, 9]);
    iiptran::wire::Ipv4Header::fill_checksum(&mut wire[..20]);
    let delivered = b.receive("wan", &wire).delivered();
    assert_eq!(header(&delivered).source, ip("198.51.100.9"));
    // The receiver has several addresses, of the other version too.
    let wire = a.send("base", &packet).transmitted();
    let six = ["2001:db8::1", "2001:db8::2"].map(ip);
    let other = Ip::new(six, Protocol::ESP, &wire[20..]).bytes();
    let delivered = b.receive("wan", &other).delivered();
    assert_eq!(delivered[40..], packet[20..]);
}

/// Keeps what the search of the SAD saw.
#[derive(Default)]
struct Searches(Vec<(u32, [core::net::IpAddr; 2], Option<SaId>)>);

impl Trace for Searches {
    fn step(&mut self, step: &Step<'_>) {
        if let Step::FindSa {
            spi,
            destination,
            source,
            found,
            ..
        } = step
        {
            self.0.push((spi.0, [*source, *destination], *found));
        }
    }
}

#[test]
fn sad_04_an_unknown_spi_is_discarded_and_recorded() {
    let mut host = hosts::host(2, 1);
    let esp = [0x00, 0x00, 0xbe, 0xef, 0, 0, 0, 1];
    let wire = Ip::new(ENDS.map(ip), Protocol::ESP, &[&esp[..], &[0; 40]].concat()).bytes();
    let link = host.link("wan");
    let mut searches = Searches::default();
    let mut buffer = PacketBuffer::new(&wire);
    let node = &mut host.node;
    let verdict = buffer.process(|packet| node.receive(NOW, link, packet, &mut searches));
    assert_eq!(verdict.drop_reason(), Some(DropReason::UnknownSpi));
    assert_eq!(searches.0, [(0xbeef, ENDS.map(ip), None)]);
    assert_eq!(host.drops(DropReason::UnknownSpi), 1);
    // Nothing happened to it, so that the record may show the rest.
    assert_eq!(buffer.bytes(), wire);
    // An SA that is asked directly says the same.
    let (_, mut sa) = both_sides(&parameters(transform(PLAIN)));
    assert_eq!(open(&mut sa, &wire), Err(DropReason::UnknownSpi));
}

#[test]
fn sad_05_spis_are_unique_and_not_reserved() {
    let with_spi = |spi| SaParameters {
        spi: Spi(spi),
        ..parameters(transform(PLAIN))
    };
    for spi in [0, 1, 255] {
        let expected = Some(SaError::ReservedSpi(Spi(spi)));
        assert_eq!(OutboundSa::new(with_spi(spi)).err(), expected);
        assert_eq!(InboundSa::new(with_spi(spi)).err(), expected);
        assert!(!Sad::new().is_vacant(Spi(spi)));
    }
    for spi in [256, u32::MAX] {
        assert!(OutboundSa::new(with_spi(spi)).is_ok());
        let mut sad = Sad::new();
        assert!(sad.is_vacant(Spi(spi)));
        sad.insert(InboundSa::new(with_spi(spi)).unwrap()).unwrap();
        assert!(!sad.is_vacant(Spi(spi)));
        // A second one with its key is refused and comes back; the first stays as it is.
        let second = InboundSa::new(SaParameters {
            name: "second".into(),
            ..with_spi(spi)
        });
        let error = sad.insert(second.unwrap()).unwrap_err();
        assert_eq!(error.cause, InsertCause::DuplicateKey);
        assert_eq!(error.sa.name(), "second");
        assert_eq!(sad.get(&SaId::unicast(Spi(spi))).unwrap().name(), "");
    }
    // In a document too.
    let document = hosts::document(1, 2);
    for (from, to, path) in [
        ("spi = 0x1001", "spi = 255", "sas[0].spi"),
        ("spi = 0x2001", "spi = 0", "sas[1].spi"),
    ] {
        let reserved = document.replace(from, to);
        assert_ne!(reserved, document);
        let config = NodeConfig::from_toml(&reserved).unwrap();
        assert_eq!(config.node().unwrap_err().path, path);
    }
    let (before, inbound) = document.split_at(document.rfind("[[sas]]").unwrap());
    let twice = [before, inbound, inbound].concat();
    let error = NodeConfig::from_toml(&twice).unwrap().node().unwrap_err();
    assert_eq!(error.path, "sas[2]");
}

#[test]
fn sad_06_equal_selectors_side_by_side() {
    let document = hosts::document(2, 1);
    let (before, inbound) = document.split_at(document.rfind("[[sas]]").unwrap());
    let second = inbound
        .replace("from-peer", "from-peer-too")
        .replace("0x1001", "0x1002");
    let mut receiver = Lab::new(&[before, inbound, &second].concat());
    let sas = receiver.node.sad(NetworkId::BASE).unwrap();
    assert_eq!(sas.len(), 2);
    let selectors: Vec<_> = sas.iter().map(InboundSa::selectors).collect();
    assert_eq!(selectors[0], selectors[1]);

    // The peer sends over either of its two SAs in turns; each has sequence numbers of its own.
    let document = hosts::document(1, 2);
    let mut first = Lab::new(&document);
    let mut second = Lab::new(&document.replace("spi = 0x1001", "spi = 0x1002"));
    let packet = Ip::udp(ENDS.map(ip), b"hello").bytes();
    for sequence in 1..=3 {
        for sender in [&mut first, &mut second] {
            let wire = sender.send("base", &packet).transmitted();
            assert_eq!(wire[24..28], u32::to_be_bytes(sequence));
            assert_eq!(receiver.receive("wan", &wire).delivered(), packet);
        }
    }
}

#[test]
fn sad_07_an_sa_needs_no_policy() {
    let with = hosts::document(2, 1);
    let links = &with[..with.find("[[policies]]").unwrap()];
    let inbound = &with[with.rfind("[[sas]]").unwrap()..];
    let mut receiver = Lab::new(&[links, inbound].concat());
    let packet = Ip::udp(ENDS.map(ip), b"hello").bytes();
    let wire = hosts::host(1, 2).send("base", &packet).transmitted();
    assert_eq!(receiver.receive("wan", &wire).delivered(), packet);
}

/// The host 192.0.2.1 with these outbound SAs for one policy, the newest last.
fn sender(sas: &[(u32, &str)]) -> Lab {
    let document = hosts::document(1, 2);
    let sas = sas.iter().map(|(spi, more)| {
        format!(
            "[[sas]]\ndirection = \"outbound\"\npolicy = \"peer\"\nspi = {spi}\n\
             transform = \"aes-128-gcm-16\"\n\
             key = \"000102030405060708090a0b0c0d0e0f10111213\"\n{more}\n"
        )
    });
    let before = &document[..document.find("[[sas]]").unwrap()];
    Lab::new(&[before, &sas.collect::<String>()].concat())
}

/// The SPI under which a packet with a DSCP leaves.
fn spi_for(lab: &mut Lab, dscp: u8) -> u32 {
    let packet = Ip {
        traffic_class: dscp << 2,
        ..Ip::udp(ENDS.map(ip), b"hello")
    };
    let wire = lab.send("base", &packet.bytes()).transmitted();
    u32::from_be_bytes(wire[20..24].try_into().unwrap())
}

#[test]
fn sad_08_the_dscp_decides_and_then_the_newest() {
    let voice = "dscps = [46, 44]";
    let rest = "dscps = [0, 10]";
    let mut lab = sender(&[(1001, voice), (1002, rest), (1003, voice), (1004, rest)]);
    for _ in 0..2 {
        let chosen = [46, 44, 0, 10].map(|dscp| spi_for(&mut lab, dscp));
        assert_eq!(chosen, [1003, 1003, 1004, 1004]);
    }
    // None is for this one.
    let packet = Ip {
        traffic_class: 20 << 2,
        ..Ip::udp(ENDS.map(ip), b"hello")
    };
    let outcome = lab.send("base", &packet.bytes());
    assert_eq!(outcome.reason(), Some(DropReason::NoOutboundSa));
    // The newest that is still usable: here it is used up after one packet.
    let short = "lifetime = { hard = { packets = 1 } }";
    let mut lab = sender(&[(1001, ""), (1002, short)]);
    let chosen = [0; 3].map(|dscp| spi_for(&mut lab, dscp));
    assert_eq!(chosen, [1002, 1001, 1001]);
}

#[test]
fn sad_09_the_decrypted_packet_is_checked() {
    let only_udp = Selectors::new(
        ip("10.2.0.5").into(),
        ip("10.1.0.5").into(),
        Protocol::UDP.into(),
    );
    let allowed = Ip::udp(["10.1.0.5", "10.2.0.5"].map(ip), b"hello");
    let other_source = Ip::udp(["10.1.0.6", "10.2.0.5"].map(ip), b"hello");
    let other_protocol = Ip::new(["10.1.0.5", "10.2.0.5"].map(ip), Protocol::TCP, &[0; 20]);
    let gcm = transform("aes-128-gcm-16");
    let transport = (parameters(gcm), parameters(gcm));
    let [here, there] = ENDS;
    let tunnel = (
        tunnel_parameters(gcm, here, there),
        tunnel_parameters(gcm, there, here),
    );
    for (sender, receiver) in [transport, tunnel] {
        // The sender's selectors let anything through: only the receiver's are in the way.
        let sender = OutboundSa::new(sender).unwrap();
        let mut receiver = InboundSa::new(SaParameters {
            selectors: Box::new([only_udp.clone().unwrap()]),
            ..receiver
        })
        .unwrap();
        for (packet, expected) in [
            (&allowed, None),
            (&other_source, Some(DropReason::SelectorMismatch)),
            (&other_protocol, Some(DropReason::SelectorMismatch)),
            (&allowed, None),
        ] {
            let wire = seal(&sender, &packet.bytes()).unwrap();
            let opened = process(&wire, |packet| receiver.open(NOW, packet));
            assert_eq!(opened.err(), expected);
        }
        // They were authentic: they count as received.
        assert_eq!(receiver.usage().packets, 4);
    }
    // In a node, counted and told apart.
    let closed = hosts::document(2, 1).replace(
        "name = \"from-peer\"",
        "name = \"from-peer\"\nselectors = [{ protocol = \"tcp\" }]",
    );
    let mut receiver = Lab::new(&closed);
    let wire = hosts::host(1, 2)
        .send("base", &clear(b"hello"))
        .transmitted();
    let outcome = receiver.receive("wan", &wire);
    assert_eq!(outcome.reason(), Some(DropReason::SelectorMismatch));
    assert_eq!(receiver.drops(DropReason::SelectorMismatch), 1);
}
