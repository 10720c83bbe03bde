//! A tree of cuts: at each node some bits of one field choose the child, at the leaves few rules are left.
//!
//! Equal cuts of one field at a time are HiCuts (Gupta and McKeown, 1999); cutting at bits that tell the rules
//! apart, whatever the bits before them are, is as right, as a leaf compares whole rules.

use alloc::vec::Vec;

use super::rule::{Address, Field, Point, Rule, Span};
use crate::spd::Direction;

/// Rules, the first of which that matches is sought.
#[derive(Clone)]
pub(super) struct Tree<A> {
    // Invariant: whatever a rule matches leads to a leaf that has it.
    nodes: Vec<Node>,
    /// The rules of the leaves, leaf by leaf, in the order of their policies.
    rules: Vec<Rule<A>>,
}

/// A node: a cut if it has bits, otherwise a leaf.
#[derive(Clone, Copy)]
struct Node {
    /// The node of the lowest child, or the first rule.
    first: u32,
    /// How many rules a leaf has.
    count: u32,
    field: Field,
    /// The lowest bit of the field that chooses.
    shift: u8,
    /// How many bits choose.
    bits: u8,
}

/// As many rules are compared one after another.
const LEAF: usize = 4;
/// The most bits of one cut.
const MOST_BITS: u32 = 16;
/// The most cuts one after another.
const DEPTH: u32 = 12;
/// How many times a rule may be in the tree, on average.
const COPIES: usize = 16;

impl<A: Address> Tree<A> {
    /// The tree of these rules, which are in the order of their policies.
    pub(super) fn new(rules: &[Rule<A>]) -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            rules: Vec::new(),
        };
        tree.nodes.push(LEAVE);
        let room = rules.len() * COPIES + 64;
        tree.build(0, rules, DEPTH, room);
        tree
    }

    /// The first policy before `best` of whose rules one matches and is accepted, or `best`.
    #[inline]
    pub(super) fn find(
        &self,
        direction: Direction,
        point: &Point<A>,
        best: u32,
        mut is_accepted: impl FnMut(&Rule<A>) -> bool,
    ) -> u32 {
        let [leaf] = self.leaves(&[*point]);
        let found = self.rules_of(leaf).iter();
        let found = found.take_while(|rule| rule.policy < best);
        let mut found = found.filter(|rule| rule.matches(direction, point));
        found
            .find(|rule| is_accepted(rule))
            .map_or(best, |rule| rule.policy)
    }

    /// [`Self::find`] for several packets, side by side: in each place the first policy before the one that is there,
    /// if its rule is not to be asked; where one is, `is_sure` ends.
    #[inline]
    pub(super) fn find_all<const N: usize>(
        &self,
        direction: Direction,
        points: &[Point<A>; N],
        best: &mut [u32; N],
        is_sure: &mut [bool; N],
    ) {
        let leaves = self.leaves(points);
        let packets = leaves.iter().zip(points).zip(&mut *best).zip(&mut *is_sure);
        for (((leaf, point), best), is_sure) in packets {
            let found = self.rules_of(*leaf).iter();
            let found = found.take_while(|rule| rule.policy < *best);
            let mut found = found.filter(|rule| rule.matches(direction, point));
            if let Some(rule) = found.next() {
                *best = rule.policy;
                *is_sure &= rule.is_exact;
            }
        }
    }

    /// The leaf of each packet, all one step down before any takes the next.
    #[inline]
    fn leaves<const N: usize>(&self, points: &[Point<A>; N]) -> [Node; N] {
        let root = self.nodes.first().copied().unwrap_or(LEAVE);
        let mut nodes = [root; N];
        loop {
            let mut is_done = true;
            for (node, point) in nodes.iter_mut().zip(points) {
                if node.bits > 0 {
                    let child = node.first as usize + node.child(point);
                    *node = self.nodes.get(child).copied().unwrap_or(LEAVE);
                    is_done &= node.bits == 0;
                }
            }
            if is_done {
                return nodes;
            }
        }
    }

    fn rules_of(&self, leaf: Node) -> &[Rule<A>] {
        let end = (leaf.first + leaf.count) as usize;
        self.rules.get(leaf.first as usize..end).unwrap_or_default()
    }

    fn build(&mut self, at: usize, rules: &[Rule<A>], depth: u32, room: usize) {
        let cut = if rules.len() <= LEAF || depth == 0 {
            None
        } else {
            best_cut(rules, room)
        };
        let node = match cut {
            None => {
                let first = self.rules.len() as u32;
                self.rules.extend_from_slice(rules);
                Node {
                    first,
                    count: rules.len() as u32,
                    ..LEAVE
                }
            }
            Some(cut) => {
                let first = self.nodes.len();
                let children = 1_usize << cut.bits;
                self.nodes.resize(first + children, LEAVE);
                // Each child may have its share of what is left.
                let mut parts = alloc::vec![Vec::new(); children];
                for rule in rules {
                    for child in cut.children(rule) {
                        if let Some(part) = parts.get_mut(child) {
                            part.push(*rule);
                        }
                    }
                }
                let copies: usize = parts.iter().map(Vec::len).sum();
                for (child, part) in parts.into_iter().enumerate() {
                    let room = room * part.len() / copies.max(1);
                    self.build(first + child, &part, depth - 1, room);
                }
                Node {
                    first: first as u32,
                    ..cut
                }
            }
        };
        if let Some(place) = self.nodes.get_mut(at) {
            *place = node;
        }
    }
}

