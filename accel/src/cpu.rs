//! What the CPU has and the operating system lets programs use.

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub(crate) use x86::has;

/// Other CPUs can run no kernel.
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
pub(crate) const fn has(_: crate::Kernel) -> bool {
    false
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[allow(
    unsafe_code,
    reason = "asking for XCR0 is an instruction that not every CPU has"
)]
mod x86 {
    use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};

    use crate::Kernel;

    /// Leaf 1, ECX: PCLMULQDQ, SSSE3, SSE4.1, POPCNT, AES.
    const AESNI: u32 = 1 << 1 | 1 << 9 | 1 << 19 | 1 << 23 | 1 << 25;
    /// Leaf 1, ECX: XGETBV can be asked, AVX.
    const AVX: u32 = 1 << 27 | 1 << 28;
    /// Leaf 1, ECX: FMA and F16C, which compilers take AVX-512 to include.
    const FMA_F16C: u32 = 1 << 12 | 1 << 29;
    /// Leaf 7, EBX: AVX2.
    const AVX2: u32 = 1 << 5;
    /// Leaf 7, EBX: BMI2, AVX-512 F, DQ, IFMA, BW, VL.
    const AVX512: u32 = 1 << 8 | 1 << 16 | 1 << 17 | 1 << 21 | 1 << 30 | 1 << 31;
    /// Leaf 7, ECX: VAES, VPCLMULQDQ.
    const VAES: u32 = 1 << 9 | 1 << 10;
    /// Leaf 7, ECX: AVX-512 VPOPCNTDQ.
    const POPCNT: u32 = 1 << 14;
    /// XCR0: the halves of 256-bit registers are kept between programs.
    const YMM_STATE: u64 = 0b110;
    /// XCR0: so are those of 512-bit registers, all 32 of them, and the masks.
    const ZMM_STATE: u64 = YMM_STATE | 0b1110_0000;

    /// Whether it can run the kernel. Asks the CPU each time.
    #[allow(
        unused_unsafe,
        reason = "asking for CPUID is safe in newer versions of the standard library"
    )]
    pub(crate) fn has(kernel: Kernel) -> bool {
        // SAFETY: every x86-64 CPU has CPUID, and leaf 1.
        let (leaves, features) = unsafe { (__cpuid(0).eax, __cpuid(1).ecx) };
        let extended = (leaves >= 7).then(|| {
            // SAFETY: as above, and leaf 7 is among its leaves.
            let leaf = unsafe { __cpuid_count(7, 0) };
            (leaf.ebx, leaf.ecx)
        });
        let (extended, vectors) = extended.unwrap_or_default();
        let state = if includes(features, AVX) {
            // SAFETY: bit 27 of leaf 1's ECX says that XGETBV can be asked, and register 0 always exists.
            unsafe { kept_state() }
        } else {
            0
        };
        let wide = includes(extended, AVX2) && includes(vectors, VAES);
        includes(features, AESNI)
            && match kernel {
                Kernel::AesNi => true,
                Kernel::Avx2 => wide && state & YMM_STATE == YMM_STATE,
                Kernel::Avx512 => {
                    wide && includes(features, FMA_F16C)
                        && includes(extended, AVX512)
                        && includes(vectors, POPCNT)
                        && state & ZMM_STATE == ZMM_STATE
                }
            }
    }

    const fn includes(bits: u32, wanted: u32) -> bool {
        bits & wanted == wanted
    }

    /// XCR0.
    #[target_feature(enable = "xsave")]
    fn kept_state() -> u64 {
        // SAFETY: the caller has found that the instruction exists.
        unsafe { _xgetbv(0) }
    }
}
