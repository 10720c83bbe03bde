//! A network at a moment, and a packet's journey from there.
//!
//! A run is a function of its scenario, so that any moment can be reached, backwards too: by running again.

use iiptran::config::ArrangementName;
use iiptran::network::scenario::EventConfig;
use iiptran::network::{
    Carriage, Event, Network, NetworkReport, Observer, Record, ScenarioConfig, shipped,
};
use iiptran::trace::{Step, Trace};
use iiptran::walkthrough::Recorder;
use iiptran::wire::{IpHeader, SkipList};
use iiptran::{Instant, Verdict};
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, read};
use crate::journey::{Journey, KeysReport, Leg, dissect};
use crate::line::StationTables;
use crate::mishap::Mishap;

/// For how long a packet is followed, nanoseconds.
const PATIENCE: u64 = 10_000_000_000;
/// How many of the last events are told.
const MOST_EVENTS: usize = 400;

/// A scenario, a moment and a flow.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LookRequest {
    /// The scenario.
    pub run: RunRequest,
    /// The moment, nanoseconds since the beginning.
    pub at: u64,
    /// The place of the flow whose next packet is followed; none for no packet.
    #[serde(default)]
    pub flow: Option<usize>,
    /// What befalls that packet, on the wire to the first node that opens it.
    #[serde(default)]
    pub mishap: Option<Mishap>,
}

/// A scenario, with what is other than in its document.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RunRequest {
    /// The document, JSON or TOML, or the name of a scenario that comes with the crate.
    pub scenario: String,
    /// Another arrangement.
    #[serde(default)]
    pub arrangement: Option<String>,
    /// Another seed.
    #[serde(default)]
    pub seed: Option<u64>,
    /// More events.
    #[serde(default)]
    pub events: Vec<EventConfig>,
}

/// What there is to see.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LookReport {
    /// What the run came to until the moment.
    pub report: NetworkReport,
    /// The nodes' tables.
    pub nodes: Vec<StationTables>,
    /// Wires that are cut.
    pub cut: Vec<String>,
    /// What happened besides packets, the last events, each as JSON.
    #[serde(skip)]
    pub events: Vec<String>,
    /// The packet's journey.
    pub journey: Journey,
    /// The keys of the SAs until then.
    pub keys: Vec<KeysReport>,
}

impl LookReport {
    /// All of it as JSON. Texts in a text are put there by hand: with the feature by which serde's JSON writes them,
    /// it also reads them, which is 7 kB of what a page loads.
    ///
    /// # Errors
    /// None: there is nothing in it that JSON has not.
    pub fn json(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string(self)?;
        text.pop();
        text.push_str(",\"events\":");
        text.push_str(&list(&self.events));
        text.push('}');
        Ok(text)
    }
}

/// JSON texts as one of an array.
pub(crate) fn list(texts: &[String]) -> String {
    ["[", &texts.join(","), "]"].concat()
}

/// The scenario of a request.
///
/// # Errors
/// [`Fault`].
pub fn scenario(request: &RunRequest) -> Result<ScenarioConfig, Fault> {
    let text = match shipped(&request.scenario) {
        Some(shipped) => shipped.text,
        None => &request.scenario,
    };
    let mut scenario: ScenarioConfig = read("scenario", text)?;
    if let Some(word) = &request.arrangement {
        let arrangement: Result<ArrangementName, _> = word.parse();
        scenario.arrangement = arrangement.map_err(|error| Fault::config("arrangement", &error))?;
    }
    if let Some(seed) = request.seed {
        scenario.seed = seed;
    }
    scenario.events.extend(request.events.iter().cloned());
    Ok(scenario)
}

/// The network of a scenario, at its beginning.
///
/// # Errors
/// [`Fault`].
pub(crate) fn network(scenario: &ScenarioConfig) -> Result<Network, Fault> {
    Network::new(scenario).map_err(|error| Fault::config("scenario", &error))
}

/// Looks at a network at a moment, and follows the flow's next packet from there.
///
/// # Errors
/// [`Fault`].
pub fn look(request: &LookRequest) -> Result<LookReport, Fault> {
    let scenario = scenario(&request.run)?;
    let mut network = network(&scenario)?;
    let mut log = Log::default();
    network.run_until(Instant::from_nanos(request.at), &mut log);
    let report = network.report();
    let nodes = network.nodes().map(|(name, node)| StationTables {
        name: name.to_owned(),
        tables: node.report(),
    });
    let nodes = nodes.collect();
    let mut journey = Journey::default();
    if let Some(place) = request.flow {
        let flow = report.flows.get(place);
        let config = scenario.flows.get(place);
        let (Some(flow), Some(config)) = (flow, config) else {
            return Err(Fault::new("flow", format!("there is no flow {place}")));
        };
        let mut follower = Follower {
            from: config.from.clone(),
            source: flow.source.to_string(),
            destination: flow.destination.to_string(),
            ..Follower::default()
        };
        let end = Instant::from_nanos(request.at.saturating_add(PATIENCE));
        while !follower.done {
            match network.step(&mut follower) {
                Some(now) if now <= end => {}
                _ => break,
            }
        }
        journey = follower.journey;
        if let Some(mishap) = &request.mishap {
            crate::tamper::befall(&scenario, mishap, &mut journey)?;
        }
    }
    Ok(LookReport {
        report,
        nodes,
        cut: log.cut,
        events: log.events,
        journey,
        keys: KeysReport::of_sas(&network.keys().sas).collect(),
    })
}

