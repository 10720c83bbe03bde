//! Tests of the SPD as a whole.

mod compiled;
pub(super) mod fixture;
mod lookup;
mod model;
mod new_sa;
mod populate;
mod properties;
mod random;
