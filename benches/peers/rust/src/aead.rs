//! AES-128-GCM and ChaCha20-Poly1305 of ring and aws-lc-rs, which have the same interface.

use iiptran_turns::{BURST, Rows, Size, sizes, time};

const AAD: [u8; 8] = [3; 8];
const KEY: [u8; 32] = [7; 32];

/// One cipher with its key.
trait Aead: 'static {
    fn seal(&self, nonce: [u8; 12], body: &mut [u8]) -> [u8; 16];
    fn open(&self, nonce: [u8; 12], body: &mut [u8], tag: [u8; 16]);
}

macro_rules! aead {
    ($add:ident, $library:ident, $contestant:literal, $package:literal, $open:expr) => {
        /// Adds its rows.
        pub(crate) fn $add(rows: &mut Rows) {
            use $library::aead::*;

            struct Key(LessSafeKey);

            impl Aead for Key {
                fn seal(&self, nonce: [u8; 12], body: &mut [u8]) -> [u8; 16] {
                    let nonce = Nonce::assume_unique_for_key(nonce);
                    let tag = self
                        .0
                        .seal_in_place_separate_tag(nonce, Aad::from(AAD), body);
                    let tag = tag.expect("sealed");
                    tag.as_ref().try_into().expect("16 bytes")
                }

                fn open(&self, nonce: [u8; 12], body: &mut [u8], tag: [u8; 16]) {
                    let nonce = Nonce::assume_unique_for_key(nonce);
                    $open(&self.0, nonce, Aad::from(AAD), tag, body);
                }
            }

            rows.about($contestant, &crate::version($package));
            for (name, algorithm) in [
                ("aes-128-gcm", &AES_128_GCM),
                ("chacha20-poly1305", &CHACHA20_POLY1305),
            ] {
                let key = || {
                    let key = UnboundKey::new(algorithm, &KEY[..algorithm.key_len()]);
                    Key(LessSafeKey::new(key.expect("a key")))
                };
                add(rows, name, $contestant, key);
            }
        }
    };
}

aead!(
    add_ring,
    ring,
    "ring",
    "ring",
    |key: &LessSafeKey, nonce, aad, tag: [u8; 16], body| {
        key.open_in_place_separate_tag(nonce, aad, tag.into(), body, 0..)
            .expect("opened");
    }
);
aead!(
    add_aws_lc,
    aws_lc_rs,
    "aws-lc-rs",
    "aws-lc-rs",
    |key: &LessSafeKey, nonce, aad, tag: [u8; 16], body| {
        key.open_in_place_separate_tag(nonce, aad, &tag, body)
            .expect("opened");
    }
);

struct Burst<K: Aead> {
    key: K,
    bodies: Vec<Vec<u8>>,
    sealed: Vec<Vec<u8>>,
    tags: Vec<[u8; 16]>,
}

impl<K: Aead> Burst<K> {
    fn new(key: K, size: &Size) -> Self {
        let mut bodies: Vec<_> = size.bytes.map(|bytes| vec![1; bytes]).into();
        let tags = (0..).zip(&mut bodies);
        let tags = tags
            .map(|(number, body)| key.seal(nonce(number), body))
            .collect();
        Self {
            key,
            tags,
            sealed: bodies.clone(),
            bodies,
        }
    }
}

fn nonce(number: u8) -> [u8; 12] {
    let mut nonce = [1; 12];
    nonce[11] = number;
    nonce
}

fn add<K: Aead>(rows: &mut Rows, cipher: &str, contestant: &'static str, key: impl Fn() -> K) {
    for size in sizes() {
        let mut burst = Burst::new(key(), &size);
        let name = format!("raw/{cipher}/{}", size.name);
        rows.add(format!("{name}/seal"), contestant, BURST, move || {
            time(|| {
                for (number, body) in (0..).zip(&mut burst.bodies) {
                    core::hint::black_box(burst.key.seal(nonce(number), body));
                }
            })
        });
        let mut burst = Burst::new(key(), &size);
        rows.add(format!("{name}/open"), contestant, BURST, move || {
            for (body, sealed) in burst.bodies.iter_mut().zip(&burst.sealed) {
                body.copy_from_slice(sealed);
            }
            time(|| {
                for ((number, body), tag) in (0..).zip(&mut burst.bodies).zip(&burst.tags) {
                    burst.key.open(nonce(number), body, *tag);
                }
            })
        });
    }
}
