//! The rules and the policy table of RFC 6724.

use super::*;

const DEPRECATED: AddressAttributes = AddressAttributes {
    deprecated: true,
    home: false,
    care_of: false,
    temporary: false,
    advertised_by: None,
};
const NONE: AddressAttributes = AddressAttributes {
    deprecated: false,
    ..DEPRECATED
};
const HOME: AddressAttributes = AddressAttributes { home: true, ..NONE };
const CARE_OF: AddressAttributes = AddressAttributes {
    care_of: true,
    ..NONE
};
const TEMPORARY: AddressAttributes = AddressAttributes {
    temporary: true,
    ..NONE
};

fn candidate((address, attributes): (&str, AddressAttributes)) -> Candidate {
    Candidate {
        address: address.parse().unwrap(),
        prefix_length: 64,
        attributes,
        on_outgoing_link: true,
        of_next_hop: false,
    }
}

fn best(candidates: &[Candidate], destination: &str, table: &PolicyTable) -> (String, SourceRule) {
    let destination: Ipv6Addr = destination.parse().unwrap();
    let (best, rule) = choose_v6(candidates.iter().copied(), destination, table).unwrap();
    (best.address.to_string(), rule)
}

#[test]
fn sas_03_the_examples_of_rfc_6724() {
    // RFC 6724 section 10.1: the first of the two candidates is the answer here.
    let examples = [
        (
            "2001:db8:1::1",
            ("2001:db8:3::1", NONE),
            ("fe80::1", NONE),
            SourceRule::Scope,
        ),
        (
            "ff05::1",
            ("2001:db8:3::1", NONE),
            ("fe80::1", NONE),
            SourceRule::Scope,
        ),
        (
            "2001:db8:1::1",
            ("2001:db8:1::1", DEPRECATED),
            ("2001:db8:2::1", NONE),
            SourceRule::SameAddress,
        ),
        (
            "fe80::1",
            ("fe80::2", DEPRECATED),
            ("2001:db8:1::1", NONE),
            SourceRule::Scope,
        ),
        (
            "2001:db8:1::1",
            ("2001:db8:1::2", NONE),
            ("2001:db8:3::2", NONE),
            SourceRule::LongestPrefix,
        ),
        (
            "2001:db8:1::1",
            ("2001:db8:3::2", HOME),
            ("2001:db8:1::2", CARE_OF),
            SourceRule::Home,
        ),
        (
            "2002:c633:6401::1",
            ("2002:c633:6401::d5e3:7953:13eb:22e8", TEMPORARY),
            ("2001:db8:1::2", NONE),
            SourceRule::Label,
        ),
        (
            "2001:db8:1::d5e3:0:0:1",
            ("2001:db8:1::d5e3:7953:13eb:22e8", TEMPORARY),
            ("2001:db8:1::2", NONE),
            SourceRule::Temporary,
        ),
        // Rule 3, which the examples don't need.
        (
            "2001:db8:1::1",
            ("2001:db8:9::1", NONE),
            ("2001:db8:1::2", DEPRECATED),
            SourceRule::Deprecated,
        ),
        // Home and care-of address at once, and no smaller scope than the destination's.
        (
            "2001:db8:1::1",
            (
                "2001:db8:9::1",
                AddressAttributes {
                    care_of: true,
                    ..HOME
                },
            ),
            ("2001:db8:1::2", HOME),
            SourceRule::Home,
        ),
        (
            "fe80::1",
            ("fec0::1", NONE),
            ("2001:db8::1", NONE),
            SourceRule::Scope,
        ),
    ];
    let table = PolicyTable::default();
    for (destination, right, wrong, rule) in examples {
        let (right, wrong) = (candidate(right), candidate(wrong));
        let expected = (right.address.to_string(), rule);
        assert_eq!(best(&[right, wrong], destination, &table), expected);
        assert_eq!(best(&[wrong, right], destination, &table), expected);
    }
    // Rules 5 and 5.5.
    let plain = candidate(("2001:db8:1::2", NONE));
    let elsewhere = Candidate {
        on_outgoing_link: false,
        ..plain
    };
    let other = candidate(("2001:db8:9::1", NONE));
    let expected = ("2001:db8:9::1".to_string(), SourceRule::OutgoingLink);
    assert_eq!(best(&[elsewhere, other], "2001:db8:1::1", &table), expected);
    let advertised = Candidate {
        of_next_hop: true,
        ..other
    };
    let expected = ("2001:db8:9::1".to_string(), SourceRule::NextHopPrefix);
    assert_eq!(
        best(&[plain, advertised], "2001:db8:1::1", &table),
        expected
    );
    // Rule 8 compares no more than the prefix: of equals the first.
    let twin = candidate(("2001:db8:1::dead", NONE));
    let expected = ("2001:db8:1::2".to_string(), SourceRule::First);
    assert_eq!(best(&[plain, twin], "2001:db8:1::dead:1", &table), expected);
    let expected = ("2001:db8:1::2".to_string(), SourceRule::OnlyCandidate);
    assert_eq!(best(&[plain], "2001:db8:9::1", &table), expected);
}

