//! The example that comes with the crate: two gateways with a virtual link between them.

/// A node's document that comes with the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// What people call the node.
    pub name: &'static str,
    /// Its document, in TOML.
    pub text: &'static str,
}

/// Two gateways of RFC 3884, at the ends of one virtual link. Hosts of 10.1.0.0/16 are behind the first, by
/// its link `lan`, those of 10.2.0.0/16 behind the second; the base network is at their links `wan`.
pub const GATEWAYS: [Gateway; 2] = [
    Gateway {
        name: "Gateway A",
        text: include_str!("../../gateways/a.toml"),
    },
    Gateway {
        name: "Gateway B",
        text: include_str!("../../gateways/b.toml"),
    },
];
