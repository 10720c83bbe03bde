//! Alternative 2: a lookup of the route before IPsec.

use super::*;

/// The policies of the interface that the route leads to, by name.
fn undetermined(a: &Lab) -> Vec<String> {
    let (tables, flow) = (a.node.tables(), flow());
    let link = figure_three::path(a).link;
    let policies = tables.interface_policies(a.network("vn"), link, &flow);
    policies.map(|(_, policy)| policy.name().into()).collect()
}

#[test]
fn alt_07_one_physical_interface_hides_two_links() {
    use Stage::*;
    let [sent, received] = stages("initial-lookup-a");
    let lookups = [Route, Policy, ChooseSa, Encapsulate, Seal, Route, End];
    assert_eq!(sent[2..], lookups);
    assert_eq!(received, stages("tunnel-mode")[1]);

    let mut a = figure_three::a("initial-lookup-a", ONE_LINK);
    assert_eq!(peer(&mut a), B);
    assert_eq!(undetermined(&a), ["link-3", "link-4"]);
    flip(&mut a, ONE_LINK, &by("link-4"));
    // Both SAs are in the one SAD, and the first that matches wins.
    assert_eq!(peer(&mut a), B);
    assert_eq!(undetermined(&a), ["link-3", "link-4"]);

    // Where each leaves by an interface of its own, there is nothing to confuse.
    let mut a = figure_three::a("initial-lookup-a", TWO_LINKS);
    assert_eq!(gateway(&mut a), Some((B.into(), a.link("wan"))));
    assert_eq!(undetermined(&a), ["link-3"]);
    flip(&mut a, TWO_LINKS, &by("link-4"));
    assert_eq!(gateway(&mut a), Some((C.into(), a.link("wan-to-c"))));
    assert_eq!(undetermined(&a), ["link-4"]);
}

#[test]
fn alt_08_the_next_hop_does_not_determine_the_sa() {
    let mut a = figure_three::a("initial-lookup-a", ONE_LINK);
    flip(&mut a, ONE_LINK, &by("link-4"));
    // The lookup does return C as the next hop, and there are two SAs to choose from all the same.
    assert_eq!(figure_three::path(&a).via, Some(ip(C)));
    assert_eq!(undetermined(&a).len(), 2);
    assert_eq!(peer(&mut a), B);
}

#[test]
fn alt_09_a_routing_daemon_has_no_interface() {
    let mut a = figure_three::a("initial-lookup-a", ONE_LINK);
    assert_eq!(a.node.tables().find_link("link-3"), None);
    // The addresses that the document gives to the virtual links are nobody's.
    let hello = Ip::udp([ip("10.1.0.5"), ip("10.255.3.1")], b"hello").bytes();
    let outcome = a.receive("lan", &hello);
    assert!(!matches!(outcome.verdict, Verdict::Deliver { .. }));
    // Nor does any route lead to a multicast group of neighbours.
    let hello = Ip::new([ip("10.255.3.1"), ip("224.0.0.5")], Protocol(89), b"hello").bytes();
    let outcome = a.send("vn", &hello);
    assert_eq!(outcome.reason(), Some(DropReason::NoRoute));
}

#[test]
fn alt_09_no_virtual_link_carries_another() {
    let route = "[[routes]]\nnetwork = \"vn\"\nprefix = \"10.0.0.0/24\"\nlink = \"outer\"\n";
    for arrangement in ["initial-lookup-a", "integrated"] {
        let nested = crate::model::nested(arrangement, 1, 2);
        let error = refused(&nested);
        assert_eq!(error.path, "routes[0].link");
        assert!(error.cause.contains("leads to \"inner\""), "{error}");
        let error = refused(&nested.replace("[[routes]]", &format!("{route}\n[[routes]]")));
        assert_eq!(error.path, "routes[1].link");
        assert!(error.cause.contains("RFC 3884 section 4.1"), "{error}");
    }
}

#[test]
fn alt_10_the_second_variant_is_interface_sa() {
    let [mut one, mut other] =
        ["interface-sa", "initial-lookup-b"].map(|name| Gateways::new(name).nodes());
    assert_eq!(stages("interface-sa"), stages("initial-lookup-b"));
    for length in [0, 1, 100, 1300] {
        for inner in [IpVersion::V4, IpVersion::V6] {
            let packet = Ip::udp(hosts(inner), &vec![7; length]).bytes();
            let [wire, same] =
                [&mut one.0, &mut other.0].map(|a| a.receive("lan", &packet).transmitted());
            assert_eq!(wire, same);
            let [arrived, same] =
                [&mut one.1, &mut other.1].map(|b| b.receive("wan", &wire).transmitted());
            assert_eq!(arrived, same);
        }
    }
}
