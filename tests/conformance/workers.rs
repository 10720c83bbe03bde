//! Several workers with one set of tables, each with SAs of its own (RFC 9611).

mod documents;
mod steering;

use std::sync::Arc;

use iiptran::config::NodeConfig;
use iiptran::node::Event;
use iiptran::sa::{SaId, WorkerId};
use iiptran::walkthrough::{Candidate, Recorder};
use iiptran::wire::IpVersion::{self, V4};
use iiptran::wire::Spi;
use iiptran::{DropReason, NoTrace, Node, PacketBuffer, Verdict};
use iiptran_tests::lab::{Gateways, Lab, Side, VERSIONS, hosts, ip};
use iiptran_tests::{Ip, NOW, header};

const ARRANGEMENTS: [&str; 6] = [
    "iiptran",
    "tunnel-mode",
    "interface-sa",
    "initial-lookup-a",
    "initial-lookup-b",
    "integrated",
];
/// The SPI of the SA for any worker, in the direction from A to B.
const ANY: u32 = 0xab01;

/// A gateway with SAs for any worker, and for the workers 0 and 1. From A to B, worker 1's SPI is 0xab11.
fn config(arrangement: &'static str, outer: IpVersion, side: Side) -> NodeConfig {
    let [out, back] = match side {
        Side::A => ["ab", "ba"],
        Side::B => ["ba", "ab"],
    };
    let sa = |direction: &str, worker| {
        let key = format!("{direction}{worker:02x}").repeat(10);
        format!("{{ spi = \"0x{direction}1{worker}\", key = \"{key}\" }}")
    };
    let worker = |worker| {
        let [out, back] = [out, back].map(|direction| sa(direction, worker));
        format!("{{ worker = {worker}, outbound = {out}, inbound = {back} }}")
    };
    let gateways = Gateways {
        outer,
        protection: format!("workers = [{}, {}]", worker(0), worker(1)),
        ..Gateways::new(arrangement)
    };
    NodeConfig::from_toml(&gateways.document(side)).unwrap()
}

fn lab(config: &NodeConfig, worker: Option<u16>) -> Lab {
    let mut node = config.node().unwrap();
    node.set_worker(worker.map(WorkerId));
    Lab { node }
}

fn clear() -> Vec<u8> {
    Ip::udp(hosts(V4), b"by some worker").bytes()
}

/// SPI and sequence number of an ESP packet.
fn shown(wire: &[u8]) -> [u32; 2] {
    let esp = &wire[header(wire).length..];
    [0, 4].map(|at| u32::from_be_bytes(esp[at..at + 4].try_into().unwrap()))
}

#[test]
fn wrk_01_a_worker_has_an_sa_of_its_own() {
    for (arrangement, outer) in ARRANGEMENTS.iter().flat_map(|a| VERSIONS.map(|v| (*a, v))) {
        let mut b = lab(&config(arrangement, outer, Side::B), None);
        let a = lab(&config(arrangement, outer, Side::A), None);
        // The others have their tables from the first.
        let tables = a.node.tables().clone();
        let of_worker = |worker| {
            let mut node = Node::new(Arc::clone(&tables));
            node.set_worker(Some(WorkerId(worker)));
            Lab { node }
        };
        let [first, second, third] = [0, 1, 2].map(of_worker);
        let mut senders = [first, second, third, a];
        for (sender, spi, sequence) in [
            (0, 0xab10, 1),
            (1, 0xab11, 1),
            (2, ANY, 1),
            (3, ANY, 2),
            (1, 0xab11, 2),
            (2, ANY, 3),
        ] {
            let wire = senders[sender].receive("lan", &clear()).transmitted();
            assert_eq!(shown(&wire), [spi, sequence], "{arrangement}");
            let arrived = b.receive("wan", &wire).transmitted();
            assert_eq!(arrived[20..], clear()[20..], "{arrangement}");
        }
    }
}

