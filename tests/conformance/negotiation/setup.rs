//! The three steps in which a protected link comes about: RFC 3884 section 4.2.4.

use super::*;

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
