//! ChaCha20-Poly1305 in IKE (RFC 7634 appendix B).

use iiptran::transform::Transform;
use iiptran_tests::{ANY, Hex, Keyed, associated, reference, vectors};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    case: String,
    key: Hex,
    iv: Hex,
    associated_data: Hex,
    plaintext: Hex,
    ciphertext_and_icv: Hex,
}

/// The associated data of IKE is not SPI and sequence number, so the ICV is none that ESP could have.
/// The ciphertext does not depend on it; the second implementation vouches for the vector as a whole.
#[test]
fn rfc_7634() {
    let vectors: Vec<Vector> = vectors::load("rfc7634-ike");
    assert_eq!(vectors.len(), 1);
    let transform = Transform::from_names("chacha20-poly1305", None).unwrap();
    for vector in vectors {
        assert_eq!(associated(&vector.associated_data), None);
        let keyed = Keyed::new(transform, &vector.key, &[]);
        let [ciphertext, icv] = keyed.seal(ANY, &vector.iv, &vector.plaintext);
        let (published, tag) = vector.ciphertext_and_icv.split_at(ciphertext.len());
        assert_eq!(ciphertext, published, "case {}", vector.case);
        assert_eq!(icv.len(), tag.len());

        let (key, salt) = vector.key.split_at(32);
        let nonce = [salt, &vector.iv].concat().try_into().unwrap();
        let whole =
            reference::chacha20_poly1305(key, nonce, &vector.associated_data, &vector.plaintext);
        assert_eq!(whole, *vector.ciphertext_and_icv, "case {}", vector.case);
    }
}
