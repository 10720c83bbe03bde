//! What an observer of a network sees.

use core::net::IpAddr;

use serde::{Serialize, Serializer};

use crate::fib::Prefix;
use crate::trace::Step;
use crate::wire::{IpHeader, SkipList};
use crate::{DropReason, Instant, Verdict};

/// Watches a network. The unit type watches nothing.
pub trait Observer {
    /// Something happened.
    fn event(&mut self, time: Instant, event: &Event<'_>);

    /// Whether the steps of packets inside nodes are wanted too; they take time.
    fn wants_steps(&self) -> bool {
        false
    }

    /// A packet did one step of its way through a node.
    fn step(&mut self, time: Instant, node: &str, step: &Step<'_>) {
        let _ = (time, node, step);
    }

    /// A packet met its end. Those that a routing protocol took are not told.
    fn end(&mut self, time: Instant, end: &End<'_>) {
        let _ = (time, end);
    }
}

/// The end of a packet: what became of it and where.
#[derive(Clone, Copy, Debug)]
pub struct End<'e> {
    /// Its number in the run; copies that a wire made have the same.
    pub packet: u64,
    /// The flow that sent it, if one did.
    pub flow: Option<&'e str>,
    /// The node or host, or the wire that lost it.
    pub place: &'e str,
    /// What became of it.
    pub fate: Fate,
    /// The packet as it was then.
    pub bytes: &'e [u8],
}

/// What becomes of a packet in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It reached the upper layers of a node or host.
    Delivered,
    /// A node dropped it.
    Dropped(DropReason),
    /// A wire lost it.
    Lost(Loss),
}

impl Observer for () {
    fn event(&mut self, _: Instant, _: &Event<'_>) {}
}

/// Something that happened in a network.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case"
)]
#[non_exhaustive]
pub enum Event<'e> {
    /// A packet went onto a wire. One that a wire doubles is told twice.
    Carried {
        /// The wire.
        wire: &'e str,
        /// The node or host that sent it; none for an injected packet.
        from: Option<&'e str>,
        /// The node or host that it arrives at; none if it is lost.
        to: Option<&'e str>,
        /// Its number in the run.
        packet: u64,
        /// When it arrives, or why it does not.
        #[serde(flatten)]
        arrival: Carriage,
        /// The packet as it was sent.
        #[serde(rename = "summary", serialize_with = "write_summary")]
        bytes: &'e [u8],
    },
    /// A node decided about a packet.
    Verdict {
        /// The node.
        node: &'e str,
        /// The link by which the packet came; none if the node made it.
        arrival: Option<&'e str>,
        /// The packet's number in the run.
        packet: u64,
        /// What becomes of it.
        #[serde(flatten, serialize_with = "write_verdict")]
        verdict: Verdict,
        /// The link by name that the verdict names.
        link: Option<&'e str>,
        /// The packet as the node left it.
        #[serde(rename = "summary", serialize_with = "write_summary")]
        bytes: &'e [u8],
    },
    /// A packet of a flow reached a node or host.
    Received {
        /// The node or host.
        station: &'e str,
        /// The flow.
        flow: &'e str,
        /// The packet's number in its flow, from 0.
        sequence: u64,
        /// How long it was under way, nanoseconds.
        latency: u64,
        /// Whether this is where the flow goes.
        expected: bool,
    },
    /// A routing adjacency came up or ended.
    Neighbour {
        /// The node.
        node: &'e str,
        /// The network.
        network: &'e str,
        /// The link, physical or virtual.
        link: &'e str,
        /// The neighbour's address on it.
        neighbour: IpAddr,
        /// Whether it came up.
        up: bool,
    },
    /// Routing changed a route.
    Route {
        /// The node.
        node: &'e str,
        /// The network.
        network: &'e str,
        /// The destinations.
        #[serde(serialize_with = "write_prefix")]
        prefix: Prefix,
        /// The link that leads there now; none if nothing does.
        link: Option<&'e str>,
        /// The router on it.
        via: Option<IpAddr>,
        /// How far it is: networks on the way, this one included.
        metric: u8,
    },
    /// A link of a node went up or down.
    Link {
        /// The node.
        node: &'e str,
        /// The link.
        link: &'e str,
        /// Whether it is up now.
        up: bool,
    },
    /// A wire was cut or mended.
    Wire {
        /// The wire.
        wire: &'e str,
        /// Whether it is up now.
        up: bool,
    },
    /// A wire takes packets of another size now.
    Mtu {
        /// The wire.
        wire: &'e str,
        /// The largest packet, bytes.
        mtu: usize,
    },
    /// The SAs of a virtual link changed.
    Keys {
        /// The virtual link.
        virtual_link: &'e str,
        /// How.
        change: KeyChange,
        /// How many times the SAs have been replaced.
        generation: u32,
    },
    /// A node asks for an SA: packets are dropped until there is one.
    Acquire {
        /// The node.
        node: &'e str,
        /// The network.
        network: &'e str,
        /// The policy.
        policy: &'e str,
    },
    /// Something of the scenario has no effect in this arrangement.
    Vain {
        /// The field of the scenario.
        path: &'e str,
        /// Why.
        cause: &'e str,
    },
}

