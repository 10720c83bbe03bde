//! Nodes made from documents, and what they do with packets.

use std::net::IpAddr;

use iiptran::config::NodeConfig;
use iiptran::node::SaTrail;
use iiptran::trace::{Stage, Step};
use iiptran::transform::Transform;
use iiptran::wire::IpVersion;
use iiptran::{DropReason, LinkId, NetworkId, Node, PacketBuffer, Trace, Verdict};

use crate::NOW;

/// A node and the names in its document.
#[derive(Debug)]
pub struct Lab {
    /// The node.
    pub node: Node,
}

/// What became of a packet.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The packet as the node left it.
    pub packet: Vec<u8>,
    /// The steps on its way.
    pub stages: Vec<Stage>,
    /// What it came by.
    pub trail: SaTrail,
}

#[derive(Default)]
struct Stages(Vec<Stage>);

impl Trace for Stages {
    fn step(&mut self, step: &Step<'_>) {
        self.0.push(step.stage());
    }
}

impl Lab {
    /// The node of a TOML document.
    ///
    /// # Panics
    /// If the document is wrong.
    #[must_use]
    pub fn new(document: &str) -> Self {
        crate::choose_kernel();
        let config = NodeConfig::from_toml(document).unwrap_or_else(|e| panic!("{e}\n{document}"));
        Self {
            node: config.node().unwrap_or_else(|e| panic!("{e}\n{document}")),
        }
    }

    /// The link of this name.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn link(&self, name: &str) -> LinkId {
        self.node
            .tables()
            .find_link(name)
            .unwrap_or_else(|| panic!("no link {name}"))
    }

    /// The network of this name.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn network(&self, name: &str) -> NetworkId {
        self.node
            .tables()
            .find_network(name)
            .unwrap_or_else(|| panic!("no network {name}"))
    }

    /// The packet comes in by a link.
    pub fn receive(&mut self, link: &str, packet: &[u8]) -> Outcome {
        let link = self.link(link);
        self.run(packet, |node, packet, trace| {
            node.receive(NOW, link, packet, trace)
        })
    }

    /// The node itself sends the packet in a network.
    pub fn send(&mut self, network: &str, packet: &[u8]) -> Outcome {
        let network = self.network(network);
        self.run(packet, |node, packet, trace| {
            node.send(NOW, network, packet, trace)
        })
    }

    /// The node itself sends the packet out of a link.
    pub fn send_via(&mut self, link: &str, packet: &[u8]) -> Outcome {
        let link = self.link(link);
        self.run(packet, |node, packet, trace| {
            node.send_via(NOW, link, packet, trace)
        })
    }

    fn run(
        &mut self,
        packet: &[u8],
        way: impl FnOnce(&mut Node, &mut iiptran::Packet<'_>, &mut Stages) -> Verdict,
    ) -> Outcome {
        let mut buffer = PacketBuffer::new(packet);
        let mut stages = Stages::default();
        let verdict = buffer.process(|packet| way(&mut self.node, packet, &mut stages));
        Outcome {
            verdict,
            packet: buffer.bytes().to_vec(),
            stages: stages.0,
            trail: *self.node.trail(),
        }
    }

    /// How often packets were dropped for a reason.
    #[must_use]
    pub fn drops(&self, reason: DropReason) -> u64 {
        self.node.counters().drops(reason)
    }
}

impl Outcome {
    /// Why the packet was dropped.
    #[must_use]
    pub fn reason(&self) -> Option<DropReason> {
        self.verdict.drop_reason()
    }

    /// The packet, if it is to be transmitted.
    ///
    /// # Panics
    /// If it is not.
    #[must_use]
    pub fn transmitted(self) -> Vec<u8> {
        assert!(matches!(self.verdict, Verdict::Transmit { .. }), "{self:?}");
        self.packet
    }

    /// The packet, if it is for the node itself.
    ///
    /// # Panics
    /// If it is not.
    #[must_use]
    pub fn delivered(self) -> Vec<u8> {
        assert!(matches!(self.verdict, Verdict::Deliver { .. }), "{self:?}");
        self.packet
    }
}

/// An address in text.
///
/// # Panics
/// If it is none.
#[must_use]
pub fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Two gateways, A and B, at the ends of one virtual link. Behind A is 10.1.0.0/16 and fd00:1::/64, behind
/// B 10.2.0.0/16 and fd00:2::/64. In the base network, A is 192.0.2.1 and 2001:db8::1, B is 192.0.2.2 and
/// 2001:db8::2.
#[derive(Clone, Debug)]
pub struct Gateways {
    /// The word of the arrangement.
    pub arrangement: &'static str,
    /// The IP version of the base network's packets.
    pub outer: IpVersion,
    /// Algorithms; none for a link in clear.
    pub transform: Option<Transform>,
    /// Whether sequence numbers have 64 bits.
    pub extended: bool,
    /// More lines for the virtual link.
    pub link: String,
    /// More lines for the protection.
    pub protection: String,
    /// More lines at the end of the document.
    pub more: String,
}

/// Which of the two gateways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one with 10.1.0.0/16 behind it.
    A,
    /// The one with 10.2.0.0/16 behind it.
    B,
}

