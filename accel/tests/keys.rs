//! Keys: what they are refused for, that they do not print, that they are wiped.
#![cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]
#![allow(unsafe_code, reason = "memory is looked at after its owner is gone")]

mod support;

use core::mem::MaybeUninit;

use iiptran_accel::{Error, Gcm, Kernel, choose, choose_by_name, chosen};
use support::{KEY_LENGTHS, kernels};

#[test]
fn a_key_of_another_length_is_refused() {
    for kernel in Kernel::available() {
        for length in (0..64).filter(|length| !KEY_LENGTHS.contains(length)) {
            let error = Gcm::new(kernel, &vec![0; length]).unwrap_err();
            assert_eq!(error, Error::KeyLength(length));
        }
    }
    let shown = Error::KeyLength(20).to_string();
    assert_eq!(shown, "the key has 20 bytes, AES takes 16, 24 or 32");
}

#[test]
fn a_kernel_that_the_cpu_lacks_is_refused() {
    let lacking = Kernel::ALL
        .into_iter()
        .filter(|kernel| !kernel.is_available());
    for kernel in lacking {
        let error = Gcm::new(kernel, &[0; 16]).unwrap_err();
        assert_eq!(error, Error::Unavailable(kernel));
        assert_eq!(choose(Some(kernel)), Err(Error::Unavailable(kernel)));
    }
    let shown = Error::Unavailable(Kernel::Avx512).to_string();
    assert_eq!(shown, "this CPU can't run the kernel avx512");
}

#[test]
fn what_the_cpu_has_is_what_the_standard_library_finds() {
    let wide = is_x86_feature_detected!("vaes") && is_x86_feature_detected!("vpclmulqdq");
    let expected = [
        (
            Kernel::Avx512,
            wide && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512ifma")
                && is_x86_feature_detected!("avx512vpopcntdq"),
        ),
        (Kernel::Avx2, wide && is_x86_feature_detected!("avx2")),
        (
            Kernel::AesNi,
            is_x86_feature_detected!("aes")
                && is_x86_feature_detected!("pclmulqdq")
                && is_x86_feature_detected!("popcnt"),
        ),
    ];
    for (kernel, available) in expected {
        assert_eq!(kernel.is_available(), available, "{kernel}");
    }
}

#[test]
fn kernels_are_found_by_their_names() {
    for kernel in Kernel::ALL {
        assert_eq!(Kernel::from_name(kernel.name()), Ok(kernel));
        assert_eq!(kernel.to_string().parse(), Ok(kernel));
    }
    assert_eq!(Kernel::from_name("AVX512"), Err(Error::UnknownKernel));
    assert_eq!(
        Error::UnknownKernel.to_string(),
        "there is no such kernel; there are avx512, avx2 and aes-ni, and portable for none",
    );
}

#[test]
fn a_program_can_choose() {
    assert_eq!(chosen(), Kernel::best());
    for kernel in Kernel::available() {
        assert_eq!(choose_by_name(kernel.name()), Ok(()));
        assert_eq!(chosen(), Some(kernel));
    }
    assert_eq!(choose_by_name("portable"), Ok(()));
    assert_eq!(chosen(), None);
    assert_eq!(choose_by_name("fast"), Err(Error::UnknownKernel));
    assert_eq!(chosen(), None);
}

#[test]
fn keys_do_not_print() {
    for gcm in kernels(&[0xab; 16]) {
        let expected = format!("Gcm {{ kernel: {:?}, .. }}", gcm.kernel());
        assert_eq!(format!("{gcm:?}"), expected);
    }
}

/// The bytes of a value in its place, padding as it was before the value.
fn bytes(place: &MaybeUninit<Gcm>) -> &[u8; size_of::<Gcm>()] {
    // SAFETY: the place was zeroed as a whole before anything was written to it.
    unsafe { &*place.as_ptr().cast() }
}

#[test]
fn keys_are_wiped() {
    for kernel in Kernel::available() {
        for length in KEY_LENGTHS {
            let key: Vec<u8> = (1..).take(length).collect();
            let gcm = Gcm::new(kernel, &key).unwrap();
            let mut place = MaybeUninit::<Gcm>::zeroed();
            place.write(gcm);
            let mut windows = bytes(&place).windows(length);
            assert!(
                windows.any(|window| window == key),
                "round keys begin with the key"
            );
            let set = bytes(&place).iter().filter(|byte| **byte != 0).count();
            assert!(set > 700, "round keys and powers: {set}");
            // SAFETY: the place holds a value, which is not used afterwards.
            unsafe { place.assume_init_drop() };
            // Behind these are the name of the kernel, which is no secret, and padding.
            let left = bytes(&place)[..1008].iter().filter(|byte| **byte != 0);
            assert_eq!(left.count(), 0);
        }
    }
}
