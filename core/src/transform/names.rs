//! The names of transforms, and the combinations that are refused.

use alloc::string::{String, ToString};
use core::fmt;

use super::{AesKey, Integrity, Transform};

/// A name that is not a transform, or a combination that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransformError {
    /// No encryption algorithm has this name.
    UnknownEncryption(String),
    /// No integrity algorithm has this name.
    UnknownIntegrity(String),
    /// RFC 8221 says MUST NOT.
    Forbidden(String),
    /// Encryption, or its absence, without integrity (RFC 8221 section 4, RFC 4303 section 3.2).
    IntegrityMissing,
    /// Integrity beside an algorithm that has its own (RFC 4303 section 3.2.3).
    IntegrityTwice,
}

impl Integrity {
    /// Name in IANA's registry of IKEv2 transforms, in lower case with hyphens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HmacSha1_96 => "hmac-sha1-96",
            Self::HmacSha2_256_128 => "hmac-sha2-256-128",
            Self::HmacSha2_384_192 => "hmac-sha2-384-192",
            Self::HmacSha2_512_256 => "hmac-sha2-512-256",
            Self::AesXcbc96 => "aes-xcbc-96",
            Self::AesCmac96 => "aes-cmac-96",
        }
    }
}

impl Transform {
    /// The transform with these names, such as `aes-128-gcm-16` alone, or `aes-256-cbc` and
    /// `hmac-sha2-256-128`.
    ///
    /// # Errors
    /// [`TransformError`].
    pub fn from_names(encryption: &str, integrity: Option<&str>) -> Result<Self, TransformError> {
        const FORBIDDEN: [&str; 9] = [
            "des-cbc",
            "des",
            "des-iv64",
            "des-iv32",
            "3des",
            "blowfish",
            "idea",
            "hmac-md5-96",
            "kpdk-md5",
        ];
        if let Some(name) = [Some(encryption), integrity]
            .into_iter()
            .flatten()
            .find(|n| FORBIDDEN.contains(n))
        {
            return Err(TransformError::Forbidden(name.to_string()));
        }
        let known: Option<Integrity> = integrity
            .map(|name| {
                Integrity::ALL
                    .into_iter()
                    .find(|integrity| integrity.name() == name)
                    .ok_or_else(|| TransformError::UnknownIntegrity(name.to_string()))
            })
            .transpose()?;
        let mut named = Self::all()
            .filter(|t| t.encryption_name() == encryption)
            .peekable();
        if named.peek().is_none() {
            return Err(TransformError::UnknownEncryption(encryption.to_string()));
        }
        named
            .find(|transform| transform.integrity() == known)
            .ok_or(match known {
                Some(_) => TransformError::IntegrityTwice,
                None => TransformError::IntegrityMissing,
            })
    }

    /// Name of the encryption algorithm, or of the whole transform if it has no separate integrity.
    #[must_use]
    pub fn encryption_name(self) -> String {
        let bits = |key: AesKey| key.length().saturating_mul(8);
        let iiv = |implicit| if implicit { "-iiv" } else { "" };
        match self {
            Self::AesGcm {
                key,
                icv,
                implicit_iv,
            } => {
                alloc::format!("aes-{}-gcm-{}{}", bits(key), icv.length(), iiv(implicit_iv))
            }
            Self::AesCcm {
                key,
                icv,
                implicit_iv,
            } => {
                alloc::format!("aes-{}-ccm-{}{}", bits(key), icv.length(), iiv(implicit_iv))
            }
            Self::ChaCha20Poly1305 { implicit_iv } => {
                alloc::format!("chacha20-poly1305{}", iiv(implicit_iv))
            }
            Self::AesGmac { key } => alloc::format!("aes-{}-gmac", bits(key)),
            Self::AesCbc { key, .. } => alloc::format!("aes-{}-cbc", bits(key)),
            Self::AesCtr { key, .. } => alloc::format!("aes-{}-ctr", bits(key)),
            Self::Null { .. } => "null".to_string(),
        }
    }
}

impl fmt::Display for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.encryption_name())?;
        self.integrity()
            .map_or(Ok(()), |integrity| write!(f, " + {}", integrity.name()))
    }
}

impl fmt::Display for TransformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEncryption(name) => write!(
                f,
                "no encryption algorithm is named \"{name}\"; for example aes-128-gcm-16, chacha20-poly1305, aes-256-cbc or null"
            ),
            Self::UnknownIntegrity(name) => write!(
                f,
                "no integrity algorithm is named \"{name}\"; for example hmac-sha2-256-128"
            ),
            Self::Forbidden(name) => write!(f, "\"{name}\" MUST NOT be used (RFC 8221)"),
            Self::IntegrityMissing => {
                f.write_str("an integrity algorithm is missing: ESP never goes without (RFC 8221)")
            }
            Self::IntegrityTwice => f.write_str(
                "the encryption algorithm authenticates by itself: no integrity algorithm goes with it",
            ),
        }
    }
}

impl core::error::Error for TransformError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transform_is_found_by_its_names() {
        for transform in Transform::all() {
            let integrity = transform.integrity().map(Integrity::name);
            assert_eq!(
                Transform::from_names(&transform.encryption_name(), integrity),
                Ok(transform)
            );
        }
        assert_eq!(Transform::all().count(), 3 * 9 + 2 + 6 * 7);
    }
}
