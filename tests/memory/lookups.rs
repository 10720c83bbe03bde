//! Looking things up takes nothing from memory.

use iiptran::fib::{Fib, Origin, Path, Prefix, Route, Target};
use iiptran::sa::{InboundSa, Sad, SadQuery};
use iiptran::spd::{Applies, Direction, Policy, Selectors, Spd};
use iiptran::wire::{Flow, IpHeader, Protocol, SkipList, Spi};
use iiptran::{LinkId, NetworkId, TunnelEnds};
use iiptran_tests::lab::{Gateways, Side, ip};
use iiptran_tests::sa::{PLAIN, parameters, transform};
use iiptran_tests::{Ip, NOW};

use crate::allocator::calls;

#[test]
fn mem_01_lookups() {
    let mut fib = Fib::default();
    for number in 0..1000_u32 {
        let [_, _, high, low] = number.to_be_bytes();
        let prefix = Prefix::containing([10, high, low, 0].into(), 24).unwrap();
        let path = Path {
            link: LinkId(number),
            via: None,
        };
        fib.insert(Route {
            prefix,
            target: Target::Forward(path.into()),
            preferred_source: None,
            origin: Origin::Static,
            preference: 0,
        });
    }
    let policies: Vec<_> = (0..100_u8)
        .map(|number| {
            let remote = core::net::IpAddr::from([192, 0, 2, number]);
            let set = Selectors::new(
                ip("192.0.2.200").into(),
                remote.into(),
                Protocol::UDP.into(),
            );
            Policy::bypass(format!("{number}"), Applies::Both, [set.unwrap()]).unwrap()
        })
        .collect();
    let spd = Spd::new(policies).unwrap();
    let mut sad = Sad::new();
    for spi in 256..512 {
        let sa = InboundSa::new(iiptran::sa::SaParameters {
            spi: Spi(spi),
            ..parameters(transform(PLAIN))
        });
        sad.insert(sa.unwrap()).unwrap();
    }
    let gateway = Gateways::new("iiptran").node(Side::A);
    let tables = gateway.node.tables();
    let [local, remote] = ["192.0.2.1", "192.0.2.2"].map(ip);
    let nested = Ip::new(
        [local, remote],
        Protocol::IPV4,
        &Ip::udp(["192.0.2.200", "192.0.2.77"].map(ip), b"").bytes(),
    )
    .bytes();
    let skip = SkipList::default();
    let ((), taken) = calls(|| {
        let outer = IpHeader::parse(&nested, &skip).unwrap();
        let flow = Flow::innermost(&nested, &outer, &skip).unwrap();
        let found = spd.lookup(Direction::Outbound, &flow);
        assert_eq!(found.map(|(id, _)| id.0), Some(77));
        assert!(spd.lookup(Direction::Inbound, &flow).is_none());
        let route = fib.lookup([10, 1, 2, 3].into()).unwrap();
        assert_eq!(route.choose(flow.hash(), |_| true).unwrap().link.0, 258);
        assert!(fib.lookup([11, 1, 2, 3].into()).is_none());
        assert_eq!(fib.covering([10, 1, 2, 3].into()).count(), 1);
        assert!(sad.lookup(Spi(300), local, remote).is_some());
        assert!(sad.lookup(Spi(600), local, remote).is_none());
        let query = SadQuery {
            spi: Spi(300),
            destination: local,
            source: remote,
        };
        let mut places = [None; 40];
        sad.find_burst(&[query; 40], &mut places);
        assert!(places.iter().all(Option::is_some));
        let mut routes = [None; 40];
        fib.lookup_burst(&[[10, 1, 2, 3].into(); 40], &mut routes);
        assert!(routes.iter().all(Option::is_some));
        let mut ids = [None; 40];
        fib.find_v4(&[[10, 1, 2, 3].into(); 40], &mut ids);
        assert!(ids.iter().all(Option::is_some));
        let mut policies = [None; 40];
        spd.lookup_burst(Direction::Outbound, &[flow; 40], &mut policies);
        assert!(policies.iter().all(Option::is_some));
        let base = tables.network(NetworkId::BASE).unwrap();
        let outer = Flow::of(&nested, &outer);
        let (policy, _) = base.spd().lookup(Direction::Outbound, &outer).unwrap();
        assert!(base.outbound().choose(policy, &outer, NOW).is_ok());
        assert!(tables.owner(NetworkId::BASE, local).is_some());
        let ends = TunnelEnds { local, remote };
        assert!(tables.find_tunnel(NetworkId::BASE, ends).is_some());
    });
    assert_eq!(taken, 0);
}
