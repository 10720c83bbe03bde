//! `cargo xtask schema`: JSON Schema of the documents, from their types.

use anyhow::Result;
use iiptran::DropReason;
use iiptran::comparison::Comparison;
use iiptran::config::{CountersReport, KeysConfig, NodeConfig};
use iiptran::network::{NetworkReport, ScenarioConfig};
use iiptran::walkthrough::{NodeReport, Walkthrough};
use schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};

use crate::generated::write_or_check;

const FOLDER: &str = "core/schema";
const COMMAND: &str = "cargo xtask schema";

pub(crate) fn run(check: bool) -> Result<()> {
    let schemas = [
        ("node", schema::<NodeConfig>()?),
        ("keys", schema::<KeysConfig>()?),
        ("counters", schema::<CountersReport>()?),
        ("walkthrough", schema::<Walkthrough>()?),
        ("node-report", schema::<NodeReport>()?),
        ("scenario", schema::<ScenarioConfig>()?),
        ("network-report", schema::<NetworkReport>()?),
        ("comparison", schema::<Comparison>()?),
        ("drop-reasons", drop_reasons()),
    ];
    for (name, schema) in schemas {
        let text = serde_json::to_string_pretty(&schema)? + "\n";
        write_or_check(format!("{FOLDER}/{name}.json"), &text, check, COMMAND)?;
    }
    Ok(())
}

fn schema<T: JsonSchema>() -> Result<Value> {
    Ok(serde_json::to_value(schema_for!(T))?)
}

/// Not a schema but the list itself: what each code means, for programs in other languages.
fn drop_reasons() -> Value {
    let reasons: Vec<Value> = DropReason::ALL
        .iter()
        .map(|reason| {
            let text = reason.explanation();
            json!({
                "code": reason.code(),
                "name": text.name,
                "group": reason.group().name(),
                "clause": text.clause,
                "meaning": text.meaning,
                "check": text.check,
            })
        })
        .collect();
    json!({ "drop-reasons": reasons })
}
