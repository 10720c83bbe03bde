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
