//! One function with `target_feature` for each of what a kernel does, and the choice among them.

use crate::Kernel;
use crate::chacha::cipher::Key;
use crate::chacha::{lanes, packets};
use crate::gcm::{Aad, Icv, Nonce, Opening, Sealing};

/// The functions of a kernel.
macro_rules! kernel {
    ($module:ident, $lanes:ident, $features:literal) => {
        mod $module {
            use super::*;

            #[inline]
            #[target_feature(enable = $features)]
            fn lanes() -> lanes::$lanes {
                // SAFETY: this function has the target features, so whoever calls it vouches for the
                // instructions of `Lanes`: the features include those that its documentation names.
                unsafe { lanes::$lanes::assume() }
            }

            #[target_feature(enable = $features)]
            pub(super) fn seal(key: &Key, nonce: Nonce, aad: Aad, body: &mut [u8]) -> u128 {
                packets::seal(lanes(), key, nonce, aad, body)
            }

            #[target_feature(enable = $features)]
            pub(super) fn open(
                key: &Key,
                nonce: Nonce,
                aad: Aad,
                body: &mut [u8],
                icv: Icv,
            ) -> bool {
                packets::open(lanes(), key, nonce, aad, body, icv)
            }

            #[target_feature(enable = $features)]
            pub(super) fn seal_burst(key: &Key, burst: &mut [Sealing<'_>]) {
                packets::seal_burst(lanes(), key, burst);
            }

            #[target_feature(enable = $features)]
            pub(super) fn open_burst(key: &Key, burst: &mut [Opening<'_>]) {
                packets::open_burst(lanes(), key, burst);
            }
        }
    };
}

kernel!(ssse3, Ssse3, "ssse3,sse4.1");
kernel!(avx2, Avx2, "ssse3,sse4.1,avx,avx2");
kernel!(
    avx512,
    Avx512,
    "ssse3,sse4.1,avx,avx2,bmi2,avx512f,avx512bw,avx512dq,avx512vl,avx512ifma"
);

/// A kernel that can run here.
#[derive(Clone, Copy)]
pub(crate) struct Entry(Kernel);

/// Calls the function of the kernel.
macro_rules! call {
    ($entry:expr, $function:ident($($argument:expr),*)) => {{
        // SAFETY: `Entry::new` has found that the CPU has the instructions of the kernel.
        unsafe {
            match $entry.0 {
                Kernel::Avx512 => avx512::$function($($argument),*),
                Kernel::Avx2 => avx2::$function($($argument),*),
                Kernel::AesNi => ssse3::$function($($argument),*),
            }
        }
    }};
}

impl Entry {
    /// `None` if the CPU can't run the kernel.
    pub(crate) fn new(kernel: Kernel) -> Option<Self> {
        kernel.is_available().then_some(Self(kernel))
    }

    pub(crate) const fn kernel(self) -> Kernel {
        self.0
    }

    pub(crate) fn seal(self, key: &Key, nonce: Nonce, aad: Aad, body: &mut [u8]) -> u128 {
        call!(self, seal(key, nonce, aad, body))
    }

    pub(crate) fn open(self, key: &Key, nonce: Nonce, aad: Aad, body: &mut [u8], icv: Icv) -> bool {
        call!(self, open(key, nonce, aad, body, icv))
    }

    pub(crate) fn seal_burst(self, key: &Key, burst: &mut [Sealing<'_>]) {
        call!(self, seal_burst(key, burst));
    }

    pub(crate) fn open_burst(self, key: &Key, burst: &mut [Opening<'_>]) {
        call!(self, open_burst(key, burst));
    }
}
