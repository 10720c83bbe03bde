//! Source addresses for what this node sends.

use core::net::IpAddr;

use super::Node;
use crate::source_address::Source;
use crate::{DropReason, LinkId, NetworkId, Verdict};

impl Node {
    /// The source address for a packet of this node to a destination, by the routes and the links that
    /// are up now; see [`crate::Tables::select_source`].
    ///
    /// # Errors
    /// [`DropReason::NoRoute`], [`DropReason::LinkDown`] or what the route says, if no packet could be
    /// sent; [`DropReason::NoSourceAddress`].
    pub fn select_source(
        &self,
        network: NetworkId,
        destination: IpAddr,
    ) -> Result<Source, DropReason> {
        self.tables
            .select_source(network, destination, |link| self.state.is_up(link))
    }

    /// The source address for a packet of this node that goes out of a certain link: for
    /// [`Self::send_via`].
    ///
    /// # Errors
    /// [`DropReason::NoSourceAddress`].
    pub fn select_source_via(
        &self,
        link: LinkId,
        destination: IpAddr,
    ) -> Result<Source, DropReason> {
        self.tables.select_source_via(link, destination)
    }

    /// A source that an application has bound, if it may send with it in this network. A refusal is
    /// counted among the drops.
    ///
    /// # Errors
    /// [`DropReason::ForeignSource`]; see [`crate::Tables::bind_source`].
    pub fn bind_source(
        &mut self,
        network: NetworkId,
        source: IpAddr,
    ) -> Result<Source, DropReason> {
        let bound = self.tables.bind_source(network, source);
        if let Err(reason) = bound {
            self.state.counters.finish(Verdict::Drop(reason), 0);
        }
        bound
    }
}
