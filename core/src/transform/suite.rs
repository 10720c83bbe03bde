//! Which algorithms an SA uses, and the lengths that follow from them.

/// The algorithms of an SA. What RFC 8221 forbids can't be expressed: no encryption without integrity,
/// no integrity beside an AEAD, never neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transform {
    /// AES-GCM (RFC 4106); with `implicit_iv`, RFC 8750.
    AesGcm {
        /// Key size.
        key: AesKey,
        /// ICV length.
        icv: Icv,
        /// Whether the IV is the sequence number and not on the wire.
        implicit_iv: bool,
    },
    /// AES-GMAC: integrity alone, in the shape of an AEAD (RFC 4543).
    AesGmac {
        /// Key size.
        key: AesKey,
    },
    /// ChaCha20-Poly1305 (RFC 7634); with `implicit_iv`, RFC 8750.
    ChaCha20Poly1305 {
        /// Whether the IV is the sequence number and not on the wire.
        implicit_iv: bool,
    },
    /// AES-CCM (RFC 4309); with `implicit_iv`, RFC 8750.
    AesCcm {
        /// Key size.
        key: AesKey,
        /// ICV length.
        icv: Icv,
        /// Whether the IV is the sequence number and not on the wire.
        implicit_iv: bool,
    },
    /// AES-CBC (RFC 3602) with separate integrity.
    AesCbc {
        /// Key size.
        key: AesKey,
        /// Integrity algorithm.
        integrity: Integrity,
    },
    /// AES-CTR (RFC 3686) with separate integrity.
    AesCtr {
        /// Key size.
        key: AesKey,
        /// Integrity algorithm.
        integrity: Integrity,
    },
    /// No encryption (RFC 2410), integrity alone.
    Null {
        /// Integrity algorithm.
        integrity: Integrity,
    },
}

/// AES key size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AesKey {
    /// 128 bits.
    Bits128,
    /// 192 bits.
    Bits192,
    /// 256 bits.
    Bits256,
}

/// ICV length of an AEAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icv {
    /// 8 bytes.
    Bytes8,
    /// 12 bytes.
    Bytes12,
    /// 16 bytes.
    Bytes16,
}

/// Separate integrity algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Integrity {
    /// HMAC-SHA1-96 (RFC 2404).
    HmacSha1_96,
    /// HMAC-SHA2-256-128 (RFC 4868).
    HmacSha2_256_128,
    /// HMAC-SHA2-384-192 (RFC 4868).
    HmacSha2_384_192,
    /// HMAC-SHA2-512-256 (RFC 4868).
    HmacSha2_512_256,
    /// AES-XCBC-96 (RFC 3566).
    AesXcbc96,
    /// AES-CMAC-96 (RFC 4494).
    AesCmac96,
}

impl AesKey {
    const ALL: [Self; 3] = [Self::Bits128, Self::Bits192, Self::Bits256];

    /// Length in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Bits128 => 16,
            Self::Bits192 => 24,
            Self::Bits256 => 32,
        }
    }
}

impl Icv {
    const ALL: [Self; 3] = [Self::Bytes8, Self::Bytes12, Self::Bytes16];

    /// Length in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Bytes8 => 8,
            Self::Bytes12 => 12,
            Self::Bytes16 => 16,
        }
    }
}

impl Integrity {
    /// Every algorithm.
    pub const ALL: [Self; 6] = [
        Self::HmacSha1_96,
        Self::HmacSha2_256_128,
        Self::HmacSha2_384_192,
        Self::HmacSha2_512_256,
        Self::AesXcbc96,
        Self::AesCmac96,
    ];

    /// Key length, bytes (RFC 4868 section 2.1.1: the hash's output length, no other).
    #[must_use]
    pub const fn key_length(self) -> usize {
        match self {
            Self::HmacSha1_96 => 20,
            Self::HmacSha2_256_128 => 32,
            Self::HmacSha2_384_192 => 48,
            Self::HmacSha2_512_256 => 64,
            Self::AesXcbc96 | Self::AesCmac96 => 16,
        }
    }

    /// ICV length, bytes.
    #[must_use]
    pub const fn icv_length(self) -> usize {
        match self {
            Self::HmacSha1_96 | Self::AesXcbc96 | Self::AesCmac96 => 12,
            Self::HmacSha2_256_128 => 16,
            Self::HmacSha2_384_192 => 24,
            Self::HmacSha2_512_256 => 32,
        }
    }
}