const LEAVE: Node = Node {
    first: 0,
    count: 0,
    field: Field::Local,
    shift: 0,
    bits: 0,
};

impl Node {
    /// The child on the side of which a packet is.
    #[inline]
    fn child<A: Address>(&self, point: &Point<A>) -> usize {
        point.bits_above(self.field, self.shift.into()) & self.mask()
    }

    #[inline]
    const fn mask(&self) -> usize {
        (1 << self.bits) - 1
    }

    /// The children on the sides of which packets of a rule may be, the first child and how many follow;
    /// behind the last comes child 0.
    fn sides<A: Address>(&self, rule: &Rule<A>) -> (usize, usize) {
        let (first, last) = self.field.span(rule);
        let (first, last) = (first >> self.shift, last >> self.shift);
        let more = (last - first).min(self.mask() as u128) as usize;
        ((first & self.mask() as u128) as usize, more)
    }

    fn children<A: Address>(&self, rule: &Rule<A>) -> impl Iterator<Item = usize> + use<A> {
        let (first, more) = self.sides(rule);
        let mask = self.mask();
        (first..=first + more).map(move |child| child & mask)
    }
}

impl Field {
    const ALL: [Self; 5] = [
        Self::Remote,
        Self::Local,
        Self::Protocol,
        Self::RemotePort,
        Self::LocalPort,
    ];

    fn span<A: Address>(self, rule: &Rule<A>) -> Span<u128> {
        let small = |(first, last): Span<u32>| (first.into(), last.into());
        match self {
            Self::Local => (rule.local.0.into(), rule.local.1.into()),
            Self::Remote => (rule.remote.0.into(), rule.remote.1.into()),
            Self::Protocol => small(rule.protocol),
            Self::LocalPort => small(rule.local_port),
            Self::RemotePort => small(rule.remote_port),
        }
    }
}

/// The cut that leaves the fewest rules to a packet, if one is worth it and there is room for the copies
/// of rules that are on several sides.
fn best_cut<A: Address>(rules: &[Rule<A>], room: usize) -> Option<Node> {
    let mut best = None;
    // What a leaf costs: for each rule, all of them.
    let mut least = rules.len() * rules.len() * 3 / 4;
    let most_bits = (rules.len().ilog2() + 1).min(MOST_BITS);
    for field in Field::ALL {
        let spans = rules.iter().map(|rule| field.span(rule));
        let Some((first, _)) = spans.clone().next() else {
            continue;
        };
        let differing = spans.fold(0, |bits, (lowest, highest)| {
            bits | lowest ^ first | highest ^ first
        });
        let top = u128::BITS - differing.leading_zeros();
        for end in (1..=top).rev().step_by(2) {
            let cut = |bits: u32| Node {
                field,
                shift: (end - bits) as u8,
                bits: bits as u8,
                ..LEAVE
            };
            for bits in (1..=most_bits.min(end)).rev() {
                let cut = cut(bits);
                let Some(cost) = cost(&cut, rules, room, least) else {
                    continue;
                };
                (best, least) = (Some(cut), cost);
                break;
            }
        }
    }
    best
}

/// The sum of the squares of what is on each side; `None` if it is not below `bound`, or if there are more
/// copies of rules than there is room for.
fn cost<A: Address>(cut: &Node, rules: &[Rule<A>], room: usize, bound: usize) -> Option<usize> {
    let mut copies = 0;
    // What begins and ends at each child.
    let mut changes = alloc::vec![0_isize; (1 << cut.bits) + 1];
    let mut change = |at: usize, by: isize| {
        if let Some(place) = changes.get_mut(at) {
            *place += by;
        }
    };
    let children = 1 << cut.bits;
    for rule in rules {
        let (first, more) = cut.sides(rule);
        copies += more + 1;
        let end = first + more + 1;
        change(first, 1);
        if end > children {
            change(0, 1);
            change(end - children, -1);
        } else {
            change(end, -1);
        }
    }
    if copies > room {
        return None;
    }
    let mut here = 0_isize;
    changes.pop();
    let squares = changes.iter().map(|change| {
        here += change;
        here.unsigned_abs().pow(2)
    });
    let cost = squares.sum();
    (cost < bound).then_some(cost)
}
