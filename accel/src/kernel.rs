//! Which kernel runs: what the CPU has, and names for it.

use core::fmt;
use core::str::FromStr;
use core::sync::atomic::{AtomicU8, Ordering};

use crate::cpu;
use crate::error::Error;

/// An implementation of AES-GCM, AES-CBC, ChaCha20-Poly1305 and lookups. All give the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// VAES and VPCLMULQDQ on AVX-512: four blocks in a register. Intel since Ice Lake, AMD since Zen 4.
    Avx512,
    /// VAES and VPCLMULQDQ on AVX2: two blocks in a register. AMD since Zen 3, Intel since Alder Lake.
    Avx2,
    /// AES-NI and PCLMULQDQ: one block in a register. All x86-64 since about 2010.
    AesNi,
}

impl Kernel {
    /// All, the fastest first.
    pub const ALL: [Self; 3] = [Self::Avx512, Self::Avx2, Self::AesNi];

    /// Those that this CPU and its operating system can run, the fastest first.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|kernel| kernel.is_available())
    }

    /// The fastest that can run here, if one can.
    #[must_use]
    pub fn best() -> Option<Self> {
        Self::available().next()
    }

    /// Whether this CPU and its operating system can run it.
    ///
    /// The CPU is asked once, and the answer kept: asking can take as long as thousands of packets on a
    /// virtual machine.
    #[must_use]
    pub fn is_available(self) -> bool {
        /// Set once the other bits are an answer.
        const KNOWN: u8 = 0x80;
        static AVAILABLE: AtomicU8 = AtomicU8::new(0);
        // Threads that ask at once come to the same answer.
        let mut available = AVAILABLE.load(Ordering::Relaxed);
        if available == 0 {
            let bits = Self::ALL.into_iter().filter(|kernel| cpu::has(*kernel));
            available = bits.fold(KNOWN, |bits, kernel| bits | kernel.bit());
            AVAILABLE.store(available, Ordering::Relaxed);
        }
        available & self.bit() != 0
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// Its name: `avx512`, `avx2` or `aes-ni`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Avx512 => "avx512",
            Self::Avx2 => "avx2",
            Self::AesNi => "aes-ni",
        }
    }

    /// The kernel of this name, whether it can run here or not.
    ///
    /// # Errors
    /// [`Error::UnknownKernel`] if there is none.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        let mut all = Self::ALL.into_iter();
        all.find(|kernel| kernel.name() == name)
            .ok_or(Error::UnknownKernel)
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kernel {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::from_name(name)
    }
}
