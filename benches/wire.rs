//! What the bytes of a packet mean: headers, flows and checksums, for each size.

use core::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use iiptran::wire::{Flow, IpHeader, SkipList, checksum};
use iiptran_benches::{Gateways, SIZES, packet, packet_v6};

fn wire(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("wire");
    let skip = SkipList::default();
    for size in SIZES {
        let v4 = packet(Gateways::SOURCE, Gateways::DESTINATION, size - 28);
        for (version, packet) in [("ipv4", v4), ("ipv6", packet_v6(size))] {
            let parse = || IpHeader::parse(&packet, &skip);
            group.throughput(Throughput::Elements(1));
            group.bench_function(BenchmarkId::new(format!("header {version}"), size), |it| {
                it.iter(|| black_box(IpHeader::parse(black_box(&packet), &skip)));
            });
            group.bench_function(BenchmarkId::new(format!("flow {version}"), size), |it| {
                it.iter(|| black_box(parse().map(|header| Flow::of(black_box(&packet), &header))));
            });
            group.throughput(Throughput::Bytes(size as u64));
            group.bench_function(
                BenchmarkId::new(format!("checksum {version}"), size),
                |it| {
                    it.iter(|| black_box(checksum::internet(black_box(&packet))));
                },
            );
        }
    }
    group.finish();
}

criterion_group!(benches, wire);
criterion_main!(benches);
