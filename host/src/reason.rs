//! What drop reasons mean.

use iiptran::DropReason;
use serde::Serialize;

/// What a drop reason means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Stable number.
    pub code: u8,
    /// Stable name, in kebab case.
    pub name: &'static str,
    /// The kind of reason.
    pub group: &'static str,
    /// The clause that asks for the drop.
    pub clause: &'static str,
    /// What happened.
    pub meaning: &'static str,
    /// What to look at first.
    pub check: &'static str,
}

/// What the drop reason with this code means; `None` if there is none.
#[must_use]
pub fn explain(code: u8) -> Option<Explained> {
    DropReason::from_code(code).map(Explained::from)
}

impl From<DropReason> for Explained {
    fn from(reason: DropReason) -> Self {
        let text = reason.explanation();
        Self {
            code: reason.code(),
            name: text.name,
            group: reason.group().name(),
            clause: text.clause,
            meaning: text.meaning,
            check: text.check,
        }
    }
}
