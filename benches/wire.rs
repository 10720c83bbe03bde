//! What the bytes of a packet mean: headers, flows and checksums, for each size.

use core::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use iiptran::wire::{Flow, IpHeader, SkipList, checksum};
use iiptran_benches::{Gateways, SIZES, packet};

const UDP: u8 = 17;

/// An IPv6 packet of so many bytes, with UDP in it.
fn packet_v6(size: usize) -> Vec<u8> {
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
