//! The kernel's names of the algorithms.

use iiptran::transform::{Integrity, Transform};

const NULL: &str = "ecb(cipher_null)";
const CBC: &str = "cbc(aes)";
const CTR: &str = "rfc3686(ctr(aes))";
const GCM: &str = "rfc4106(gcm(aes))";
const GMAC: &str = "rfc4543(gcm(aes))";
const CCM: &str = "rfc4309(ccm(aes))";
const CHACHA: &str = "rfc7539esp(chacha20,poly1305)";

const INTEGRITY: [(&str, Integrity); 6] = [
    ("hmac(sha1)", Integrity::HmacSha1_96),
    ("hmac(sha256)", Integrity::HmacSha2_256_128),
    ("hmac(sha384)", Integrity::HmacSha2_384_192),
    ("hmac(sha512)", Integrity::HmacSha2_512_256),
    ("xcbc(aes)", Integrity::AesXcbc96),
    ("cmac(aes)", Integrity::AesCmac96),
];

/// What the kernel calls a transform.
pub(super) enum Name {
    /// Authenticated encryption.
    Aead(&'static str),
    /// Encryption, or its absence, and separate integrity.
    Separate(&'static str, &'static str),
}

/// The kernel's name for a transform; `None` if it has none.
pub(super) fn of(transform: Transform) -> Option<Name> {
    if transform.has_implicit_iv() {
        return None;
    }
    let integrity = transform
        .integrity()
        .and_then(|integrity| INTEGRITY.iter().find(|(_, known)| *known == integrity));
    let separate = |name| integrity.map(|(integrity, _)| Name::Separate(name, integrity));
    match transform {
        Transform::AesGcm { .. } => Some(Name::Aead(GCM)),
        Transform::AesGmac { .. } => Some(Name::Aead(GMAC)),
        Transform::AesCcm { .. } => Some(Name::Aead(CCM)),
        Transform::ChaCha20Poly1305 { .. } => Some(Name::Aead(CHACHA)),
        Transform::AesCbc { .. } => separate(CBC),
        Transform::AesCtr { .. } => separate(CTR),
        Transform::Null { .. } => separate(NULL),
    }
}

/// Whether this is encryption without encryption, which has no key.
pub(super) fn is_null(name: &str) -> bool {
    matches!(name, NULL | "cipher_null")
}

/// The transform with these names; keys in bytes, ICVs in bits.
pub(super) fn aead(name: &str, key: usize, icv: u32) -> Result<Transform, String> {
    let bits = |salt| aes_bits(name, key, salt);
    let bytes = icv / 8;
    let found = match name {
        GCM => format!("aes-{}-gcm-{bytes}", bits(4)?),
        CCM => format!("aes-{}-ccm-{bytes}", bits(3)?),
        GMAC if icv == 128 => format!("aes-{}-gmac", bits(4)?),
        CHACHA if icv == 128 => "chacha20-poly1305".to_string(),
        GMAC | CHACHA => return Err(format!("{name} has an ICV of 128 bits, and not {icv}")),
        _ => return Err(format!("the algorithm {name} is not supported")),
    };
    Transform::from_names(&found, None)
        .map_err(|_| format!("{name} has no ICV of {icv} bits here; 64, 96 or 128"))
}

/// The transform of a cipher and an integrity algorithm whose ICV has so many bits.
pub(super) fn separate(
    name: &str,
    key: usize,
    integrity: Option<(&str, Option<u32>)>,
) -> Result<Transform, String> {
    let encryption = match name {
        CBC => format!("aes-{}-cbc", aes_bits(name, key, 0)?),
        CTR => format!("aes-{}-ctr", aes_bits(name, key, 4)?),
        name if is_null(name) => "null".to_string(),
        _ => return Err(format!("the algorithm {name} is not supported")),
    };
    let integrity = integrity
        .map(|(name, bits)| integrity_name(name, bits))
        .transpose()?;
    Transform::from_names(&encryption, integrity).map_err(|error| error.to_string())
}

fn integrity_name(name: &str, bits: Option<u32>) -> Result<&'static str, String> {
    let known = INTEGRITY.iter().find(|(known, _)| *known == name);
    let (_, integrity) = known.ok_or_else(|| format!("the algorithm {name} is not supported"))?;
    let expected = integrity.icv_length() * 8;
    // What Linux takes where none is given.
    let given = bits.unwrap_or(match integrity {
        Integrity::HmacSha2_384_192 => 192,
        Integrity::HmacSha2_512_256 => 256,
        _ => 96,
    });
    if usize::try_from(given) == Ok(expected) {
        Ok(integrity.name())
    } else {
        Err(format!(
            "{name} is cut to {given} bits, which is not supported; {expected} bits are (auth-trunc {name} KEY {expected})"
        ))
    }
}

fn aes_bits(name: &str, key: usize, salt: usize) -> Result<usize, String> {
    match key.saturating_sub(salt) {
        length @ (16 | 24 | 32) => Ok(length * 8),
        _ => Err(format!(
            "the key of {name} has {key} bytes; {}, {} or {} are right",
            16 + salt,
            24 + salt,
            32 + salt
        )),
    }
}
