//! What may befall a packet between two nodes, or the nodes themselves.

use iiptran::Instant;
use iiptran::config::{HexKey, LifetimeConfig, LimitsOfLifetime, NodeConfig};
use iiptran::walkthrough::{Change, Hex};
use iiptran::wire::{IpHeader, SkipList, set_traffic_class};
use serde::Deserialize;

/// Something that befalls a packet in front of the last node.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "MishapRequest")]
pub enum Mishap {
    /// One bit changes.
    Flip {
        /// Which, counted from the first bit of the packet on.
        bit: usize,
    },
    /// The end is cut off.
    Truncate {
        /// How many bytes are lost.
        bytes: usize,
    },
    /// It comes for the second time.
    Replay,
    /// Later packets overtake it.
    Reorder {
        /// How many.
        packets: u32,
    },
    /// A router marks it: congestion experienced.
    MarkCe,
    /// Somebody sends the same packet in clear instead.
    Clear,
    /// The far node has another key.
    WrongKey,
    /// The SAs have ended.
    Expire,
    /// The links towards the base network take smaller packets only.
    Mtu {
        /// The largest packet, bytes.
        mtu: usize,
    },
}

/// A mishap as a request has it: its name, and the fields that belong to it.
#[derive(Deserialize)]
struct MishapRequest {
    mishap: MishapName,
    bit: Option<usize>,
    bytes: Option<usize>,
    packets: Option<u32>,
    mtu: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MishapName {
    Flip,
    Truncate,
    Replay,
    Reorder,
    MarkCe,
    Clear,
    WrongKey,
    Expire,
    Mtu,
}

impl TryFrom<MishapRequest> for Mishap {
    type Error = String;

    fn try_from(request: MishapRequest) -> Result<Self, String> {
        let missing = |field: &str| format!("missing field `{field}`");
        Ok(match request.mishap {
            MishapName::Flip => Self::Flip {
                bit: request.bit.ok_or_else(|| missing("bit"))?,
            },
            MishapName::Truncate => Self::Truncate {
                bytes: request.bytes.ok_or_else(|| missing("bytes"))?,
            },
            MishapName::Replay => Self::Replay,
            MishapName::Reorder => Self::Reorder {
                packets: request.packets.ok_or_else(|| missing("packets"))?,
            },
            MishapName::MarkCe => Self::MarkCe,
            MishapName::Clear => Self::Clear,
            MishapName::WrongKey => Self::WrongKey,
            MishapName::Expire => Self::Expire,
            MishapName::Mtu => Self::Mtu {
                mtu: request.mtu.ok_or_else(|| missing("mtu"))?,
            },
        })
    }
}

/// What mishaps mean for the nodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weather {
    wrong_key: bool,
    expired: bool,
    pub(crate) mtu: Option<usize>,
}

/// A packet as it arrives.
pub(crate) struct Arrival {
    pub(crate) packet: Hex,
    pub(crate) changes: Vec<Change>,
    pub(crate) notes: Vec<String>,
}

impl Weather {
    pub(crate) fn add(&mut self, mishap: &Mishap) {
        match mishap {
            Mishap::WrongKey => self.wrong_key = true,
            Mishap::Expire => self.expired = true,
            Mishap::Mtu { mtu } => self.mtu = Some(*mtu),
            _ => {}
        }
    }

    /// The moment of the walk.
    pub(crate) const fn now(&self) -> Instant {
        Instant::from_nanos(if self.expired { 2_000_000_000 } else { 0 })
    }

    /// Changes the document of the node at this place.
    pub(crate) fn prepare(&self, place: usize, config: &mut NodeConfig) {
        let ended = LifetimeConfig {
            hard: LimitsOfLifetime {
                seconds: Some(1),
                ..LimitsOfLifetime::default()
            },
            ..LifetimeConfig::default()
        };
        for protection in config
            .virtual_links
            .iter_mut()
            .filter_map(|link| link.protection.as_mut())
        {
            if self.expired {
                protection.lifetime = Some(ended);
            }
            if let (true, true, Some(inbound)) =
                (self.wrong_key, place > 0, &mut protection.inbound)
            {
                spoil(&mut inbound.key);
                spoil(&mut inbound.integrity_key);
            }
        }
        for sa in &mut config.sas {
            if self.expired {
                sa.lifetime = Some(ended);
            }
            if self.wrong_key && place > 0 {
                spoil(&mut sa.key);
                spoil(&mut sa.integrity_key);
            }
        }
    }
}