#[test]
fn wrk_01_bursts_have_it_too() {
    for arrangement in ARRANGEMENTS {
        for (worker, spi) in [(0, 0xab10), (1, 0xab11), (2, ANY)] {
            let mut lab = lab(&config(arrangement, V4, Side::A), Some(worker));
            let lan = lab.link("lan");
            let mut buffers = [(); 5].map(|()| PacketBuffer::new(&clear()));
            for buffer in &mut buffers {
                buffer.process(|packet| {
                    let (packets, verdicts) = (core::slice::from_mut(packet), &mut [Verdict::Hold]);
                    let node = &mut lab.node;
                    node.receive_burst(NOW, lan, packets, verdicts, &mut NoTrace);
                });
            }
            let wire = buffers.each_ref().map(|buffer| shown(buffer.bytes()));
            assert_eq!(wire, [1, 2, 3, 4, 5].map(|n| [spi, n]), "{arrangement}");
        }
    }
}

#[test]
fn wrk_01_without_an_sa_for_any_worker_nothing_leaves() {
    for arrangement in ARRANGEMENTS {
        let mut config = config(arrangement, V4, Side::A);
        config.virtual_links[0]
            .protection
            .as_mut()
            .unwrap()
            .outbound = None;
        let wire = lab(&config, Some(1)).receive("lan", &clear());
        assert_eq!(shown(&wire.transmitted())[0], 0xab11);
        // An interface is down that has no SA for the worker.
        let reason = match arrangement {
            "interface-sa" | "initial-lookup-b" => DropReason::LinkDown,
            _ => DropReason::NoOutboundSa,
        };
        for worker in [Some(2), None] {
            let outcome = lab(&config, worker).receive("lan", &clear());
            assert_eq!(outcome.reason(), Some(reason), "{arrangement}");
        }
    }
}

/// A host with SAs for any worker and for worker 3, which carries two packets.
const HOST: &str = r#"
arrangement = "transport"
links = [{ name = "eth", addresses = ["192.0.2.1/24"] }]
policies = [{ name = "peer", action = "protect" }]

[[sas]]
name = "any"
direction = "outbound"
policy = "peer"
spi = 0x4000
transform = "null + hmac-sha2-256-128"
integrity-key = "KEY"

[[sas]]
name = "third"
direction = "outbound"
policy = "peer"
worker = 3
spi = 0x4003
transform = "null + hmac-sha2-256-128"
integrity-key = "KEY"
lifetime = { hard = { packets = 2 } }
"#;

fn host(worker: Option<u16>) -> Lab {
    let document = HOST.replace("KEY", &"3c".repeat(32));
    lab(&NodeConfig::from_toml(&document).unwrap(), worker)
}

fn to_peer() -> Vec<u8> {
    Ip::udp([ip("192.0.2.1"), ip("192.0.2.2")], b"host to host").bytes()
}

#[test]
fn wrk_01_when_its_own_has_ended_it_falls_back() {
    let mut host = host(Some(3));
    let spis = [(); 4].map(|()| shown(&host.send("base", &to_peer()).transmitted())[0]);
    assert_eq!(spis, [0x4003, 0x4003, 0x4000, 0x4000]);
}

