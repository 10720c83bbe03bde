//! A burst through a node is its packets one after the other: verdicts, bytes, counters, trails, events.

use iiptran::{NoTrace, Packet, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side};
use iiptran_tests::{Ip, NOW};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::burst::{Buffer, Fate, fate, together};
use super::random::ip;

const ARRANGEMENTS: [&str; 6] = [
    "iiptran",
    "tunnel-mode",
    "interface-sa",
    "initial-lookup-a",
    "initial-lookup-b",
    "integrated",
];

/// What decides by ports or by the way that packets came.
const RULES: &str = r#"
[[firewall]]
name = "no chargen"
action = "discard"
links = ["LINK"]
selectors = [{ protocol = "udp", local-ports = [19] }]

[[firewall]]
name = "rest"
action = "accept"
links = ["LINK"]
"#;

/// Two equal nodes, of which one gets bursts and the other single packets.
struct Pair {
    burst: Lab,
    single: Lab,
}

impl Pair {
    fn new(gateways: &Gateways, side: Side) -> Self {
        let [burst, single] = [(); 2].map(|()| gateways.node(side));
        Self { burst, single }
    }

    /// Hands both the packets, and compares all that can be seen.
    fn pass(
        &mut self,
        by: &str,
        packets: &[Vec<u8>],
    ) -> Result<Vec<(Verdict, Vec<u8>)>, TestCaseError> {
        let mut buffers: Vec<_> = packets
            .iter()
            .map(|packet| Buffer::new(packet, 128, 70))
            .collect();
        let mut singles = buffers.clone();
        let link = self.single.link(by);
        let node = &mut self.single.node;
        let expected: Vec<_> = together(&mut singles, |packets: &mut [Packet<'_>]| {
            let one = |packet| node.receive(NOW, link, packet, &mut NoTrace);
            packets.iter_mut().map(one).collect()
        });
        let mut verdicts = vec![Verdict::Hold; packets.len()];
        let burst = &mut self.burst.node;
        together(&mut buffers, |packets| {
            burst.receive_burst(NOW, link, packets, &mut verdicts, &mut NoTrace);
        });
        for ((verdict, expected), (buffer, single)) in verdicts
            .iter()
            .zip(&expected)
            .zip(buffers.iter().zip(&singles))
        {
            prop_assert_eq!(verdict, expected);
            if verdict.drop_reason().is_none() {
                prop_assert_eq!(buffer.packet(), single.packet());
            }
        }
        let (burst, single) = (&mut self.burst.node, &mut self.single.node);
        prop_assert_eq!(burst.counters(), single.counters());
        prop_assert_eq!(burst.trail(), single.trail());
        loop {
            let (one, other) = (burst.poll_event(), single.poll_event());
            prop_assert_eq!(one, other);
            if one.is_none() {
                break;
            }
        }
        let passed = verdicts.into_iter().zip(&buffers);
        Ok(passed
            .map(|(verdict, buffer)| (verdict, buffer.packet().to_vec()))
            .collect())
    }

