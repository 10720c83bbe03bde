//! Every length up to that of jumbo frames, against two other implementations.
#![cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod support;

use iiptran_accel::{Aad, Error, Gcm, Icv, Nonce};
use support::{AAD_LENGTHS, ICV_LENGTHS, KEY_LENGTHS, Numbers, Portable, kernels};

const LONGEST: usize = 9000;

/// Seals and opens a packet, and opens it once more with something wrong.
fn check(gcm: &Gcm, case: &Case<'_>, numbers: &mut Numbers) {
    let name = format!(
        "{gcm:?}, {} bytes, {} of AAD",
        case.plain.len(),
        case.aad.len()
    );
    let nonce = Nonce::from(case.nonce);
    let aad = Aad::new(case.aad).unwrap();
    let mut body = case.plain.to_vec();
    let tag = gcm.seal(nonce, aad, &mut body).unwrap();
    assert!(body == case.sealed, "ciphertext: {name}");
    assert_eq!(tag.bytes(), case.tag, "{name}");

    let length = ICV_LENGTHS[case.plain.len() % ICV_LENGTHS.len()];
    let icv = &case.tag[..length];
    let opened = gcm.open(nonce, aad, &mut body, Icv::new(icv).unwrap());
    assert_eq!(opened, Ok(()), "{name}");
    assert!(body == case.plain, "plaintext: {name}");

    let mut wrong = icv.to_vec();
    wrong[numbers.below(length)] ^= 1 << numbers.below(8);
    body.copy_from_slice(case.sealed);
    let opened = gcm.open(nonce, aad, &mut body, Icv::new(&wrong).unwrap());
    assert_eq!(opened, Err(Error::NotAuthentic), "{name}");
    assert!(body == case.sealed, "left as it was: {name}");
}

struct Case<'a> {
    nonce: [u8; 12],
    aad: &'a [u8],
    plain: &'a [u8],
    sealed: &'a [u8],
    tag: [u8; 16],
}

fn all_lengths(key_length: usize) {
    let mut numbers = Numbers(key_length as u64);
    let key = numbers.bytes(key_length);
    let (kernels, portable, ring) = (kernels(&key), Portable::new(&key), support::ring(&key));
    let longest = numbers.bytes(LONGEST);
    for (length, aad) in (0..=LONGEST).zip(AAD_LENGTHS.iter().cycle()) {
        let (nonce, aad) = (numbers.nonce(), numbers.bytes(*aad));
        let plain = &longest[..length];
        let mut sealed = plain.to_vec();
        let tag = portable.seal(nonce, &aad, &mut sealed);
        if let Some(ring) = &ring {
            let mut second = plain.to_vec();
            assert_eq!(support::seal_with_ring(ring, nonce, &aad, &mut second), tag);
            assert!(second == sealed);
        }
        let case = Case {
            nonce,
            aad: &aad,
            plain,
            sealed: &sealed,
            tag,
        };
        for gcm in &kernels {
            check(gcm, &case, &mut numbers);
        }
    }
}

#[test]
fn keys_of_128_bits() {
    all_lengths(16);
}

#[test]
fn keys_of_192_bits() {
    all_lengths(24);
}

#[test]
fn keys_of_256_bits() {
    all_lengths(32);
}

#[test]
fn tags_of_data_in_the_clear() {
    let mut numbers = Numbers(1);
    for key_length in KEY_LENGTHS {
        let key = numbers.bytes(key_length);
        let (kernels, portable) = (kernels(&key), Portable::new(&key));
        let longest = numbers.bytes(LONGEST);
        for length in 0..=LONGEST {
            // The heads of ESP have 16 and 20 bytes.
            let head = [16, 20, numbers.below(33)][length % 3].min(length);
            let nonce = numbers.nonce();
            let tag = portable.seal(nonce, &longest[..length], &mut []);
            let (head, body) = longest[..length].split_at(head);
            for gcm in &kernels {
                let found = gcm.mac(nonce.into(), head, body).unwrap();
                assert_eq!(
                    found.bytes(),
                    tag,
                    "{gcm:?}, {} and {}",
                    head.len(),
                    body.len()
                );
            }
        }
    }
}

#[test]
fn counters_carry_into_their_second_and_third_byte() {
    // 256 blocks and 65536 blocks: the low bytes of the counter overflow.
    let mut numbers = Numbers(2);
    let key = numbers.bytes(16);
    let (nonce, plain) = (numbers.nonce(), numbers.bytes(70_000 * 16 + 5));
    let mut sealed = plain.clone();
    let tag = Portable::new(&key).seal(nonce, b"header", &mut sealed);
    for gcm in kernels(&key) {
        let mut body = plain.clone();
        let aad = Aad::new(b"header").unwrap();
        let found = gcm.seal(nonce.into(), aad, &mut body).unwrap();
        assert!(body == sealed, "{gcm:?}");
        assert_eq!(found.bytes(), tag);
    }
}
