//! Where key exchange meets IIPtran: RFC 3884 section 4.2.4.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use iiptran::config::NodeConfig;
use iiptran::negotiation::{
    Action, LinkSetup, Message, NegotiatedPair, NegotiationError, Role, Script, SetupFault,
    TrafficCheck, notify,
};
use iiptran::node::Event;
use iiptran::sa::{InsertCause, SaParameters};
use iiptran::spd::{AddressSet, NextLayer, PortSet, Selectors, Sides, UpperSelector};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::{IpVersion, Protocol, Spi};
use iiptran::{DropReason, Instant, Mode, NetworkId, TunnelEnds, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, hosts, ip};
use iiptran_tests::{Ip, header};

/// Gateways whose link is protected and has no SAs yet.
fn without_keys(arrangement: &'static str, side: Side) -> Lab {
    let document = Gateways::new(arrangement).document(side);
    let lines = document
        .lines()
        .filter(|line| !line.starts_with("outbound = ") && !line.starts_with("inbound = "));
    Lab::new(&lines.collect::<Vec<_>>().join("\n"))
}

fn both_without_keys(arrangements: [&'static str; 2]) -> (Lab, Lab) {
    let [a, b] = arrangements;
    (without_keys(a, Side::A), without_keys(b, Side::B))
}

fn keys(seed: u8) -> Keys {
    Keys {
        encryption: (&[seed; 20][..]).into(),
        ..Keys::default()
    }
}

fn gcm() -> Transform {
    Transform::from_names("aes-128-gcm-16", None).unwrap()
}

/// The two ends of the link, seen from this side.
fn ends(side: Side) -> TunnelEnds {
    let [a, b] = ["192.0.2.1", "192.0.2.2"].map(ip);
    match side {
        Side::A => TunnelEnds {
            local: a,
            remote: b,
        },
        Side::B => TunnelEnds {
            local: b,
            remote: a,
        },
    }
}

/// What the two gateways have negotiated in tunnel mode, seen from this side.
fn negotiated(network: NetworkId, side: Side, sets: &[Selectors]) -> NegotiatedPair {
    let sa = |spi, seed| SaParameters {
        network,
        selectors: sets.into(),
        ..SaParameters::new(Spi(spi), Mode::Tunnel(ends(side)), gcm(), keys(seed))
    };
    let (to_b, to_a) = (sa(0xa000, 1), sa(0xb000, 2));
    match side {
        Side::A => NegotiatedPair::new(to_b, to_a),
        Side::B => NegotiatedPair::new(to_a, to_b),
    }
    .unwrap()
}

fn between(side: Side, next_layer: NextLayer) -> Vec<Selectors> {
    let [near, far] = match side {
        Side::A => ["10.1.0.0", "10.2.0.0"],
        Side::B => ["10.2.0.0", "10.1.0.0"],
    };
    let network = |address| AddressSet::prefix(ip(address), 16).unwrap();
    vec![Selectors::new(network(near), network(far), next_layer).unwrap()]
}

/// UDP with this port on the side of B.
fn port_of_b(side: Side, port: u16) -> NextLayer {
    let mut sides = Sides {
        local: PortSet::Any,
        remote: PortSet::from(port),
    };
    if side == Side::B {
        sides = Sides {
            local: sides.remote,
            remote: sides.local,
        };
    }
    NextLayer::Protocol {
        protocol: Protocol::UDP,
        upper: UpperSelector::Ports(sides),
    }
}

fn install(
    lab: &mut Lab,
    side: Side,
    next_layer: NextLayer,
    check: TrafficCheck,
) -> Result<iiptran::negotiation::InstalledPair, NegotiationError> {
    let pair = negotiated(lab.network("vn"), side, &between(side, next_layer));
    lab.node.install_negotiated(pair, check)
}

/// A host behind A speaks to one behind B.
fn carry(a: &mut Lab, b: &mut Lab) -> Option<DropReason> {
    let there = a.receive("lan", &Ip::udp(hosts(IpVersion::V4), b"there").bytes());
    if let Some(reason) = there.reason() {
        return Some(reason);
    }
    assert_eq!(header(&there.packet).protocol, Protocol::ESP);
    b.receive("wan", &there.packet).reason()
}

#[test]
fn ike_01_manual_keys_do() {
    let (mut a, mut b) = Gateways::new("iiptran").nodes();
    assert_eq!(carry(&mut a, &mut b), None);
    assert_eq!((a.node.poll_event(), b.node.poll_event()), (None, None));
    // Without them key management is asked, and that is all.
    let (mut a, mut b) = both_without_keys(["iiptran"; 2]);
    assert_eq!(carry(&mut a, &mut b), Some(DropReason::NoOutboundSa));
    assert!(matches!(a.node.poll_event(), Some(Event::Acquire { .. })));
}

#[test]
fn ike_02_a_tunnel_mode_pair_is_installed_over_the_interface() {
    // Each knows the other's arrangement as little as any peer does.
    for arrangements in [
        ["iiptran", "tunnel-mode"],
        ["tunnel-mode", "iiptran"],
        ["iiptran", "iiptran"],
        ["tunnel-mode", "tunnel-mode"],
    ] {
        for check in [TrafficCheck::Inner, TrafficCheck::Outer] {
            let (mut a, mut b) = both_without_keys(arrangements);
            let one = install(&mut a, Side::A, NextLayer::Any, check).unwrap();
            let other = install(&mut b, Side::B, NextLayer::Any, check).unwrap();
            for (lab, pair, arrangement) in
                [(&a, &one, arrangements[0]), (&b, &other, arrangements[1])]
            {
                let over = (arrangement == "iiptran").then(|| lab.link("link"));
                assert_eq!(pair.link, over);
                let transport = pair.outbound.mode() == Mode::Transport;
                assert_eq!(transport, arrangement == "iiptran");
            }
            assert_eq!(carry(&mut a, &mut b), None, "{arrangements:?} {check:?}");
            let back = Ip::udp([ip("10.2.0.5"), ip("10.1.0.5")], b"back").bytes();
            let wire = b.receive("lan", &back).transmitted();
            assert!(a.receive("wan", &wire).transmitted().ends_with(b"back"));
        }
    }
    // Ports: not without a look at inner headers, and with one they hold. Packets go to port 7.
    let (mut a, mut b) = both_without_keys(["tunnel-mode", "iiptran"]);
    let refused = install(&mut b, Side::B, port_of_b(Side::B, 7), TrafficCheck::Outer);
    assert_eq!(refused.err(), Some(NegotiationError::TransportSelectors));
    assert!(b.node.sad(b.network("base")).unwrap().is_empty());
    install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner).unwrap();
    install(&mut b, Side::B, port_of_b(Side::B, 7), TrafficCheck::Inner).unwrap();
    assert_eq!(carry(&mut a, &mut b), None);
    let (mut a, mut b) = both_without_keys(["tunnel-mode", "iiptran"]);
    install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner).unwrap();
    install(&mut b, Side::B, port_of_b(Side::B, 8), TrafficCheck::Inner).unwrap();
    assert_eq!(carry(&mut a, &mut b), Some(DropReason::SelectorMismatch));
}

