//! The order of texts in which they compress best.

use std::collections::VecDeque;

/// How many bytes that are found again are worth a reference.
const RUN: usize = 6;
/// What is looked back on, bytes: a little less than Deflate does.
const WINDOW: usize = 24_000;
/// A run that is in more texts than these says nothing of any.
const COMMON: usize = 2_000;

/// Puts next, again and again, the text that has most in common with those before it, for its length.
pub(crate) fn order(texts: &[Vec<u8>]) -> Vec<usize> {
    let runs = Runs::of(texts);
    let largest = (0..texts.len()).max_by_key(|&text| texts[text].len());
    let mut order = Vec::with_capacity(texts.len());
    let mut waiting: Vec<usize> = (0..texts.len()).collect();
    let mut shared = vec![0_u32; texts.len()];
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
                runs.texts[run].iter().for_each(|&other| shared[other] += 1);
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
                    runs.texts[run].iter().for_each(|&other| shared[other] -= 1);
                }
            }
        }
        let gain = |text: usize| {
            let shared = u64::from(shared[text]);
            ((shared * shared) << 16) / (texts[text].len() as u64 + 1)
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
