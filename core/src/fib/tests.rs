//! The table against a list of routes that is searched from end to end.

use super::*;
use crate::LinkId;
use core::cmp::Reverse;
use proptest::collection::vec;
use proptest::prelude::*;

/// An address with four free bits at either end: few addresses, many prefixes that contain them.
fn address() -> impl Strategy<Value = IpAddr> {
    (any::<bool>(), any::<u8>()).prop_map(|(v6, bits)| {
        let (high, low) = (bits & 0xf0, bits & 0x0f);
        if v6 {
            let mut octets = [0; 16];
            (octets[0], octets[15]) = (high, low);
            octets.into()
        } else {
            [high, 0, 0, low].into()
        }
    })
}

/// The prefixes of up to four bits, or of up to four bits less than a whole address.
fn prefix() -> impl Strategy<Value = Prefix> {
    (address(), 0..=4_u8, any::<bool>()).prop_map(|(address, bits, long)| {
        let whole = Prefix::host(address).length();
        Prefix::containing(address, if long { whole - bits } else { bits }).unwrap()
    })
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![
        Just(Origin::Connected),
        Just(Origin::Static),
        Just(Origin::Dynamic)
    ]
}

fn target() -> impl Strategy<Value = Target> {
    let path = |link| Path {
        link: LinkId(link),
        via: None,
    };
    prop_oneof![
        4 => any::<u32>().prop_map(move |link| Target::Forward(path(link).into())),
        1 => Just(Target::Blackhole),
        1 => Just(Target::Unreachable),
        1 => Just(Target::Prohibit),
    ]
}

fn route() -> impl Strategy<Value = Route> {
    (prefix(), target(), origin(), 0..3_u32).prop_map(|(prefix, target, origin, preference)| {
        Route {
            prefix,
            target,
            preferred_source: None,
            origin,
            preference,
        }
    })
}

#[derive(Clone, Debug)]
enum Change {
    Insert(Route),
    Remove(Prefix, Origin),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        2 => route().prop_map(Change::Insert),
        1 => (prefix(), origin()).prop_map(|(prefix, origin)| Change::Remove(prefix, origin)),
    ];
    vec(change, 0..200)
}

#[derive(Default)]
struct Model(Vec<Route>);

impl Model {
    fn remove(&mut self, prefix: Prefix, origin: Origin) -> Option<Route> {
        let same = |route: &Route| (route.prefix, route.origin) == (prefix, origin);
        let at = self.0.iter().position(same)?;
        Some(self.0.remove(at))
    }

    fn insert(&mut self, route: Route) -> Option<Route> {
        let replaced = self.remove(route.prefix, route.origin);
        self.0.push(route);
        replaced
    }

    fn covering(&self, destination: IpAddr) -> Vec<&Route> {
        let contains = |route: &&Route| route.prefix.contains(destination);
        let mut routes: Vec<&Route> = self.0.iter().filter(contains).collect();
        routes.sort_by_key(|route| (Reverse(route.prefix.length()), route.rank()));
        routes
    }
}

proptest! {
    #[test]
    fn rte_01_the_table_agrees_with_a_search_from_end_to_end(
        changes in changes(), destinations in vec(address(), 32),
    ) {
        let (mut fib, mut model) = (Fib::default(), Model::default());
        for change in changes {
            let (before, expected) = match change {
                Change::Insert(route) => (fib.insert(route.clone()), model.insert(route)),
                Change::Remove(prefix, origin) => {
                    (fib.remove(&prefix, origin), model.remove(prefix, origin))
                }
            };
            prop_assert_eq!(before, expected);
            prop_assert_eq!((fib.len(), fib.is_empty()), (model.0.len(), model.0.is_empty()));
            for &destination in &destinations {
                let expected = model.covering(destination);
                prop_assert_eq!(fib.lookup(destination), expected.first().copied());
            }
        }
        for destination in destinations {
            let expected = model.covering(destination);
            prop_assert_eq!(fib.lookup(destination), expected.first().copied());
            for route in &expected {
                prop_assert!(fib.candidates(&route.prefix).contains(route));
            }
            prop_assert_eq!(fib.covering(destination).collect::<Vec<_>>(), expected);
        }
        model.0.sort_by_key(|route| (route.prefix, route.rank()));
        prop_assert!(fib.routes().eq(&model.0));
    }
}

/// Numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// Of any length, and in few neighbourhoods, so that prefixes lie in one another.
    fn prefix(&mut self) -> Prefix {
        let hood = self.below(16) as u32;
        let (near, far) = (self.below(1 << 32) as u32, u128::from(self.below(u64::MAX)));
        let address = if self.below(2) == 0 {
            IpAddr::from((0x0a00_0000 | hood << 20 | near & 0xf_ffff).to_be_bytes())
        } else {
            let bits = 0x2001_0db8_u128 << 96 | u128::from(hood) << 92 | far << self.below(29);
            IpAddr::from(bits.to_be_bytes())
        };
        let whole = u64::from(Prefix::host(address).length());
        Prefix::containing(address, self.below(whole + 1) as u8).unwrap()
    }

    /// An address in a prefix, at either end or between them.
    fn address(&mut self, prefix: Prefix) -> IpAddr {
        match (self.below(4), prefix.first(), prefix.last()) {
            (0, first, _) => first,
            (1, _, last) => last,
            (_, IpAddr::V4(first), IpAddr::V4(last)) => {
                let hosts = last.to_bits() - first.to_bits();
                let host = self.below(u64::from(hosts) + 1) as u32;
                IpAddr::from((first.to_bits() + host).to_be_bytes())
            }
            (_, first, last) => {
                let IpAddr::V6(inside) = first else {
                    return last;
                };
                let hosts = u128::MAX.checked_shr(prefix.length().into()).unwrap_or(0);
                let host = u128::from(self.below(u64::MAX)) << self.below(65);
                IpAddr::from((inside.to_bits() | host & hosts).to_be_bytes())
            }
        }
    }
}

#[test]
fn rte_01_lookups_are_right_between_thousands_of_updates() {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let (mut fib, mut model) = (Fib::default(), Model::default());
    // Up to some hundred prefixes and down again: chunks and larger roots come and go.
    for step in 0..2_400 {
        let grows = numbers.below(8) < if step < 1_600 { 7 } else { 1 };
        let near = if grows || model.0.is_empty() {
            let route = Route {
                prefix: numbers.prefix(),
                ..blackhole("::/0", Origin::Static, step)
            };
            assert_eq!(fib.insert(route.clone()), model.insert(route.clone()));
            route.prefix
        } else {
            let at = numbers.below(model.0.len() as u64) as usize;
            let prefix = model.0[at].prefix;
            let removed = fib.remove(&prefix, Origin::Static);
            assert_eq!(removed, Some(model.0.swap_remove(at)));
            prefix
        };
        let destinations = [(); 5].map(|()| numbers.address(near));
        let expected = destinations.map(|destination| {
            let all = model
                .0
                .iter()
                .filter(|route| route.prefix.contains(destination));
            all.max_by_key(|route| route.prefix.length())
        });
        assert_eq!(
            destinations.map(|destination| fib.lookup(destination)),
            expected
        );
        let mut burst = [None; 5];
        fib.lookup_burst(&destinations, &mut burst);
        assert_eq!(burst, expected);
    }
    for route in core::mem::take(&mut model.0) {
        fib.remove(&route.prefix, Origin::Static);
    }
    // A root for no prefix, and no chunk that was lost.
    assert_eq!((fib.v4.index_bytes(), fib.v6.index_bytes()), (256, 256));
}

#[test]
fn bursts_of_any_length_find_what_single_lookups_find() {
    let mut numbers = Numbers(7);
    let mut fib = Fib::default();
    let prefixes = [(); 300].map(|()| numbers.prefix());
    for prefix in prefixes {
        fib.insert(Route {
            prefix,
            ..blackhole("::/0", Origin::Static, 0)
        });
    }
    let addresses = prefixes.map(|prefix| numbers.address(prefix));
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for address in addresses {
        match address {
            IpAddr::V4(address) => v4.push(address),
            IpAddr::V6(address) => v6.push(address),
        }
    }
    for (length, room) in [(0, 9), (1, 1), (31, 40), (33, 64), (70, 65), (100, 100)] {
        let mut found = alloc::vec![None; room];
        fib.find_v4(&v4[..length], &mut found);
        for (at, id) in found.iter().enumerate() {
            let expected = v4
                .get(at)
                .filter(|_| at < length)
                .and_then(|&v4| fib.lookup(v4.into()));
            assert_eq!(id.and_then(|id| fib.route(IpVersion::V4, id)), expected);
        }
        let mut found = alloc::vec![None; room];
        fib.find_v6(&v6[..length], &mut found);
        for (at, id) in found.iter().enumerate() {
            let expected = v6
                .get(at)
                .filter(|_| at < length)
                .and_then(|&v6| fib.lookup(v6.into()));
            assert_eq!(id.and_then(|id| fib.route(IpVersion::V6, id)), expected);
        }
        let mut found = alloc::vec![None; room];
        fib.lookup_burst(&addresses[..length], &mut found);
        for (at, route) in found.iter().enumerate() {
            let expected = addresses.get(at).filter(|_| at < length);
            assert_eq!(*route, expected.and_then(|&address| fib.lookup(address)));
        }
    }
}

/// The addresses of one IP version, as many as a burst has, from a list that is repeated.
fn burst<A: Copy>(addresses: &[IpAddr], of: impl Fn(IpAddr) -> Option<A>, other: A) -> [A; 32] {
    let mut burst = [other; 32];
    let addresses = addresses.iter().filter_map(|&address| of(address));
    burst
        .iter_mut()
        .zip(addresses)
        .for_each(|(place, it)| *place = it);
    burst
}

