//! What drop reasons mean.

use iiptran::{DropReason, Explained};

/// What the drop reason with this code means; `None` if there is none.
#[must_use]
pub fn explain(code: u8) -> Option<Explained> {
    DropReason::from_code(code).map(Explained::from)
}
