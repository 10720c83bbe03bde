//! Bursts of 32 packets through an SA and through a whole gateway: nanoseconds a packet, minimum and median.
//!
//! Each round makes the packets anew, seals them, opens what was sealed, with anti-replay on, and times both;
//! making them is not timed. SAs are those of IPsec tunnel mode over IPv4, sizes are those of inner packets,
//! as librte_ipsec is measured. All lines take turns within a round, so that only their ratios count.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench may fail anywhere"
)]

use core::hint::black_box;
use core::ops::Range;
use std::time::{Duration, Instant as Clock};

use iiptran::config::NodeConfig;
use iiptran::sa::{Carried, InboundSa, OutboundSa, SaParameters};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::Spi;
use iiptran::{DropReason, Instant, LinkId, Mode, NoTrace, Node, Packet, TunnelEnds, Verdict};
use iiptran_benches::{gateway, packet};

const BURST: usize = 32;
const ROOM: usize = 128;
const SLOT: usize = 2048;
const IMIX: [usize; 12] = [64, 576, 64, 64, 1400, 64, 576, 64, 64, 576, 64, 576];
const SOURCE: [u8; 4] = [10, 1, 0, 5];
const DESTINATION: [u8; 4] = [10, 2, 0, 5];

/// Packets in one piece of memory.
struct Packets {
    memory: Vec<u8>,
    clear: Vec<Vec<u8>>,
    places: Vec<Range<usize>>,
}

impl Packets {
    fn new(sizes: &[usize]) -> Self {
        let clear: Vec<_> = (0..BURST)
            .map(|index| packet(SOURCE, DESTINATION, sizes[index % sizes.len()] - 28))
            .collect();
        Self {
            memory: vec![0; BURST * SLOT],
            places: vec![0..0; BURST],
            clear,
        }
    }

    fn refill(&mut self) {
        for (index, packet) in self.clear.iter().enumerate() {
            let place = ROOM..ROOM + packet.len();
            self.memory[index * SLOT..][place.clone()].copy_from_slice(packet);
            self.places[index] = place;
        }
    }

