//! A gateway, from the LAN to the wire and from the wire to the LAN: each arrangement x transform x size x burst.
//!
//! Making the packets is not timed. What comes from the wire has just been sealed, and anti-replay is on.

use criterion::{Criterion, criterion_group, criterion_main};
use iiptran_benches::{ARRANGEMENTS, Gateways, bench_way, choose_kernel, transforms};

fn gateways(criterion: &mut Criterion) {
    choose_kernel();
    for arrangement in ARRANGEMENTS {
        for transform in transforms() {
            let name = format!("node/{arrangement}/{transform}");
            bench_way(criterion, &name, |burst| {
                Gateways::new(arrangement, transform, burst)
            });
        }
    }
}

criterion_group!(benches, gateways);
criterion_main!(benches);