#[test]
fn ike_03_two_iiptran_peers_negotiate_transport_mode() {
    let (mut a, mut b) = both_without_keys(["iiptran"; 2]);
    for (lab, side) in [(&mut a, Side::A), (&mut b, Side::B)] {
        let ends = ends(side);
        let sets = Selectors::of_tunnel(ends).unwrap();
        // Outer addresses, protocols 4 and 41, and nothing else.
        let protocols = sets.each_ref().map(|set| set.next_layer().clone());
        assert_eq!(protocols, [Protocol::IPV4.into(), Protocol::IPV6.into()]);
        assert!(sets.iter().all(|set| set.are_of_tunnel(ends)));
        let base = lab.network("base");
        let sa = |spi, seed| SaParameters {
            network: base,
            selectors: Box::new(sets.clone()),
            ..SaParameters::new(Spi(spi), Mode::Transport, gcm(), keys(seed))
        };
        let [to_b, to_a] = [sa(0xa000, 1), sa(0xb000, 2)];
        let (outbound, inbound) = match side {
            Side::A => (to_b, to_a),
            Side::B => (to_a, to_b),
        };
        let pair = NegotiatedPair::new(outbound, inbound).unwrap();
        let installed = lab.node.install_negotiated(pair, TrafficCheck::default());
        assert_eq!(installed.unwrap().link, None);
    }
    assert_eq!(carry(&mut a, &mut b), None);
    assert!(b.node.trail().is_bound());
}

