//! Nodes.

use iiptran_tests::Ip;
use iiptran_tests::behaviour::{Case, Step};

use super::Record;

const GATEWAY: &str = r#"
arrangement = "ARRANGEMENT"
insecure-test-keys = true
networks = [{ name = "base" }, { name = "vn" }]
links = [
    { name = "wan", addresses = ["192.0.2.HERE/24"] },
    { name = "lan", network = "vn", side = "protected", addresses = ["10.HERE.0.1/16"] },
]
routes = [ROUTES]

[[virtual-links]]
name = "tunnel"
network = "vn"
local = "192.0.2.HERE"
remote = "192.0.2.THERE"
traffic = [{ local = ["10.HERE.0.0/16"], remote = ["10.THERE.0.0/16"] }]

[virtual-links.protection]
transform = "aes-256-cbc + hmac-sha2-256-128"
outbound = { spi = 0x10HERE, key = "KEY", integrity-key = "KEY" }
inbound = { spi = 0x10THERE, key = "KEY", integrity-key = "KEY" }
"#;

pub(super) fn gateway(arrangement: &str, here: &str, there: &str) -> String {
    let routes = if arrangement == "iiptran" {
        r#"{ network = "vn", prefix = "10.THERE.0.0/16", link = "tunnel" }"#
    } else {
        ""
    };
    GATEWAY
        .replace("ROUTES", routes)
        .replace("ARRANGEMENT", arrangement)
        .replace("THERE", there)
        .replace("HERE", here)
        .replace("KEY", &"c3".repeat(32))
}

pub(super) fn packet(source: &str, destination: &str, payload: &[u8]) -> Vec<u8> {
    let ends = [source, destination].map(|text| text.parse().expect("an address"));
    Ip::udp(ends, payload).bytes()
}

pub(super) fn receive(node: &str, link: &str) -> Step {
    Step {
        link: Some(link.into()),
        ..Step::new("receive", node)
    }
}

pub(super) fn send(node: &str, network: &str) -> Step {
    Step {
        network: Some(network.into()),
        ..Step::new("send", node)
    }
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = ["iiptran", "tunnel-mode"]
        .into_iter()
        .map(gateways)
        .collect();
    cases.extend([
        hosts(),
        hand_over(),
        workers("iiptran"),
        workers("tunnel-mode"),
        workers("interface-sa"),
        wrong_workers(),
        install(),
        acquire(),
        misuse(),
        documents(),
    ]);
    cases
}

/// Two gateways, in both directions, and what is not let through.
fn gateways(arrangement: &str) -> Case {
    let mut record = Record::new(format!("two gateways, {arrangement}"));
    record.make("node", "a", &gateway(arrangement, "1", "2"));
    record.make("node", "b", &gateway(arrangement, "2", "1"));
    for payload in [&b"one"[..], b"two", &[7; 1200]] {
        let wire = record.packet(
            receive("a", "lan"),
            &packet("10.1.0.5", "10.2.0.5", payload),
        );
        record.packet(receive("b", "wan"), &wire);
        record.packet(receive("b", "wan"), &wire);
        let wire = record.packet(
            receive("b", "lan"),
            &packet("10.2.0.5", "10.1.0.5", payload),
        );
        record.packet(receive("a", "wan"), &wire);
    }
    // To the gateway itself, through the tunnel.
    let wire = record.packet(
        receive("a", "lan"),
        &packet("10.1.0.5", "10.2.0.1", b"gateway"),
    );
    record.packet(receive("b", "wan"), &wire);
    record.packet(
        receive("b", "wan"),
        &packet("192.0.2.1", "192.0.2.2", b"clear"),
    );
    record.packet(
        receive("a", "lan"),
        &packet("10.1.0.5", "203.0.113.1", b"nowhere"),
    );
    record.packet(send("a", "vn"), &packet("10.1.0.1", "10.2.0.5", b"own"));
    let via = Step {
        link: Some("wan".into()),
        ..Step::new("send-via", "a")
    };
    record.packet(via, &packet("192.0.2.1", "192.0.2.9", b"neighbour"));
    for up in [false, true] {
        record.call(Step {
            link: Some("wan".into()),
            up: Some(up),
            ..Step::new("set-link-up", "a")
        });
        record.packet(
            receive("a", "lan"),
            &packet("10.1.0.5", "10.2.0.5", b"link"),
        );
    }
    record.call(Step::new("counters", "a"));
    record.call(Step::new("counters", "b"));
    record.done()
}

