//! Lookups in bursts of 32: routes, SAs, policies; keys at random over a whole table (cold) and 4096 of them
//! again and again (hot).
//!
//! `cargo bench -p iiptran-benches --bench lookup` is a criterion group. With `-- --lines [NAME]` it prints one
//! JSON object a line instead, for whoever compares: nanoseconds a key, over blocks of 4096 keys, and how
//! long filling the table took. `tables` is the same beside DPDK.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench may fail anywhere"
)]

mod cases;
mod pairs;

use std::time::Instant;

use cases::{BURST, KINDS, Kind, Table};
use criterion::{BenchmarkId, Criterion, Throughput};
use iiptran_benches::inputs::HOT;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--lines"] => lines(""),
        ["--lines", name] => lines(name),
        _ => {
            let mut criterion = Criterion::default().configure_from_args();
            group(&mut criterion);
            criterion.final_summary();
        }
    }
}

fn group(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lookup");
    group.throughput(Throughput::Elements(BURST as u64));
    for Kind { name, sizes, table } in &KINDS {
        for &size in *sizes {
            let mut filled = None;
            for (warmth, hot) in [("cold", false), ("hot", true)] {
                group.bench_function(
                    BenchmarkId::new(format!("{name}/{warmth}"), size),
                    |bencher| {
                        // Only if it is asked for.
                        let Table { keys, burst, .. } = filled.get_or_insert_with(|| table(size));
                        let keys = if hot { HOT } else { *keys };
                        let mut at = 0;
                        bencher.iter(|| {
                            burst(at);
                            at = (at + BURST) % keys;
                        });
                    },
                );
            }
        }
    }
    group.finish();
}

fn lines(wanted: &str) {
    for Kind { name, sizes, table } in KINDS.iter().filter(|kind| kind.name.starts_with(wanted)) {
        for &size in *sizes {
            let mut table = table(size);
            let build = table.build.as_secs_f64() * 1e3;
            for (warmth, keys, passes) in [("cold", table.keys, 6), ("hot", HOT, 512)] {
                let [min, median] = time(keys, passes, &mut table.burst);
                println!(
                    r#"{{"name":"{name}","n":{size},"keys":"{warmth}","min_ns":{min:.2},"median_ns":{median:.2},"build_ms":{build:.3}}}"#
                );
            }
        }
    }
}

/// The smallest and the middle time for a key, nanoseconds.
fn time(keys: usize, passes: usize, burst: &mut impl FnMut(usize)) -> [f64; 2] {
    let mut samples = Vec::new();
    for _ in 0..passes {
        for block in (0..keys).step_by(HOT) {
            let start = Instant::now();
            for at in (block..block + HOT).step_by(BURST) {
                burst(at);
            }
            samples.push(start.elapsed().as_nanos() as f64 / HOT as f64);
        }
    }
    samples.sort_by(f64::total_cmp);
    [samples[0], samples[samples.len() / 2]]
}
