//! What a node has to tell that is not the answer to a packet.

use alloc::collections::VecDeque;

use crate::sa::{SaId, WorkerId};
use crate::spd::PolicyId;
use crate::wire::{Flow, Spi};
use crate::{LinkId, NetworkId};

/// Something that key management should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A packet needs an outbound SA and there is none that is usable (RFC 4301 section 5.1 step 3b).
    /// The packet was dropped, unless there is an SA for any worker. [`crate::spd::Policy::sa_selectors`] tells what the SA is to be for.
    Acquire {
        /// The network.
        network: NetworkId,
        /// The policy that says PROTECT.
        policy: PolicyId,
        /// The packet's fields.
        flow: Flow,
        /// The worker that the SA is to be for, where others have SAs of their own (RFC 9611 section 5): until
        /// it has one, it falls back on those of no worker if there are any. `None` for an SA for any worker.
        worker: Option<WorkerId>,
    },
    /// An outbound SA should be replaced soon.
    OutboundSoftExpiry {
        /// The network.
        network: NetworkId,
        /// The policy that it serves.
        policy: PolicyId,
        /// The SA.
        spi: Spi,
    },
    /// The outbound SA of an SA interface should be replaced soon.
    InterfaceSoftExpiry {
        /// The interface.
        link: LinkId,
        /// The SA.
        spi: Spi,
    },
    /// The outbound SA of an SA interface has ended, and with it the interface is down until it has
    /// another (RFC 3884 section 4.1). Routes that lead into it are to be withdrawn.
    InterfaceDown {
        /// The interface.
        link: LinkId,
    },
    /// An inbound SA should be replaced soon.
    InboundSoftExpiry {
        /// The network in which its packets arrive.
        network: NetworkId,
        /// The SA.
        id: SaId,
    },
}

/// A bounded queue of events.
#[derive(Debug)]
pub(super) struct Events(VecDeque<Event>);

impl Events {
    const CAPACITY: usize = 64;

    pub(super) fn new() -> Self {
        Self(VecDeque::with_capacity(Self::CAPACITY))
    }

    /// Adds an event. While an SA for a policy is being asked for, more packets do not ask again; in a
    /// full queue the oldest event makes room.
    pub(super) fn push(&mut self, event: Event) {
        let same = |other: &Event| match (event, *other) {
            (
                Event::Acquire {
                    network, policy, ..
                },
                Event::Acquire {
                    network: other,
                    policy: waiting,
                    ..
                },
            ) => (network, policy) == (other, waiting),
            (event, other) => event == other,
        };
        if self.0.iter().any(same) {
            return;
        }
        if self.0.len() == Self::CAPACITY {
            self.0.pop_front();
        }
        self.0.push_back(event);
    }

    pub(super) fn pop(&mut self) -> Option<Event> {
        self.0.pop_front()
    }
}