/// Transport mode between two hosts, over IPv6.
fn hosts() -> Case {
    let host = |here: &str, there: &str| {
        let document = r#"{
          "arrangement": "transport", "insecure-test-keys": true,
          "links": [{ "name": "eth", "addresses": ["2001:db8::HERE/64"] }],
          "policies": [{ "name": "peer", "action": "protect",
                         "selectors": [{ "remote": ["2001:db8::THERE"] }] }],
          "sas": [
            { "direction": "outbound", "policy": "peer", "spi": "0x100HERE",
              "transform": "aes-128-gcm-16", "key": "KEY" },
            { "direction": "inbound", "spi": "0x100THERE",
              "transform": "aes-128-gcm-16", "key": "KEY" }
          ]
        }"#;
        let document = document.replace("THERE", there).replace("HERE", here);
        document.replace("KEY", &"77".repeat(20))
    };
    let mut record = Record::new("two hosts, transport");
    record.make("node", "a", &host("1", "2"));
    record.make("node", "b", &host("2", "1"));
    let wire = record.packet(
        send("a", "base"),
        &packet("2001:db8::1", "2001:db8::2", b"hello"),
    );
    record.packet(receive("b", "eth"), &wire);
    record.packet(
        receive("b", "eth"),
        &packet("2001:db8::1", "2001:db8::2", b"hello"),
    );
    record.packet(
        send("a", "base"),
        &packet("2001:db8::1", "2001:db8::3", b"hello"),
    );
    record.done()
}

/// An inbound SA goes to the node of another core, window and all.
fn hand_over() -> Case {
    let mut record = Record::new("an inbound SA is handed over");
    record.make("node", "a", &gateway("iiptran", "1", "2"));
    record.make("node", "b0", &gateway("iiptran", "2", "1"));
    record.call(Step {
        with: Some("b0".into()),
        ..Step::new("node-with-tables", "b1")
    });
    let mut wire = Vec::new();
    for payload in [b"one", b"two"] {
        let clear = packet("10.1.0.5", "10.2.0.5", payload);
        wire.push(record.packet(receive("a", "lan"), &clear));
    }
    record.packet(receive("b0", "wan"), &wire[0]);
    record.packet(receive("b1", "wan"), &wire[1]);
    let remove = |node: &str| Step {
        network: Some("base".into()),
        spi: Some(0x101),
        with: Some("sa".into()),
        ..Step::new("remove-inbound-sa", node)
    };
    let insert = |node: &str| Step {
        with: Some("sa".into()),
        ..Step::new("insert-inbound-sa", node)
    };
    record.call(remove("b1"));
    record.call(remove("b0"));
    record.packet(receive("b0", "wan"), &wire[1]);
    record.call(insert("b1"));
    record.packet(receive("b1", "wan"), &wire[0]);
    record.packet(receive("b1", "wan"), &wire[1]);
    // Outbound, the two share one counter.
    for node in ["b0", "b1", "b0"] {
        record.packet(
            receive(node, "lan"),
            &packet("10.2.0.5", "10.1.0.5", b"shared"),
        );
    }
    record.done()
}