#[test]
fn ike_05_a_pair_comes_and_goes_as_one() {
    let (mut a, mut b) = both_without_keys(["iiptran"; 2]);
    let vn = a.network("vn");
    // Two SAs of different modes, ends or algorithms are no pair.
    let pair = negotiated(vn, Side::A, &[Selectors::ANY]);
    for change in [
        |sa: &mut SaParameters| sa.mode = Mode::Transport,
        |sa: &mut SaParameters| sa.mode = Mode::Tunnel(ends(Side::B)),
        |sa: &mut SaParameters| sa.extended_sequence = true,
        |sa: &mut SaParameters| sa.network = NetworkId::BASE,
    ] {
        let mut inbound = pair.inbound().clone();
        change(&mut inbound);
        let refused = NegotiatedPair::new(pair.outbound().clone(), inbound);
        assert_eq!(refused.err(), Some(NegotiationError::NotAPair));
    }

    let state = |lab: &Lab| {
        let base = lab.network("base");
        let outbound = lab
            .node
            .tables()
            .network(base)
            .unwrap()
            .outbound()
            .iter()
            .count();
        (outbound, lab.node.sad(base).unwrap().len())
    };
    assert_eq!(state(&a), (0, 0));
    let installed = install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner).unwrap();
    install(&mut b, Side::B, NextLayer::Any, TrafficCheck::Inner).unwrap();
    assert_eq!(state(&a), (1, 1));
    assert_eq!(carry(&mut a, &mut b), None);

    // A pair that can't come whole does not come at all, and what is there works on.
    let before = Arc::clone(a.node.tables());
    let refused = install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner);
    let duplicate = NegotiationError::Insert(InsertCause::DuplicateKey);
    assert_eq!(refused.err(), Some(duplicate));
    let no_link = negotiated(NetworkId::BASE, Side::A, &[Selectors::ANY]);
    let refused = a.node.install_negotiated(no_link, TrafficCheck::Inner);
    assert_eq!(refused.err(), Some(NegotiationError::NoLink));
    let weak = |sa: &SaParameters| SaParameters {
        window: None,
        ..sa.clone()
    };
    let weak = NegotiatedPair::new(weak(pair.outbound()), weak(pair.inbound())).unwrap();
    let refused = a.node.install_negotiated(weak, TrafficCheck::Inner);
    assert_eq!(refused.err(), Some(NegotiationError::TooWeak));
    let mut reserved = pair.outbound().clone();
    reserved.spi = Spi(7);
    let reserved = NegotiatedPair::new(reserved, pair.inbound().clone()).unwrap();
    let refused = a.node.install_negotiated(reserved, TrafficCheck::Inner);
    assert!(matches!(refused, Err(NegotiationError::Sa(_))));
    assert!(Arc::ptr_eq(&before, a.node.tables()));
    assert_eq!(state(&a), (1, 1));
    assert_eq!(carry(&mut a, &mut b), None);

    // It goes as one, once.
    a.node.remove_negotiated(&installed).unwrap();
    assert_eq!(state(&a), (0, 0));
    assert_eq!(carry(&mut a, &mut b), Some(DropReason::NoOutboundSa));
    let again = a.node.remove_negotiated(&installed);
    assert_eq!(again, Err(NegotiationError::NotInstalled));
    // If one half is gone already, the other stays.
    let installed = install(&mut a, Side::A, NextLayer::Any, TrafficCheck::Inner).unwrap();
    let sa = a
        .node
        .remove_inbound_sa(installed.arrival, &installed.inbound);
    assert!(sa.is_some());
    let refused = a.node.remove_negotiated(&installed);
    assert_eq!(refused, Err(NegotiationError::NotInstalled));
    assert_eq!(state(&a), (1, 0));
}

