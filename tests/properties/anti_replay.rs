//! The anti-replay window against a model that remembers every number.

use alloc::collections::BTreeSet;

use iiptran::DropReason;
use iiptran::esp::ReplayWindow;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// RFC 4303 section 3.4.3 word for word.
struct Model {
    size: u64,
    top: u64,
    received: BTreeSet<u64>,
}

impl Model {
    fn check(&self, sequence: u64) -> Result<(), DropReason> {
        if sequence == 0 || self.received.contains(&sequence) && !self.is_left(sequence) {
            Err(DropReason::Replayed)
        } else if self.is_left(sequence) {
            Err(DropReason::LeftOfWindow)
        } else {
            Ok(())
        }
    }

    fn is_left(&self, sequence: u64) -> bool {
        i128::from(sequence) < self.bottom()
    }

    /// The lowest number inside the window.
    fn bottom(&self) -> i128 {
        i128::from(self.top) - i128::from(self.size) + 1
    }

    fn receive(&mut self, sequence: u64) {
        self.received.insert(sequence);
        self.top = self.top.max(sequence);
    }

    /// The number with this low half that is nearest to the right of the window's lower end
    /// (appendix A2).
    fn infer(&self, low: u32) -> Result<u64, DropReason> {
        let ahead = (i128::from(low) - self.bottom()).rem_euclid(1 << 32);
        u64::try_from(self.bottom() + ahead).map_err(|_| DropReason::LeftOfWindow)
    }
}

/// How far the next number is from the highest so far.
#[derive(Clone, Copy, Debug)]
enum Move {
    Ahead(u64),
    Back(u64),
}

impl Move {
    fn from(self, top: u64) -> u64 {
        match self {
            Self::Ahead(distance) => top.saturating_add(distance),
            Self::Back(distance) => top.saturating_sub(distance),
        }
    }
}

prop_compose! {
    fn size()(
        size in prop_oneof![
            ReplayWindow::SMALLEST..=256,
            ReplayWindow::SMALLEST..=ReplayWindow::LARGEST,
            select(&[32, 64, 128, 1024, 4096, 65_536]),
        ],
    ) -> u32 {
        size
    }
}

/// Mostly near the highest number and near the edges of a window, sometimes far away.
fn moves(size: u32) -> impl Strategy<Value = Vec<Move>> {
    let size = u64::from(size);
    let near_edge = size.saturating_sub(3)..size + 3;
    let distance = prop_oneof![
        4 => 0..4_u64,
        4 => 0..size,
        2 => near_edge,
        1 => 0..4 * size,
        1 => 0..1_u64 << 33,
    ];
    let one = (any::<bool>(), distance).prop_map(|(ahead, distance)| {
        if ahead {
            Move::Ahead(distance)
        } else {
            Move::Back(distance)
        }
    });
    vec(one, 1..200)
}

/// Where numbers are special.
fn start() -> impl Strategy<Value = u64> {
    let near = |number: u64| (0..200_u64).prop_map(move |back| number - back);
    prop_oneof![
        0..200_u64,
        near(u32::MAX.into()),
        near(u64::MAX),
        near(1 << 40),
        any::<u64>()
    ]
}

fn both(size: u32, start: u64) -> (ReplayWindow, Model) {
    let mut window = ReplayWindow::new(size).unwrap();
    window.restore(start, [start]);
    let model = Model {
        size: size.into(),
        top: start,
        received: BTreeSet::from([start]),
    };
    (window, model)
}

/// Looks at every number that could make a difference.
fn compare(window: &ReplayWindow, model: &Model) -> Result<(), TestCaseError> {
    prop_assert_eq!(window.top(), model.top);
    let beyond = model.top.saturating_sub(model.size + 70)..=model.top.saturating_add(70);
    for sequence in beyond {
        prop_assert_eq!(
            window.check(sequence),
            model.check(sequence),
            "{}",
            sequence
        );
        let lateness = u64::try_from(model.bottom() - i128::from(sequence)).unwrap_or(0);
        prop_assert_eq!(window.lateness(sequence), lateness);
    }
    Ok(())
}

proptest! {
    #[test]
    fn seq_06_numbers_of_32_bits_are_judged_as_rfc_4303_says(
        (size, moves) in size().prop_flat_map(|size| (Just(size), moves(size))),
        start in start(),
    ) {
        let (mut window, mut model) = both(size, start & u64::from(u32::MAX));
        for step in moves {
            let sequence = step.from(model.top).min(u32::MAX.into());
            prop_assert_eq!(window.check(sequence), model.check(sequence));
            if model.check(sequence).is_ok() {
                window.receive(sequence);
                model.receive(sequence);
            }
        }
        compare(&window, &model)?;
    }

    #[test]
    fn seq_07_numbers_of_64_bits_are_inferred_as_appendix_a_says(
        (size, moves) in size().prop_flat_map(|size| (Just(size), moves(size))),
        start in start(),
    ) {
        let (mut window, mut model) = both(size, start);
        for step in moves {
            let sequence = step.from(model.top);
            let low = u32::try_from(sequence & u64::from(u32::MAX)).unwrap();
            let inferred = model.infer(low);
            prop_assert_eq!(window.infer(low), inferred);
            // Another number would fail the integrity check.
            if inferred == Ok(sequence) && model.check(sequence).is_ok() {
                window.receive(sequence);
                model.receive(sequence);
            }
        }
        compare(&window, &model)?;
    }

    #[test]
    fn a_restored_window_is_as_it_was(
        (size, moves) in size().prop_flat_map(|size| (Just(size), moves(size))),
        start in start(),
    ) {
        let (_, mut model) = both(size, start);
        let numbers: Vec<_> = moves.iter().map(|step| step.from(start)).collect();
        for &number in numbers.iter().filter(|&&number| number > 0) {
            model.receive(number);
        }
        let mut window = ReplayWindow::new(size).unwrap();
        window.restore(model.top, model.received.iter().copied());
        compare(&window, &model)?;
    }
}
