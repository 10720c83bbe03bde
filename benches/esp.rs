//! One SA: sealing and opening, each transform x size x burst.
//!
//! Making the packets is not timed. What is opened has just been sealed, and anti-replay is on.

use criterion::{Criterion, criterion_group, criterion_main};
use iiptran_benches::{Sas, bench_way, choose_kernel, transforms};

fn esp(criterion: &mut Criterion) {
    choose_kernel();
    for transform in transforms() {
        bench_way(criterion, &format!("esp/{transform}"), |burst| {
            Sas::new(transform, burst)
        });
    }
}

criterion_group!(benches, esp);
criterion_main!(benches);
