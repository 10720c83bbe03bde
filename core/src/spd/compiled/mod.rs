//! The policies of an SPD, made ready for looking up.
//!
//! The list of policies remains what decides. The trees here only find the places in it at which to look:
//! what a rule can't say exactly, its policy is asked.

mod rule;
mod tree;

use alloc::vec::Vec;
use core::fmt;

use super::{Direction, Policy};
use crate::wire::Flow;
use rule::{Address, Point, Rule};
use tree::Tree;

/// The policies, by IP version.
#[derive(Clone, Default)]
pub(super) struct Compiled {
    v4: Forest<u32>,
    v6: Forest<u128>,
}

/// Trees of rules. Rules that are wide in one address are kept from those that are narrow in it, as they
/// would be on every side of a cut.
#[derive(Clone)]
struct Forest<A> {
    /// The tree with the first policy first, each with that policy.
    trees: Vec<(u32, Tree<A>)>,
}

/// Packets that are looked up side by side.
pub(super) const LANES: usize = 8;

/// No policy.
const NONE: u32 = u32::MAX;

impl Compiled {
    /// Compiles policies in their order.
    pub(super) fn new(policies: &[Policy]) -> Self {
        Self {
            v4: Forest::new(policies),
            v6: Forest::new(policies),
        }
    }

    /// The place of the first policy that matches a packet and is accepted, which is asked for each policy
    /// that may be it, with whether it is sure to match. Outside, `None` is a packet of two IP versions, and
    /// inside one without policy.
    #[inline]
    pub(super) fn find(
        &self,
        direction: Direction,
        flow: &Flow,
        is_accepted: impl FnMut(u32, bool) -> bool,
    ) -> Option<Option<u32>> {
        let found = if let Some(point) = Point::of(direction, flow) {
            self.v4.find(direction, &point, is_accepted)
        } else {
            self.v6
                .find(direction, &Point::of(direction, flow)?, is_accepted)
        };
        Some((found != NONE).then_some(found))
    }
}

/// What is known of packets side by side.
pub(super) struct Found {
    /// Their policies, or [`NONE`].
    places: [u32; LANES],
    /// Whether that is so; otherwise policies have to be asked.
    is_sure: [bool; LANES],
}

impl Found {
    /// Each packet's policy, if it has one; `None` if policies have to be asked.
    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = Option<Option<u32>>> {
        let known =
            |(&place, &is_sure): (&_, &bool)| is_sure.then_some((place != NONE).then_some(place));
        self.places.iter().zip(&self.is_sure).map(known)
    }
}

impl Compiled {
    /// [`Self::find`] for several packets of the IP version of the first, as far as no policy has to be asked.
    #[inline]
    pub(super) fn find_all(&self, direction: Direction, flows: &[Flow; LANES]) -> Found {
        if flows.first().is_some_and(|flow| flow.source.is_ipv4()) {
            self.v4.find_all(direction, flows)
        } else {
            self.v6.find_all(direction, flows)
        }
    }
}

impl<A: Address> Forest<A> {
    fn find_all(&self, direction: Direction, flows: &[Flow; LANES]) -> Found {
        let mut points = [Point::NOWHERE; LANES];
        let mut found = Found {
            places: [NONE; LANES],
            is_sure: [true; LANES],
        };
        for ((flow, point), is_sure) in flows.iter().zip(&mut points).zip(&mut found.is_sure) {
            match Point::of(direction, flow) {
                Some(place) => *point = place,
                None => *is_sure = false,
            }
        }
        for (first, tree) in &self.trees {
            if found.places.iter().all(|place| first >= place) {
                break;
            }
            tree.find_all(direction, &points, &mut found.places, &mut found.is_sure);
        }
        found
    }

    fn new(policies: &[Policy]) -> Self {
        let mut rules: Vec<Rule<A>> = Vec::new();
        for (place, policy) in (0..).zip(policies) {
            Rule::add(policy, place, &mut rules);
        }
        let mut groups: [Vec<Rule<A>>; 4] = [const { Vec::new() }; 4];
        for rule in rules {
            let group = usize::from(is_wide(rule.local)) * 2 + usize::from(is_wide(rule.remote));
            if let Some(group) = groups.get_mut(group) {
                group.push(rule);
            }
        }
        let mut trees: Vec<_> = groups
            .iter()
            .filter_map(|group| Some((group.first()?.policy, Tree::new(group))))
            .collect();
        trees.sort_by_key(|(first, _)| *first);
        Self { trees }
    }

    #[inline]
    fn find(
        &self,
        direction: Direction,
        point: &Point<A>,
        mut is_accepted: impl FnMut(u32, bool) -> bool,
    ) -> u32 {
        let mut best = NONE;
        for (first, tree) in &self.trees {
            if *first >= best {
                break;
            }
            best = tree.find(direction, point, best, |rule| {
                is_accepted(rule.policy, rule.is_exact)
            });
        }
        best
    }
}

/// Whether a range has more addresses than a prefix of three eighths of an address: 12 bits for IPv4, 48 for
/// IPv6. Sites and their networks are narrow, ANY and whole regions are wide.
fn is_wide<A: Address>((first, last): (A, A)) -> bool {
    let size: u128 = last.into() - first.into();
    u128::BITS - size.leading_zeros() > A::BITS * 5 / 8
}

impl<A> Default for Forest<A> {
    fn default() -> Self {
        Self { trees: Vec::new() }
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compiled").finish_non_exhaustive()
    }
}
