//! How many packets of a flow arrive as time goes by: a change of routes, seen as a row of numbers.

use iiptran::Instant;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::look::{RunRequest, network, scenario};

/// The most parts into which a run is cut.
const MOST_PARTS: u64 = 1000;

/// A scenario, a flow, and into how many parts of the same length its run is cut.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HistoryRequest {
    /// The scenario.
    pub run: RunRequest,
    /// The place of the flow.
    pub flow: usize,
    /// How many parts, 1 to 1000.
    pub parts: u64,
}

/// One part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Part {
    /// Its end, nanoseconds.
    pub until: u64,
    /// How many packets of the flow were sent in it.
    pub sent: u64,
    /// How many arrived where the flow goes.
    pub delivered: u64,
}

/// Runs a scenario to its end and counts, part by part.
///
/// # Errors
/// [`Fault`].
pub fn history(request: &HistoryRequest) -> Result<Vec<Part>, Fault> {
    let scenario = scenario(&request.run)?;
    let mut network = network(&scenario)?;
    let whole = u64::try_from(scenario.duration.0.as_nanos()).unwrap_or(u64::MAX);
    let parts = request.parts.clamp(1, MOST_PARTS);
    let mut before = (0, 0);
    let mut history = Vec::new();
    for number in 1..=parts {
        let until = (whole / parts).saturating_mul(number);
        network.run_until(Instant::from_nanos(until), &mut ());
        let report = network.report();
        let Some(flow) = report.flows.get(request.flow) else {
            let cause = format!("there is no flow {}", request.flow);
            return Err(Fault::new("flow", cause));
        };
        history.push(Part {
            until,
            sent: flow.sent.saturating_sub(before.0),
            delivered: flow.delivered.saturating_sub(before.1),
        });
        before = (flow.sent, flow.delivered);
    }
    Ok(history)
}
