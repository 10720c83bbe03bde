//! Networks on a virtual clock.

use iiptran_host::scenarios;
use iiptran_tests::behaviour::{Case, Step};

use crate::Record;

const SECOND: u64 = 1_000_000_000;

/// From 10.1.0.5 to 10.2.0.5, TTL 64, protocol 253.
const PACKET: [u8; 22] = [
    0x45, 0, 0, 22, 0, 0, 0, 0, 64, 253, 0x65, 0xdf, 10, 1, 0, 5, 10, 2, 0, 5, 0xaa, 0xbb,
];

/// Two gateways, a bad wire between them, and a host behind each.
fn scenario(arrangement: &str) -> String {
    format!(
        r#"
arrangement = "{arrangement}"
seed = 3
duration = "200ms"
networks = [{{ name = "base" }}, {{ name = "vn" }}]
hosts = [{{ name = "X", addresses = ["10.1.0.5/24"] }}, {{ name = "Y", addresses = ["10.2.0.5/24"] }}]
wires = [
    {{ name = "x", ends = ["X", "A.x"] }},
    {{ name = "wan", ends = ["A.w", "B.w"], delay = "5ms", loss = 0.1, duplicate = 0.2, reorder = 0.2, reorder-by = "12ms", damage = 0.1 }},
    {{ name = "y", ends = ["B.y", "Y"] }},
]
flows = [{{ from = "X", to = "Y" }}]

[[nodes]]
name = "A"
links = [
    {{ name = "x", network = "vn", side = "protected", addresses = ["10.1.0.1/24"] }},
    {{ name = "w", addresses = ["192.0.2.1/30"] }},
]

[[nodes]]
name = "B"
links = [
    {{ name = "y", network = "vn", side = "protected", addresses = ["10.2.0.1/24"] }},
    {{ name = "w", addresses = ["192.0.2.2/30"] }},
]

[[virtual-links]]
name = "t"
network = "vn"
transform = "aes-128-gcm-16"
traffic = [{{ local = ["10.1.0.0/24"], remote = ["10.2.0.0/24"] }}]
ends = [{{ node = "A", local = "192.0.2.1" }}, {{ node = "B", local = "192.0.2.2" }}]

[[events]]
at = "0s"
action = {{ routes = {{ node = "A", network = "vn", add = [{{ prefix = "10.2.0.0/24", link = "t" }}] }} }}
"#
    )
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        bad_wire("iiptran"),
        bad_wire("tunnel-mode"),
        by_hand(),
        wrong(),
    ];
    cases.extend(scenarios().map(shipped));
    cases
}

fn asked(call: &str) -> Step {
    Step::new(call, "n")
}

fn until(now: u64) -> Step {
    Step {
        now,
        ..asked("network-run")
    }
}

fn bad_wire(arrangement: &str) -> Case {
    let mut record = Record::new(format!("a bad wire, {arrangement}"));
    record.make("network", "n", &scenario(arrangement));
    for seed in [None, Some(4)] {
        if let Some(seed) = seed {
            record.call(Step {
                seed: Some(seed),
                ..asked("network-reset")
            });
        }
        record.call(asked("network-step"));
        record.call(until(SECOND));
        for call in ["network-ends", "network-trace", "network-report"] {
            record.call(asked(call));
        }
        let wire = Some("wan".into());
        record.call(Step {
            link: wire,
            ..asked("network-capture")
        });
        record.call(asked("network-capture"));
    }
    record.call(asked("network-keys"));
    record.call(Step {
        with: Some("A".into()),
        ..asked("network-tables")
    });
    record.done()
}

fn by_hand() -> Case {
    let mut record = Record::new("packets and cuts by hand");
    record.make("network", "n", &scenario("iiptran"));
    record.call(until(SECOND));
    let send = |from: &str, network: Option<&str>| Step {
        with: Some(from.into()),
        network: network.map(Into::into),
        ..asked("network-send")
    };
    let wire = |up| Step {
        link: Some("wan".into()),
        up: Some(up),
        ..asked("network-wire")
    };
    let tunnel = |up| Step {
        with: Some("A".into()),
        link: Some("t".into()),
        up: Some(up),
        ..asked("network-link")
    };
    record.packet(send("X", None), &PACKET);
    record.packet(send("A", Some("vn")), &PACKET);
    record.call(wire(false));
    record.packet(send("X", None), &PACKET);
    record.call(wire(true));
    record.call(tunnel(false));
    record.packet(send("X", None), &PACKET);
    record.call(tunnel(true));
    record.packet(send("X", None), &PACKET);
    record.packet(send("A", Some("vn")), b"no packet");
    record.call(until(2 * SECOND));
    record.call(asked("network-ends"));
    record.call(asked("network-trace"));
    record.done()
}

fn wrong() -> Case {
    let mut record = Record::new("networks that are wrong, and wrong calls");
    record.make("network", "n", "figure-33");
    record.make("network", "n", "arrangement = \"iiptran\"\nduration = 5\n");
    let wires = r#"{"arrangement":"iiptran","duration":"1s","wires":[{"ends":["A.x","B.x"]}]}"#;
    record.make("network", "n", wires);
    record.make("network", "n", &scenario("iiptran"));
    let names = |call: &str, with: Option<&str>, link: Option<&str>| Step {
        with: with.map(Into::into),
        link: link.map(Into::into),
        up: Some(false),
        ..asked(call)
    };
    record.packet(names("network-send", Some("?"), None), &PACKET);
    record.packet(names("network-send", Some("X"), None), b"no packet");
    let unknown = Step {
        network: Some("?".into()),
        ..names("network-send", Some("A"), None)
    };
    record.packet(unknown, &PACKET);
    record.call(names("network-wire", None, Some("?")));
    record.call(names("network-link", Some("?"), Some("x")));
    record.call(names("network-link", Some("X"), Some("x")));
    record.call(names("network-link", Some("A"), Some("?")));
    record.call(names("network-capture", None, Some("?")));
    record.call(names("network-tables", Some("?"), None));
    record.call(asked("network-trace"));
    record.done()
}

fn shipped(name: &str) -> Case {
    let mut record = Record::new(format!("the scenario {name}"));
    record.make("network", "n", name);
    record.call(until(6 * SECOND));
    record.call(asked("network-report"));
    record.done()
}
