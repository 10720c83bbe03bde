//! Which implementation of AES-GCM and ChaCha20-Poly1305 runs.

use core::ffi::c_char;

use crate::pointer::text;
use crate::status::{Answer, IIPTRAN_BAD_ARGUMENT, call};
use crate::{iiptran_status_t, iiptran_words_t};

/// Chooses the implementation of AES-GCM and ChaCha20-Poly1305 for the whole program, from the next key on:
/// "avx512", "avx2" or "aes-ni", or "portable" for none of them. NULL is what the environment variable IIPTRAN_ACCEL
/// names, if it is set. Without this call the fastest runs that the CPU has. Which one runs changes no byte of a
/// result. The freestanding library has "portable" alone, and no environment.
///
/// IIPTRAN_BAD_ARGUMENT if there is no such name or the CPU can't run it; the choice is then what it was. Any
/// thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_choose_kernel(
    name: *const c_char,
    length: usize,
) -> iiptran_status_t {
    call(|| {
        if name.is_null() {
            return follow_environment();
        }
        iiptran_host::choose_kernel(text(name, length)?).map_err(|_| IIPTRAN_BAD_ARGUMENT)
    })
}

#[cfg(feature = "std")]
fn follow_environment() -> Answer {
    iiptran_host::follow_environment().map_err(|_| IIPTRAN_BAD_ARGUMENT)
}

#[cfg(not(feature = "std"))]
const fn follow_environment() -> Answer {
    Ok(())
}

/// The implementation of AES-GCM and ChaCha20-Poly1305 that keys are set up for from now on, such as "aes-ni". The
/// text stays forever. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn iiptran_kernel() -> iiptran_words_t {
    iiptran_host::kernel().into()
}
