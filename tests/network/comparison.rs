//! The comparison of RFC 3884 section 4.2, and that it follows the code.

use iiptran::comparison::{Cell, Comparison, Row, SUBJECTS, Subject};
use iiptran::config::ArrangementName;
use iiptran::walkthrough::Outcome;

use crate::watch::word;

fn answers(row: &Row) -> Vec<&str> {
    row.cells.iter().map(|cell| cell.answer.as_str()).collect()
}

/// What a subject answers, by row.
fn column(label: &str, runs: &str) -> Vec<Cell> {
    let subject = Subject {
        label: word(label),
        runs: word(runs),
    };
    let comparison = Comparison::of(&[subject]).unwrap();
    let rows = comparison.rows.into_iter();
    rows.map(|mut row| row.cells.remove(0)).collect()
}

/// Written by hand from RFC 3884 sections 4.1 and 4.2.
#[test]
fn cmp_01_the_matrix_is_that_of_rfc_3884() {
    let comparison = Comparison::run().unwrap();
    let columns = comparison.columns.iter();
    assert_eq!(
        columns.map(|c| c.arrangement.as_str()).collect::<Vec<_>>(),
        [
            "tunnel-mode",
            "interface-sa",
            "initial-lookup-a",
            "integrated",
            "iiptran"
        ]
    );
    let changed = "yes, with changed protocols";
    let interfaces = "SAs are interfaces, and SADs get rules for it";
    let all_nodes = "substantial, in all 4 routers";
    let transport = "none: tunnel-mode SAs serve as transport mode";
    let after = "no: a separate step after decapsulation";
    let out = "not compared";
    for (name, expected) in [
        ("static-routing", ["no", "yes", "no", "yes", "yes"]),
        ("dynamic-routing", ["no", "yes", "no", changed, "yes"]),
        ("source-selection", ["no", "yes", "no", "not stated", "yes"]),
        (
            "ipsec-architecture",
            [
                "none",
                interfaces,
                "an extra lookup",
                "none, but to forwarding",
                "none",
            ],
        ),
        ("routing-software", ["-", "none", "none", all_nodes, "none"]),
        ("ike", ["none", "none", out, "none", transport]),
        ("inbound-check", ["yes", "yes", out, "yes", after]),
        (
            "inner-selectors",
            ["yes", "yes", out, "yes", "only with the extension"],
        ),
    ] {
        assert_eq!(answers(comparison.row(name).unwrap()), expected, "{name}");
    }
    assert_eq!(comparison.rows.len(), 8);
}

/// If tunnel mode did what another arrangement does, its cells would say so.
#[test]
fn cmp_01_cells_follow_what_nodes_do_and_not_their_label() {
    let texts =
        |cells: &[Cell]| -> Vec<String> { cells.iter().map(|cell| cell.answer.clone()).collect() };
    for (label, runs) in [("tunnel-mode", "iiptran"), ("iiptran", "tunnel-mode")] {
        let swapped = column(label, runs);
        assert!(swapped.iter().all(|cell| cell.arrangement == label));
        let (honest, other) = (column(label, label), column(runs, runs));
        assert_eq!(texts(&swapped), texts(&other));
        let changed = swapped
            .iter()
            .zip(&honest)
            .filter(|(a, b)| a.answer != b.answer);
        assert!(changed.count() >= 6, "{label} that runs {runs}");
    }
}

#[test]
fn cmp_01_behind_each_cell_are_packets_lookups_and_verdicts() {
    for row in Comparison::run().unwrap().rows {
        for cell in &row.cells {
            let at = format!("{} of {}", row.name, cell.arrangement);
            assert!(cell.explanation.ends_with('.'), "{at}");
            let is_of_routers = row.name == "routing-software";
            let walks: Vec<_> = cell
                .evidence
                .iter()
                .filter(|e| e.packet.is_some())
                .collect();
            assert!(!walks.is_empty() || is_of_routers, "{at}");
            for walk in walks {
                assert!(walk.outcome.is_some() && walk.left.is_some(), "{at}");
                assert!(walk.steps.iter().any(|step| step.lookup.is_some()), "{at}");
            }
            let mut facts = cell.evidence.iter().flat_map(|evidence| &evidence.facts);
            assert!(
                !is_of_routers || facts.any(|fact| fact.contains(" messages, ")),
                "{at}"
            );
        }
    }
}

/// The bytes on the wire say it: the outer destination of tunnel mode's packet is B still.
#[test]
fn cmp_01_the_packet_of_tunnel_mode_goes_to_b_whatever_the_route_says() {
    let outer_destination = |arrangement: &str| {
        let cell = column(arrangement, arrangement).remove(0);
        let walks = cell
            .evidence
            .into_iter()
            .filter(|evidence| evidence.packet.is_some());
        let left = walks.map(|walk| {
            assert!(matches!(walk.outcome, Some(Outcome::Transmit { .. })));
            walk.left.unwrap().0[16..20].to_vec()
        });
        left.collect::<Vec<_>>()
    };
    let (b, c) = ([192, 0, 2, 5].to_vec(), [192, 0, 2, 9].to_vec());
    assert_eq!(outer_destination("tunnel-mode"), [b.clone(), b.clone()]);
    assert_eq!(
        outer_destination("initial-lookup-a"),
        [b.clone(), b.clone()]
    );
    for arrangement in ["iiptran", "interface-sa", "integrated"] {
        assert_eq!(outer_destination(arrangement), [b.clone(), c.clone()]);
    }
}

#[test]
fn cmp_02_an_alternative_without_dynamic_routing_is_not_compared() {
    let out = |cells: Vec<Cell>| {
        let cells = cells.iter();
        cells.filter(|cell| cell.answer == "not compared").count()
    };
    for subject in SUBJECTS {
        let comparison = Comparison::of(&[subject]).unwrap();
        let cells = comparison.rows.into_iter().flat_map(|row| row.cells);
        let is_dropped = subject.label == ArrangementName::InitialLookupA;
        assert_eq!(out(cells.collect()), if is_dropped { 3 } else { 0 });
    }
    // Were the lookup of the other kind, dynamic routing would work, and nothing would be dropped.
    assert_eq!(out(column("initial-lookup-a", "initial-lookup-b")), 0);
}

#[test]
fn a_comparison_needs_virtual_links() {
    let error = Comparison::of(&[Subject::of(ArrangementName::Transport)]).unwrap_err();
    assert_eq!(error.path, "virtual-links[0]");
}
