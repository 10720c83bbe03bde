//! Which implementation the tests run on.

use std::sync::Once;

/// Follows `IIPTRAN_ACCEL`: the name of a kernel, `portable`, or nothing for the best there is. Whatever
/// sets up keys for a test calls this first.
///
/// # Panics
/// If there is no such kernel, or this CPU can't run it.
pub fn choose_kernel() {
    static CHOSEN: Once = Once::new();
    CHOSEN.call_once(|| {
        iiptran_host::follow_environment().unwrap_or_else(|e| panic!("IIPTRAN_ACCEL: {e}"));
    });
}
