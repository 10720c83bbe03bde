//! `iiptran sim`: runs a scenario.

mod captures;
mod summary;
mod watch;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use iiptran::Instant;
use iiptran::network::{Network, SHIPPED, ScenarioConfig, shipped};
use serde::Serialize;

use crate::command::SimArguments;
use crate::document;
use crate::failure::Failure;
use crate::style::{DIM, HEADING};
use captures::Captures;
use watch::Watch;

/// How many times the summary is renewed during a run.
const GLANCES: u64 = 100;

pub(crate) fn run(arguments: &SimArguments, json: bool) -> Result<(), Failure> {
    if arguments.list {
        return list(json);
    }
    let Some(asked) = &arguments.scenario else {
        let hint = "which scenario? iiptran sim --list shows those that come with it";
        return Err(Failure::Usage(hint.into()));
    };
    let mut scenario = read(asked)?;
    if let Some(word) = &arguments.arrangement {
        scenario.arrangement = document::arrangement(word)?;
    }
    if let Some(seed) = arguments.seed {
        scenario.seed = seed;
    }
    let mut network = Network::new(&scenario).map_err(|error| Failure::Config {
        file: asked.clone(),
        error,
    })?;
    let events = arguments.events.as_deref().map(create).transpose()?;
    let captures = arguments.pcap.as_deref().map(Captures::new).transpose()?;
    let mut watch = Watch::new(events, captures);
    let live = summary::Live::new(&scenario.title, json);
    let end = Instant::ZERO.after(network.duration());
    for glance in 1..=GLANCES {
        let until = end.as_nanos() / GLANCES * glance;
        network.run_until(Instant::from_nanos(until), &mut watch);
        live.show(&network, &watch);
        if watch.has_failed() {
            break;
        }
    }
    network.run_until(end, &mut watch);
    live.end();
    watch.finish(arguments.events.as_deref(), &network)?;
    let mut out = anstream::stdout().lock();
    let report = network.report();
    if json {
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
        Ok(())
    } else if arguments.events.as_deref() == Some(Path::new("-")) {
        // Lines of JSON are for a program, which the summary would confuse.
        Ok(())
    } else {
        summary::print(&mut out, &scenario, &report)
    }
}

fn create(file: &Path) -> Result<BufWriter<Box<dyn Write>>, Failure> {
    let output: Box<dyn Write> = if file == Path::new("-") {
        Box::new(io::stdout())
    } else {
        Box::new(File::create(file).map_err(|error| Failure::file(file, error))?)
    };
    Ok(BufWriter::new(output))
}

/// The scenario of this name, or of this file.
fn read(asked: &str) -> Result<ScenarioConfig, Failure> {
    let file = Path::new(asked);
    if let Some(scenario) = shipped(asked) {
        let read = ScenarioConfig::from_toml(scenario.text);
        return read.map_err(|error| Failure::Config {
            file: asked.into(),
            error,
        });
    }
    let is_name = asked != "-" && file.extension().is_none() && !file.exists();
    if is_name {
        let names: Vec<_> = SHIPPED.iter().map(|scenario| scenario.name).collect();
        return Err(Failure::Usage(format!(
            "no scenario or file is named \"{asked}\"; there are: {}",
            names.join(", ")
        )));
    }
    let text = document::read(file)?;
    document::parse(
        file,
        &text,
        ScenarioConfig::from_json,
        ScenarioConfig::from_toml,
    )
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    name: &'static str,
    title: String,
    description: String,
}

fn list(json: bool) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for scenario in SHIPPED {
        let config = read(scenario.name)?;
        rows.push(Row {
            name: scenario.name,
            title: config.title,
            description: config.description,
        });
    }
    let mut out = anstream::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &rows)?;
        writeln!(out)?;
        return Ok(());
    }
    for Row { name, title, .. } in rows {
        writeln!(out, "  {HEADING}{name:16}{HEADING:#} {title}")?;
    }
    writeln!(out, "\n{DIM}iiptran sim NAME runs one.{DIM:#}")?;
    Ok(())
}