    /// Changes something in both.
    fn change(&mut self, change: Change) {
        for lab in [&mut self.burst, &mut self.single] {
            let (link, vn) = (lab.node.tables().find_link("link"), lab.network("vn"));
            match change {
                Change::Nothing => {}
                Change::LinkDown(up) => {
                    if let Some(link) = link {
                        lab.node.set_link_up(link, up);
                    }
                }
                Change::NoRoute => lab.node.change_fib(vn, |fib| {
                    let prefix = "10.2.0.0/16".parse().unwrap();
                    fib.remove(&prefix, iiptran::fib::Origin::Static);
                }),
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Nothing,
    LinkDown(bool),
    NoRoute,
}

fn gateways() -> impl Strategy<Value = Gateways> {
    (
        select(ARRANGEMENTS.to_vec()),
        select(vec![
            "",
            "",
            "soft = { packets = 30 }",
            "hard = { packets = 40 }",
        ]),
        select(vec![
            "",
            "",
            "outer = { ttl = \"inherit\" }",
            "outer = { dscp = 0 }",
        ]),
        select(vec![
            "",
            "",
            "inner = { dscp = \"overwrite\" }",
            "mtu = 700",
        ]),
        any::<bool>(),
        select(vec!["", "", "udp-encapsulation = {}"]),
        prop::option::weighted(0.3, Just(RULES)),
    )
        .prop_map(
            |(arrangement, lifetime, outer, inner, extended, udp, rules)| {
                let link = match arrangement {
                    "tunnel-mode" | "initial-lookup-a" | "integrated" => "lan",
                    _ => "link",
                };
                let lifetime = if lifetime.is_empty() {
                    String::new()
                } else {
                    format!("lifetime = {{ {lifetime} }}\n")
                };
                let mtu_allowed = link == "link" || !inner.starts_with("mtu");
                let inner = if mtu_allowed { inner } else { "" };
                Gateways {
                    extended,
                    protection: format!("{lifetime}{udp}"),
                    link: format!("{outer}\n{inner}"),
                    more: rules.map_or(String::new(), |rules| rules.replace("LINK", link)),
                    ..Gateways::new(arrangement)
                }
            },
        )
}

/// Packets of hosts behind gateway A, most to hosts behind B.
fn packet() -> impl Strategy<Value = Vec<u8>> {
    let usual = (
        select(vec![0_usize, 1, 40, 600, 1400]),
        select(vec![0_u8, 0, 0, 1, 3, 0xb8]),
        any::<bool>(),
        select(vec![0_u8, 1, 2, 64, 64, 64]),
        1..4_u8,
        select(vec![
            "10.2.0.5", "10.2.0.5", "10.2.0.6", "10.2.0.1", "10.9.0.1", "10.1.0.1",
        ]),
        select(vec![7_u16, 7, 19]),
        0..3_usize,
    )
        .prop_map(
            |(length, traffic_class, dont_fragment, ttl, host, to, port, link_padding)| {
                let ends = [[10, 1, 0, host].into(), to.parse().unwrap()];
                let mut packet = Ip {
                    traffic_class,
                    ttl,
                    flags_and_offset: u16::from(dont_fragment) << 14,
                    ..Ip::udp(ends, &vec![0x5a; length])
                };
                packet.payload[2..4].copy_from_slice(&port.to_be_bytes());
                packet.payload[6..8].fill(0);
                let mut packet = packet.bytes();
                packet.extend(vec![0; link_padding]);
                packet
            },
        );
    let inside_v6 = any::<u8>().prop_map(|byte| {
        let ends = ["fd00:1::5", "fd00:2::5"].map(|text| text.parse().unwrap());
        Ip::udp(ends, &[byte; 50]).bytes()
    });
    prop_oneof![
        14 => usual,
        1 => inside_v6,
        1 => ip().prop_map(|packet| packet.bytes()),
        1 => vec(any::<u8>(), 0..60),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn burst_02_a_burst_through_a_node_is_its_packets_one_by_one(
        gateways in gateways(),
        bursts in vec(
            (vec((packet(), fate()), 1..50), prop_oneof![
                6 => Just(Change::Nothing),
                1 => Just(Change::LinkDown(false)),
                1 => Just(Change::LinkDown(true)),
                1 => Just(Change::NoRoute),
            ]),
            1..6,
        ),
    ) {
        let mut near = Pair::new(&gateways, Side::A);
        let mut far = Pair::new(&gateways, Side::B);
        for (packets, change) in bursts {
            let (packets, fates): (Vec<_>, Vec<_>) = packets.into_iter().unzip();
            let sent = near.pass("lan", &packets)?;
            let wan = near.single.link("wan");
            let on_wire = sent.into_iter().zip(fates).filter(
                |((verdict, _), _)| matches!(verdict, Verdict::Transmit { link, .. } if *link == wan),
            );
            let arriving = Fate::apply(on_wire.map(|((_, packet), fate)| (packet, fate)));
            far.pass("wan", &arriving)?;
            near.change(change);
            far.change(change);
        }
    }
}