#[test]
fn sas_04_the_table_of_rfc_6724_and_labels_of_virtual_networks() {
    // RFC 6724 section 2.1.
    let lines = [
        ("::1", 50, 0),
        ("2a00::1", 40, 1),
        ("192.0.2.1", 35, 4),
        ("2002::1", 30, 2),
        ("2001::1", 5, 5),
        ("fd00::1", 3, 13),
        ("::2", 1, 3),
        ("fec0::1", 1, 11),
        ("3ffe::1", 1, 12),
    ];
    let table = PolicyTable::default();
    assert_eq!(table.entries().len(), lines.len());
    for (address, precedence, label) in lines {
        let line = table.lookup(ip(address)).unwrap();
        assert_eq!((line.precedence, line.label.0), (precedence, label));
    }
    let prefixes: Vec<Prefix> = table.entries().iter().map(|line| line.prefix).collect();
    for prefix in [
        "::1/128",
        "::/0",
        "::ffff:0:0/96",
        "::/96",
        "fc00::/7",
        "fec0::/10",
    ] {
        assert!(prefixes.contains(&prefix.parse().unwrap()), "{prefix}");
    }

    // A host without a virtual interface has addresses of both networks on one link. The label keeps
    // them apart where the longest prefix would not.
    let host = |labels: &str| {
        Lab::new(&format!(
            r#"
arrangement = "tunnel-mode"
routes = [{{ prefix = "::/0", link = "wan", via = "fe80::1" }}]

[[networks]]
name = "base"
[networks.source-addresses]
labels = [{labels}]
attributes = [{{ address = "2001:db8:f::1", deprecated = true }}]

[[links]]
name = "wan"
addresses = ["2001:db8:f::1/48", "2001:db8:e::1/48", "2001:db8:8000::1/48"]
"#
        ))
    };
    let far = "2001:db8:c000::9";
    assert_eq!(
        chosen(&host(""), "base", far),
        (ip("2001:db8:8000::1"), SourceRule::LongestPrefix)
    );
    let labels = "{ prefix = \"2001:db8:8000::/48\", label = 100 }";
    assert_eq!(
        chosen(&host(labels), "base", far),
        (ip("2001:db8:e::1"), SourceRule::Label)
    );
    let both = "{ prefix = \"2001:db8:8000::/48\", label = 100 }, { prefix = \"2001:db8:c000::/48\", label = 100 }";
    assert_eq!(
        chosen(&host(both), "base", far),
        (ip("2001:db8:8000::1"), SourceRule::Label)
    );
    // A line of the document takes the place of the RFC's.
    let instead = "{ prefix = \"::/0\", label = 7 }";
    let host = host(instead);
    let settings = host.node.tables().network(host.network("base")).unwrap();
    let label = settings.sources().table.label(ip("2a00::1")).unwrap();
    assert_eq!(label.0, 7);
}
