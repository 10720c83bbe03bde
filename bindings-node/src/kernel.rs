//! Which implementation of AES-GCM and ChaCha20-Poly1305 runs.

use std::sync::OnceLock;

use napi::{Error, Result};
use napi_derive::napi;

/// Follows the environment, once for all threads that import the package; throws if it names no kernel that can
/// run here.
#[napi(catch_unwind)]
pub fn follow_environment() -> Result<()> {
    static FOLLOWED: OnceLock<std::result::Result<(), String>> = OnceLock::new();
    let followed = FOLLOWED.get_or_init(|| {
        iiptran_host::follow_environment()
            .map_err(|error| format!("{}: {error}", iiptran_host::KERNEL_VARIABLE))
    });
    followed.clone().map_err(Error::from_reason)
}

/// The names that can be chosen on this CPU, the fastest first.
#[napi(catch_unwind)]
pub fn kernels() -> Vec<&'static str> {
    iiptran_host::kernels().collect()
}

/// The one that keys are set up for from now on.
#[napi(catch_unwind)]
pub fn kernel() -> &'static str {
    iiptran_host::kernel()
}

/// Chooses for the whole program, from the next key on; false if there is none of this name.
#[napi(catch_unwind)]
pub fn choose_kernel(name: String) -> bool {
    iiptran_host::choose_kernel(&name).is_ok()
}
