//! Tests of the SPD as a whole.

pub(super) mod fixture;
mod lookup;
mod new_sa;
mod populate;
