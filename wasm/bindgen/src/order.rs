//! The order of texts in which they compress best.

use std::collections::VecDeque;

/// How many bytes that are found again are worth a reference.
const RUN: usize = 6;
/// What is looked back on, bytes: a little less than Deflate does.
const WINDOW: usize = 24_000;
/// A run that is in more texts than these says nothing of any.
const COMMON: usize = 2_000;
/// What a run is worth that is in two texts; it is worth less the more texts it is in, as another of them
/// stands near more easily.
const WORTH: u64 = 4_096;

/// Puts next, again and again, the text that has most in common with those before it, for what it has in common
/// with any.
pub(crate) fn order(texts: &[Vec<u8>]) -> Vec<usize> {
    let runs = Runs::of(texts);
    let largest = (0..texts.len()).max_by_key(|&text| texts[text].len());
    let mut order = Vec::with_capacity(texts.len());
    let mut waiting: Vec<usize> = (0..texts.len()).collect();
    let mut shared = vec![0_u64; texts.len()];
    let all: Vec<u64> = runs.of_text.iter().map(|of| runs.all(of)).collect();
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
                let worth = runs.worth(run);
                runs.texts[run].iter().for_each(|&other| shared[other] += worth);
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
                    let worth = runs.worth(run);
                    runs.texts[run].iter().for_each(|&other| shared[other] -= worth);
                }
            }
        }
        let gain = |text: usize| shared[text] * shared[text] / (all[text] + 1);
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
    fn worth(&self, run: usize) -> u64 {
        // About as the cube root of the number of texts falls.
        let halvings = self.texts[run].len().ilog2();
        (0..halvings).fold(WORTH, |worth, _| worth * 13 / 16)
    }

    fn all(&self, runs: &[usize]) -> u64 {
        runs.iter().map(|&run| self.worth(run)).sum()
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
