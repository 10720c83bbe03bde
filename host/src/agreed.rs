//! SAs in the terms of a key exchange: IKEv2's numbers and keys as bytes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::net::IpAddr;

use iiptran::config::{
    ConfigError, LifetimeConfig, LookupName, ModeName, OffName, SaConfig, TransformText,
    UdpEncapsulationConfig, WindowConfig,
};
use iiptran::transform::{Keys, SecretBytes};
use iiptran::wire::Spi;

/// What a key exchange agreed on for one direction. It becomes the same [`SaConfig`] as a document, so that
/// the same checks are made and the same faults told, at the fields that a document has.
#[derive(Clone, Debug)]
pub struct AgreedSa<'a> {
    /// Name for people; none for the SPI.
    pub name: &'a str,
    /// Security parameters index.
    pub spi: u32,
    /// Encryption algorithm: an IKEv2 transform ID of type 1 (RFC 7296 section 3.3.2).
    pub encryption: u16,
    /// Its Key Length attribute, bits (RFC 7296 section 3.3.5): for AES alone, and without the salt.
    pub key_bits: u16,
    /// Integrity algorithm: an IKEv2 transform ID of type 3; 0 beside an AEAD.
    pub integrity: u16,
    /// Encryption key, with its salt behind it.
    pub key: &'a [u8],
    /// Integrity key.
    pub integrity_key: &'a [u8],
    /// Transport or tunnel mode.
    pub mode: ModeName,
    /// Source of its ESP packets.
    pub source: Option<IpAddr>,
    /// Destination of its ESP packets.
    pub destination: Option<IpAddr>,
    /// Whether sequence numbers have 64 bits: IKEv2 transform type 5.
    pub extended_sequence: bool,
    /// Anti-replay window; none for the usual one, and 0 for no anti-replay.
    pub window: Option<u32>,
    /// Ports of UDP encapsulation: source, destination.
    pub udp: Option<[u16; 2]>,
    /// Lifetimes.
    pub lifetime: LifetimeConfig,
    /// The sequence number before the first packet.
    pub start: u64,
    /// Combined with the counter that is the IV of counter modes.
    pub iv_mask: u64,
    /// Which addresses take part in the lookup of an inbound SA.
    pub lookup: LookupName,
    /// The largest packet that the path takes, bytes.
    pub path_mtu: Option<usize>,
}

impl AgreedSa<'_> {
    pub(crate) fn config(&self) -> Result<SaConfig, ConfigError> {
        let transform = self.transform().map_err(|cause| ConfigError {
            path: "transform".into(),
            cause,
            position: None,
        })?;
        let keys = Keys {
            encryption: secret(self.key),
            integrity: secret(self.integrity_key),
        };
        Ok(SaConfig {
            name: (!self.name.is_empty()).then(|| self.name.to_string()),
            mode: self.mode,
            source: self.source,
            destination: self.destination,
            extended_sequence: self.extended_sequence,
            window: self.window.map(|size| match size {
                0 => WindowConfig::Word(OffName::Off),
                size => WindowConfig::Size(size),
            }),
            udp_encapsulation: self
                .udp
                .map(|[source, destination]| UdpEncapsulationConfig {
                    source,
                    destination,
                }),
            lifetime: Some(self.lifetime),
            start: self.start,
            iv_mask: self.iv_mask,
            lookup: Some(self.lookup),
            path_mtu: self.path_mtu,
            ..SaConfig::new(Spi(self.spi), transform.0, keys)
        })
    }

    /// By the names that documents use: so a combination that is refused there is refused here.
    fn transform(&self) -> Result<TransformText, String> {
        let encryption = encryption(self.encryption, self.key_bits)?;
        match self.integrity {
            0 => encryption.parse(),
            id => format!("{encryption} + {}", integrity(id)?).parse(),
        }
    }
}

/// Names of encryption algorithms by their numbers in IANA's registry of IKEv2; `*` stands for the bits of
/// the key. Those that RFC 8221 forbids are there to be refused as such.
const ENCRYPTION: [(u16, &str); 20] = [
    (1, "des-iv64"),
    (2, "des"),
    (3, "3des"),
    (5, "idea"),
    (7, "blowfish"),
    (9, "des-iv32"),
    (11, "null"),
    (12, "aes-*-cbc"),
    (13, "aes-*-ctr"),
    (14, "aes-*-ccm-8"),
    (15, "aes-*-ccm-12"),
    (16, "aes-*-ccm-16"),
    (18, "aes-*-gcm-8"),
    (19, "aes-*-gcm-12"),
    (20, "aes-*-gcm-16"),
    (21, "aes-*-gmac"),
    (28, "chacha20-poly1305"),
    (29, "aes-*-ccm-8-iiv"),
    (30, "aes-*-gcm-16-iiv"),
    (31, "chacha20-poly1305-iiv"),
];

const INTEGRITY: [(u16, &str); 8] = [
    (1, "hmac-md5-96"),
    (2, "hmac-sha1-96"),
    (4, "kpdk-md5"),
    (5, "aes-xcbc-96"),
    (8, "aes-cmac-96"),
    (12, "hmac-sha2-256-128"),
    (13, "hmac-sha2-384-192"),
    (14, "hmac-sha2-512-256"),
];

fn encryption(id: u16, bits: u16) -> Result<String, String> {
    let name = find(&ENCRYPTION, id).ok_or_else(|| {
        format!("no encryption algorithm has the IKEv2 transform ID {id}; for example 20, AES-GCM with an ICV of 16 bytes")
    })?;
    match (name.split_once('*'), bits) {
        (Some((before, behind)), 128 | 192 | 256) => Ok(format!("{before}{bits}{behind}")),
        (Some(_), _) => Err(format!(
            "a key length of {bits} bits: AES has 128, 192 or 256"
        )),
        (None, 0) => Ok(name.to_string()),
        (None, _) => Err(format!(
            "a key length of {bits} bits is given, and {name} has no such attribute: leave it 0"
        )),
    }
}

fn integrity(id: u16) -> Result<&'static str, String> {
    find(&INTEGRITY, id).ok_or_else(|| {
        format!("no integrity algorithm has the IKEv2 transform ID {id}; for example 12, HMAC-SHA2-256-128")
    })
}

fn find(names: &[(u16, &'static str)], id: u16) -> Option<&'static str> {
    let entry = names.iter().find(|(number, _)| *number == id);
    entry.map(|(_, name)| *name)
}

fn secret(key: &[u8]) -> SecretBytes {
    SecretBytes::from(Vec::from(key))
}
