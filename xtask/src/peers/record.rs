//! The figures of a run, and the file that keeps them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// The contestant that this is about.
pub(crate) const SELF: &str = "IIPtran";

/// Everything that a run has found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    /// Where it was.
    pub(crate) machine: Machine,
    /// How many turns every row had.
    pub(crate) rounds: usize,
    /// Who took part: contestant and version.
    pub(crate) contestants: BTreeMap<String, String>,
    /// The figures, in the order in which they were taken.
    pub(crate) rows: Vec<Row>,
    /// What could not be had.
    pub(crate) absent: Vec<Absent>,
}

/// A machine, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) system: String,
    pub(crate) rustc: String,
    pub(crate) cc: String,
    /// Processes that wanted a core over the last minute, before the run and after it; the run itself is one.
    pub(crate) load: [f64; 2],
}

/// One measurement by one contestant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// What: `GROUP/WHAT/SIZE/VARIANT`.
    pub(crate) name: String,
    pub(crate) contestant: String,
    /// Nanoseconds for each packet or key; milliseconds if the group is `build`.
    pub(crate) minimum: f64,
    pub(crate) median: f64,
}

/// Rows that could not be had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Absent {
    /// The beginning of their names.
    pub(crate) name: String,
    pub(crate) contestant: String,
    pub(crate) why: String,
}

/// The parts of a row's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name<'a> {
    pub(crate) group: &'a str,
    pub(crate) what: &'a str,
    pub(crate) size: &'a str,
    pub(crate) variant: &'a str,
}

impl Run {
    /// Reads and checks a file.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        Self::parse(&text).with_context(|| file.display().to_string())
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let run: Self = serde_json::from_str(text)?;
        for row in &run.rows {
            let label = format!("{} of {}", row.name, row.contestant);
            Name::parse(&row.name).with_context(|| label.clone())?;
            let in_order = 0.0 <= row.minimum && row.minimum <= row.median;
            if !in_order || !row.median.is_finite() {
                bail!("{label}: minimum {} and median {}", row.minimum, row.median);
            }
        }
        Ok(run)
    }

    pub(crate) fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The row of a contestant whose name begins so; the fastest of several.
    pub(crate) fn find(&self, name: &str, contestant: &str) -> Option<&Row> {
        self.rows
            .iter()
            .filter(|row| row.name == name && row.contestant.starts_with(contestant))
            .min_by(|a, b| a.minimum.total_cmp(&b.minimum))
    }

    /// Why a row could not be had.
    pub(crate) fn why_absent(&self, name: &str, contestant: &str) -> Option<&str> {
        let mut absent = self.absent.iter();
        let found = absent.find(|absent| {
            name.starts_with(&absent.name) && absent.contestant.starts_with(contestant)
        });
        found.map(|absent| absent.why.as_str())
    }
}

impl<'a> Name<'a> {
    pub(crate) fn parse(name: &'a str) -> Result<Self> {
        let parts: Vec<_> = name.split('/').collect();
        let [group, what, size, variant] = parts[..] else {
            bail!("{name:?} is not GROUP/WHAT/SIZE/VARIANT");
        };
        Ok(Self {
            group,
            what,
            size,
            variant,
        })
    }
}