/// What a wire did with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carriage {
    /// It arrives at this moment, nanoseconds.
    #[serde(rename = "arrives")]
    Arrives(#[serde(serialize_with = "nanos")] Instant),
    /// It is lost.
    Lost(Loss),
}

/// Why a wire lost a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// By chance.
    Random,
    /// Too many packets waited for a slow wire.
    QueueFull,
    /// The packet is larger than the wire takes.
    TooBig,
    /// The wire is cut.
    WireDown,
    /// Nobody at the wire has the next hop's address, or the link has no wire.
    NoNeighbour,
}

/// How SAs changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyChange {
    /// New ones are in use; the old inbound ones stay for a while.
    Rekeyed,
    /// The old inbound SAs are gone.
    Retired,
    /// They were deleted.
    Deleted,
}

/// An event with its time, as a line of JSON has it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Record<'e> {
    /// Nanoseconds since the scenario began.
    #[serde(serialize_with = "nanos")]
    pub time: Instant,
    /// The event.
    #[serde(flatten)]
    pub event: &'e Event<'e>,
}

impl Loss {
    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::QueueFull => "queue-full",
            Self::TooBig => "too-big",
            Self::WireDown => "wire-down",
            Self::NoNeighbour => "no-neighbour",
        }
    }
}

fn nanos<S: Serializer>(time: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(time.as_nanos())
}

fn write_prefix<S: Serializer>(prefix: &Prefix, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(prefix)
}

fn write_verdict<S: Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    struct Row {
        verdict: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_hop: Option<IpAddr>,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'static str>,
    }
    let (verdict, next_hop, reason) = match *verdict {
        Verdict::Transmit { next_hop, .. } => ("transmit", Some(next_hop), None),
        Verdict::Deliver { .. } => ("deliver", None, None),
        Verdict::Hold => ("hold", None, None),
        Verdict::Drop(reason) => ("drop", None, Some(DropReason::name(reason))),
    };
    let row = Row {
        verdict,
        next_hop,
        reason,
    };
    row.serialize(serializer)
}

/// The outermost header in words, and the length: `192.0.2.1 > 192.0.2.2 esp, 156 bytes`.
fn write_summary<S: Serializer>(bytes: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let text = match IpHeader::parse(bytes, &SkipList::default()) {
        Ok(header) => alloc::format!(
            "{} > {} {}, {} bytes",
            header.source,
            header.destination,
            header.protocol,
            bytes.len()
        ),
        Err(_) => alloc::format!("{} bytes", bytes.len()),
    };
    serializer.serialize_str(&text)
}
