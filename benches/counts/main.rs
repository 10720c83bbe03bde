//! The data path for a counter of instructions: each row is one call of [`measured`], after as many calls as
//! it takes for everything to be learned.
//!
//! `cargo xtask counts` runs it under callgrind, which counts in [`measured`] alone and writes a figure each
//! time that it is left: the first for the first line that is printed here, and so on. Run by itself, it
//! prints the names of the rows.
//!
//! A row is one packet (`x1`), or 32 of them; `single` calls the function for one packet, the others the one for
//! bursts. A lookup is of 32 keys.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench may fail anywhere"
)]

#[path = "../lookup/cases.rs"]
#[allow(dead_code, reason = "how long a table takes to fill is not asked here")]
mod cases;
mod headers;
#[path = "../lookup/pairs.rs"]
mod pairs;

use cases::{KINDS, Kind};
use iiptran::Packet;
use iiptran::transform::Transform;
use iiptran_benches::{ARRANGEMENTS, Gateways, Packets, Sas, Way};

/// Entries of the tables in which lookups are counted.
const ENTRIES: usize = 1_000;
const SIZES: [usize; 2] = [64, 1400];
/// How often a way goes before it is counted: flows are learned, what is made at the first use is there.
const BEFORE: usize = 3;

fn main() {
    iiptran_benches::choose_kernel();
    headers::rows();
    for Kind { name, table, .. } in &KINDS {
        let mut table = table(ENTRIES);
        for round in 0..BEFORE {
            (table.burst)(round * cases::BURST);
        }
        row(format!("lookup/{name}"), || (table.burst)(0));
    }
    let gcm = Transform::from_names("aes-128-gcm-16", None).unwrap();
    let chacha = Transform::from_names("chacha20-poly1305", None).unwrap();
    for (name, transform) in [("aes-128-gcm", gcm), ("chacha20-poly1305", chacha)] {
        ways(&format!("sa/{name}"), |burst| Sas::new(transform, burst));
    }
    for arrangement in ARRANGEMENTS {
        ways(&format!("node/{arrangement}"), |burst| {
            Gateways::new(arrangement, gcm, burst)
        });
    }
}

/// One row.
fn row(name: String, mut work: impl FnMut()) {
    println!("{name}");
    measured(&mut work);
}

/// What callgrind counts in; it finds the function by this name, and sees it left only if what it calls returns
/// to it.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
    core::hint::black_box(());
}

/// How packets are handed over.
type Carry<W> = fn(&mut W, &mut [Packet<'_>]);

/// A way there and back, each size, singly and in bursts.
fn ways<W: Way>(name: &str, new: impl Fn(usize) -> W) {
    let calls: [(&str, usize, Carry<W>, Carry<W>); 3] = [
        ("single", 1, W::out_singly, W::back_singly),
        ("burst x1", 1, W::out, W::back),
        ("burst x32", 32, W::out, W::back),
    ];
    for size in SIZES {
        for (call, burst, out, back) in calls {
            let mut way = new(burst);
            let (source, destination) = (Gateways::SOURCE, Gateways::DESTINATION);
            let mut packets = Packets::new(source, destination, &vec![size; burst]);
            for _ in 0..BEFORE {
                packets.refill();
                packets.time(|packets| out(&mut way, packets));
                packets.time(|packets| back(&mut way, packets));
            }
            packets.refill();
            for (direction, carry) in [("out", out), ("in", back)] {
                packets.time(|packets| {
                    row(format!("{name}/{size}/{direction}/{call}"), || {
                        carry(&mut way, packets);
                    });
                });
            }
            packets.check(way.forwards());
        }
    }
}
