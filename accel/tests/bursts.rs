//! Bursts of packets of mixed lengths: each is what it is alone.
#![cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod support;

use iiptran_accel::{Aad, Icv, Nonce, Opening, Sealing};
use support::{AAD_LENGTHS, ICV_LENGTHS, KEY_LENGTHS, Numbers, Portable, kernels};

struct Case {
    nonce: [u8; 12],
    aad: Vec<u8>,
    plain: Vec<u8>,
    sealed: Vec<u8>,
    tag: [u8; 16],
}

/// Lengths as on the Internet: mostly short, around the borders of blocks and quads, some long.
fn length(numbers: &mut Numbers) -> usize {
    match numbers.below(8) {
        0 => numbers.below(16),
        1 => 16 * numbers.below(9),
        2 => 64 * numbers.below(24) + numbers.below(3),
        3 => 690 + numbers.below(30),
        4 => numbers.below(1500),
        5 => 4 * numbers.below(2300),
        _ => numbers.below(200),
    }
}

fn cases(
    numbers: &mut Numbers,
    portable: &Portable,
    length_of: impl Fn(&mut Numbers, usize) -> usize,
) -> Vec<Case> {
    (0..numbers.below(101))
        .map(|place| {
            let (nonce, aad) = (numbers.nonce(), AAD_LENGTHS[numbers.below(4)]);
            let aad = numbers.bytes(aad);
            let length = length_of(numbers, place);
            let plain = numbers.bytes(length);
            let mut sealed = plain.clone();
            let tag = portable.seal(nonce, &aad, &mut sealed);
            Case {
                nonce,
                aad,
                plain,
                sealed,
                tag,
            }
        })
        .collect()
}

fn run(length_of: impl Fn(&mut Numbers, u64, usize) -> usize) {
    for round in 0..150 {
        let mut numbers = Numbers(round);
        let key_length = KEY_LENGTHS[numbers.below(3)];
        let key = numbers.bytes(key_length);
        let portable = Portable::new(&key);
        let cases = cases(&mut numbers, &portable, |numbers, place| {
            length_of(numbers, round, place)
        });
        let wrong: Vec<bool> = cases.iter().map(|_| numbers.below(4) == 0).collect();
        for gcm in kernels(&key) {
            let mut bodies: Vec<Vec<u8>> = cases.iter().map(|case| case.plain.clone()).collect();
            let mut sealing: Vec<Sealing<'_>> = cases
                .iter()
                .zip(&mut bodies)
                .map(|(case, body)| {
                    let aad = Aad::new(&case.aad).unwrap();
                    Sealing::new(Nonce::from(case.nonce), aad, body)
                })
                .collect();
            gcm.seal_burst(&mut sealing).unwrap();
            for (case, sealed) in cases.iter().zip(&sealing) {
                assert_eq!(sealed.tag().bytes(), case.tag, "{gcm:?}, round {round}");
            }
            for (case, body) in cases.iter().zip(&bodies) {
                assert!(*body == case.sealed, "{gcm:?}, round {round}");
            }

            let mut opening: Vec<Opening<'_>> = cases
                .iter()
                .zip(&mut bodies)
                .zip(&wrong)
                .map(|((case, body), wrong)| {
                    let mut icv = case.tag[..ICV_LENGTHS[numbers.below(3)]].to_vec();
                    let place = numbers.below(icv.len());
                    icv[place] ^= u8::from(*wrong) << numbers.below(8);
                    let (aad, icv) = (Aad::new(&case.aad).unwrap(), Icv::new(&icv).unwrap());
                    Opening::new(Nonce::from(case.nonce), aad, body, icv)
                })
                .collect();
            gcm.open_burst(&mut opening).unwrap();
            for (opened, wrong) in opening.iter().zip(&wrong) {
                assert_eq!(opened.is_authentic(), !wrong, "{gcm:?}, round {round}");
            }
            for ((case, body), wrong) in cases.iter().zip(&bodies).zip(&wrong) {
                let expected = if *wrong { &case.sealed } else { &case.plain };
                assert!(body == expected, "{gcm:?}, round {round}");
            }
        }
    }
}

#[test]
fn packets_of_mixed_lengths() {
    run(|numbers, _, _| length(numbers));
}

#[test]
fn packets_of_one_length() {
    run(|_, round, _| round as usize);
}

#[test]
fn packets_of_as_many_blocks_in_rows_of_up_to_eighteen() {
    // Blocks around the longest that go in lockstep, the last block of any length, rows that do and do not
    // fill fours and eights.
    run(|numbers, round, place| {
        let row = place / (1 + round as usize % 18);
        let blocks = (row * 7 + round as usize) % 11;
        (16 * blocks).saturating_sub(numbers.below(16))
    });
}
