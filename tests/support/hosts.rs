//! Two hosts that protect what they say to each other in transport mode.

use crate::lab::Lab;

/// The host 192.0.2.`near` (2001:db8::`near`), which protects its packets to 192.0.2.`far`.
#[must_use]
pub fn host(near: u8, far: u8) -> Lab {
    Lab::new(&document(near, far))
}

/// The document of [`host`].
#[must_use]
pub fn document(near: u8, far: u8) -> String {
    let key = "000102030405060708090a0b0c0d0e0f10111213";
    format!(
        r#"
arrangement = "transport"
insecure-test-keys = true

[[links]]
name = "wan"
addresses = ["192.0.2.{near}/24", "2001:db8::{near}/64"]

[[policies]]
name = "peer"
action = "protect"
selectors = [
    {{ local = ["192.0.2.{near}"], remote = ["192.0.2.{far}"] }},
    {{ local = ["2001:db8::{near}"], remote = ["2001:db8::{far}"] }},
]

[[sas]]
name = "to-peer"
direction = "outbound"
policy = "peer"
spi = 0x{near}001
transform = "aes-128-gcm-16"
key = "{key}"

[[sas]]
name = "from-peer"
direction = "inbound"
spi = 0x{far}001
transform = "aes-128-gcm-16"
key = "{key}"
"#
    )
}
