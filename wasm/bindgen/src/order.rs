//! The order of texts in which they compress best.

use std::collections::VecDeque;

/// How many bytes that are found again are worth a reference.
const RUN: usize = 6;
/// What is looked back on, bytes: a little less than Deflate does.
const WINDOW: usize = 24_000;
/// A run that is in more texts than these says nothing of any.
const COMMON: usize = 2_000;
/// What a run is worth if it were in one text. It is worth less the more texts it is in, as another of them stands
/// near more easily.
const WORTH: u64 = 4_096;
/// Parts of one that cube roots are counted in.
const FINE: u64 = 16;

/// Puts next, again and again, the text that has most in common with those before it, for what it has in common
/// with any.
pub(crate) fn order(texts: &[Vec<u8>]) -> Vec<usize> {
    let runs = Runs::of(texts);
    let largest = (0..texts.len()).max_by_key(|&text| texts[text].len());
    let mut order = Vec::with_capacity(texts.len());
    let mut waiting: Vec<usize> = (0..texts.len()).collect();
    let mut shared = vec![0_u64; texts.len()];
    let worths: Vec<u64> = (0..runs.texts.len()).map(|run| runs.worth(run)).collect();
    let all = |of: &Vec<usize>| of.iter().map(|&run| worths[run]).sum();
    let all: Vec<u64> = runs.of_text.iter().map(all).collect();
    let mut in_window = vec![0_u32; runs.texts.len()];
    let mut window = VecDeque::new();
    let mut size = 0;
    let mut next = largest;
    while let Some(text) = next {
        order.push(text);
        waiting.retain(|&other| other != text);
        window.push_back(text);
        size += texts[text].len();
        for &run in &runs.of_text[text] {
            in_window[run] += 1;
            if in_window[run] == 1 {
                let worth = worths[run];
                runs.texts[run]
                    .iter()
                    .for_each(|&other| shared[other] += worth);
            }
        }
        while size > WINDOW && window.len() > 1 {
            let Some(left) = window.pop_front() else {
                break;
            };
            size -= texts[left].len();
            for &run in &runs.of_text[left] {
                in_window[run] -= 1;
                if in_window[run] == 0 {
                    let worth = worths[run];
                    runs.texts[run]
                        .iter()
                        .for_each(|&other| shared[other] -= worth);
                }
            }
        }
        // As the power of 3/2 of what is shared, for what could be: found by trial.
        let gain = |text: usize| {
            let (shared, all) = (u128::from(shared[text]), u128::from(all[text]));
            (shared.pow(3) << 16) / (all.pow(2) + 1)
        };
        // The first of those that gain the same.
        next = waiting.iter().copied().rev().max_by_key(|&text| gain(text));
    }
    order
}

/// Runs of bytes that several texts have.
struct Runs {
    /// For each run, the texts that it is in.
    texts: Vec<Vec<usize>>,
    /// For each text, the runs in it.
    of_text: Vec<Vec<usize>>,
}

impl Runs {
    /// What a run is worth: it falls as the cube root of the number of texts rises.
    fn worth(&self, run: usize) -> u64 {
        let texts = self.texts[run].len() as u64;
        let root = (1..).take_while(|root: &u64| root.pow(3) <= texts * FINE.pow(3));
        WORTH * FINE / root.last().unwrap_or(1)
    }

    fn of(texts: &[Vec<u8>]) -> Self {
        let mut places: Vec<(&[u8], usize)> = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            places.extend(text.windows(RUN).map(|run| (run, number)));
        }
        places.sort_unstable();
        places.dedup();
        let mut runs = Self {
            texts: Vec::new(),
            of_text: vec![Vec::new(); texts.len()],
        };
        for places in places.chunk_by(|(run, _), (other, _)| run == other) {
            if (2..=COMMON).contains(&places.len()) {
                for &(_, text) in places {
                    runs.of_text[text].push(runs.texts.len());
                }
                runs.texts
                    .push(places.iter().map(|&(_, text)| text).collect());
            }
        }
        runs
    }
}
