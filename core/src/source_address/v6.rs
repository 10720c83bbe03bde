//! IPv6: the rules of RFC 6724 section 5.

use core::net::{IpAddr, Ipv6Addr};

use super::{AddressAttributes, PolicyTable, SourceRule, SourceSettings};
use crate::Link;

/// An address that comes into question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The address.
    pub address: Ipv6Addr,
    /// Length of the prefix that it is in, bits: rule 8 compares no more.
    pub prefix_length: u8,
    /// What is to be known of it.
    pub attributes: AddressAttributes,
    /// Whether it is on the outgoing link.
    pub on_outgoing_link: bool,
    /// Whether the next hop advertised its prefix.
    pub of_next_hop: bool,
}

/// The address of a link to send to a destination with.
pub(super) fn choose_on_link(
    link: &Link,
    is_outgoing: bool,
    destination: IpAddr,
    next_hop: Option<IpAddr>,
    settings: &SourceSettings,
) -> Option<(IpAddr, SourceRule)> {
    let IpAddr::V6(destination) = destination else {
        return None;
    };
    let candidates = link.addresses.iter().filter_map(|own| {
        let IpAddr::V6(address) = own.address else {
            return None;
        };
        let attributes = settings.attributes.get(&own.address);
        let attributes = attributes.copied().unwrap_or_default();
        Some(Candidate {
            address,
            prefix_length: own.prefix.length(),
            attributes,
            on_outgoing_link: is_outgoing,
            of_next_hop: next_hop.is_some() && attributes.advertised_by == next_hop,
        })
    });
    let (chosen, rule) = choose_v6(candidates, destination, &settings.table)?;
    Some((chosen.address.into(), rule))
}

/// The best candidate, and the last rule that was needed to tell it from the others. Of equals the
/// first.
#[must_use]
pub fn choose_v6(
    candidates: impl Iterator<Item = Candidate> + Clone,
    destination: Ipv6Addr,
    table: &PolicyTable,
) -> Option<(Candidate, SourceRule)> {
    let best = candidates.clone().reduce(|best, other| {
        match compare(&best, &other, destination, table) {
            Some((Better::Second, _)) => other,
            _ => best,
        }
    })?;
    let others = candidates.filter(|other| other.address != best.address);
    let rule = others
        .map(|other| {
            let decided = compare(&best, &other, destination, table);
            decided.map_or(SourceRule::First, |(_, rule)| rule)
        })
        .max();
    Some((best, rule.unwrap_or(SourceRule::OnlyCandidate)))
}

/// Which of two candidates a rule prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    First,
    Second,
}

/// The rules in their order; the first that has a preference decides.
fn compare(
    a: &Candidate,
    b: &Candidate,
    destination: Ipv6Addr,
    table: &PolicyTable,
) -> Option<(Better, SourceRule)> {
    let prefer = |first: bool, second: bool| match (first, second) {
        (true, false) => Some(Better::First),
        (false, true) => Some(Better::Second),
        _ => None,
    };
    let both = |of: fn(&Candidate) -> bool| prefer(of(a), of(b));
    let label = table.label(destination.into());
    let has_label = |candidate: &Candidate| table.label(candidate.address.into()) == label;
    let common = |candidate: &Candidate| {
        let bits = (candidate.address.to_bits() ^ destination.to_bits()).leading_zeros();
        bits.min(u32::from(candidate.prefix_length))
    };
    let rules = [
        (
            prefer(a.address == destination, b.address == destination),
            SourceRule::SameAddress,
        ),
        (scope_rule(a, b, destination), SourceRule::Scope),
        (
            both(|one| !one.attributes.deprecated),
            SourceRule::Deprecated,
        ),
        (home_rule(a, b), SourceRule::Home),
        (both(|one| one.on_outgoing_link), SourceRule::OutgoingLink),
        (both(|one| one.of_next_hop), SourceRule::NextHopPrefix),
        (prefer(has_label(a), has_label(b)), SourceRule::Label),
        (both(|one| one.attributes.temporary), SourceRule::Temporary),
        (
            prefer(common(a) > common(b), common(b) > common(a)),
            SourceRule::LongestPrefix,
        ),
    ];
    rules
        .into_iter()
        .find_map(|(better, rule)| better.map(|better| (better, rule)))
}

/// Rule 2: the smallest scope that still reaches the destination, or else the largest.
fn scope_rule(a: &Candidate, b: &Candidate, destination: Ipv6Addr) -> Option<Better> {
    let (a, b, destination) = (scope(a.address), scope(b.address), scope(destination));
    if a < b {
        Some(if a < destination {
            Better::Second
        } else {
            Better::First
        })
    } else if b < a {
        Some(if b < destination {
            Better::First
        } else {
            Better::Second
        })
    } else {
        None
    }
}

/// Rule 4: home and care-of address at once, or else home before care-of.
const fn home_rule(a: &Candidate, b: &Candidate) -> Option<Better> {
    let (a, b) = (a.attributes, b.attributes);
    match ((a.home, a.care_of), (b.home, b.care_of)) {
        ((true, true), (true, true)) => None,
        ((true, true), _) | ((true, false), (false, true)) => Some(Better::First),
        (_, (true, true)) | ((false, true), (true, false)) => Some(Better::Second),
        _ => None,
    }
}

/// The scope of an address, in the numbers of multicast scopes (RFC 6724 section 3.1, RFC 4291 section
/// 2.7).
const fn scope(address: Ipv6Addr) -> u8 {
    const LINK: u8 = 0x2;
    const SITE: u8 = 0x5;
    const GLOBAL: u8 = 0xe;
    let [first, second, ..] = address.octets();
    match (first, second & 0xc0) {
        (0xff, _) => second & 0xf,
        (0xfe, 0x80) => LINK,
        (0xfe, 0xc0) => SITE,
        _ if address.is_loopback() => LINK,
        _ => GLOBAL,
    }
}