/// A gateway whose link has an SA for any worker each way, and one for each of the workers 0 and 1.
fn of_workers(arrangement: &str, here: &str, there: &str) -> String {
    let workers: Vec<_> = [0, 1]
        .iter()
        .map(|worker| {
            let keys = r#"key = "KEY", integrity-key = "KEY" }"#;
            format!(
                "{{ worker = {worker}, outbound = {{ spi = 0x2{worker}{here}, {keys}, inbound = {{ spi = 0x2{worker}{there}, {keys} }}"
            )
        })
        .collect();
    let key = ["a5", "5a"].concat().repeat(16);
    let lines = format!("workers = [{}]\n", workers.join(", ")).replace("KEY", &key);
    let document = gateway(arrangement, here, there);
    // Where SAs are interfaces, a route leads into them too.
    let route = format!(
        r#"routes = [{{ network = "vn", prefix = "10.{there}.0.0/16", link = "tunnel" }}]"#
    );
    let document = match arrangement {
        "interface-sa" => document.replace("routes = []", &route),
        _ => document,
    };
    document + &lines
}

/// Each worker has an SA of its own, or falls back on the one for any (RFC 9611).
fn workers(arrangement: &str) -> Case {
    let mut record = Record::new(format!("workers with SAs of their own, {arrangement}"));
    record.make("node", "a", &of_workers(arrangement, "1", "2"));
    record.make("node", "b", &of_workers(arrangement, "2", "1"));
    let of = |worker, on: &str, with: &str| Step {
        worker: Some(worker),
        with: Some(with.into()),
        ..Step::new("for-worker", on)
    };
    for worker in [0, 1, 2] {
        record.call(of(worker, &format!("a{worker}"), "a"));
    }
    record.call(of(1, "b1", "b"));
    let clear = packet("10.1.0.5", "10.2.0.5", b"by some worker");
    for (sender, receiver) in [
        ("a0", "b"),
        ("a1", "b1"),
        ("a2", "b"),
        ("a", "b"),
        ("a1", "b"),
    ] {
        let wire = record.packet(receive(sender, "lan"), &clear);
        record.packet(Step::new("spi-of", ""), &wire);
        record.packet(receive(receiver, "wan"), &wire);
    }
    for worker in [Some(1), None] {
        record.call(Step {
            worker,
            ..Step::new("set-worker", "a")
        });
        record.packet(receive("a", "lan"), &clear);
    }
    record.packet(Step::new("spi-of", ""), &clear);
    record.call(Step::new("poll-event", "a2"));
    record.call(Step::new("poll-event", "a2"));
    record.done()
}

fn wrong_workers() -> Case {
    let right = of_workers("iiptran", "1", "2");
    let mut record = Record::new("documents that are wrong about workers");
    for document in [
        right.replace("worker = 1,", "worker = 0,"),
        right.replace("worker = 1,", "worker = 65536,"),
        right.replace("worker = 1,", ""),
        right.replace("spi = 0x211,", "spi = 2,"),
    ] {
        record.make("node", "wrong", &document);
    }
    record.done()
}

/// Another document takes over between two packets; sequence numbers and windows go on.
fn install() -> Case {
    let document = gateway("iiptran", "1", "2");
    let mut record = Record::new("another document is installed");
    record.make("node", "a", &document);
    record.make("node", "b", &gateway("iiptran", "2", "1"));
    let clear = packet("10.1.0.5", "10.2.0.5", b"before");
    let wire = record.packet(receive("a", "lan"), &clear);
    record.packet(receive("b", "wan"), &wire);
    record.make("install", "b", &gateway("iiptran", "2", "1"));
    record.packet(receive("b", "wan"), &wire);
    let routes = "routes = [{ network = \"vn\", prefix = \"10.9.0.0/16\", link = \"tunnel\" }, ";
    record.make("install", "a", &document.replace("routes = [", routes));
    record.packet(receive("a", "lan"), &clear);
    record.packet(
        receive("a", "lan"),
        &packet("10.1.0.5", "10.9.0.5", b"new route"),
    );
    // A wrong one changes nothing.
    record.make(
        "install",
        "a",
        &document.replace("link = \"tunnel\"", "link = \"tunel\""),
    );
    record.packet(
        receive("a", "lan"),
        &packet("10.1.0.5", "10.9.0.5", b"new route"),
    );
    record.call(Step {
        with: Some("a".into()),
        ..Step::new("node-with-tables", "a1")
    });
    record.make("install", "a", &document);
    record.packet(
        receive("a1", "lan"),
        &packet("10.1.0.5", "10.9.0.5", b"old"),
    );
    record.call(Step {
        with: Some("a".into()),
        ..Step::new("install-tables", "a1")
    });
    record.packet(
        receive("a1", "lan"),
        &packet("10.1.0.5", "10.9.0.5", b"new"),
    );
    record.done()
}

