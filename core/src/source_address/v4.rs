//! IPv4: the address of a link (RFC 1122 section 3.3.4.3).

use core::net::IpAddr;

use crate::Link;

/// The link's address in the next hop's prefix, or else its first: a neighbour knows the way back to
/// an address of its own network.
pub(super) fn choose(link: &Link, next_hop: IpAddr) -> Option<IpAddr> {
    let own = || link.addresses.iter().filter(|own| own.address.is_ipv4());
    own()
        .find(|own| own.prefix.contains(next_hop))
        .or_else(|| own().next())
        .map(|own| own.address)
}
