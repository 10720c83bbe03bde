//! What runs where nobody names a kernel.

use core::sync::atomic::{AtomicU8, Ordering};

use crate::{Error, Kernel};

/// Nobody has chosen: the best kernel.
const BEST: u8 = u8::MAX;
/// None: another crate than this.
const PORTABLE: u8 = u8::MAX - 1;

static CHOICE: AtomicU8 = AtomicU8::new(BEST);

/// Chooses for the whole program what keys are set up for and what looks routes up from now on: a kernel, or none,
/// for an implementation without vector instructions.
///
/// For hosts, before they set up the first key: which kernel runs changes no byte of a result.
///
/// # Errors
/// [`Error::Unavailable`] if the CPU can't run the kernel; the choice is then what it was.
pub fn choose(kernel: Option<Kernel>) -> Result<(), Error> {
    if let Some(kernel) = kernel.filter(|kernel| !kernel.is_available()) {
        return Err(Error::Unavailable(kernel));
    }
    CHOICE.store(number(kernel), Ordering::Relaxed);
    Ok(())
}

fn number(kernel: Option<Kernel>) -> u8 {
    kernel.map_or(PORTABLE, |kernel| kernel as u8)
}

/// The same by name: that of a kernel, or `portable`.
///
/// # Errors
/// [`Error::UnknownKernel`] if there is none of this name, and as [`choose`].
pub fn choose_by_name(name: &str) -> Result<(), Error> {
    choose(if name == "portable" {
        None
    } else {
        Some(Kernel::from_name(name)?)
    })
}

/// What has been chosen; the best kernel that can run here, if nothing has.
#[inline]
#[must_use]
pub fn chosen() -> Option<Kernel> {
    match CHOICE.load(Ordering::Relaxed) {
        BEST => best(),
        choice => Kernel::ALL
            .into_iter()
            .find(|kernel| *kernel as u8 == choice),
    }
}

/// The best kernel, which is what has been chosen from now on, unless somebody chooses meanwhile.
#[cold]
fn best() -> Option<Kernel> {
    let best = Kernel::best();
    // The next one who asks is to find it without a search.
    let _ = CHOICE.compare_exchange(BEST, number(best), Ordering::Relaxed, Ordering::Relaxed);
    best
}