#[test]
fn ike_06_numbers_of_notify_messages() {
    // IANA, "IKEv2 Notify Message Error Types" and "Status Types".
    assert_eq!(notify::INVALID_SELECTORS, 39);
    assert_eq!(notify::USE_TRANSPORT_MODE, 16391);
    assert_eq!(notify::ESP_TFC_PADDING_NOT_SUPPORTED, 16394);
    assert_eq!(notify::NON_FIRST_FRAGMENTS_ALSO, 16395);
    assert_eq!(notify::USE_AGGFRAG, 16442);
}

/// One end of a link in the making: its node, and the control plane that runs the script.
struct End {
    side: Side,
    lab: Lab,
    setup: LinkSetup,
    log: Vec<&'static str>,
}

/// The port of the control channel.
const CONTROL: u16 = 4242;

/// A node's document by step: alone, with its control channel, with the virtual link as well.
fn document(side: Side, step: usize) -> String {
    let (near, far) = match side {
        Side::A => (1, 2),
        Side::B => (2, 1),
    };
    let control = format!(
        r#"
[[policies]]
name = "control"
action = "protect"
selectors = [{{ local = ["192.0.2.{near}"], remote = ["192.0.2.{far}"], protocol = "udp", local-ports = [{CONTROL}], remote-ports = [{CONTROL}] }}]
"#
    );
    let keys = format!(
        r#"
[[sas]]
direction = "outbound"
policy = "control"
spi = 0x{near}c00
transform = "aes-128-gcm-16"
key = "c00102030405060708090a0b0c0d0e0f1011121{near}"

[[sas]]
direction = "inbound"
spi = 0x{far}c00
transform = "aes-128-gcm-16"
key = "c00102030405060708090a0b0c0d0e0f1011121{far}"
"#
    );
    let link = format!(
        r#"
[[virtual-links]]
name = "link"
network = "vn"
local = "192.0.2.{near}"
remote = "192.0.2.{far}"
addresses = ["10.255.0.{near}/30"]
traffic = [{{ protocol = "udp", local-ports = [{CONTROL}], remote-ports = [{CONTROL}] }}]
check-traffic = true

# Key exchange passes as it is; what else goes through the tunnel waits for its SAs.
[[policies]]
name = "link-data"
action = "protect"
selectors = [{{ local = ["192.0.2.{near}"], remote = ["192.0.2.{far}"], protocol = 4 }}, {{ local = ["192.0.2.{near}"], remote = ["192.0.2.{far}"], protocol = 41 }}]

[[firewall]]
name = "key exchange"
action = "accept"
links = ["link"]
selectors = [{{ local = ["10.255.0.{near}"], remote = ["10.255.0.{far}"], protocol = "udp", local-ports = [{CONTROL}] }}]

[[firewall]]
name = "protected"
action = "accept"
links = ["link"]
trail = {{ bound = true, confidentiality = true, anti-replay = true }}

[[routes]]
network = "vn"
prefix = "10.{far}.0.0/16"
link = "link"
"#
    );
    let head = format!(
        r#"
arrangement = "iiptran"
insecure-test-keys = true
networks = [{{ name = "base" }}, {{ name = "vn" }}]
links = [
    {{ name = "wan", addresses = ["192.0.2.{near}/24"] }},
    {{ name = "lan", network = "vn", side = "protected", addresses = ["10.{near}.0.1/16"] }},
]
"#
    );
    match step {
        0 => head,
        1 => head + &control + &keys,
        // The control channel's SAs go on as they are.
        _ => head + &control + &link,
    }
}