/// Which bytes of a packet that kept its place are other than they were.
fn changes(before: &[u8], after: &[u8]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for (place, (&old, new)) in before.iter().zip(after).enumerate() {
        if old == *new {
            continue;
        }
        match changes.last_mut() {
            Some(Change {
                end,
                before: Some(bytes),
                ..
            }) if *end == place => {
                *end = place.saturating_add(1);
                bytes.0.push(old);
            }
            _ => changes.push(Change {
                start: place,
                end: place.saturating_add(1),
                before: Some(Hex(vec![old])),
            }),
        }
    }
    changes
}

fn spoil(key: &mut HexKey) {
    let text = key.to_string();
    let first = if text.starts_with('0') { "1" } else { "0" };
    let other = text.get(1..).map(|rest| format!("{first}{rest}"));
    if let Some(other) = other.and_then(|text| text.parse().ok()) {
        *key = other;
    }
}

impl Mishap {
    /// What arrives of a packet, once or several times. `clear` is the packet without ESP.
    pub(crate) fn befall(mishaps: &[Self], packet: &[u8], clear: Option<&[u8]>) -> Vec<Arrival> {
        let mut arrival = Arrival::untouched(packet);
        for mishap in mishaps {
            match mishap {
                Self::Flip { bit } => arrival.flip(*bit),
                Self::Truncate { bytes } => arrival.truncate(*bytes),
                Self::MarkCe => arrival.mark_ce(),
                Self::Clear => arrival.replace(clear),
                Self::Reorder { packets } => arrival.notes.push(format!(
                    "{packets} packets that were sent later overtake it."
                )),
                Self::Replay | Self::WrongKey | Self::Expire | Self::Mtu { .. } => {}
            }
        }
        arrival.changes = changes(packet, &arrival.packet.0);
        if mishaps.contains(&Self::Replay) {
            let again = Arrival {
                notes: vec!["Somebody recorded the packet and sends it again.".into()],
                packet: arrival.packet.clone(),
                changes: Vec::new(),
            };
            return vec![arrival, again];
        }
        vec![arrival]
    }
}

impl Arrival {
    pub(crate) fn untouched(packet: &[u8]) -> Self {
        Self {
            packet: packet.into(),
            changes: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn flip(&mut self, bit: usize) {
        let place = bit / 8;
        let mask = 0x80_u8 >> (bit % 8);
        self.notes.push(match self.packet.0.get_mut(place) {
            Some(byte) => {
                *byte ^= mask;
                format!("Bit {} of byte {place} flips.", bit % 8)
            }
            None => format!("There is no byte {place} whose bit could flip."),
        });
    }

    fn truncate(&mut self, bytes: usize) {
        let left = self.packet.0.len().saturating_sub(bytes);
        self.packet.0.truncate(left);
        self.notes.push(format!("The last {bytes} bytes are lost."));
    }

    fn mark_ce(&mut self) {
        let Ok(header) = IpHeader::parse(&self.packet.0, &SkipList::default()) else {
            return;
        };
        set_traffic_class(&mut self.packet.0, header.traffic_class | 0b11);
        self.notes.push(
            "A router on the way has a long queue and marks the outer header: congestion experienced."
                .into(),
        );
    }

    fn replace(&mut self, clear: Option<&[u8]>) {
        match clear {
            Some(clear) => {
                self.packet = clear.into();
                self.notes
                    .push("Somebody else sends this: the same headers, but without ESP.".into());
            }
            None => self.notes.push("The packet is in clear anyway.".into()),
        }
    }
}