/// Without an SA, key management is told, once.
fn acquire() -> Case {
    let document = gateway("iiptran", "1", "2");
    let document: Vec<&str> = document
        .lines()
        .filter(|line| !line.contains("spi = "))
        .collect();
    let mut record = Record::new("an SA is asked for");
    record.make("node", "a", &document.join("\n"));
    for _ in 0..2 {
        record.packet(receive("a", "lan"), &packet("10.1.0.5", "10.2.0.5", b"x"));
    }
    for _ in 0..2 {
        record.call(Step::new("poll-event", "a"));
    }
    record.done()
}

fn misuse() -> Case {
    let mut record = Record::new("calls that are wrong");
    record.make("node", "a", &gateway("iiptran", "1", "2"));
    let clear = packet("10.1.0.5", "10.2.0.5", b"x");
    record.packet(receive("a", "no such link"), &clear);
    record.packet(receive("a", "tunnel"), &clear);
    record.packet(send("a", "no such network"), &clear);
    let tunnel_mode = format!(
        "{}\nmode = \"tunnel\"\nsource = \"192.0.2.2\"\ndestination = \"192.0.2.1\"",
        "spi = 0x2000\ntransform = \"null + hmac-sha2-256-128\"\nintegrity-key = \"KEY\""
            .replace("KEY", &"11".repeat(32))
    );
    record.make("inbound-sa", "tunnel mode", &tunnel_mode);
    record.make(
        "inbound-sa",
        "same",
        &tunnel_mode
            .replace("0x2000", "0x102")
            .replace("\"tunnel\"", "\"transport\""),
    );
    for sa in ["tunnel mode", "same"] {
        record.call(Step {
            with: Some(sa.into()),
            ..Step::new("insert-inbound-sa", "a")
        });
    }
    for room in [[0, 512], [512, 0]] {
        let step = Step {
            room: Some(room),
            ..receive("a", "lan")
        };
        record.packet(step, &clear);
    }
    for bytes in [&[][..], &[0x45], &[0xff; 64]] {
        record.packet(receive("a", "wan"), bytes);
    }
    record.done()
}

fn documents() -> Case {
    let right = gateway("iiptran", "1", "2");
    let mut record = Record::new("documents of nodes that are wrong");
    let wrong = [
        right.replace("insecure-test-keys = true", "insecure-test-keys = maybe"),
        right.replace("\"iiptran\"", "\"iptran\""),
        right.replace("aes-256-cbc + hmac-sha2-256-128", "aes-128-gcm-16"),
        right.replace("192.0.2.1/24", "192.0.2.1/240"),
        right.replace("name = \"lan\"", "name = \"wan\""),
        right.replace("spi = 0x102,", "spi = 2,"),
        right.replace("links =", "limks ="),
        right.replace("\"vn\" }]", "\"base\" }]"),
        right.replace("remote = \"192.0.2.2\"", "remote = \"2001:db8::2\""),
        right.replace("[virtual-links.protection]", "[virtual-links.protektion]"),
        "{ \"arrangement\": \"iiptran\", }".into(),
        "arrangement = \"iiptran".into(),
        "{}".into(),
        String::new(),
        "arrangement = \"transport\"\n[[virtual-links]]\nname = \"t\"\nlocal = \"192.0.2.1\"\nremote = \"192.0.2.2\"".into(),
    ];
    for document in &wrong {
        record.make("node", "wrong", document);
    }
    record.done()
}
