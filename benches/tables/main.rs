//! Lookups in large tables, 32 at a time: routes, SAs and policies.
//!
//! A sample is of eight bursts. `hot` looks the same 4096 keys up again and again, `cold` goes through a million,
//! or 65,536 flows of policies. `cargo xtask bench-peers` hands out turns between these rows and those of DPDK,
//! which reads the same tables from the files that `--write-inputs FOLDER` writes. By itself, `cargo bench
//! --bench tables` prints all, or those whose names begin as asked: `-- fib/ipv4`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench may fail anywhere"
)]

mod files;
mod spd;

use core::hint::black_box;
use core::net::IpAddr;
use std::rc::Rc;

use iiptran::fib::{Fib, Origin, Path, Prefix, Route, Target};
use iiptran::sa::{InboundSa, SaParameters, Sad, SadQuery};
use iiptran::transform::Transform;
use iiptran::wire::Spi;
use iiptran::{LinkId, Mode};
use iiptran_benches::inputs::{self, COLD, HOT};
use iiptran_turns::{BURST, Rows, time};

const SELF: &str = "IIPtran";
/// How many keys a sample looks up.
const SAMPLE: usize = 8 * BURST;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip_while(|it| it != "--write-inputs");
    if let (Some(_), Some(folder)) = (arguments.next(), arguments.next()) {
        return files::write(folder.as_ref());
    }
    iiptran_benches::choose_kernel();
    let mut rows = Rows::from_arguments();
    rows.about(SELF, env!("CARGO_PKG_VERSION"));
    add_fibs(&mut rows);
    for with_destination in [false, true] {
        for count in [1, 1000, 100_000, 1_000_000] {
            add_sad(&mut rows, count, with_destination);
        }
    }
    for count in [10, 100, 1000, 10_000] {
        spd::add(&mut rows, count);
    }
    rows.run()
}

/// Adds a row for hot keys and one for cold keys. `burst` looks up the keys from a place on.
fn add<B: FnMut(usize) + 'static>(rows: &mut Rows, name: &str, cold: usize, new: impl Fn() -> B) {
    for (variant, count) in [("hot", HOT), ("cold", cold)] {
        let mut burst = new();
        let mut place = 0;
        rows.add(format!("{name}/{variant}"), SELF, SAMPLE, move || {
            let start = place;
            place = (place + SAMPLE) % count;
            time(|| (start..start + SAMPLE).step_by(BURST).for_each(&mut burst))
        });
    }
}

fn add_fibs(rows: &mut Rows) {
    if rows.wants("fib/ipv4") {
        let routes = inputs::routes_v4(900_000);
        let shared = Rc::new((fib(&routes.prefixes), routes.keys));
        add(rows, "fib/ipv4/900000", COLD, || {
            let shared = Rc::clone(&shared);
            let mut found = [None; BURST];
            move |place| {
                let (fib, keys) = &*shared;
                fib.find_v4(&keys[place..place + BURST], &mut found);
                black_box(&mut found);
            }
        });
    }
    if rows.wants("fib/ipv6") {
        let routes = inputs::routes_v6(200_000);
        let shared = Rc::new((fib(&routes.prefixes), routes.keys));
        add(rows, "fib/ipv6/200000", COLD, || {
            let shared = Rc::clone(&shared);
            let mut found = [None; BURST];
            move |place| {
                let (fib, keys) = &*shared;
                fib.find_v6(&keys[place..place + BURST], &mut found);
                black_box(&mut found);
            }
        });
    }
}

fn fib<A: Into<IpAddr> + Copy>(prefixes: &[(A, u8)]) -> Fib {
    let mut fib = Fib::default();
    for (number, &(address, length)) in (0..).zip(prefixes) {
        let path = Path {
            link: LinkId(number % 1000),
            via: None,
        };
        fib.insert(Route {
            prefix: Prefix::new(address.into(), length).expect("a prefix"),
            target: Target::Forward(path.into()),
            preferred_source: None,
            origin: Origin::Dynamic,
            preference: 0,
        });
    }
    fib
}

fn add_sad(rows: &mut Rows, count: usize, with_destination: bool) {
    let what = if with_destination {
        "spi+destination"
    } else {
        "spi"
    };
    let name = format!("sad/{what}/{count}");
    if !rows.wants(&name) {
        return;
    }
    let transform = Transform::from_names("aes-128-gcm-16", None).expect("a transform");
    let sas = inputs::sas(count);
    let mut sad = Sad::new();
    for &(spi, destination) in &sas {
        let keys = iiptran_benches::keys(transform);
        let parameters = SaParameters::new(Spi(spi), Mode::Transport, transform, keys);
        let parameters = SaParameters {
            window: None,
            destination: with_destination.then_some(destination.into()),
            ..parameters
        };
        let sa = InboundSa::new(parameters).expect("an SA");
        sad.insert(sa).expect("another SPI");
    }
    let source = IpAddr::from([192, 0, 2, 1]);
    let queries = inputs::places(count).into_iter().map(|place| {
        let (spi, destination) = sas[place];
        SadQuery {
            spi: Spi(spi),
            destination: destination.into(),
            source,
        }
    });
    let shared = Rc::new((sad, queries.collect::<Vec<_>>()));
    add(rows, &name, COLD, || {
        let shared = Rc::clone(&shared);
        let mut found = [None; BURST];
        move |place| {
            let (sad, queries) = &*shared;
            sad.find_burst(&queries[place..place + BURST], &mut found);
            black_box(&mut found);
        }
    });
}