impl Gateways {
    /// Gateways of this arrangement over IPv4, with AES-128-GCM.
    ///
    /// # Panics
    /// Never: the transform exists.
    #[must_use]
    pub fn new(arrangement: &'static str) -> Self {
        Self {
            arrangement,
            outer: IpVersion::V4,
            transform: Some(Transform::from_names("aes-128-gcm-16", None).expect("a transform")),
            extended: false,
            link: String::new(),
            protection: String::new(),
            more: String::new(),
        }
    }

    /// Gateways with an IPIP tunnel between them that nothing protects.
    #[must_use]
    pub fn in_clear(outer: IpVersion) -> Self {
        Self {
            outer,
            transform: None,
            ..Self::new("iiptran")
        }
    }

    /// The same with these lines for the virtual link.
    #[must_use]
    pub fn link(self, lines: &str) -> Self {
        let link = lines.into();
        Self { link, ..self }
    }

    /// The same with these lines at the end of the document.
    #[must_use]
    pub fn more(self, lines: &str) -> Self {
        let more = lines.into();
        Self { more, ..self }
    }

    /// One of the gateways.
    #[must_use]
    pub fn node(&self, side: Side) -> Lab {
        Lab::new(&self.document(side))
    }

    /// Both gateways.
    #[must_use]
    pub fn nodes(&self) -> (Lab, Lab) {
        (self.node(Side::A), self.node(Side::B))
    }

    /// The document of one of the gateways.
    #[must_use]
    pub fn document(&self, side: Side) -> String {
        let (near, far) = match side {
            Side::A => (1, 2),
            Side::B => (2, 1),
        };
        let ends = match self.outer {
            IpVersion::V4 => ["192.0.2.", "192.0.2."],
            IpVersion::V6 => ["2001:db8::", "2001:db8::"],
        };
        let [local, remote] = ends;
        let Self {
            arrangement,
            link,
            more,
            ..
        } = self;
        let addresses = match *arrangement {
            "iiptran" | "interface-sa" | "initial-lookup-b" => {
                format!("addresses = [\"10.255.0.{near}/30\", \"fd00:ff::{near}/126\"]")
            }
            _ => String::new(),
        };
        let protection = self
            .transform
            .map_or(String::new(), |transform| self.protection(transform, side));
        format!(
            r#"
arrangement = "{arrangement}"
insecure-test-keys = true
networks = [{{ name = "base" }}, {{ name = "vn" }}]

[[links]]
name = "lan"
network = "vn"
side = "protected"
addresses = ["10.{near}.0.1/16", "fd00:{near}::1/64"]

[[links]]
name = "wan"
addresses = ["192.0.2.{near}/24", "2001:db8::{near}/64"]

[[virtual-links]]
name = "link"
network = "vn"
local = "{local}{near}"
remote = "{remote}{far}"
{addresses}
traffic = [
    {{ local = ["10.{near}.0.0/16"], remote = ["10.{far}.0.0/16"] }},
    {{ local = ["fd00:{near}::/64"], remote = ["fd00:{far}::/64"] }},
]
{link}
{protection}

[[routes]]
network = "vn"
prefix = "10.{far}.0.0/16"
link = "link"

[[routes]]
network = "vn"
prefix = "fd00:{far}::/64"
link = "link"
{more}
"#
        )
    }

    fn protection(&self, transform: Transform, side: Side) -> String {
        let key = |direction: u8| {
            let length = transform.key_length() + transform.salt_length();
            let integrity = transform
                .integrity()
                .map_or(0, |integrity| integrity.key_length());
            let hex = |length: usize, seed: u8| -> String {
                (0..length)
                    .map(|i| format!("{:02x}", seed ^ (i as u8).wrapping_mul(7)))
                    .collect()
            };
            format!(
                "spi = \"0x0000{direction:02x}01\", key = \"{}\", integrity-key = \"{}\"",
                hex(length, direction),
                hex(integrity, direction ^ 0x55),
            )
        };
        let (outbound, inbound) = match side {
            Side::A => (0xab, 0xba),
            Side::B => (0xba, 0xab),
        };
        format!(
            "[virtual-links.protection]\ntransform = \"{transform}\"\nextended-sequence = {}\n\
             outbound = {{ {} }}\ninbound = {{ {} }}\n{}",
            self.extended,
            key(outbound),
            key(inbound),
            self.protection,
        )
    }
}

/// Both IP versions.
pub const VERSIONS: [IpVersion; 2] = [IpVersion::V4, IpVersion::V6];

/// Each version with each: the outer and the inner one.
pub fn version_pairs() -> impl Iterator<Item = (IpVersion, IpVersion)> {
    VERSIONS
        .into_iter()
        .flat_map(|outer| VERSIONS.map(|inner| (outer, inner)))
}

/// Gateways A and B in the base network.
#[must_use]
pub fn gateways(outer: IpVersion) -> [IpAddr; 2] {
    match outer {
        IpVersion::V4 => [ip("192.0.2.1"), ip("192.0.2.2")],
        IpVersion::V6 => [ip("2001:db8::1"), ip("2001:db8::2")],
    }
}

/// A host behind gateway A and one behind gateway B.
#[must_use]
pub fn hosts(inner: IpVersion) -> [IpAddr; 2] {
    match inner {
        IpVersion::V4 => [ip("10.1.0.5"), ip("10.2.0.5")],
        IpVersion::V6 => [ip("fd00:1::5"), ip("fd00:2::5")],
    }
}
