//! A run is a function of its scenario.

use iiptran::network::{Network, SHIPPED, ScenarioConfig};

use crate::watch::{Seen, scenario, watch};

/// Figure 3 with bad weather on all wires.
fn stormy(seed: u64) -> ScenarioConfig {
    let mut config = scenario("figure-3");
    config.seed = seed;
    for wire in &mut config.wires {
        wire.jitter = "3ms".to_string().try_into().unwrap();
        (wire.loss, wire.duplicate, wire.reorder, wire.damage) = (0.02, 0.01, 0.02, 0.01);
    }
    config
}

#[test]
fn equal_seeds_give_equal_bytes() {
    let (report, seen, _) = watch(&stormy(5));
    let (again, same, _) = watch(&stormy(5));
    assert!(seen == same && report == again);
    assert!(seen.lines.len() > 10_000);
}

#[test]
fn other_seeds_give_other_bytes() {
    let (_, seen, _) = watch(&stormy(5));
    let (_, other, _) = watch(&stormy(6));
    assert!(seen.lines != other.lines);
    assert!(seen.wires != other.wires);
}

#[test]
fn steps_and_runs_are_the_same() {
    let config = stormy(1);
    let end = config.duration.0;
    let (report, seen, _) = watch(&config);
    let mut network = Network::new(&config).unwrap();
    let mut stepped = Seen::default();
    while network.now().as_nanos() <= end.as_nanos() as u64 {
        let before = stepped.lines.len();
        let at = network.step(&mut stepped).expect("routers never rest");
        if u128::from(at.as_nanos()) > end.as_nanos() {
            stepped.lines.truncate(before);
        }
    }
    assert_eq!(seen.lines.len(), stepped.lines.len());
    assert!(seen.lines == stepped.lines);
    assert_eq!(report.flows, network.report().flows);
}

#[test]
fn each_shipped_scenario_runs_and_reads_back() {
    for shipped in SHIPPED {
        let config = ScenarioConfig::from_toml(shipped.text).unwrap();
        let json = serde_json::to_string(&config).unwrap();
        assert_eq!(ScenarioConfig::from_json(&json).as_ref(), Ok(&config));
        let (report, ..) = watch(&config);
        let name = shipped.name;
        assert!(report.flows.iter().all(|flow| flow.delivered > 0), "{name}");
        let is_iiptran = report.arrangement == "iiptran";
        assert!(!is_iiptran || report.warnings.is_empty(), "{name}");
        assert!(!config.description.is_empty() && !config.title.is_empty());
    }
}
