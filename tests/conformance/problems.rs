//! The two problems of RFC 3884 section 2.

use iiptran::config::NodeConfig;

use crate::figure_three::{B, C, ONE_LINK, TWO_LINKS, a, by, document, flip, path, peer};

#[test]
fn prb_01_tunnel_mode_follows_no_route() {
    for links in [ONE_LINK, TWO_LINKS] {
        let mut tunnel_mode = a("tunnel-mode", links);
        assert_eq!(peer(&mut tunnel_mode), B);
        flip(&mut tunnel_mode, links, &by("link-4"));
        // The route leads to C now, and packets still go to B.
        assert_eq!(peer(&mut tunnel_mode), B);

        for arrangement in ["iiptran", "interface-sa", "initial-lookup-b", "integrated"] {
            let mut other = a(arrangement, links);
            assert_eq!(peer(&mut other), B, "{arrangement}");
            flip(&mut other, links, &by("link-4"));
            assert_eq!(peer(&mut other), C, "{arrangement}");
        }
    }
}

#[test]
fn prb_01_a_route_into_tunnel_mode_is_said_in_vain() {
    let warnings = |arrangement| {
        let document = document(arrangement, ONE_LINK, &by("link-3"));
        let config = NodeConfig::from_toml(&document).unwrap();
        let warnings = config.compile().unwrap().warnings;
        let paths = warnings.into_iter().map(|warning| warning.path);
        paths.collect::<Vec<_>>()
    };
    let addresses = ["virtual-links[0].addresses", "virtual-links[1].addresses"];
    let [first, second] = addresses;
    assert_eq!(warnings("tunnel-mode"), [first, second, "routes[0].link"]);
    for policies in ["initial-lookup-a", "integrated"] {
        assert_eq!(warnings(policies), addresses);
    }
    for interfaces in ["iiptran", "interface-sa", "initial-lookup-b"] {
        assert_eq!(warnings(interfaces), [""; 0]);
    }
}

/// Who moves a route while a node runs asks the tables what to write into it.
#[test]
fn prb_01_tables_tell_what_leads_into_a_virtual_link() {
    for arrangement in iiptran::Arrangement::ALL
        .map(iiptran::Arrangement::name)
        .into_iter()
        .filter(|name| *name != "transport")
    {
        for links in [ONE_LINK, TWO_LINKS] {
            for link in ["link-3", "link-4"] {
                let mut lab = a(arrangement, links);
                flip(&mut lab, links, &by(link));
                let told = lab.node.tables().path_into(lab.network("vn"), link);
                if arrangement == "tunnel-mode" {
                    assert_eq!(told, None);
                } else {
                    assert_eq!(told, Some(path(&lab)), "{arrangement}");
                }
            }
        }
    }
}