    /// Times what is done to all packets.
    fn time(&mut self, work: impl FnOnce(&mut [Packet<'_>])) -> Duration {
        let slots = self.memory.chunks_mut(SLOT).zip(&self.places);
        let mut packets: Vec<_> = slots
            .map(|(slot, place)| Packet::new(slot, place.clone()).expect("a place"))
            .collect();
        let clock = Clock::now();
        work(black_box(&mut packets));
        let time = clock.elapsed();
        for (place, packet) in self.places.iter_mut().zip(&packets) {
            *place = packet.range();
        }
        time
    }

    fn check(&self, header_changed: bool) {
        for (index, packet) in self.clear.iter().enumerate() {
            let now = &self.memory[index * SLOT..][self.places[index].clone()];
            let from = if header_changed { 20 } else { 0 };
            assert_eq!(&now[from..], &packet[from..], "a packet came through whole");
        }
    }
}

/// Something that carries bursts there and back.
trait Way {
    fn out(&mut self, packets: &mut [Packet<'_>]);
    fn back(&mut self, packets: &mut [Packet<'_>]);
    fn forwards(&self) -> bool;
}

struct Sas(OutboundSa, InboundSa, [Result<Carried, DropReason>; BURST]);

impl Sas {
    fn new(transform: &str, integrity: Option<&str>) -> Self {
        let transform = Transform::from_names(transform, integrity).expect("a transform");
        let bytes = |length: usize| (0..length).map(|index| index as u8).collect::<Vec<u8>>();
        let integrity = transform.integrity().map_or(0, |it| it.key_length());
        let keys = Keys {
            encryption: bytes(transform.key_length() + transform.salt_length()).into(),
            integrity: bytes(integrity).into(),
        };
        let ends = |local: [u8; 4], remote: [u8; 4]| {
            Mode::Tunnel(TunnelEnds {
                local: local.into(),
                remote: remote.into(),
            })
        };
        let (near, far) = ([192, 0, 2, 1], [192, 0, 2, 2]);
        let sender = SaParameters::new(Spi(0x1000), ends(near, far), transform, keys);
        let receiver = SaParameters {
            mode: ends(far, near),
            window: Some(128),
            ..sender.clone()
        };
        Self(
            OutboundSa::new(sender).expect("an SA"),
            InboundSa::new(receiver).expect("an SA"),
            [Err(DropReason::Truncated); BURST],
        )
    }
}

impl Way for Sas {
    fn out(&mut self, packets: &mut [Packet<'_>]) {
        self.0.seal_burst(Instant::ZERO, packets, &mut self.2);
        assert!(self.2.iter().all(Result::is_ok));
    }

    fn back(&mut self, packets: &mut [Packet<'_>]) {
        self.1.open_burst(Instant::ZERO, packets, &mut self.2);
        assert!(self.2.iter().all(Result::is_ok));
    }

    fn forwards(&self) -> bool {
        false
    }
}

struct Gateways {
    near: (Node, LinkId),
    far: (Node, LinkId),
    verdicts: [Verdict; BURST],
}

impl Gateways {
    fn new(arrangement: &str) -> Self {
        let node = |near, far, link: &str| {
            let document = gateway(arrangement, near, far);
            let config = NodeConfig::from_toml(&document).expect("a document");
            let node = config.node().expect("a gateway");
            let link = node.tables().find_link(link).expect("a link");
            (node, link)
        };
        Self {
            near: node("1", "2", "lan"),
            far: node("2", "1", "wan"),
            verdicts: [Verdict::Drop(DropReason::Truncated); BURST],
        }
    }

    fn run(
        (node, link): &mut (Node, LinkId),
        packets: &mut [Packet<'_>],
        verdicts: &mut [Verdict],
    ) {
        node.receive_burst(Instant::ZERO, *link, packets, verdicts, &mut NoTrace);
        for verdict in verdicts {
            assert!(matches!(verdict, Verdict::Transmit { .. }), "{verdict:?}");
        }
    }
}

impl Way for Gateways {
    fn out(&mut self, packets: &mut [Packet<'_>]) {
        Self::run(&mut self.near, packets, &mut self.verdicts);
    }

    fn back(&mut self, packets: &mut [Packet<'_>]) {
        Self::run(&mut self.far, packets, &mut self.verdicts);
    }

    fn forwards(&self) -> bool {
        true
    }
}

struct Line {
    name: String,
    size: String,
    way: Box<dyn Way>,
    packets: Packets,
    out: Vec<Duration>,
    back: Vec<Duration>,
}

impl Line {
    fn round(&mut self) {
        for _ in 0..8 {
            self.packets.refill();
            let Self { way, packets, .. } = self;
            let out = packets.time(|packets| way.out(packets));
            let back = packets.time(|packets| way.back(packets));
            self.out.push(out);
            self.back.push(back);
        }
        self.packets.check(self.way.forwards());
    }

    fn print(&mut self, empty: Duration) {
        let figures = |times: &mut Vec<Duration>| {
            times.sort_unstable();
            let nanos =
                |time: Duration| time.saturating_sub(empty).as_nanos() as f64 / BURST as f64;
            (nanos(times[0]), nanos(times[times.len() / 2]))
        };
        let (out, back) = (figures(&mut self.out), figures(&mut self.back));
        println!(
            "{:34} {:>5} {:9.1} {:9.1} {:9.1} {:9.1}",
            self.name, self.size, out.0, back.0, out.1, back.1
        );
    }
}

fn main() {
    iiptran_benches::choose_kernel();
    // Cargo hands on what it was called with; the other words pick lines.
    let wanted: Vec<_> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut lines = Vec::new();
    let mut add = |name: String, make: &dyn Fn() -> Box<dyn Way>| {
        for size in ["64", "256", "576", "1400", "imix"] {
            let line = format!("{name}, {size}");
            if !wanted.iter().all(|word| line.contains(word)) {
                continue;
            }
            let sizes = size.parse().map_or(IMIX.to_vec(), |size| vec![size]);
            lines.push(Line {
                name: name.clone(),
                size: size.into(),
                way: make(),
                packets: Packets::new(&sizes),
                out: Vec::new(),
                back: Vec::new(),
            });
        }
    };
    for (encryption, integrity) in [
        ("aes-128-gcm-16", None),
        ("aes-256-gcm-16", None),
        ("chacha20-poly1305", None),
        ("aes-128-cbc", Some("hmac-sha2-256-128")),
    ] {
        add(format!("sa {encryption}"), &|| {
            Box::new(Sas::new(encryption, integrity))
        });
    }
    for arrangement in ["iiptran", "tunnel-mode"] {
        add(format!("node {arrangement}"), &|| {
            Box::new(Gateways::new(arrangement))
        });
    }
    let clocks = (0..1000).map(|_| Clock::now().elapsed());
    let empty = clocks.min().unwrap_or_default();
    for _ in 0..400 {
        for line in &mut lines {
            line.round();
        }
    }
    println!("                                              minimum              median");
    println!("what                                size       out      back       out      back");
    for line in &mut lines {
        line.print(empty);
    }
}
