//! The scenarios that come with the crate.

/// A scenario that comes with the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// Its document, in TOML.
    pub text: &'static str,
}

/// Embeds scenarios by their names.
macro_rules! embed {
    ($($name:literal),* $(,)?) => {
        &[$(Shipped {
            name: $name,
            text: include_str!(concat!("../../scenarios/", $name, ".toml")),
        }),*]
    };
}

/// All of them: the figures of RFC 3884, and what else may happen to a network.
// The texts of a constant are there once for each crate that names it.
pub static SHIPPED: &[Shipped] = embed![
    "figure-1",
    "figure-2",
    "figure-3",
    "figure-4",
    "figure-5",
    "figure-6",
    "comparison",
    "rekey",
    "sa-expiry",
    "path-mtu",
    "spoofing",
    "equal-addresses",
    "nested",
];

/// The scenario of this name.
#[must_use]
pub fn shipped(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|scenario| scenario.name == name)
}
