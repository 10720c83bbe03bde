//! What may befall a packet of a whole network, on the wire to the node that opens its ESP.

use iiptran::network::ScenarioConfig;
use iiptran::walkthrough::Hex;
use iiptran::{Instant, Verdict};

use crate::fault::Fault;
use crate::journey::{Journey, Leg, dissect};
use crate::line::{Entry, enter, in_clear};
use crate::look::network;
use crate::mishap::Mishap;

/// How much later than it should a packet comes that others overtake, nanoseconds.
const LATE: u64 = 3_000_000_000;

/// Where in a journey a mishap happens.
struct Scene {
    /// The place of the wire among the legs.
    place: usize,
    wire: String,
    to: String,
    arrives: u64,
    packet: Hex,
    clear: Option<Vec<u8>>,
}

/// Lets a mishap befall the packet of a journey, and follows it into the next node, where this ends.
///
/// # Errors
/// The packet is on no wire with ESP, or the mishap is none of a packet.
pub(crate) fn befall(
    scenario: &ScenarioConfig,
    mishap: &Mishap,
    journey: &mut Journey,
) -> Result<(), Fault> {
    let of_packet = matches!(
        mishap,
        Mishap::Flip { .. }
            | Mishap::Truncate { .. }
            | Mishap::Replay
            | Mishap::Reorder { .. }
            | Mishap::MarkCe
            | Mishap::Clear
    );
    if !of_packet {
        let cause = "in a network, this is an event of the scenario or a setting of its document";
        return Err(Fault::new("mishap", cause));
    }
    let scene = Scene::find(journey)
        .ok_or_else(|| Fault::new("mishap", "the packet is on no wire in ESP at this time"))?;
    let until = match mishap {
        // What comes again comes after the first was there, and what is late after many others.
        Mishap::Replay => scene.arrives,
        Mishap::Reorder { .. } => scene.arrives.saturating_add(LATE),
        _ => scene.arrives.saturating_sub(1),
    };
    let mut network = network(scenario)?;
    network.run_until(Instant::from_nanos(until), &mut ());
    let node = network.into_nodes().find(|(name, _)| *name == scene.to);
    let (_, mut node) = node.ok_or_else(|| Fault::new("mishap", "no node opens the packet"))?;
    let link = link_of(scenario, &scene).and_then(|link| node.tables().find_link(&link));
    let link = link.ok_or_else(|| Fault::new("mishap", "no link of the node is at this wire"))?;

    let arrivals = Mishap::befall(
        std::slice::from_ref(mishap),
        &scene.packet.0,
        scene.clear.as_deref(),
    );
    let Some(mut arrival) = arrivals.into_iter().next_back() else {
        return Ok(());
    };
    if matches!(mishap, Mishap::Reorder { .. }) {
        arrival.notes = vec!["It is held back for 3 s; what was sent later overtakes it.".into()];
    }
    let repeated = matches!(mishap, Mishap::Replay);
    let kept = scene.place.saturating_add(if repeated { 2 } else { 0 });
    let from = match journey.legs.get(scene.place) {
        Some(Leg::Wire { from, .. }) => from.clone(),
        _ => String::new(),
    };
    let time = until.max(scene.arrives);
    journey.legs.truncate(kept);
    journey.legs.push(Leg::Wire {
        wire: scene.wire,
        from,
        to: Some(scene.to.clone()),
        time,
        arrives: Some(time),
        lost: None,
        notes: arrival.notes,
        layers: dissect(&arrival.packet),
        packet: arrival.packet.clone(),
        changes: arrival.changes,
    });
    let mut recorder = iiptran::walkthrough::Recorder::new();
    let entry = Entry::Arrives(link);
    let now = Instant::from_nanos(time);
    let _: (Verdict, _) = enter(&mut node, now, entry, &arrival.packet.0, &mut recorder);
    journey.legs.push(Leg::Node {
        station: scene.to,
        time,
        walkthrough: recorder.into_walkthrough(),
    });
    Ok(())
}

impl Scene {
    /// The wire in front of the first node that looks for an inbound SA.
    fn find(journey: &Journey) -> Option<Self> {
        let opens = |leg: &Leg| match leg {
            Leg::Node { walkthrough, .. } => {
                let mut steps = walkthrough.steps.iter();
                steps.any(|step| step.stage == "find-sa")
            }
            _ => false,
        };
        let place = journey.legs.iter().position(opens)?.checked_sub(1)?;
        let (
            Some(before),
            Some(Leg::Wire {
                wire,
                to,
                arrives,
                packet,
                ..
            }),
        ) = (journey.legs.get(..place), journey.legs.get(place))
        else {
            return None;
        };
        let clear = before.iter().rev().find_map(|leg| match leg {
            Leg::Node { walkthrough, .. } => in_clear(walkthrough),
            _ => None,
        });
        Some(Self {
            place,
            wire: wire.clone(),
            to: to.clone()?,
            arrives: (*arrives)?,
            packet: packet.clone(),
            clear,
        })
    }
}

/// The link of the receiving node that is at the wire.
fn link_of(scenario: &ScenarioConfig, scene: &Scene) -> Option<String> {
    let mut wires = scenario.wires.iter();
    let wire = wires.find(|wire| wire.name_or_ends() == scene.wire)?;
    let mut ends = wire.ends.iter().filter_map(|end| end.split_once('.'));
    ends.find(|(node, _)| *node == scene.to)
        .map(|(_, link)| link.to_owned())
}
