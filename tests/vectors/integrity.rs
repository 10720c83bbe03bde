//! Integrity algorithms: HMAC-SHA2 (RFC 4231, RFC 4868) and AES-XCBC (RFC 3566).
//!
//! The ICV of a packet without encryption is the value over its header and its body. So the first 8
//! bytes of a vector's data are taken for SPI and sequence number, and the rest for the body.

use iiptran::transform::{Integrity, Transform};
use iiptran_tests::{Hex, Keyed, header_and_body, reference, vectors};
use serde::Deserialize;

/// Whether the ICV over `data` is the beginning of `mac`. `None` if the data is too short for an ESP
/// header.
fn agrees(integrity: Integrity, key: &[u8], data: &[u8], mac: &[u8]) -> Option<bool> {
    let (header, body) = header_and_body(data)?;
    let keyed = Keyed::new(Transform::Null { integrity }, &[], key);
    let [_, icv] = keyed.seal(header, &[], body);
    let expected = &mac[..integrity.icv_length()];
    let opened = keyed.open(header, &[], body, expected);
    Some(icv == expected && opened.is_ok())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rfc4231 {
    case: u32,
    key: Hex,
    data: Hex,
    sha256: Hex,
    sha384: Hex,
    sha512: Hex,
}

/// Keys of other lengths than ESP's stand for keys of that length, by the rules of HMAC.
#[test]
fn rfc_4231() {
    let vectors: Vec<Rfc4231> = vectors::load("rfc4231-hmac-sha2");
    assert_eq!(vectors.len(), 7);
    for vector in vectors {
        for (integrity, mac) in [
            (Integrity::HmacSha2_256_128, &vector.sha256),
            (Integrity::HmacSha2_384_192, &vector.sha384),
            (Integrity::HmacSha2_512_256, &vector.sha512),
        ] {
            let key = reference::equivalent_hmac_key(integrity, &vector.key).unwrap();
            let agrees = agrees(integrity, &key, &vector.data, mac);
            assert_eq!(
                agrees,
                Some(true),
                "case {}, {}",
                vector.case,
                integrity.name()
            );
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rfc4868 {
    case: String,
    integrity: String,
    key: Hex,
    data: Hex,
    icv: Hex,
}

#[test]
fn alg_10_rfc_4868() {
    let vectors: Vec<Rfc4868> = vectors::load("rfc4868-hmac-sha2");
    assert_eq!(vectors.len(), 12);
    for vector in vectors {
        let named = |integrity: &Integrity| integrity.name() == vector.integrity;
        let integrity = Integrity::ALL.into_iter().find(named).unwrap();
        assert_eq!(vector.icv.len(), integrity.icv_length());
        let agrees = agrees(integrity, &vector.key, &vector.data, &vector.icv);
        assert_eq!(agrees, Some(true), "{}", vector.case);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rfc3566 {
    case: u32,
    key: Hex,
    data: Hex,
    mac: Hex,
}

/// Cases 1 and 2 have less data than an ESP header; they are beside the algorithm, in the core.
#[test]
fn alg_15_rfc_3566() {
    let vectors: Vec<Rfc3566> = vectors::load("rfc3566-aes-xcbc");
    assert_eq!(vectors.len(), 7);
    for vector in vectors {
        let agrees = agrees(Integrity::AesXcbc96, &vector.key, &vector.data, &vector.mac);
        let expected = (vector.case > 2).then_some(true);
        assert_eq!(agrees, expected, "case {}", vector.case);
    }
}
