//! One SA: sealing and opening a packet in transport mode.
//!
//! Each iteration copies the packet into its buffer first; `copy` is what that alone takes.
#![allow(clippy::expect_used, reason = "a bench may fail anywhere")]

use core::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use iiptran::Instant;
use iiptran_benches::{Buffer, SIZES, choose_kernel, packet, sas, transforms};

const ENDS: [[u8; 4]; 2] = [[192, 0, 2, 1], [192, 0, 2, 2]];

fn seal(criterion: &mut Criterion) {
    choose_kernel();
    let mut group = criterion.benchmark_group("seal");
    for size in SIZES {
        let mut buffer = Buffer::new(packet(ENDS[0], ENDS[1], size));
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function(BenchmarkId::new("copy", size), |bencher| {
            bencher.iter(|| {
                black_box(buffer.fresh());
            });
        });
        for transform in transforms() {
            let (sender, _) = sas(transform);
            group.bench_function(BenchmarkId::new(transform.to_string(), size), |bencher| {
                bencher.iter(|| {
                    let mut packet = buffer.fresh();
                    sender.seal(Instant::ZERO, &mut packet).expect("sealed");
                    black_box(&mut packet);
                });
            });
        }
    }
}

fn open(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("open");
    for size in SIZES {
        group.throughput(Throughput::Bytes(size as u64));
        for transform in transforms() {
            let (sender, mut receiver) = sas(transform);
            let mut buffer = Buffer::new(packet(ENDS[0], ENDS[1], size));
            let mut sealed = buffer.fresh();
            sender.seal(Instant::ZERO, &mut sealed).expect("sealed");
            let mut buffer = Buffer::new(sealed.bytes().to_vec());
            group.bench_function(BenchmarkId::new(transform.to_string(), size), |bencher| {
                bencher.iter(|| {
                    let mut packet = buffer.fresh();
                    receiver.open(Instant::ZERO, &mut packet).expect("opened");
                    black_box(&mut packet);
                });
            });
        }
    }
}

criterion_group!(benches, seal, open);
criterion_main!(benches);
