//! Which bytes a step changed.
//!
//! A step tells where the bytes that it kept were before it: an outer header in front moves all others,
//! ESP opens a gap. Whatever was nowhere before is new.

use alloc::vec::Vec;

use super::{Change, Hex};

/// A run of bytes that a step kept, in place or elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kept {
    /// Where it was.
    pub(super) before: usize,
    /// Where it is.
    pub(super) after: usize,
    /// How long it is.
    pub(super) length: usize,
}

impl Kept {
    /// Everything is where it was.
    pub(super) const fn in_place(length: usize) -> Self {
        Self {
            before: 0,
            after: 0,
            length,
        }
    }
}

/// What differs.
#[derive(Debug, Default)]
pub(super) struct Difference {
    pub(super) changes: Vec<Change>,
    pub(super) removed: Vec<[usize; 2]>,
}

/// Compares a packet before and after a step.
pub(super) fn compare(before: &[u8], after: &[u8], kept: &[Kept]) -> Difference {
    let source = |at: usize| {
        kept.iter().find_map(|run| {
            let into = at.checked_sub(run.after)?;
            (into < run.length).then(|| run.before.saturating_add(into))
        })
    };
    let mut difference = Difference::default();
    for (at, byte) in after.iter().enumerate() {
        match source(at).and_then(|at| before.get(at)) {
            None => difference.add(at, None),
            Some(old) if old != byte => difference.add(at, Some(*old)),
            Some(_) => {}
        }
    }
    for at in 0..before.len() {
        let stays = kept.iter().any(|run| {
            at.checked_sub(run.before)
                .is_some_and(|into| into < run.length)
        });
        if !stays {
            match difference.removed.last_mut() {
                Some([_, end]) if *end == at => *end = at.saturating_add(1),
                _ => difference.removed.push([at, at.saturating_add(1)]),
            }
        }
    }
    difference
}

impl Difference {
    fn add(&mut self, at: usize, old: Option<u8>) {
        if let Some(last) = self.changes.last_mut()
            && last.end == at
            && last.before.is_some() == old.is_some()
        {
            last.end = at.saturating_add(1);
            if let (Some(before), Some(old)) = (&mut last.before, old) {
                before.0.push(old);
            }
            return;
        }
        self.changes.push(Change {
            start: at,
            end: at.saturating_add(1),
            before: old.map(|old| Hex([old].into())),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_in_front_is_new_and_the_rest_is_kept() {
        let kept = Kept {
            before: 0,
            after: 2,
            length: 3,
        };
        let found = compare(&[1, 2, 3], &[9, 9, 1, 7, 3], &[kept]);
        let ranges: Vec<_> = found.changes.iter().map(|c| (c.start, c.end)).collect();
        assert_eq!(ranges, [(0, 2), (3, 4)]);
        assert_eq!(found.changes[0].before, None);
        assert_eq!(found.changes[1].before, Some(Hex([2].into())));
        assert!(found.removed.is_empty());
    }

    #[test]
    fn what_is_kept_nowhere_is_gone() {
        let kept = [
            Kept::in_place(1),
            Kept {
                before: 3,
                after: 1,
                length: 2,
            },
        ];
        let found = compare(&[1, 2, 3, 4, 5, 6], &[1, 4, 5], &kept);
        assert!(found.changes.is_empty());
        assert_eq!(found.removed, [[1, 3], [5, 6]]);
    }
}
