//! What an arrangement is to the node: a way to send and a way to receive.

use super::pass::Pass;
use super::{iiptran, initial_lookup, integrated, interface_sa, transport, tunnel_mode};
use crate::tables::Arrangement;
use crate::trace::Trace;
use crate::{DropReason, LinkId, NetworkId, Packet, Verdict};

type Sending<T> =
    fn(&mut Pass<'_, T>, &mut Packet<'_>, NetworkId, Option<LinkId>) -> Result<Verdict, DropReason>;

type Receiving<T> =
    fn(&mut Pass<'_, T>, &mut Packet<'_>, NetworkId, LinkId) -> Result<Verdict, DropReason>;

/// The two ways of an arrangement: all in which it differs from the others.
pub(super) struct Pipeline<T> {
    /// A packet of this node, by its route or out of a given link.
    pub(super) send: Sending<T>,
    /// A packet that came in by a link.
    pub(super) receive: Receiving<T>,
}

impl<T: Trace> Pipeline<T> {
    #[inline]
    pub(super) fn of(arrangement: Arrangement) -> Self {
        match arrangement {
            Arrangement::Transport => Self {
                send: transport::send,
                receive: transport::receive,
            },
            Arrangement::TunnelMode => Self {
                send: tunnel_mode::send,
                receive: tunnel_mode::receive,
            },
            Arrangement::Iiptran => Self {
                send: iiptran::send,
                receive: iiptran::receive,
            },
            Arrangement::InterfaceSa => Self {
                send: interface_sa::send,
                receive: interface_sa::receive,
            },
            Arrangement::InitialLookupA => Self {
                send: initial_lookup::a::send,
                receive: initial_lookup::a::receive,
            },
            Arrangement::InitialLookupB => Self {
                send: initial_lookup::b::send,
                receive: initial_lookup::b::receive,
            },
            Arrangement::Integrated => Self {
                send: integrated::send,
                receive: integrated::receive,
            },
        }
    }
}
