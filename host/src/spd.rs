//! The SPD: policies, asked with packets.

use iiptran::DropReason;
use iiptran::config::{SpdConfig, read};
use iiptran::spd::{self, Direction};
use iiptran::wire::{Flow, IpHeader, SkipList};

use crate::Error;

/// The Security Policy Database (RFC 4301 section 4.4.1).
#[derive(Clone, Debug)]
pub struct Spd(spd::Spd);

/// The policy that decides about a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyMatch<'s> {
    /// Its place in the order, from 0.
    pub index: u32,
    /// Its name.
    pub name: &'s str,
    /// `discard`, `bypass` or `protect`.
    pub action: &'static str,
}

impl Spd {
    /// The SPD of a document with `policies`, which are those of a node's document.
    ///
    /// # Errors
    /// [`Error::Config`].
    pub fn new(document: &str) -> Result<Self, Error> {
        Ok(Self(read::<SpdConfig>(document)?.spd()?))
    }

    /// The first policy that matches an IP packet.
    ///
    /// # Errors
    /// [`Error::Drop`]: [`DropReason::NoPolicy`] if none matches, which means that the packet is to be
    /// discarded, or a reason of the group parse if it is no IP packet.
    pub fn lookup(&self, direction: Direction, packet: &[u8]) -> Result<PolicyMatch<'_>, Error> {
        let header = IpHeader::parse(packet, &SkipList::default())?;
        let found = self.0.lookup(direction, &Flow::of(packet, &header));
        let (id, policy) = found.ok_or(DropReason::NoPolicy)?;
        Ok(PolicyMatch {
            index: id.0,
            name: policy.name(),
            action: policy.action().name(),
        })
    }
}
