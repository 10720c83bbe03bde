//! The trace that writes a walkthrough.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::compare::{Kept, compare};
use super::dissect::{EspShape, dissect};
use super::words::{self, Words};
use super::{EspReport, Hex, Layer, WalkStep, Walkthrough, WindowReport, tables};
use crate::esp::{Opened, ReplayWindow, Sealed};
use crate::sa::{InboundSa, OutboundSa};
use crate::trace::{Step, Trace};
use crate::transform::{Authenticated, Transform};
use crate::wire::{EspHeader, IpHeader, Protocol, SkipList, UdpHeader};
use crate::{NetworkId, Tables};

/// A trace that records what happens to a packet and why. It copies the packet at each step: for looking
/// at packets, not for moving them.
#[derive(Debug, Default)]
pub struct Recorder {
    walk: Walkthrough,
    tables: Option<Tables>,
    network: Option<NetworkId>,
    packet: Vec<u8>,
    esp: Option<EspShape>,
}

impl Trace for Recorder {
    fn step(&mut self, step: &Step<'_>) {
        if let Step::Arrive {
            tables, network, ..
        } = *step
        {
            *self = Self {
                walk: Walkthrough {
                    arrangement: tables.arrangement().name(),
                    ..Walkthrough::default()
                },
                tables: Some(tables.clone()),
                network: Some(network),
                ..Self::default()
            };
        }
        let Some(tables) = self.tables.take() else {
            return;
        };
        self.record(&tables, step);
        self.tables = Some(tables);
    }
}

impl Recorder {
    /// A recorder for one packet after another: each begins anew.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was recorded of the last packet.
    #[must_use]
    pub const fn walkthrough(&self) -> &Walkthrough {
        &self.walk
    }

    /// What was recorded of the last packet.
    #[must_use]
    pub fn into_walkthrough(self) -> Walkthrough {
        self.walk
    }

    fn record(&mut self, tables: &Tables, step: &Step<'_>) {
        if let Step::End { verdict, trail, .. } = step {
            let stage = self.walk.steps.last().map_or("arrive", |step| step.stage);
            self.walk.outcome = Some(words::outcome(tables, *verdict, trail, stage));
            return;
        }
        let Words {
            title,
            clause,
            notes,
            lookup,
        } = words::of(tables, step);
        if let Some(network) = network_of(step) {
            self.network = Some(network);
        }
        let kept = self.kept(step);
        let esp = self.follow_esp(step);
        let before = core::mem::take(&mut self.packet);
        self.packet = packet_of(step).map_or_else(|| before.clone(), Into::into);
        let difference = compare(&before, &self.packet, &kept);
        let mut layers = dissect(&self.packet, self.esp.as_ref());
        if let Step::Encapsulate { .. } = step {
            name_settings(&mut layers);
        }
        let network = self
            .network
            .map_or("?", |id| tables::network_name(tables, id));
        let is_first = self.walk.steps.is_empty();
        self.walk.steps.push(WalkStep {
            stage: step.stage().name(),
            title,
            clause,
            network: network.to_string(),
            notes,
            lookup,
            esp,
            window: window_of(step).map(window_report),
            packet: Hex::from(self.packet.as_slice()),
            changes: if is_first {
                Vec::new()
            } else {
                difference.changes
            },
            removed: if is_first {
                Vec::new()
            } else {
                difference.removed
            },
            layers,
        });
    }

    /// Which bytes the step kept, and where.
    fn kept(&self, step: &Step<'_>) -> Vec<Kept> {
        let before = self.packet.len();
        let moved = |before: usize, after: usize, length: usize| Kept {
            before,
            after,
            length,
        };
        match step {
            Step::Encapsulate { outer, .. } => [moved(0, outer.length(), before)].into(),
            Step::Decapsulate { packet, .. } => {
                let outer = self.header().map_or(0, |header| header.length);
                [moved(outer, 0, packet.len())].into()
            }
            Step::Seal { sa, sealed, .. } => {
                let head = sealed.offset.saturating_sub(udp_length(sa));
                let body = sealed
                    .offset
                    .saturating_add(EspHeader::LENGTH)
                    .saturating_add(sa.transform().iv_length());
                let payload = before.saturating_sub(head);
                [moved(0, 0, head), moved(head, body, payload)].into()
            }
            Step::Restore { packet } => {
                let Some(esp) = &self.esp else {
                    return [Kept::in_place(before)].into();
                };
                let is_udp = self
                    .header()
                    .is_some_and(|header| header.protocol == Protocol::UDP);
                let head = esp
                    .offset
                    .saturating_sub(if is_udp { UdpHeader::LENGTH } else { 0 });
                let [body, _] = esp.body;
                [
                    moved(0, 0, head),
                    moved(body, head, packet.len().saturating_sub(head)),
                ]
                .into()
            }
            // A datagram that is whole again is not the fragment with something changed.
            Step::Reassemble {
                whole: true,
                packet,
            } => [Kept::in_place(packet.len())].into(),
            _ => [Kept::in_place(before)].into(),
        }
    }

    fn header(&self) -> Option<IpHeader> {
        let skip = self
            .tables
            .as_ref()
            .map_or_else(SkipList::default, |tables| *tables.skip_list());
        IpHeader::parse(&self.packet, &skip).ok()
    }

