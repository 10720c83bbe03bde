//! SHA-256 of sixteen messages side by side, beside RustCrypto.
#![cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod support;

use iiptran_accel::{Kernel, Sha256Lanes, Sha256States};
use sha2::block_api::compress256;
use support::Numbers;

type Block = [u8; Sha256Lanes::BLOCK];
const COUNT: usize = Sha256Lanes::COUNT;

/// `None` where the CPU lacks AVX-512.
fn lanes() -> Option<Sha256Lanes> {
    Sha256Lanes::new(Kernel::Avx512)
}

fn states(numbers: &mut Numbers) -> [[u32; 8]; COUNT] {
    [(); COUNT].map(|()| [(); 8].map(|()| numbers.next() as u32))
}

fn transposed(states: &[[u32; 8]; COUNT]) -> Sha256States {
    core::array::from_fn(|word| core::array::from_fn(|lane| states[lane][word]))
}

#[test]
fn only_avx512_has_lanes() {
    let avx512 = Kernel::Avx512.is_available();
    assert_eq!(lanes().is_some(), avx512);
    assert!(Sha256Lanes::new(Kernel::Avx2).is_none());
    assert!(Sha256Lanes::new(Kernel::AesNi).is_none());
}

#[test]
fn each_lane_is_what_another_library_makes_of_it() {
    let Some(kernel) = lanes() else { return };
    for round in 0..400 {
        let mut numbers = Numbers(round);
        let mut expected = states(&mut numbers);
        let mut found = transposed(&expected);
        let (busy, most) = (numbers.below(17), 1 + numbers.below(6));
        let messages: Vec<Vec<Block>> = (0..COUNT)
            .map(|_| {
                let count = if numbers.below(16) < busy {
                    1 + numbers.below(most)
                } else {
                    0
                };
                let bytes = numbers.bytes(count * Sha256Lanes::BLOCK);
                bytes.as_chunks().0.to_vec()
            })
            .collect();
        let mut left: Vec<&[Block]> = messages.iter().map(|blocks| &blocks[..]).collect();
        loop {
            let steps = kernel.compress(&mut found, left.clone().try_into().unwrap());
            let shortest = left.iter().map(|blocks| blocks.len()).filter(|n| *n > 0);
            assert_eq!(steps, shortest.min().unwrap_or(0), "round {round}");
            for (blocks, state) in left.iter_mut().zip(&mut expected) {
                if !blocks.is_empty() {
                    compress256(state, &blocks[..steps]);
                    *blocks = &blocks[steps..];
                }
            }
            assert_eq!(found, transposed(&expected), "round {round}");
            if steps == 0 {
                break;
            }
        }
    }
}