/// Notes what happens besides packets.
#[derive(Default)]
struct Log {
    events: Vec<String>,
    cut: Vec<String>,
}

impl Observer for Log {
    fn event(&mut self, time: Instant, event: &Event<'_>) {
        match event {
            Event::Carried { .. } | Event::Received { .. } | Event::Verdict { .. } => return,
            Event::Wire { wire, up } => {
                self.cut.retain(|cut| cut != wire);
                if !up {
                    self.cut.push((*wire).into());
                }
            }
            _ => {}
        }
        if let Ok(value) = serde_json::to_string(&Record { time, event }) {
            if self.events.len() >= MOST_EVENTS {
                self.events.remove(0);
            }
            self.events.push(value);
        }
    }
}

/// Follows one packet.
#[derive(Default)]
struct Follower {
    from: String,
    source: String,
    destination: String,
    packet: Option<u64>,
    recorder: Recorder,
    journey: Journey,
    /// The host or node to which the packet is on its way, and when it is there.
    awaited: Option<(String, Instant)>,
    done: bool,
}

impl Follower {
    fn is_of_flow(&self, bytes: &[u8]) -> bool {
        IpHeader::parse(bytes, &SkipList::default()).is_ok_and(|header| {
            header.source.to_string() == self.source
                && header.destination.to_string() == self.destination
        })
    }

    /// Whether this is the packet, or becomes it: the first of its flow that leaves the sender.
    fn takes(&mut self, number: u64, at_sender: bool, bytes: &[u8]) -> bool {
        match self.packet {
            Some(packet) => packet == number,
            None if at_sender && self.is_of_flow(bytes) => {
                self.packet = Some(number);
                true
            }
            None => false,
        }
    }
}

impl Observer for Follower {
    fn event(&mut self, time: Instant, event: &Event<'_>) {
        if self.done {
            return;
        }
        match *event {
            Event::Carried {
                wire,
                from,
                to,
                packet,
                arrival,
                bytes,
            } => {
                let at_sender = from == Some(self.from.as_str());
                let is_second = self.awaited.as_ref().is_some_and(|(_, at)| *at > time);
                if !self.takes(packet, at_sender, bytes) || is_second {
                    return;
                }
                let (arrives, lost) = match arrival {
                    Carriage::Arrives(at) => (Some(at), None),
                    Carriage::Lost(loss) => (None, Some(loss.name())),
                };
                self.done = lost.is_some();
                self.awaited = arrives.map(|at| (to.unwrap_or_default().to_owned(), at));
                self.journey.legs.push(Leg::Wire {
                    wire: wire.into(),
                    from: from.unwrap_or_default().into(),
                    to: to.map(Into::into),
                    time: time.as_nanos(),
                    arrives: arrives.map(Instant::as_nanos),
                    lost,
                    notes: Vec::new(),
                    layers: iiptran::walkthrough::layers(bytes),
                    packet: bytes.into(),
                    changes: Vec::new(),
                });
            }
            Event::Verdict {
                node,
                arrival,
                packet,
                verdict,
                ..
            } => {
                let at_sender = node == self.from && arrival.is_none();
                let walk = self.recorder.walkthrough();
                let first = walk.steps.first().map(|step| step.packet.0.clone());
                if !self.takes(packet, at_sender, &first.unwrap_or_default()) {
                    return;
                }
                self.awaited = None;
                let walkthrough = std::mem::take(&mut self.recorder).into_walkthrough();
                self.done = !matches!(verdict, Verdict::Transmit { .. } | Verdict::Deliver { .. });
                if let Verdict::Deliver { .. } = verdict {
                    self.awaited = Some((node.to_owned(), time));
                }
                self.journey.legs.push(Leg::Node {
                    station: node.into(),
                    time: time.as_nanos(),
                    walkthrough,
                });
            }
            Event::Received {
                station, expected, ..
            } => {
                let awaited = self.awaited.as_ref();
                if !awaited.is_some_and(|(to, at)| to == station && *at == time) {
                    return;
                }
                self.done = true;
                let packet = match self.journey.legs.last() {
                    Some(Leg::Wire { packet, .. }) => packet.clone(),
                    Some(Leg::Node { walkthrough, .. }) => {
                        let last = walkthrough.steps.last();
                        last.map(|step| step.packet.clone()).unwrap_or_default()
                    }
                    _ => return,
                };
                self.journey.legs.push(Leg::Received {
                    station: station.into(),
                    time: time.as_nanos(),
                    expected,
                    layers: dissect(&packet),
                    packet,
                });
            }
            _ => {}
        }
    }

    fn wants_steps(&self) -> bool {
        !self.done
    }

    fn step(&mut self, _: Instant, _: &str, step: &Step<'_>) {
        self.recorder.step(step);
    }
}