#[test]
fn wrk_02_an_sa_of_its_own_is_asked_for() {
    let asked = |worker: Option<u16>| {
        let mut host = host(worker);
        for _ in 0..3 {
            drop(host.send("base", &to_peer()).transmitted());
        }
        let events: Vec<_> = core::iter::from_fn(|| host.node.poll_event()).collect();
        events
            .into_iter()
            .map(|event| match event {
                Event::Acquire { worker, .. } => worker.map(|worker| worker.0),
                event => panic!("{event:?}"),
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(asked(Some(7)), [Some(7)], "once, for this worker");
    assert_eq!(asked(Some(3)), [], "it has one");
    assert_eq!(asked(None), [], "it is no worker");
}

#[test]
fn wrk_04_inbound_sas_go_with_their_worker() {
    for arrangement in ARRANGEMENTS {
        let mut a = lab(&config(arrangement, V4, Side::A), Some(1));
        let mut rest = lab(&config(arrangement, V4, Side::B), None);
        let [early, late] = [(); 2].map(|()| a.receive("lan", &clear()).transmitted());
        drop(rest.receive("wan", &early).transmitted());
        let [first, second, third] = [0, 1, 2].map(|n| rest.node.for_worker(WorkerId(n)));
        let base = rest.network("base");
        let spis = |node: &Node| -> Vec<u32> {
            let sad = node.sad(base).unwrap();
            sad.iter().map(|sa| sa.id().spi.0).collect()
        };
        assert_eq!(spis(&rest.node), [ANY]);
        assert_eq!(
            [&first, &second, &third].map(spis),
            [vec![0xab10], vec![0xab11], vec![]]
        );
        let numbers = [&first, &second, &third].map(|node| node.worker().unwrap().0);
        assert_eq!(numbers, [0, 1, 2]);
        let mut second = Lab { node: second };
        let replayed = second.receive("wan", &early);
        assert_eq!(replayed.reason(), Some(DropReason::Replayed), "the window");
        drop(second.receive("wan", &late).transmitted());
        let unknown = rest.receive("wan", &late);
        assert_eq!(unknown.reason(), Some(DropReason::UnknownSpi));
        // It may be handed on to whoever has time.
        let id = SaId::unicast(Spi(0xab11));
        let sa = second.node.remove_inbound_sa(base, &id).unwrap();
        assert_eq!(sa.worker(), Some(WorkerId(1)));
        rest.node.insert_inbound_sa(sa).unwrap();
        assert_eq!(
            rest.receive("wan", &late).reason(),
            Some(DropReason::Replayed)
        );
    }
}

/// What is told of the choice: its notes, and for each SA of the policy whether it was taken, and why.
fn told(worker: Option<u16>, packets: usize) -> (String, Vec<Candidate>) {
    let mut host = host(worker);
    let base = host.network("base");
    let mut recorder = Recorder::new();
    for _ in 0..packets {
        let mut buffer = PacketBuffer::new(&to_peer());
        let verdict = buffer.process(|packet| host.node.send(NOW, base, packet, &mut recorder));
        assert_eq!(verdict.drop_reason(), None);
    }
    let walk = recorder.into_walkthrough();
    let mut steps = walk.steps.into_iter();
    let step = steps.find(|step| step.stage == "choose-sa").unwrap();
    (step.notes.concat(), step.lookup.unwrap().candidates)
}

#[test]
fn wrk_06_which_and_why() {
    let newest = "the newest that may carry the packet and is usable";
    for (worker, packets, note, [third, any]) in [
        (
            Some(3),
            1,
            "It is worker 3's own, so that workers share neither numbers nor window. (RFC 9611 section 5)",
            [newest, "it is for workers that have none of their own"],
        ),
        (
            Some(1),
            1,
            "Worker 1 has none of its own that is usable, and falls back on one for any worker. (RFC 9611 section 5)",
            ["it is worker 3's", newest],
        ),
        (
            None,
            1,
            "The node has no number among the workers, and uses those for any worker. (RFC 9611 section 5)",
            ["it is worker 3's", newest],
        ),
        (
            Some(3),
            3,
            "Worker 3 has none of its own that is usable, and falls back on one for any worker. (RFC 9611 section 5)",
            [
                "The SA has carried all the bytes or packets that its hard lifetime permits.",
                newest,
            ],
        ),
    ] {
        let (notes, candidates) = told(worker, packets);
        assert_eq!(notes, note);
        let [newer, older] = candidates.try_into().unwrap();
        assert!(newer.entry.starts_with("third ("), "{newer:?}");
        assert!(older.entry.starts_with("any ("), "{older:?}");
        assert_eq!([newer.why.as_str(), older.why.as_str()], [third, any]);
        assert_eq!(
            [newer.matches, older.matches],
            [third, any].map(|why| why == newest)
        );
    }
    // Where no SA is a worker's, workers are no matter.
    let mut a = lab(
        &NodeConfig::from_toml(&Gateways::new("iiptran").document(Side::A)).unwrap(),
        Some(1),
    );
    let mut recorder = Recorder::new();
    let lan = a.link("lan");
    let mut buffer = PacketBuffer::new(&clear());
    let verdict = buffer.process(|packet| a.node.receive(NOW, lan, packet, &mut recorder));
    assert_eq!(verdict.drop_reason(), None);
    let walk = recorder.into_walkthrough();
    let mut steps = walk.steps.iter();
    let choice = steps.find(|step| step.stage == "choose-sa").unwrap();
    assert!(choice.notes.is_empty(), "{:?}", choice.notes);
}