impl End {
    fn new(side: Side, attempts: u32) -> Self {
        let lab = Lab::new(&document(side, 0));
        let (role, seeds, spi) = match side {
            Side::A => (Role::Initiator, [1, 2], 0xb000),
            Side::B => (Role::Responder, [2, 1], 0xa000),
        };
        let setup = LinkSetup::new(Script {
            role,
            ends: ends(side),
            network: lab.network("vn"),
            transform: gcm(),
            outbound_keys: keys(seeds[0]),
            inbound_keys: keys(seeds[1]),
            inbound_spi: Spi(spi),
            patience: Duration::from_secs(2),
            attempts,
        });
        Self {
            side,
            lab,
            setup,
            log: Vec::new(),
        }
    }

    /// Another document for the node; SAs of the control channel stay.
    fn reconfigure(&mut self, step: usize) {
        let config = NodeConfig::from_toml(&document(self.side, step)).unwrap();
        let compiled = config.compile().unwrap();
        let mut tables = compiled.tables;
        let base = tables.find_network("base").unwrap();
        if let Some((policy, _)) = tables.network(base).unwrap().spd().find("control") {
            let old = Arc::clone(self.lab.node.tables());
            for (_, sa) in old.network(base).unwrap().outbound().iter() {
                tables = tables.with_outbound_sa(base, policy, Arc::clone(sa));
            }
        }
        self.lab.node.install(Arc::new(tables));
        for (_, sa) in compiled.inbound {
            self.lab.node.insert_inbound_sa(sa).unwrap();
        }
    }

    /// Does what there is to do, and gives the packets that leave.
    fn run(&mut self, now: Instant) -> Vec<Vec<u8>> {
        let mut wires = Vec::new();
        while let Some(action) = self.setup.poll(now) {
            let done = match action {
                Action::ProtectControlChannel => {
                    self.reconfigure(1);
                    "control"
                }
                Action::Send(message) => {
                    let (bytes, length) = message.to_bytes();
                    let TunnelEnds { local, remote } = ends(self.side);
                    let inner = match self.side {
                        Side::A => ["10.255.0.1", "10.255.0.2"],
                        Side::B => ["10.255.0.2", "10.255.0.1"],
                    };
                    let (network, addresses) = if message.is_over_tunnel() {
                        ("vn", inner.map(ip))
                    } else {
                        ("base", [local, remote])
                    };
                    let mut packet = Ip::udp(addresses, &bytes[..length]);
                    for port in 0..2 {
                        packet.payload[2 * port..][..2].copy_from_slice(&CONTROL.to_be_bytes());
                    }
                    wires.push(self.lab.send(network, &packet.bytes()).transmitted());
                    match message {
                        Message::TunnelRequest => "tunnel?",
                        Message::TunnelAccept => "tunnel!",
                        Message::KeyRequest(_) => "keys?",
                        Message::KeyAccept(_) => "keys!",
                    }
                }
                Action::CreateLink(made) => {
                    assert_eq!(made, ends(self.side));
                    self.reconfigure(2);
                    "link"
                }
                Action::Install(pair) => {
                    let check = TrafficCheck::default();
                    self.lab.node.install_negotiated(*pair, check).unwrap();
                    "pair"
                }
                Action::Established => "established",
                Action::Failed(SetupFault::NoAnswer) => "no answer",
                Action::Failed(fault) => panic!("{fault:?}"),
            };
            self.log.push(done);
        }
        wires
    }

    fn take(&mut self, wire: &[u8]) {
        let outcome = self.lab.receive("wan", wire);
        // Nobody on the way reads the control channel. Key exchange protects itself, and comes over the
        // link.
        let link = self.lab.node.tables().find_link("link");
        let over_tunnel =
            matches!(outcome.verdict, Verdict::Deliver { link: by } if Some(by) == link);
        assert_eq!(header(wire).protocol == Protocol::ESP, !over_tunnel);
        let packet = outcome.delivered();
        self.setup.receive(&header(&packet).payload(&packet)[8..]);
    }
}

