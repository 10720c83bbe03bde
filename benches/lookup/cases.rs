//! The tables, each with something that looks 32 keys up in it.

use core::hint::black_box;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use iiptran::fib::{Fib, Origin, Path, Prefix, Route, Target};
use iiptran::sa::{InboundSa, SaParameters, Sad, SadQuery};
use iiptran::spd::{
    AddressSet, Applies, Direction, NextLayer, Policy, PortSet, Selectors, Sides, Spd,
    UpperSelector,
};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::{Flow, Protocol, Spi, Upper};
use iiptran::{LinkId, Mode};

use iiptran_benches::inputs::{self, COLD};

use crate::pairs::{self, PACKETS, Pair};

/// How many keys are looked up at once.
pub(crate) const BURST: usize = 32;

/// A kind of table.
pub(crate) struct Kind {
    /// Name.
    pub(crate) name: &'static str,
    /// How many entries it is timed with.
    pub(crate) sizes: &'static [usize],
    /// Fills one.
    pub(crate) table: fn(usize) -> Table,
}

/// A table and the keys that are looked up.
pub(crate) struct Table {
    /// How many keys there are.
    pub(crate) keys: usize,
    /// How long filling the table took, without making what it is filled with.
    pub(crate) build: Duration,
    /// Looks up [`BURST`] keys from this one on.
    pub(crate) burst: Box<dyn FnMut(usize)>,
}

/// Every kind of table.
pub(crate) const KINDS: [Kind; 10] = [
    Kind {
        name: "fib-v4",
        sizes: &[1_000, 900_000],
        table: fib_v4,
    },
    Kind {
        name: "fib-v4-single",
        sizes: &[5, 1_000, 900_000],
        table: fib_v4_single,
    },
    Kind {
        name: "fib-v4-routes",
        sizes: &[1_000, 900_000],
        table: fib_v4_routes,
    },
    Kind {
        name: "fib-v6",
        sizes: &[1_000, 200_000],
        table: fib_v6,
    },
    Kind {
        name: "fib-v6-single",
        sizes: &[5, 1_000, 200_000],
        table: fib_v6_single,
    },
    Kind {
        name: "sad-spi",
        sizes: &[1, 1_000, 100_000, 1_000_000],
        table: |count| sad(count, 0),
    },
    Kind {
        name: "sad-spi-dip",
        sizes: &[1, 1_000, 100_000, 1_000_000],
        table: |count| sad(count, 1),
    },
    Kind {
        name: "sad-spi-dip-sip",
        sizes: &[1, 1_000, 100_000, 1_000_000],
        table: |count| sad(count, 2),
    },
    Kind {
        name: "spd",
        sizes: &[10, 1_000, 10_000],
        table: |count| spd(&pairs::pairs(count)),
    },
    Kind {
        name: "spd-mixed",
        sizes: &[10, 1_000, 10_000],
        table: |count| spd(&pairs::mixed_pairs(count)),
    },
];

fn fib<A: Into<IpAddr> + Copy>(prefixes: &[(A, u8)]) -> (Fib, Duration) {
    let route = |(number, &(address, length)): (u32, &(A, u8))| Route {
        prefix: Prefix::new(address.into(), length).unwrap(),
        target: Target::Forward(
            Path {
                link: LinkId(number % 1_000),
                via: None,
            }
            .into(),
        ),
        preferred_source: None,
        origin: Origin::Dynamic,
        preference: 0,
    };
    let routes: Vec<_> = (0..).zip(prefixes).map(route).collect();
    let start = Instant::now();
    let mut fib = Fib::default();
    for route in routes {
        fib.insert(route);
    }
    (fib, start.elapsed())
}

fn fib_v4(count: usize) -> Table {
    let routes = inputs::routes_v4(count);
    let (fib, build) = fib(&routes.prefixes);
    let mut found = [None; BURST];
    let burst = move |at| {
        fib.find_v4(&routes.keys[at..at + BURST], &mut found);
        black_box(&mut found);
    };
    Table {
        keys: COLD,
        build,
        burst: Box::new(burst),
    }
}

fn fib_v6(count: usize) -> Table {
    let routes = inputs::routes_v6(count);
    let (fib, build) = fib(&routes.prefixes);
    let mut found = [None; BURST];
    let burst = move |at| {
        fib.find_v6(&routes.keys[at..at + BURST], &mut found);
        black_box(&mut found);
    };
    Table {
        keys: COLD,
        build,
        burst: Box::new(burst),
    }
}

