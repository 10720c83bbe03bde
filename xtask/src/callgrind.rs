//! What callgrind counted.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

/// Functions whose work grows with the payload: the kernels of the ciphers.
const KERNELS: &str = "iiptran_accel::";
/// How many instructions a packet may take more outside of the kernels because it is longer: whoever writes zeros or a
/// few bytes behind a payload takes another branch. To copy 1336 bytes takes 80 at least.
const BRANCHES: u64 = 4;

/// The instructions of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    /// All of them.
    pub(crate) total: u64,
    /// Those outside of the kernels.
    around: u64,
}

/// Reads the files of a run in their order: a function has its name where it is first named, and only a number
/// afterwards.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    names: BTreeMap<String, String>,
}

impl Reader {
    pub(crate) fn read(&mut self, text: &str) -> Result<Figure> {
        let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
        let total = total.context("no total")?.trim().parse()?;
        let mut kernels: u64 = 0;
        let mut in_kernel = false;
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("fn=") {
                in_kernel = self.name(name).starts_with(KERNELS);
            } else if let Some(name) = line.strip_prefix("cfn=") {
                self.name(name);
            } else if line.starts_with("calls=") {
                // What was called counts where it is itself.
                lines.next();
            } else if in_kernel && let Some(count) = cost(line) {
                kernels += count;
            }
        }
        let around = total - kernels;
        Ok(Figure { total, around })
    }

    /// The name of `(number) name`, or of a `(number)` that had one before.
    fn name(&mut self, text: &str) -> &str {
        let (number, name) = text.split_once(' ').unwrap_or((text, ""));
        let known = self.names.entry(number.to_owned()).or_default();
        if !name.is_empty() {
            name.clone_into(known);
        }
        known
    }
}

/// The instructions of a line of code, which begins with its number, or with how far it is from the line before.
fn cost(line: &str) -> Option<u64> {
    let (place, count) = line.split_once(' ')?;
    let is_place = place.starts_with(|first: char| "+-*".contains(first) || first.is_ascii_digit());
    is_place.then(|| count.parse().ok()).flatten()
}

/// Rows with 1400 bytes that take more outside of the kernels than those with 64.
pub(crate) fn copies(rows: &BTreeMap<String, Figure>) -> Vec<String> {
    let short = rows.iter().filter(|(name, _)| name.contains("/64/"));
    let mut faults = Vec::new();
    for (name, figure) in short {
        let long = name.replace("/64/", "/1400/");
        let Some(other) = rows.get(&long) else {
            faults.push(format!("{long}: no figure"));
            continue;
        };
        let packets = if name.ends_with("x32") { 32 } else { 1 };
        let more = other.around.saturating_sub(figure.around);
        if more > BRANCHES * packets {
            faults.push(format!(
                "{long}: outside of the kernels it takes {more} instructions more than with 64 bytes: is a payload copied?"
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_known_by_its_number_in_later_files() {
        let first = "events: Ir\nfn=(1) counts::measured\n5 17\ncfn=(2) iiptran_accel::gcm::seal\ncalls=1 9\n+3 400\n* 3\n\n\
                     fn=(2)\n+1 300\n-2 100\n\ntotals: 420\n";
        let mut reader = Reader::default();
        let read = reader.read(first).unwrap();
        assert_eq!((read.total, read.around), (420, 20));
        let second = "fn=(2)\n9 7\n\nfn=(3) memcpy\n0x1 5\n\ntotals: 12\n";
        let read = reader.read(second).unwrap();
        assert_eq!((read.total, read.around), (12, 5));
        assert!(reader.read("events: Ir\n").is_err());
    }

    #[test]
    fn a_copy_of_a_payload_is_seen() {
        let figure = |around| Figure {
            total: 9_000,
            around,
        };
        let rows = |around| {
            let rows = [
                ("sa/64/out/burst x32", 3_200),
                ("sa/1400/out/burst x32", around),
            ];
            let rows = rows.map(|(name, around)| (name.to_owned(), figure(around)));
            copies(&rows.into())
        };
        assert!(rows(3_200 + 4 * 32).is_empty() && rows(3_000).is_empty());
        assert!(rows(3_200 + 80 * 32)[0].contains("2560 instructions more"));
        let alone = [("sa/64/in/single".to_owned(), figure(1))].into();
        assert_eq!(copies(&alone), ["sa/1400/in/single: no figure"]);
    }
}
