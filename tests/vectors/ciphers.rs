//! Ciphers that go with a separate integrity algorithm: AES-CBC (RFC 3602) and AES-CTR (RFC 3686).

use iiptran::transform::Transform;
use iiptran_tests::{ANY, Hex, Keyed, vectors};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    case: u32,
    key: Hex,
    iv: Hex,
    plaintext: Hex,
    ciphertext: Hex,
}

/// Runs the vectors of a file; behind each key there are `nonce` bytes more.
fn run(file: &str, mode: &str, nonce: usize) -> usize {
    let vectors: Vec<Vector> = vectors::load(file);
    for vector in &vectors {
        let bits = 8 * (vector.key.len() - nonce);
        let name = format!("aes-{bits}-{mode}");
        let transform = Transform::from_names(&name, Some("hmac-sha2-256-128")).unwrap();
        let keyed = Keyed::new(transform, &vector.key, &[1; 32]);
        let [ciphertext, icv] = keyed.seal(ANY, &vector.iv, &vector.plaintext);
        assert_eq!(ciphertext, *vector.ciphertext, "case {}", vector.case);
        let plaintext = keyed.open(ANY, &vector.iv, &ciphertext, &icv);
        assert_eq!(plaintext.as_deref(), Ok(&*vector.plaintext));
    }
    vectors.len()
}

#[test]
fn rfc_3602() {
    assert_eq!(run("rfc3602-aes-cbc", "cbc", 0), 4);
}

#[test]
fn alg_08_rfc_3686() {
    assert_eq!(run("rfc3686-aes-ctr", "ctr", 4), 9);
}
