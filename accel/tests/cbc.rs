//! AES-CBC encryption of packets of mixed lengths, beside RustCrypto.
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

use aes_gcm::aead::KeyInit;
use aes_gcm::aes::cipher::BlockCipherEncrypt;
use aes_gcm::aes::{Aes128, Aes192, Aes256};
use iiptran_accel::{CbcEncryption, CbcPacket, Error, Kernel};
use support::{KEY_LENGTHS, Numbers};

type Block = [u8; 16];

fn encrypt_block(key: &[u8], block: &mut Block) {
    let block = block.into();
    match key.len() {
        16 => Aes128::new_from_slice(key).unwrap().encrypt_block(block),
        24 => Aes192::new_from_slice(key).unwrap().encrypt_block(block),
        _ => Aes256::new_from_slice(key).unwrap().encrypt_block(block),
    }
}

/// NIST SP 800-38A section 6.2.
fn model(key: &[u8], iv: Block, body: &mut [Block]) {
    let mut chain = iv;
    for block in body {
        for (byte, value) in block.iter_mut().zip(chain) {
            *byte ^= value;
        }
        encrypt_block(key, block);
        chain = *block;
    }
}

fn blocks(numbers: &mut Numbers, count: usize) -> Vec<Block> {
    numbers.bytes(count * 16).as_chunks().0.to_vec()
}

fn bursts(round: u64, key_length: usize, length: impl Fn(&mut Numbers) -> usize) {
    let mut numbers = Numbers(round);
    let key = numbers.bytes(key_length);
    let packets: Vec<(Block, Vec<Block>)> = (0..numbers.below(80))
        .map(|_| {
            let length = length(&mut numbers);
            (blocks(&mut numbers, 1)[0], blocks(&mut numbers, length))
        })
        .collect();
    let mut expected = packets.clone();
    for (iv, body) in &mut expected {
        model(&key, *iv, body);
    }
    for kernel in Kernel::available() {
        let cipher = CbcEncryption::new(kernel, &key).unwrap();
        let mut found = packets.clone();
        let each = found.iter_mut();
        cipher.encrypt(&mut each.map(|(iv, body)| CbcPacket { iv: *iv, body }));
        assert!(found == expected, "{kernel}, round {round}");
    }
}

#[test]
fn packets_of_one_length() {
    for key_length in KEY_LENGTHS {
        for round in 0..40 {
            bursts(round, key_length, |_| round as usize);
        }
    }
}

#[test]
fn packets_of_mixed_lengths() {
    for key_length in KEY_LENGTHS {
        for round in 0..60 {
            bursts(round, key_length, |numbers| {
                let most = [3, 10, 30, 100][numbers.below(4)];
                numbers.below(most)
            });
        }
    }
}

#[test]
fn keys_are_checked_and_wiped_and_do_not_print() {
    let length = CbcEncryption::new(Kernel::AesNi, &[0; 20]).unwrap_err();
    assert_eq!(length, Error::KeyLength(20));
    let key: [u8; 32] = core::array::from_fn(|index| 0x80 + index as u8);
    for kernel in Kernel::ALL {
        if !kernel.is_available() {
            let error = CbcEncryption::new(kernel, &key).unwrap_err();
            assert_eq!(error, Error::Unavailable(kernel));
            continue;
        }
        let mut place = MaybeUninit::new(CbcEncryption::new(kernel, &key).unwrap());
        // SAFETY: it has just been written.
        let shown = format!("{:?}", unsafe { place.assume_init_ref() });
        assert_eq!(shown, format!("CbcEncryption {{ kernel: {kernel:?}, .. }}"));
        let bytes = place.as_mut_ptr().cast::<u8>();
        // SAFETY: it has been written, is dropped once, and its memory stays ours; there is no padding in it.
        let left: Vec<u8> = unsafe {
            place.assume_init_drop();
            (0..size_of::<CbcEncryption>())
                .map(|offset| bytes.add(offset).read_volatile())
                .collect()
        };
        // All but the numbers of kernel and key length.
        let kept = left.iter().filter(|byte| **byte != 0).count();
        assert!(kept <= 2, "{left:x?}");
    }
}