#[test]
fn rte_01_whatever_looks_bursts_up_finds_what_a_search_from_end_to_end_finds() {
    let mut numbers = Numbers(1_234_567);
    for count in [0, 1, 20, 300, 3_000] {
        let mut fib = Fib::default();
        let prefixes: Vec<_> = (0..count).map(|_| numbers.prefix()).collect();
        for &prefix in &prefixes {
            fib.insert(Route {
                prefix,
                ..blackhole("::/0", Origin::Static, 0)
            });
        }
        for _ in 0..5 {
            let near = [(); 100].map(|()| {
                let at = numbers.below(count.max(1)) as usize;
                let prefix = prefixes.get(at).copied();
                numbers.address(prefix.unwrap_or_else(|| "10.0.0.0/8".parse().unwrap()))
            });
            let v4 = |address| match address {
                IpAddr::V4(address) => Some(address),
                IpAddr::V6(_) => None,
            };
            let v6 = |address| match address {
                IpAddr::V6(address) => Some(address),
                IpAddr::V4(_) => None,
            };
            let v4 = burst(&near, v4, [10, 0, 0, 1].into());
            let v6 = burst(&near, v6, [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1].into());
            let longest = |destination: IpAddr| {
                let all = prefixes.iter().filter(|it| it.contains(destination));
                all.copied().max_by_key(|prefix| prefix.length())
            };
            let expected_v4 = v4.map(|address| longest(address.into()));
            let expected_v6 = v6.map(|address| longest(address.into()));
            with_each_kernel(|| {
                let mut found = [None; 32];
                let prefix = |version, id: Option<RouteId>| {
                    id.and_then(|id| fib.route(version, id))
                        .map(|route| route.prefix)
                };
                fib.find_v4(&v4, &mut found);
                assert_eq!(found.map(|id| prefix(IpVersion::V4, id)), expected_v4);
                fib.find_v6(&v6, &mut found);
                assert_eq!(found.map(|id| prefix(IpVersion::V6, id)), expected_v6);
                let mut routes = [None; 32];
                fib.lookup_burst(&v4.map(IpAddr::V4), &mut routes);
                assert_eq!(routes.map(|it| it.map(|route| route.prefix)), expected_v4);
                fib.lookup_burst(&v6.map(IpAddr::V6), &mut routes);
                assert_eq!(routes.map(|it| it.map(|route| route.prefix)), expected_v6);
            });
        }
    }
}

/// With each kernel that this CPU has, and with none.
fn with_each_kernel(work: impl Fn()) {
    #[cfg(feature = "accel")]
    {
        for kernel in iiptran_accel::Kernel::available() {
            iiptran_accel::choose(Some(kernel)).unwrap();
            work();
        }
        iiptran_accel::choose(None).unwrap();
        work();
        iiptran_accel::choose(iiptran_accel::Kernel::best()).unwrap();
    }
    #[cfg(not(feature = "accel"))]
    work();
}

#[test]
fn a_small_table_takes_little_memory() {
    let mut fib = Fib::default();
    let v4 = [
        "0.0.0.0/0",
        "10.1.0.0/16",
        "10.2.0.0/16",
        "192.0.2.0/24",
        "192.0.2.1/32",
    ];
    let v6 = [
        "::/0",
        "2001:db8:1::/48",
        "2001:db8:2::/48",
        "2001:db8::1/128",
        "fe80::/64",
    ];
    assert_eq!((fib.v4.index_bytes(), fib.v6.index_bytes()), (0, 0));
    for prefix in v4.into_iter().chain(v6) {
        fib.insert(blackhole(prefix, Origin::Static, 0));
    }
    assert!(fib.v4.index_bytes() <= 2_560, "{}", fib.v4.index_bytes());
    assert!(fib.v6.index_bytes() <= 8_192, "{}", fib.v6.index_bytes());
}

fn blackhole(prefix: &str, origin: Origin, preference: u32) -> Route {
    Route {
        prefix: prefix.parse().unwrap(),
        target: Target::Blackhole,
        preferred_source: None,
        origin,
        preference,
    }
}

#[test]
fn rte_01_a_withdrawn_route_uncovers_the_next_best() {
    let address = IpAddr::from([10, 1, 2, 3]);
    let routes = [
        blackhole("10.1.0.0/16", Origin::Dynamic, 1),
        blackhole("10.1.0.0/16", Origin::Connected, 5),
        blackhole("10.1.0.0/16", Origin::Static, 5),
        blackhole("0.0.0.0/0", Origin::Static, 0),
    ];
    let mut fib = Fib::default();
    for route in routes.iter().rev() {
        assert_eq!(fib.insert(route.clone()), None);
    }
    for route in &routes {
        assert_eq!(fib.lookup(address), Some(route));
        assert_eq!(fib.candidates(&route.prefix).first(), Some(route));
        assert_eq!(
            fib.remove(&route.prefix, route.origin).as_ref(),
            Some(route)
        );
    }
    assert!(fib.is_empty());
    assert!(fib.candidates(&routes[0].prefix).is_empty());
}

#[test]
fn a_copy_is_a_table_of_its_own() {
    let mut fib = Fib::default();
    fib.insert(blackhole("::/0", Origin::Static, 0));
    let copy = fib.clone();
    fib.remove(&"::/0".parse().unwrap(), Origin::Static);
    assert_eq!((fib.len(), copy.len()), (0, 1));
}
