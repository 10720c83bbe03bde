//! A gateway in each arrangement: from the LAN to the wire, and from the wire to the LAN.
//!
//! Each iteration copies the packet into its buffer first, as `esp` does.
#![allow(clippy::expect_used, reason = "a bench may fail anywhere")]

use core::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use iiptran::config::NodeConfig;
use iiptran::{Instant, NoTrace, Node, Verdict};
use iiptran_benches::{Buffer, SIZES, gateway, packet};

fn node(arrangement: &str, near: &str, far: &str) -> Node {
    let document = gateway(arrangement, near, far).replace("window = 128", "window = \"off\"");
    NodeConfig::from_toml(&document)
        .and_then(|config| config.node())
        .expect("a gateway")
}

fn gateways(criterion: &mut Criterion) {
    iiptran_benches::choose_kernel();
    for arrangement in ["iiptran", "tunnel-mode"] {
        let mut sender = node(arrangement, "1", "2");
        let mut receiver = node(arrangement, "2", "1");
        let lan = sender.tables().find_link("lan").expect("a link");
        let wan = receiver.tables().find_link("wan").expect("a link");
        let mut group = criterion.benchmark_group(arrangement);
        for size in SIZES {
            group.throughput(Throughput::Bytes(size as u64));
            let mut buffer = Buffer::new(packet([10, 1, 0, 5], [10, 2, 0, 5], size));
            group.bench_function(BenchmarkId::new("lan to wire", size), |bencher| {
                bencher.iter(|| {
                    let mut packet = buffer.fresh();
                    let verdict = sender.receive(Instant::ZERO, lan, &mut packet, &mut NoTrace);
                    assert!(matches!(verdict, Verdict::Transmit { .. }), "{verdict:?}");
                    black_box(&mut packet);
                });
            });
            let mut sealed = buffer.fresh();
            let verdict = sender.receive(Instant::ZERO, lan, &mut sealed, &mut NoTrace);
            assert!(matches!(verdict, Verdict::Transmit { .. }), "{verdict:?}");
            let mut buffer = Buffer::new(sealed.bytes().to_vec());
            group.bench_function(BenchmarkId::new("wire to lan", size), |bencher| {
                bencher.iter(|| {
                    let mut packet = buffer.fresh();
                    let verdict = receiver.receive(Instant::ZERO, wan, &mut packet, &mut NoTrace);
                    assert!(matches!(verdict, Verdict::Transmit { .. }), "{verdict:?}");
                    black_box(&mut packet);
                });
            });
        }
    }
}

criterion_group!(benches, gateways);
criterion_main!(benches);
