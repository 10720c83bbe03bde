//! Seals packets on the machine itself, which the page's `npm run bench` does in WebAssembly beside it.
//!
//! `seals portable|best ROUNDS COUNT SIZE DOCUMENT` prints the least time of a round of COUNT seals, nanoseconds, and
//! what the last seal came to.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement may fail anywhere, and tells what it found"
)]

use std::env;
use std::time::Instant;

use iiptran_calls::{Hex, Seals};

fn main() {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().expect("five arguments");
    if next() == "portable" {
        iiptran_accel::choose_by_name("portable").expect("it is always there");
    }
    let rounds: u32 = next().parse().expect("a number of rounds");
    let count = next().parse().expect("a number of seals");
    let size = next().parse().expect("a size");
    let mut seals = Seals::new(&next(), size).expect("an SA");
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        seals.run(count).expect("a sealed packet");
        start.elapsed().as_nanos()
    });
    let least = times.min().expect("a round");
    // One more, as JavaScript does, whose bytes hang on all before.
    let last: Hex = seals.run(1).expect("a sealed packet").to_vec().into();
    println!("{least} {}", String::from(last));
}
