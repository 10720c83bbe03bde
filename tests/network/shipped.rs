//! x
use iiptran::network::{Network, SHIPPED, ScenarioConfig};
#[test]
fn try_all() {
    for s in SHIPPED {
        let config = match ScenarioConfig::from_toml(s.text) {
            Ok(c) => c,
            Err(e) => {
                println!("{}: {e}", s.name);
                continue;
            }
        };
        for arrangement in ["iiptran", "tunnel-mode", "transport"] {
            let mut config = config.clone();
            config.arrangement = serde_json::from_value(arrangement.into()).unwrap();
            let mut network = match Network::new(&config) {
                Ok(c) => c,
                Err(e) => {
                    println!("{} {arrangement}: {e}", s.name);
                    continue;
                }
            };
            network.run(&mut ());
            let r = network.report();
            println!("=== {} {arrangement}", s.name);
            for f in r.flows {
                println!(
                    "  {} sent {} delivered {} mis {} gap {} {:?} {:?} ttl {:?}",
                    f.name,
                    f.sent,
                    f.delivered,
                    f.misdelivered,
                    f.longest_gap / 1000000,
                    f.drops
                        .iter()
                        .map(|d| (d.reason.clone(), d.packets, d.last_node.clone()))
                        .collect::<Vec<_>>(),
                    f.losses,
                    f.ttl
                );
            }
            for a in r.attacks {
                println!(
                    "  attack {} sent {} reached {} {:?}",
                    a.event, a.sent, a.reached, a.drops
                );
            }
            println!(
                "  adj {} conv {:?}",
                r.adjacencies.len(),
                r.convergence
                    .iter()
                    .map(|c| (c.event.clone(), c.changes, c.took.map(|t| t / 1000000)))
                    .collect::<Vec<_>>()
            );
        }
    }
}
