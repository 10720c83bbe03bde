//! SHA-256 (FIPS 180-4) of sixteen messages side by side.

mod avx512;

use crate::Kernel;
use crate::words::LANES;

/// States of SHA-256, transposed: word by word, and each word of all lanes.
pub type Sha256States = [[u32; Sha256Lanes::COUNT]; 8];

/// Compresses blocks of sixteen messages side by side, with the kernel `avx512`: others have no registers that
/// are wide enough for it to be faster than the SHA instructions are with one message after the other.
///
/// It keeps nothing: states are the caller's, to begin with and to wipe.
#[derive(Clone, Copy, Debug)]
pub struct Sha256Lanes(());

impl Sha256Lanes {
    /// How many messages there are.
    pub const COUNT: usize = LANES;
    /// Bytes of a block.
    pub const BLOCK: usize = 64;

    /// `None` if the kernel is another one, or the CPU can't run it.
    #[inline]
    #[must_use]
    pub fn new(kernel: Kernel) -> Option<Self> {
        (kernel == Kernel::Avx512 && kernel.is_available()).then_some(Self(()))
    }

    /// Compresses the next blocks of each message into its state (FIPS 180-4 section 6.2.2), as many as the
    /// shortest has that has any, and says how many: 0 only if there are no blocks. The states of messages
    /// without blocks stay what they are.
    #[inline]
    pub fn compress(
        self,
        states: &mut Sha256States,
        blocks: [&[[u8; Self::BLOCK]]; Self::COUNT],
    ) -> usize {
        let lengths = blocks.iter().map(|blocks| blocks.len());
        let Some(steps) = lengths.filter(|length| *length > 0).min() else {
            return 0;
        };
        // SAFETY: `Sha256Lanes::new` has found that the CPU has the instructions of the kernel.
        unsafe { avx512::compress(states, &blocks, steps) };
        steps
    }
}