impl Transform {
    /// Every transform that an SA can have.
    pub fn all() -> impl Iterator<Item = Self> {
        let aeads = AesKey::ALL.into_iter().flat_map(|key| {
            let sized = Icv::ALL.into_iter().flat_map(move |icv| {
                [
                    Self::AesGcm {
                        key,
                        icv,
                        implicit_iv: false,
                    },
                    Self::AesCcm {
                        key,
                        icv,
                        implicit_iv: false,
                    },
                ]
            });
            sized.chain([
                Self::AesGmac { key },
                Self::AesGcm {
                    key,
                    icv: Icv::Bytes16,
                    implicit_iv: true,
                },
                Self::AesCcm {
                    key,
                    icv: Icv::Bytes8,
                    implicit_iv: true,
                },
            ])
        });
        let chacha = [false, true].map(|implicit_iv| Self::ChaCha20Poly1305 { implicit_iv });
        let separate = Integrity::ALL.into_iter().flat_map(|integrity| {
            AesKey::ALL
                .into_iter()
                .flat_map(move |key| {
                    [
                        Self::AesCbc { key, integrity },
                        Self::AesCtr { key, integrity },
                    ]
                })
                .chain([Self::Null { integrity }])
        });
        aeads.chain(chacha).chain(separate)
    }

    /// The separate integrity algorithm, if there is one.
    #[must_use]
    pub const fn integrity(self) -> Option<Integrity> {
        match self {
            Self::AesCbc { integrity, .. }
            | Self::AesCtr { integrity, .. }
            | Self::Null { integrity } => Some(integrity),
            _ => None,
        }
    }

    /// Length of the encryption key without salt, bytes.
    #[must_use]
    pub const fn key_length(self) -> usize {
        match self {
            Self::AesGcm { key, .. }
            | Self::AesGmac { key }
            | Self::AesCcm { key, .. }
            | Self::AesCbc { key, .. }
            | Self::AesCtr { key, .. } => key.length(),
            Self::ChaCha20Poly1305 { .. } => 32,
            Self::Null { .. } => 0,
        }
    }

    /// Length of the salt (RFC 3686: nonce) that follows the encryption key, bytes.
    #[must_use]
    pub const fn salt_length(self) -> usize {
        match self {
            Self::AesGcm { .. }
            | Self::AesGmac { .. }
            | Self::ChaCha20Poly1305 { .. }
            | Self::AesCtr { .. } => 4,
            Self::AesCcm { .. } => 3,
            Self::AesCbc { .. } | Self::Null { .. } => 0,
        }
    }

    /// Length of the IV that the algorithm takes, bytes.
    #[must_use]
    pub const fn nonce_iv_length(self) -> usize {
        match self {
            Self::AesCbc { .. } => 16,
            Self::Null { .. } => 0,
            _ => 8,
        }
    }

    /// Length of the IV on the wire, bytes.
    #[must_use]
    pub const fn iv_length(self) -> usize {
        if self.has_implicit_iv() {
            0
        } else {
            self.nonce_iv_length()
        }
    }

    /// Whether the IV is the sequence number and not on the wire (RFC 8750).
    #[must_use]
    pub const fn has_implicit_iv(self) -> bool {
        matches!(
            self,
            Self::AesGcm {
                implicit_iv: true,
                ..
            } | Self::AesCcm {
                implicit_iv: true,
                ..
            } | Self::ChaCha20Poly1305 { implicit_iv: true }
        )
    }

    /// Length of the ICV, bytes.
    #[must_use]
    pub const fn icv_length(self) -> usize {
        match self {
            Self::AesGcm { icv, .. } | Self::AesCcm { icv, .. } => icv.length(),
            Self::AesGmac { .. } | Self::ChaCha20Poly1305 { .. } => 16,
            Self::AesCbc { integrity, .. }
            | Self::AesCtr { integrity, .. }
            | Self::Null { integrity } => integrity.icv_length(),
        }
    }

    /// What payload, padding and trailer together are a multiple of, bytes: the cipher's block, and
    /// never less than the four bytes that ESP itself asks for (RFC 4303 section 2.4).
    #[must_use]
    pub const fn alignment(self) -> usize {
        if matches!(self, Self::AesCbc { .. }) {
            16
        } else {
            4
        }
    }

    /// Whether two packets with one IV would give the key away: such transforms are never used with
    /// keys that outlive their sequence numbers (RFC 8221 section 3).
    #[must_use]
    pub const fn is_counter_mode(self) -> bool {
        !matches!(self, Self::AesCbc { .. } | Self::Null { .. })
    }

    /// Whether the payload is unreadable on the wire.
    #[must_use]
    pub const fn is_confidential(self) -> bool {
        !matches!(self, Self::AesGmac { .. } | Self::Null { .. })
    }
}
