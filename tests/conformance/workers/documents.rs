//! Documents that are wrong about workers.

use iiptran::config::{ConfigError, NodeConfig};
use iiptran::wire::IpVersion::V4;
use iiptran_tests::lab::{Gateways, Side};

fn refused(document: &str) -> ConfigError {
    let config = NodeConfig::from_toml(document);
    let error = config.and_then(|config| config.compile().map(drop));
    error.expect_err(document)
}

/// A gateway whose link has these SAs for workers.
fn gateway(workers: &str) -> String {
    let protection = format!("workers = {workers}");
    let gateways = Gateways {
        protection,
        ..Gateways::new("iiptran")
    };
    gateways.document(Side::A)
}

const WORKERS: &str = "virtual-links[0].protection.workers";

#[test]
fn wrk_03_a_worker_has_one_place() {
    let keys = format!("{{ spi = 0x5000, key = \"{}\" }}", "5a".repeat(20));
    let twice =
        format!("[{{ worker = 4, inbound = {keys} }}, {{ worker = 4, outbound = {keys} }}]");
    let error = refused(&gateway(&twice));
    assert_eq!(error.path, format!("{WORKERS}[1].worker"));
    assert_eq!(error.cause, "worker 4 has SAs in this list already");
    let error = refused(&gateway(
        "[{ worker = 0, outbound = { spi = 5, key = \"\" } }]",
    ));
    assert_eq!(error.path, format!("{WORKERS}[0].outbound.spi"));
    let short = "[{ worker = 0, inbound = { spi = 0x5000, key = \"00\" } }]";
    assert_eq!(
        refused(&gateway(short)).path,
        format!("{WORKERS}[0].inbound.key")
    );
    for worker in ["65536", "-1", "\"one\""] {
        let error = refused(&gateway(&format!("[{{ worker = {worker} }}]")));
        assert_eq!(error.path, format!("{WORKERS}[0].worker"), "{error}");
    }
    let error = refused(&gateway("[{ outbound = { spi = 0x5000, key = \"\" } }]"));
    assert_eq!(error.path, format!("{WORKERS}[0]"), "{error}");
}

#[test]
fn wrk_03_their_keys_are_keys_of_the_document() {
    let workers = format!(
        "[{{ worker = 0, outbound = {{ spi = 0x5000, key = \"{}\" }} }}]",
        "5a".repeat(20)
    );
    let document = gateway(&workers).replace("insecure-test-keys = true", "");
    let lines = document.lines();
    let document: Vec<_> = lines
        .filter(|line| !line.starts_with("outbound =") && !line.starts_with("inbound ="))
        .collect();
    let error = refused(&document.join("\n"));
    assert_eq!(error.path, "virtual-links[0].protection.transform");
}

/// A host with SAs of a policy for any worker and for the workers 1 and 2, as `selectors` says of the last.
fn host(selectors: &str) -> String {
    let sa = |worker: &str, spi, selectors: &str| {
        format!(
            "[[sas]]\ndirection = \"outbound\"\npolicy = \"peer\"\nspi = {spi}\n{worker}\n\
             transform = \"null + hmac-sha2-256-128\"\nintegrity-key = \"{}\"\n{selectors}\n",
            "3c".repeat(32)
        )
    };
    let host = "arrangement = \"transport\"\n\
        links = [{ name = \"eth\", addresses = [\"192.0.2.1/24\"] }]\n\
        policies = [{ name = \"peer\", action = \"protect\" }]\n";
    let udp = "selectors = [{ protocol = \"udp\" }]";
    let tcp = "selectors = [{ protocol = \"tcp\" }]";
    [
        host,
        &sa("", 0x1000, udp),
        &sa("", 0x1001, tcp),
        &sa("worker = 1", 0x1002, udp),
        &sa("worker = 2", 0x1003, selectors),
    ]
    .concat()
}

#[test]
fn wrk_03_a_group_carries_the_same_packets() {
    for right in ["udp", "tcp"] {
        let document = host(&format!("selectors = [{{ protocol = \"{right}\" }}]"));
        NodeConfig::from_toml(&document).unwrap().compile().unwrap();
    }
    for wrong in [
        "",
        "selectors = [{ protocol = \"sctp\" }]",
        "selectors = [{ protocol = \"udp\", remote = [\"192.0.2.2\"] }]",
        "selectors = [{ protocol = \"udp\" }]\ninner-selectors = [{ protocol = \"udp\" }]",
    ] {
        let error = refused(&host(wrong));
        assert_eq!(error.path, "sas[3]", "{wrong}");
        assert!(error.cause.contains("RFC 9611 section 4"), "{error}");
    }
    // Without one for any worker there is none to differ from.
    let document = host("").replace("worker = 1", "worker = 7");
    let first = document.find("[[sas]]").unwrap();
    let last = document.rfind("[[sas]]").unwrap();
    let alone = [&document[..first], &document[last..]].concat();
    NodeConfig::from_toml(&alone).unwrap().compile().unwrap();
}

#[test]
fn wrk_03_an_interface_has_one_sa_of_each_worker() {
    let sa = |worker: &str, spi| {
        format!(
            "[[sas]]\nnetwork = \"vn\"\ndirection = \"outbound\"\npolicy = \"link\"\nmode = \"tunnel\"\nsource = \"192.0.2.1\"\n\
             destination = \"192.0.2.2\"\nspi = {spi}\n{worker}\ntransform = \"aes-128-gcm-16\"\nkey = \"{}\"\n",
            "3c".repeat(20)
        )
    };
    let gateways = |more: &[String]| {
        let gateways = Gateways {
            outer: V4,
            ..Gateways::new("interface-sa")
        };
        gateways.more(&more.concat()).document(Side::A)
    };
    let two = [sa("worker = 0", 0x5000), sa("worker = 1", 0x5001)];
    NodeConfig::from_toml(&gateways(&two))
        .unwrap()
        .compile()
        .unwrap();
    for (wrong, path) in [
        (vec![sa("", 0x5000)], "sas[0]"),
        (
            vec![sa("worker = 1", 0x5000), sa("worker = 1", 0x5001)],
            "sas[1]",
        ),
    ] {
        let error = refused(&gateways(&wrong));
        assert_eq!(error.path, path);
        assert!(error.cause.contains("the interface has an SA"), "{error}");
    }
}
