//! SAD, SPD and FIB alone.

use iiptran_tests::Ip;
use iiptran_tests::behaviour::{Case, Step};

use super::Record;

fn packet(source: &str, destination: &str) -> Vec<u8> {
    let ends = [source, destination].map(|text| text.parse().expect("an address"));
    Ip::udp(ends, b"x").bytes()
}

pub(super) fn cases() -> Vec<Case> {
    vec![sad(), spd(), fib()]
}

fn sad() -> Case {
    let sa = |spi| {
        format!(
            "spi = {spi}\ntransform = \"chacha20-poly1305\"\nkey = \"{}\"",
            "5a".repeat(36)
        )
    };
    let mut record = Record::new("the SAD finds, opens, refuses and gives back");
    record.call(Step::new("sad", "sad"));
    for spi in [1000, 2000] {
        record.make("outbound-sa", &format!("out {spi}"), &sa(spi));
        record.make("inbound-sa", &format!("in {spi}"), &sa(spi));
        record.call(Step {
            with: Some(format!("in {spi}")),
            ..Step::new("sad-insert", "sad")
        });
    }
    let mut sealed = Vec::new();
    for spi in [2000, 1000] {
        let seal = Step::new("seal", &format!("out {spi}"));
        sealed.push(record.packet(seal, &packet("192.0.2.1", "192.0.2.2")));
    }
    for packet in &sealed {
        record.packet(Step::new("sad-open", "sad"), packet);
        record.packet(Step::new("sad-open", "sad"), packet);
    }
    // A second SA with the same key is refused and stays what it is.
    record.make("inbound-sa", "second", &sa(1000));
    record.call(Step {
        with: Some("second".into()),
        ..Step::new("sad-insert", "sad")
    });
    record.packet(Step::new("open", "second"), &sealed[1]);
    // What is given back has its window.
    let remove = |spi| Step {
        spi: Some(spi),
        with: Some("back".into()),
        ..Step::new("sad-remove", "sad")
    };
    record.call(remove(1000));
    record.packet(Step::new("open", "back"), &sealed[1]);
    record.packet(Step::new("sad-open", "sad"), &sealed[1]);
    record.call(remove(1000));
    record.packet(
        Step::new("sad-open", "sad"),
        &packet("192.0.2.1", "192.0.2.2"),
    );
    record.done()
}

fn spd() -> Case {
    let document = r#"
        [[policies]]
        name = "hosts"
        action = "protect"
        selectors = [{ local = ["10.1.0.0/16"], remote = ["10.2.0.0/16"] }]

        [[policies]]
        name = "no-inbound-udp"
        action = "discard"
        applies = "inbound"
        selectors = [{ protocol = "udp" }]

        [[policies]]
        name = "six"
        action = "bypass"
        selectors = [{ local = ["2001:db8::1-2001:db8::9"] }]
    "#;
    let mut record = Record::new("the first policy that matches decides");
    record.make("spd", "spd", document);
    let ends = [
        ["10.1.0.5", "10.2.0.5"],
        ["10.2.0.5", "10.1.0.5"],
        ["10.1.0.5", "10.3.0.5"],
        ["2001:db8::5", "2001:db8::f"],
        ["2001:db8::f", "2001:db8::5"],
    ];
    for [source, destination] in ends {
        for direction in ["outbound", "inbound"] {
            let lookup = Step {
                direction: Some(direction.into()),
                ..Step::new("spd-lookup", "spd")
            };
            record.packet(lookup, &packet(source, destination));
        }
    }
    let lookup = Step {
        direction: Some("outbound".into()),
        ..Step::new("spd-lookup", "spd")
    };
    record.packet(lookup, &[0x60, 0, 0]);
    for document in [
        "policies = [{ name = \"a\", action = \"bypass\" }, { name = \"a\", action = \"discard\" }]",
        "policies = [{ name = \"a\", action = \"permit\" }]",
        "policies = [{ name = \"a\", action = \"bypass\", selectors = [{ local-ports = [80] }] }]",
        "policies = [{ name = \"a\", action = \"bypass\", network = \"vn\" }]",
    ] {
        record.make("spd", "wrong", document);
    }
    record.done()
}

fn fib() -> Case {
    let document = r#"
        links = ["wan", "tunnel", "other"]
        routes = [
            { prefix = "0.0.0.0/0", link = "wan", via = "192.0.2.254" },
            { prefix = "10.0.0.0/8", link = "tunnel" },
            { prefix = "10.9.0.0/16", action = "blackhole" },
            { prefix = "10.8.0.0/16", action = "unreachable" },
            { prefix = "10.7.0.0/16", action = "prohibit" },
            { prefix = "2001:db8::/32", paths = [{ link = "wan", via = "fe80::1" }, { link = "tunnel" }, { link = "other" }] },
        ]
    "#;
    let mut record = Record::new("the longest prefix decides, and the flow among equal paths");
    record.make("fib", "fib", document);
    for destination in [
        "198.51.100.1",
        "10.2.3.4",
        "10.9.0.1",
        "10.8.0.1",
        "10.7.0.1",
    ] {
        record.packet(
            Step::new("fib-lookup", "fib"),
            &packet("192.0.2.1", destination),
        );
    }
    for host in 1..9 {
        let destination = format!("2001:db8::{host}");
        record.packet(
            Step::new("fib-lookup", "fib"),
            &packet("2001:db8:1::1", &destination),
        );
    }
    record.packet(
        Step::new("fib-lookup", "fib"),
        &packet("2001:db8::1", "2001:db9::1"),
    );
    record.packet(Step::new("fib-lookup", "fib"), &[]);
    for document in [
        "links = []\nroutes = [{ prefix = \"10.0.0.0/8\", link = \"wan\" }]",
        "links = [\"a\", \"a\"]\nroutes = []",
        "links = [\"a\"]\nroutes = [{ prefix = \"10.0.0.1/8\", link = \"a\" }]",
        "links = [\"a\"]\nroutes = [{ prefix = \"10.0.0.0/8\" }]",
    ] {
        record.make("fib", "wrong", document);
    }
    record.done()
}