/// One destination after another, with the route itself.
fn single((fib, build): (Fib, Duration), destinations: Vec<IpAddr>) -> Table {
    let burst = move |at| {
        for &destination in &destinations[at..at + BURST] {
            black_box(fib.lookup(destination));
        }
    };
    Table {
        keys: COLD,
        build,
        burst: Box::new(burst),
    }
}

fn fib_v4_single(count: usize) -> Table {
    let routes = inputs::routes_v4(count);
    single(
        fib(&routes.prefixes),
        routes.keys.into_iter().map(IpAddr::V4).collect(),
    )
}

fn fib_v6_single(count: usize) -> Table {
    let routes = inputs::routes_v6(count);
    single(
        fib(&routes.prefixes),
        routes.keys.into_iter().map(IpAddr::V6).collect(),
    )
}

/// A burst, with the routes themselves.
fn fib_v4_routes(count: usize) -> Table {
    let routes = inputs::routes_v4(count);
    let (fib, build) = fib(&routes.prefixes);
    let destinations: Vec<_> = routes.keys.into_iter().map(IpAddr::V4).collect();
    let burst = move |at| {
        let mut found = [None; BURST];
        fib.lookup_burst(&destinations[at..at + BURST], &mut found);
        black_box(&mut found);
    };
    Table {
        keys: COLD,
        build,
        burst: Box::new(burst),
    }
}

/// SAs with so many addresses in their keys.
fn sad(count: usize, addresses: usize) -> Table {
    let source = IpAddr::from([192, 0, 2, 1]);
    let transform = Transform::from_names("aes-128-gcm-16", None).unwrap();
    let ids = inputs::sas(count);
    let sa = |&(spi, destination): &(u32, _)| {
        let keys = Keys {
            encryption: vec![7; 20].into(),
            integrity: vec![].into(),
        };
        let parameters = SaParameters {
            window: None,
            destination: (addresses > 0).then_some(IpAddr::V4(destination)),
            source: (addresses > 1).then_some(source),
            ..SaParameters::new(Spi(spi), Mode::Transport, transform, keys)
        };
        InboundSa::new(parameters).unwrap()
    };
    let (mut sad, mut build) = (Sad::new(), Duration::ZERO);
    for sas in ids.chunks(1_000) {
        let sas: Vec<_> = sas.iter().map(sa).collect();
        let start = Instant::now();
        for sa in sas {
            sad.insert(sa).unwrap();
        }
        build += start.elapsed();
    }
    let query = |place: usize| SadQuery {
        spi: Spi(ids[place].0),
        destination: ids[place].1.into(),
        source,
    };
    let queries: Vec<_> = inputs::places(count).into_iter().map(query).collect();
    let mut found = [None; BURST];
    let burst = move |at| {
        sad.find_burst(&queries[at..at + BURST], &mut found);
        black_box(&mut found);
    };
    Table {
        keys: COLD,
        build,
        burst: Box::new(burst),
    }
}

fn spd(pairs: &[Pair]) -> Table {
    let network = |(address, length)| match length {
        0 => AddressSet::Any,
        length => AddressSet::prefix(IpAddr::V4(address), length).unwrap(),
    };
    let policy = |(name, pair): (usize, &Pair)| {
        let next_layer = pair.ports.map_or(NextLayer::Any, |(first, last)| {
            let remote = PortSet::ranges([first..=last]).unwrap();
            let upper = UpperSelector::Ports(Sides {
                local: PortSet::Any,
                remote,
            });
            NextLayer::Protocol {
                protocol: Protocol::TCP,
                upper,
            }
        });
        let set = Selectors::new(network(pair.local), network(pair.remote), next_layer).unwrap();
        Policy::bypass(name.to_string(), Applies::Both, [set]).unwrap()
    };
    let policies: Vec<_> = pairs.iter().enumerate().map(policy).collect();
    let start = Instant::now();
    let spd = Spd::new(policies).unwrap();
    let build = start.elapsed();
    let flow =
        |([source, destination], [source_port, destination_port]): ([_; 2], [u16; 2])| Flow {
            source: IpAddr::V4(source),
            destination: IpAddr::V4(destination),
            protocol: Protocol::TCP,
            upper: Upper::Ports {
                source: source_port,
                destination: destination_port,
            },
            traffic_class: 0,
            flow_label: 0,
            fragment: None,
        };
    let flows: Vec<_> = pairs::packets(pairs).into_iter().map(flow).collect();
    let mut found = [None; BURST];
    let burst = move |at| {
        spd.lookup_burst(Direction::Outbound, &flows[at..at + BURST], &mut found);
        black_box(&mut found);
    };
    Table {
        keys: PACKETS,
        build,
        burst: Box::new(burst),
    }
}
