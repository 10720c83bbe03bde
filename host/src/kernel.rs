//! Which implementation of AES-GCM, ChaCha20-Poly1305 and bursts of lookups runs: a kernel of vector instructions, or the portable one.

use alloc::string::String;
use core::fmt;

/// The implementation that runs everywhere.
const PORTABLE: &str = "portable";

/// The environment variable by which users name a kernel.
#[cfg(feature = "accel")]
pub const KERNEL_VARIABLE: &str = "IIPTRAN_ACCEL";

/// No kernel of this name can run here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKernel {
    /// The name.
    pub name: String,
}

impl fmt::Display for UnknownKernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no kernel \"{}\" can run here; there are", self.name)?;
        for (number, name) in kernels().enumerate() {
            write!(f, "{} {name}", if number == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl core::error::Error for UnknownKernel {}

/// The names that can be chosen on this CPU, the fastest first: some of `avx512`, `avx2` and `aes-ni`, and
/// `portable`.
pub fn kernels() -> impl Iterator<Item = &'static str> {
    #[cfg(feature = "accel")]
    let vector = iiptran_accel::Kernel::available().map(iiptran_accel::Kernel::name);
    #[cfg(not(feature = "accel"))]
    let vector = core::iter::empty();
    vector.chain([PORTABLE])
}

/// The one that keys are set up for from now on, and that looks routes up; the fastest, if none was chosen.
#[must_use]
pub fn kernel() -> &'static str {
    #[cfg(feature = "accel")]
    return iiptran_accel::chosen().map_or(PORTABLE, iiptran_accel::Kernel::name);
    #[cfg(not(feature = "accel"))]
    PORTABLE
}

/// Chooses for the whole program, from the next key on. Which kernel runs changes no byte of a result.
///
/// # Errors
/// [`UnknownKernel`] if [`kernels`] has no such name; the choice is then what it was.
pub fn choose_kernel(name: &str) -> Result<(), UnknownKernel> {
    let unknown = || UnknownKernel { name: name.into() };
    kernels().find(|it| *it == name).ok_or_else(unknown)?;
    #[cfg(feature = "accel")]
    iiptran_accel::choose_by_name(name).map_err(|_| unknown())?;
    Ok(())
}

/// Chooses what the environment variable [`KERNEL_VARIABLE`] names, if it is set and not empty.
///
/// # Errors
/// As [`choose_kernel`].
#[cfg(feature = "accel")]
pub fn follow_environment() -> Result<(), UnknownKernel> {
    match std::env::var_os(KERNEL_VARIABLE) {
        Some(name) if !name.is_empty() => choose_kernel(&name.to_string_lossy()),
        _ => Ok(()),
    }
}
