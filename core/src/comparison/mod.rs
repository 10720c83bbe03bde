//! The comparison of RFC 3884 section 4.2, as running code: every arrangement on one network, and what
//! becomes of its packets there.
//!
//! No cell of the matrix is written down. Each is found by a rule from what a run did: which way packets
//! went when a route changed, which neighbours routers heard, which source a node selected, in which order
//! the stages asked which tables. With each cell comes its evidence: the packet, the lookups and the
//! verdict behind it.
//!
//! ```
//! use iiptran::comparison::Comparison;
//!
//! let comparison = Comparison::run()?;
//! let row = comparison.row("static-routing").ok_or("no such row")?;
//! let answers: Vec<_> = row.cells.iter().map(|cell| cell.answer.as_str()).collect();
//! assert_eq!(answers, ["no", "yes", "no", "yes", "yes"]);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod answers;
mod document;
mod experiments;
mod negotiated;
mod sight;
mod spoofed;
mod words;

pub use document::{Cell, Column, Comparison, Evidence, EvidenceStep, Row, Standing};

use alloc::string::ToString;
use alloc::vec::Vec;

use crate::Arrangement;
use crate::config::{ArrangementName, ConfigError};
use crate::network::{ScenarioConfig, shipped};
use experiments::Observations;

/// The scenario that the arrangements are compared on.
pub const SCENARIO: &str = "comparison";

/// An arrangement that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The arrangement that the column is named after.
    pub label: ArrangementName,
    /// What its nodes run; another one, to see that cells follow the code and not the label.
    pub runs: ArrangementName,
}

/// Those that RFC 3884 compares, in its order. `transport` has no virtual links, and `initial-lookup-b` is
/// `interface-sa` by another name.
pub const SUBJECTS: [Subject; 5] = [
    Subject::of(ArrangementName::TunnelMode),
    Subject::of(ArrangementName::InterfaceSa),
    Subject::of(ArrangementName::InitialLookupA),
    Subject::of(ArrangementName::Integrated),
    Subject::of(ArrangementName::Iiptran),
];

impl Subject {
    /// An arrangement under its own name.
    #[must_use]
    pub const fn of(arrangement: ArrangementName) -> Self {
        Self {
            label: arrangement,
            runs: arrangement,
        }
    }
}

impl Comparison {
    /// Runs what RFC 3884 compares.
    ///
    /// # Errors
    /// [`ConfigError`] if the scenario can't be run: never, unless the crate contradicts itself.
    pub fn run() -> Result<Self, ConfigError> {
        Self::of(&SUBJECTS)
    }

    /// Runs these subjects.
    ///
    /// # Errors
    /// [`ConfigError`] if the scenario can't be run by one of them, such as [`Arrangement::Transport`].
    pub fn of(subjects: &[Subject]) -> Result<Self, ConfigError> {
        let text = shipped(SCENARIO).map_or("", |scenario| scenario.text);
        let scenario = ScenarioConfig::from_toml(text)?;
        let mut columns = Vec::new();
        let mut rows: Vec<Row> = answers::ROWS.iter().map(answers::Rule::row).collect();
        for subject in subjects {
            let label = Arrangement::from(subject.label);
            let observed = Observations::of(&scenario, subject.runs)?;
            for (row, rule) in rows.iter_mut().zip(answers::ROWS) {
                row.cells.push(rule.cell(label, &observed));
            }
            columns.push(Column {
                arrangement: label.name().to_string(),
                title: words::title(label).to_string(),
            });
        }
        Ok(Self {
            scenario: SCENARIO.to_string(),
            columns,
            rows,
        })
    }

    /// The row of this name.
    #[must_use]
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}
