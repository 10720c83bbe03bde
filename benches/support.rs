//! What the benches share: packets, keys and nodes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench may fail anywhere"
)]

pub mod inputs;
mod packets;
mod ways;

pub use packets::Packets;
pub use ways::{Gateways, Sas, Way};

use criterion::{BenchmarkId, Criterion, Throughput};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::Ipv4Header;

/// Sizes of packets, bytes, IP headers included: the small packets of voice, a middle one, and the largest
/// that fits Ethernet with all headers.
pub const SIZES: [usize; 3] = [64, 576, 1400];

/// Numbers of packets that are handed over at once.
pub const BURSTS: [usize; 2] = [1, 32];

/// All arrangements of a gateway.
pub const ARRANGEMENTS: [&str; 6] = [
    "iiptran",
    "tunnel-mode",
    "interface-sa",
    "initial-lookup-a",
    "initial-lookup-b",
    "integrated",
];

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
transform = "TRANSFORM"
window = 128
outbound = { spi = 0xNEAR000, KEYS }
inbound = { spi = 0xFAR000, KEYS }
"#;

/// The document of a gateway in an arrangement, one of `iiptran`, `tunnel-mode` and so on.
#[must_use]
pub fn gateway(arrangement: &str, transform: Transform, near: &str, far: &str) -> String {
    let digits = |length: usize| -> String {
        let bytes = (0..length).map(|index| format!("{index:02x}"));
        bytes.collect()
    };
    let [encryption, integrity] = key_lengths(transform).map(digits);
    let keys = if integrity.is_empty() {
        format!("key = \"{encryption}\"")
    } else {
        format!("key = \"{encryption}\", integrity-key = \"{integrity}\"")
    };
    GATEWAY
        .replace("ARRANGEMENT", arrangement)
        .replace("TRANSFORM", &transform.to_string())
        .replace("KEYS", &keys)
        .replace("NEAR", near)
        .replace("FAR", far)
}

/// Keys for a transform: 0, 1, 2, ...
#[must_use]
pub fn keys(transform: Transform) -> Keys {
    let bytes = |length: usize| (0..length).map(|index| index as u8).collect::<Vec<u8>>();
    let [encryption, integrity] = key_lengths(transform).map(bytes);
    Keys {
        encryption: encryption.into(),
        integrity: integrity.into(),
    }
}

/// Bytes of the encryption key with its salt, and of the integrity key.
fn key_lengths(transform: Transform) -> [usize; 2] {
    let integrity = transform.integrity().map_or(0, |it| it.key_length());
    [transform.key_length() + transform.salt_length(), integrity]
}

/// Adds a way there and back to a group of Criterion: every size, every burst. Throughput is in packets.
pub fn bench_way<W: Way>(criterion: &mut Criterion, name: &str, new: impl Fn(usize) -> W) {
    let mut group = criterion.benchmark_group(name);
    for size in SIZES {
        for burst in BURSTS {
            group.throughput(Throughput::Elements(burst as u64));
            let sizes = vec![size; burst];
            let mut packets = Packets::new(Gateways::SOURCE, Gateways::DESTINATION, &sizes);
            let mut way = new(burst);
            let id = |direction| BenchmarkId::new(direction, format!("{size} x {burst}"));
            group.bench_function(id("out"), |bencher| {
                bencher.iter_custom(|count| (0..count).map(|_| way.time_out(&mut packets)).sum());
            });
            let mut way = new(burst);
            group.bench_function(id("in"), |bencher| {
                bencher.iter_custom(|count| (0..count).map(|_| way.time_back(&mut packets)).sum());
            });
        }
    }
    group.finish();
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

/// An IPv6 packet of so many bytes, with UDP in it.
#[must_use]
pub fn packet_v6(size: usize) -> Vec<u8> {
    const UDP: u8 = 17;
    let payload = (size - 40) as u16;
    let mut packet = vec![0x60, 0, 0, 0];
    packet.extend(payload.to_be_bytes());
    packet.extend([UDP, 64]);
    for host in [5, 6] {
        packet.extend([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host]);
    }
    packet.extend([0x30, 0x39, 0, 7]);
    packet.extend(payload.to_be_bytes());
    packet.resize(size, 0x5a);
    packet
}
