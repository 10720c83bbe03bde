//! The live summary, and the one at the end.

use std::io::{IsTerminal, Write, stderr};

use iiptran::network::{FlowDropReport, LossReport, Network, NetworkReport, ScenarioConfig};

use super::watch::Watch;
use crate::failure::Failure;
use crate::style::{DIM, HEADING, WARNING};

/// One line that is renewed during a run, where somebody sees it.
pub(super) struct Live {
    title: String,
    shown: bool,
}

impl Live {
    pub(super) fn new(title: &str, json: bool) -> Self {
        Self {
            title: title.into(),
            shown: !json && stderr().is_terminal(),
        }
    }

    pub(super) fn show(&self, network: &Network, watch: &Watch) {
        if self.shown {
            let Watch {
                carried,
                received,
                dropped,
                ..
            } = watch;
            anstream::eprint!(
                "\r{}: {}, {carried} carried, {received} received, {dropped} dropped, {} under way\x1b[K",
                self.title,
                seconds(network.now().as_nanos()),
                network.under_way(),
            );
        }
    }

    pub(super) fn end(&self) {
        if self.shown {
            anstream::eprint!("\r\x1b[K");
        }
    }
}

/// Prints a report for people.
pub(super) fn print(
    out: &mut impl Write,
    scenario: &ScenarioConfig,
    report: &NetworkReport,
) -> Result<(), Failure> {
    writeln!(
        out,
        "{HEADING}{}{HEADING:#} {DIM}({}, seed {}, {}){DIM:#}",
        report.title,
        report.arrangement,
        report.seed,
        seconds(report.time)
    )?;
    for line in scenario.description.trim().lines() {
        writeln!(out, "  {DIM}{line}{DIM:#}")?;
    }
    for warning in &report.warnings {
        writeln!(out, "{WARNING}in vain:{WARNING:#} {warning}")?;
    }
    flows(out, report)?;
    if !report.attacks.is_empty() {
        writeln!(out, "\n{HEADING}Injected packets{HEADING:#}")?;
        for attack in &report.attacks {
            let fate = fates(&attack.drops, &attack.losses);
            writeln!(
                out,
                "  {:20} {} sent, {} reached somebody{fate}",
                attack.event, attack.sent, attack.reached
            )?;
        }
    }
    routing(out, report)
}

fn flows(out: &mut impl Write, report: &NetworkReport) -> Result<(), Failure> {
    writeln!(out, "\n{HEADING}Flows{HEADING:#}")?;
    for flow in &report.flows {
        writeln!(
            out,
            "  {:20} {} of {} delivered{}",
            flow.name,
            flow.delivered,
            flow.sent,
            fates(&flow.drops, &flow.losses)
        )?;
        let mut notes = Vec::new();
        for (count, what) in [
            (flow.duplicates, "twice"),
            (flow.reordered, "out of order"),
            (flow.misdelivered, "to somebody else"),
        ] {
            if count > 0 {
                notes.push(format!("{count} {what}"));
            }
        }
        if let Some(mean) = flow.latency_mean {
            notes.push(format!("{} under way", seconds(mean)));
            notes.push(format!("longest gap {}", seconds(flow.longest_gap)));
        }
        if !notes.is_empty() {
            writeln!(out, "  {:20} {DIM}{}{DIM:#}", "", notes.join(", "))?;
        }
    }
    Ok(())
}

fn routing(out: &mut impl Write, report: &NetworkReport) -> Result<(), Failure> {
    writeln!(out, "\n{HEADING}Routing{HEADING:#}")?;
    writeln!(out, "  {} adjacencies", report.adjacencies.len())?;
    for adjacency in &report.adjacencies {
        writeln!(
            out,
            "  {DIM}{} hears {} on {}{DIM:#}",
            adjacency.node, adjacency.neighbour, adjacency.link
        )?;
    }
    for row in &report.convergence {
        let what = match row.took {
            Some(took) => format!("{} changes of routes within {}", row.changes, seconds(took)),
            None => "no route changed".into(),
        };
        writeln!(out, "  {:>10} {}: {what}", seconds(row.time), row.event)?;
    }
    Ok(())
}

fn fates(drops: &[FlowDropReport], losses: &[LossReport]) -> String {
    let drops = drops.iter().map(|drop| {
        format!(
            "{} dropped: {} (last at {})",
            drop.packets, drop.reason, drop.last_node
        )
    });
    let losses = losses
        .iter()
        .map(|loss| format!("{} lost: {}", loss.packets, loss.reason));
    drops
        .chain(losses)
        .map(|fate| format!("; {fate}"))
        .collect()
}

/// Nanoseconds, for people.
fn seconds(nanos: u64) -> String {
    match nanos {
        0 => "0 s".into(),
        1..1_000_000 => format!("{} us", nanos / 1_000),
        1_000_000..1_000_000_000 => {
            format!("{}.{} ms", nanos / 1_000_000, nanos / 100_000 % 10)
        }
        _ => format!(
            "{}.{:03} s",
            nanos / 1_000_000_000,
            nanos / 1_000_000 % 1_000
        ),
    }
}