    /// Follows what is known of the packet's ESP, and tells it at the steps that make or open it.
    fn follow_esp(&mut self, step: &Step<'_>) -> Option<EspReport> {
        match step {
            Step::Seal { sa, sealed, packet } => {
                let skip = SkipList::default();
                let next_header = IpHeader::parse(&self.packet, &skip)
                    .ok()
                    .and_then(|header| self.packet.get(header.esp_protocol_offset).copied())
                    .map_or(Protocol::NO_NEXT_HEADER, Protocol);
                let shape = sealed_shape(sa, sealed, packet.len(), next_header);
                self.esp = Some(shape);
                Some(EspReport {
                    sa: sa.name().to_string(),
                    mode: sa.mode().name(),
                    iv: Hex::from(sealed.iv.as_bytes()),
                    ..report(sa.transform(), sealed.authenticated, &shape, packet.len())
                })
            }
            Step::Open {
                sa,
                opened: Ok((sequence, opened)),
                packet,
                ..
            } => {
                let shape = opened_shape(sa, opened);
                self.esp = Some(shape);
                let authenticated = Authenticated {
                    spi: sa.id().spi,
                    sequence: *sequence,
                    extended: sa.extended_sequence(),
                };
                Some(EspReport {
                    sa: sa.name().to_string(),
                    mode: sa.mode().name(),
                    iv: Hex::from(opened.iv.as_bytes()),
                    ..report(sa.transform(), authenticated, &shape, packet.len())
                })
            }
            // The ESP is gone, or is payload now.
            Step::Restore { .. } | Step::Reassemble { .. } | Step::Encapsulate { .. } => {
                self.esp = None;
                None
            }
            _ => None,
        }
    }
}

fn udp_length(sa: &OutboundSa) -> usize {
    sa.udp_encapsulation().map_or(0, |_| UdpHeader::LENGTH)
}

fn sealed_shape(
    sa: &OutboundSa,
    sealed: &Sealed,
    length: usize,
    next_header: Protocol,
) -> EspShape {
    let transform = sa.transform();
    let body = sealed
        .offset
        .saturating_add(EspHeader::LENGTH)
        .saturating_add(transform.iv_length());
    EspShape {
        offset: sealed.offset,
        iv_length: transform.iv_length(),
        body: [body, length.saturating_sub(transform.icv_length())],
        pad_length: sealed.pad_length,
        next_header,
        open: !transform.is_confidential(),
    }
}

fn opened_shape(sa: &InboundSa, opened: &Opened) -> EspShape {
    let iv_length = sa.transform().iv_length();
    let header = EspHeader::LENGTH.saturating_add(iv_length);
    let end = opened
        .trailer_offset
        .saturating_add(EspHeader::TRAILER_LENGTH);
    EspShape {
        offset: opened.payload_offset.saturating_sub(header),
        iv_length,
        body: [opened.payload_offset, end],
        pad_length: opened.pad_length,
        next_header: opened.next_header,
        open: true,
    }
}

fn report(
    transform: Transform,
    authenticated: Authenticated,
    shape: &EspShape,
    length: usize,
) -> EspReport {
    let [_, icv] = shape.body;
    EspReport {
        sa: String::new(),
        spi: authenticated.spi.to_string(),
        transform: transform.to_string(),
        mode: "",
        sequence: authenticated.sequence,
        extended: authenticated.extended,
        iv: Hex::default(),
        associated: Hex(authenticated.besides_the_packet(transform)),
        body: shape.body,
        icv: [icv, length],
        pad_length: shape.pad_length,
        next_header: shape.next_header.to_string(),
    }
}

fn window_of<'s>(step: &Step<'s>) -> Option<&'s ReplayWindow> {
    match step {
        Step::Open { sa, .. } => sa.window(),
        _ => None,
    }
}

pub(super) fn window_report(window: &ReplayWindow) -> WindowReport {
    const BACK: u64 = 64;
    let top = window.top();
    let lowest = top
        .saturating_sub(BACK.min(window.size()).saturating_sub(1))
        .max(1);
    WindowReport {
        size: window.size(),
        top,
        received: (lowest..=top)
            .rev()
            .filter(|&number| window.is_received(number))
            .collect(),
    }
}

/// The packet as a step left it; `None` if the step only looked.
fn packet_of<'s>(step: &Step<'s>) -> Option<&'s [u8]> {
    match *step {
        Step::Arrive { packet, .. }
        | Step::Reassemble { packet, .. }
        | Step::Hop { packet }
        | Step::Encapsulate { packet, .. }
        | Step::Seal { packet, .. }
        | Step::Open { packet, .. }
        | Step::Restore { packet }
        | Step::Decapsulate { packet, .. }
        | Step::End { packet, .. } => Some(packet),
        _ => None,
    }
}

/// The network that the packet is in from this step on, if the step tells.
const fn network_of(step: &Step<'_>) -> Option<NetworkId> {
    match step {
        Step::Arrive { network, .. }
        | Step::Route { network, .. }
        | Step::Policy { network, .. }
        | Step::FindTunnel { network, .. }
        | Step::Encapsulate { network, .. }
        | Step::Decapsulate { network, .. } => Some(*network),
        _ => None,
    }
}

/// Which setting of the virtual link decided each field of its outer header.
fn name_settings(layers: &mut [Layer]) {
    for field in layers
        .iter_mut()
        .take(1)
        .flat_map(|layer| &mut layer.fields)
    {
        field.setting = match field.name {
            "TTL" | "hop limit" => Some("outer.ttl"),
            "DSCP" => Some("outer.dscp"),
            "ECN" => Some("outer.ecn"),
            "DF" => Some("outer.df"),
            "identification" => Some("outer.identification"),
            "flow label" => Some("outer.flow-label"),
            "source" => Some("local"),
            "destination" => Some("remote"),
            _ => None,
        };
    }
}