/// Runs both ends until nothing happens any more, the packets for which `lose` holds getting lost; gives
/// the moment at which it ended.
fn run(a: &mut End, b: &mut End, mut lose: impl FnMut(usize) -> bool) -> Instant {
    let (mut now, mut count) = (Instant::ZERO, 0);
    loop {
        let mut under_way = VecDeque::new();
        loop {
            under_way.extend(a.run(now).into_iter().map(|wire| (true, wire)));
            under_way.extend(b.run(now).into_iter().map(|wire| (false, wire)));
            let Some((from_a, wire)) = under_way.pop_front() else {
                break;
            };
            count += 1;
            if !lose(count) {
                if from_a { b.take(&wire) } else { a.take(&wire) }
            }
        }
        match [&a.setup, &b.setup]
            .into_iter()
            .filter_map(LinkSetup::deadline)
            .min()
        {
            Some(deadline) => now = deadline,
            None => return now,
        }
    }
}

#[test]
fn ike_04_a_link_comes_about_in_three_steps() {
    let (mut a, mut b) = (End::new(Side::A, 3), End::new(Side::B, 3));
    let end = run(&mut a, &mut b, |_| false);
    assert_eq!(end, Instant::ZERO);
    let of_a = ["control", "tunnel?", "link", "keys?", "pair", "established"];
    let of_b = ["control", "link", "tunnel!", "pair", "keys!", "established"];
    assert_eq!((a.log.as_slice(), b.log.as_slice()), (&of_a[..], &of_b[..]));
    assert_eq!(carry(&mut a.lab, &mut b.lab), None);
    assert!(b.lab.node.trail().is_bound());
}

#[test]
fn ike_04_nothing_passes_before_the_last_step() {
    let (mut a, mut b) = (End::new(Side::A, 1), End::new(Side::B, 1));
    // The answer to the tunnel comes, that for the keys does not.
    run(&mut a, &mut b, |packet| packet > 2);
    assert_eq!(a.log, ["control", "tunnel?", "link", "keys?", "no answer"]);
    assert_eq!(
        carry(&mut a.lab, &mut b.lab),
        Some(DropReason::NoOutboundSa)
    );
    // Nor does anything come in but key exchange.
    let [here, there] = ["192.0.2.1", "192.0.2.2"].map(ip);
    let clear = Ip::udp(hosts(IpVersion::V4), b"in clear").bytes();
    let forged = Ip::new([here, there], Protocol::IPV4, &clear).bytes();
    let outcome = b.lab.receive("wan", &forged);
    assert_eq!(outcome.reason(), Some(DropReason::Unprotected));
}

#[test]
fn ike_04_lost_messages_are_sent_again() {
    // Every packet is lost once, in whatever order; the clock is the script's.
    for lost in 1..8 {
        let (mut a, mut b) = (End::new(Side::A, 3), End::new(Side::B, 3));
        let end = run(&mut a, &mut b, |packet| packet == lost);
        let expected = if lost <= 4 { 2 } else { 0 };
        assert_eq!(end, Instant::from_secs(expected), "{lost}");
        assert_eq!(a.log.last(), Some(&"established"));
        assert_eq!(carry(&mut a.lab, &mut b.lab), None);
    }
    // A peer that is not there: three attempts, two seconds each.
    let (mut a, mut b) = (End::new(Side::A, 3), End::new(Side::B, 3));
    let end = run(&mut a, &mut b, |_| true);
    assert_eq!(end, Instant::from_secs(6));
    assert_eq!(
        a.log,
        ["control", "tunnel?", "tunnel?", "tunnel?", "no answer"]
    );
    // What is no message, or none for now, changes nothing.
    for bytes in [
        &[][..],
        &[9],
        &[1, 2],
        &[3, 0, 0, 0, 7],
        &[4, 0, 0, 0x10, 0],
    ] {
        b.setup.receive(bytes);
        assert!(b.setup.poll(Instant::ZERO).is_none());
    }
}
