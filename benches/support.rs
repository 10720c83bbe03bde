//! What the benches share: packets, keys and nodes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench may fail anywhere"
)]

use iiptran::sa::{InboundSa, OutboundSa, SaParameters};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::{Ipv4Header, Spi};
use iiptran::{Mode, Packet};

/// Payload sizes, bytes: the small packets of voice, a middle one, and the largest that fits Ethernet
/// with all headers.
pub const SIZES: [usize; 3] = [64, 576, 1400];

/// Follows `IIPTRAN_ACCEL`: the name of a kernel, `portable`, or nothing for the best there is.
///
/// # Panics
/// If there is no such kernel, or this CPU can't run it.
pub fn choose_kernel() {
    if let Ok(name) = std::env::var("IIPTRAN_ACCEL") {
        iiptran_accel::choose_by_name(&name).expect("IIPTRAN_ACCEL");
    }
}

/// A gateway with 10.NEAR.0.0/16 behind it and a virtual link to the one with 10.FAR.0.0/16.
const GATEWAY: &str = r#"
arrangement = "ARRANGEMENT"
insecure-test-keys = true
networks = [{ name = "base" }, { name = "vn" }]
links = [
    { name = "lan", network = "vn", side = "protected", addresses = ["10.NEAR.0.1/16"] },
    { name = "wan", addresses = ["192.0.2.NEAR/24"], mtu = 2000 },
]
routes = [{ network = "vn", prefix = "10.FAR.0.0/16", link = "tunnel" }]

[[virtual-links]]
name = "tunnel"
network = "vn"
local = "192.0.2.NEAR"
remote = "192.0.2.FAR"
mtu = 1500

[virtual-links.protection]
transform = "aes-128-gcm-16"
window = 128
outbound = { spi = 0xNEAR000, key = "000102030405060708090a0b0c0d0e0f10111213" }
inbound = { spi = 0xFAR000, key = "000102030405060708090a0b0c0d0e0f10111213" }
"#;

/// The document of a gateway in an arrangement, one of `iiptran`, `tunnel-mode` and so on.
#[must_use]
pub fn gateway(arrangement: &str, near: &str, far: &str) -> String {
    GATEWAY
        .replace("ARRANGEMENT", arrangement)
        .replace("NEAR", near)
        .replace("FAR", far)
}

/// The transforms that deployments use most, and one of each family.
///
/// # Panics
/// Never: they exist.
#[must_use]
pub fn transforms() -> Vec<Transform> {
    [
        ("aes-128-gcm-16", None),
        ("aes-256-gcm-16", None),
        ("chacha20-poly1305", None),
        ("aes-128-ccm-16", None),
        ("aes-128-cbc", Some("hmac-sha2-256-128")),
        ("null", Some("hmac-sha2-256-128")),
    ]
    .map(|(encryption, integrity)| Transform::from_names(encryption, integrity).unwrap())
    .to_vec()
}

/// The two sides of a transport-mode SA without anti-replay, so that one packet can be opened again and
/// again.
///
/// # Panics
/// Never: the parameters are right.
#[must_use]
pub fn sas(transform: Transform) -> (OutboundSa, InboundSa) {
    let bytes = |length: usize| (0..length).map(|index| index as u8).collect::<Vec<u8>>();
    let integrity = transform
        .integrity()
        .map_or(0, |integrity| integrity.key_length());
    let keys = Keys {
        encryption: bytes(transform.key_length() + transform.salt_length()).into(),
        integrity: bytes(integrity).into(),
    };
    let parameters = SaParameters::new(Spi(0x1000), Mode::Transport, transform, keys);
    let receiver = SaParameters {
        window: None,
        ..parameters.clone()
    };
    (
        OutboundSa::new(parameters).unwrap(),
        InboundSa::new(receiver).unwrap(),
    )
}

/// A UDP packet with so many bytes of payload.
#[must_use]
pub fn packet(source: [u8; 4], destination: [u8; 4], payload: usize) -> Vec<u8> {
    let total = (28 + payload) as u16;
    let mut packet = vec![0x45, 0];
    packet.extend(total.to_be_bytes());
    packet.extend([0, 0, 0x40, 0, 64, 17, 0, 0]);
    packet.extend(source);
    packet.extend(destination);
    packet.extend([0x30, 0x39, 0, 7]);
    packet.extend((total - 20).to_be_bytes());
    packet.extend([0, 0]);
    packet.extend(core::iter::repeat_n(0x5a, payload));
    Ipv4Header::fill_checksum(&mut packet[..20]);
    packet
}

/// A buffer that holds one packet and can be filled anew at the cost of a copy.
#[derive(Debug)]
pub struct Buffer {
    bytes: Vec<u8>,
    packet: Vec<u8>,
}

impl Buffer {
    const ROOM: usize = 256;

    /// A buffer for this packet.
    #[must_use]
    pub fn new(packet: Vec<u8>) -> Self {
        Self {
            bytes: vec![0; packet.len() + 2 * Self::ROOM],
            packet,
        }
    }

    /// The packet, as it was at first.
    ///
    /// # Panics
    /// Never: there is room.
    pub fn fresh(&mut self) -> Packet<'_> {
        let range = Self::ROOM..Self::ROOM + self.packet.len();
        self.bytes[range.clone()].copy_from_slice(&self.packet);
        Packet::new(&mut self.bytes, range).unwrap()
    }
}
