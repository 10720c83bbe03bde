//! Figure 3 of RFC 3884, seen from A: X is behind A, and Y behind D, which virtual link 3 to B and virtual
//! link 4 to C lead to.

use std::sync::Arc;

use iiptran::config::NodeConfig;
use iiptran::fib::Path;
use iiptran::wire::Flow;
use iiptran::{LinkId, Verdict};
use iiptran_tests::lab::{Lab, ip};
use iiptran_tests::{Ip, header};

/// The physical links of A: one that both virtual links leave by.
pub(crate) const ONE_LINK: &str = r#"
[[links]]
name = "wan"
addresses = ["192.0.2.1/24", "198.51.100.1/24"]
"#;

/// The physical links of A: one for each virtual link.
pub(crate) const TWO_LINKS: &str = r#"
[[links]]
name = "wan"
addresses = ["192.0.2.1/24"]

[[links]]
name = "wan-to-c"
addresses = ["198.51.100.1/24"]
"#;

/// B in the base network.
pub(crate) const B: &str = "192.0.2.2";
/// C in the base network.
pub(crate) const C: &str = "198.51.100.2";

/// A's document: both virtual links take any traffic, and Y is reached by the one named.
pub(crate) fn document(arrangement: &str, links: &str, to_y: &str) -> String {
    let key = "000102030405060708090a0b0c0d0e0f10111213";
    let virtual_link = |number: u8, base: &str| {
        format!(
            r#"
[[virtual-links]]
name = "link-{number}"
network = "vn"
local = "{base}.1"
remote = "{base}.2"
addresses = ["10.255.{number}.1/30"]
protection.transform = "aes-128-gcm-16"
protection.outbound = {{ spi = 0x100{number}, key = "{key}" }}
protection.inbound = {{ spi = 0x200{number}, key = "{key}" }}
"#
        )
    };
    format!(
        r#"
arrangement = "{arrangement}"
insecure-test-keys = true
networks = [{{ name = "base" }}, {{ name = "vn" }}]
{links}
[[links]]
name = "lan"
network = "vn"
side = "protected"
addresses = ["10.1.0.1/16"]
{}{}
[[routes]]
network = "vn"
prefix = "10.4.0.0/16"
{to_y}
"#,
        virtual_link(3, "192.0.2"),
        virtual_link(4, "198.51.100"),
    )
}

/// The line of a route by one link.
pub(crate) fn by(link: &str) -> String {
    format!("link = \"{link}\"")
}

/// A, Y being reached by link 3.
pub(crate) fn a(arrangement: &str, links: &str) -> Lab {
    Lab::new(&document(arrangement, links, &by("link-3")))
}

/// The route to Y changes while A runs.
pub(crate) fn flip(a: &mut Lab, links: &str, to_y: &str) {
    let arrangement = a.node.tables().arrangement().name();
    let config = NodeConfig::from_toml(&document(arrangement, links, to_y)).unwrap();
    let network = a.network("vn");
    let compiled = config.compile().unwrap().tables;
    let fib = compiled.network(network).unwrap().fib().clone();
    let tables = a.node.tables().with_fib(network, fib);
    a.node.install(Arc::new(tables));
}

/// X's packet to Y.
pub(crate) fn packet() -> Vec<u8> {
    Ip::udp([ip("10.1.0.5"), ip("10.4.0.5")], b"X to Y").bytes()
}

/// What A's policies see of it.
pub(crate) fn flow() -> Flow {
    Flow::of(&packet(), &header(&packet()))
}

/// Which gateway A sends X's packet to, and by which link; `None` if it sends it nowhere.
pub(crate) fn gateway(a: &mut Lab) -> Option<(String, LinkId)> {
    let outcome = a.receive("lan", &packet());
    match outcome.verdict {
        Verdict::Transmit { link, .. } => {
            Some((header(&outcome.packet).destination.to_string(), link))
        }
        _ => None,
    }
}

/// [`gateway`], its address only.
pub(crate) fn peer(a: &mut Lab) -> String {
    gateway(a).map(|(peer, _)| peer).unwrap_or_default()
}

/// The path of A's route to Y.
pub(crate) fn path(a: &Lab) -> Path {
    let tables = a.node.tables();
    let fib = tables.network(a.network("vn")).unwrap().fib();
    match &fib.lookup(ip("10.4.0.5")).unwrap().target {
        iiptran::fib::Target::Forward(paths) => paths.as_slice()[0],
        other => panic!("{other:?}"),
    }
}
