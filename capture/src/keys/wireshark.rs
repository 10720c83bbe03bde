//! Wireshark's table of ESP SAs, the file `esp_sa`: lines of quoted fields.
//!
//! Protocol, source, destination, SPI, encryption algorithm and key, authentication algorithm and key;
//! newer versions have two more, the length of sequence numbers and the high half of extended ones.

use iiptran::config::{HexKey, SaConfig};
use iiptran::transform::{Integrity, Keys, SecretBytes, Transform};
use iiptran::wire::{IpVersion, Spi};

use super::key_file::{KeyEntry, Note, Parsed, Place};
use super::pattern::{AddressPattern, SpiPattern};

const GCM_8: &str = "AES-GCM with 8 octet ICV [RFC4106]";
const GCM_12: &str = "AES-GCM with 12 octet ICV [RFC4106]";
const GCM_16: &str = "AES-GCM with 16 octet ICV [RFC4106]";
/// Of older versions; the length of the ICV is the authentication algorithm's.
const GCM_OLD: &str = "AES-GCM [RFC4106]";
const GCM_IIV: &str = "AES-GCM with IIV and 16 octet ICV [RFC4106 & RFC8750]";
const CHACHA: &str = "ChaCha20 with Poly1305 [RFC7634]";
const CHACHA_IIV: &str = "ChaCha20 with Poly1305 and IIV [RFC7634 & RFC8750]";
const CBC: &str = "AES-CBC [RFC3602]";
const CTR: &str = "AES-CTR [RFC3686]";
const NULL: &str = "NULL";
const ANY_96: &str = "ANY 96 bit authentication [no checking]";

const AUTHENTICATION: [(&str, Integrity); 4] = [
    ("HMAC-SHA-1-96 [RFC2404]", Integrity::HmacSha1_96),
    ("HMAC-SHA-256-128 [RFC4868]", Integrity::HmacSha2_256_128),
    ("HMAC-SHA-384-192 [RFC4868]", Integrity::HmacSha2_384_192),
    ("HMAC-SHA-512-256 [RFC4868]", Integrity::HmacSha2_512_256),
];

/// Reads a table.
pub fn read(text: &str) -> Parsed {
    let (mut entries, mut notes) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let fields = split(line).map_err(|cause| (line_number, cause))?;
        let place = Place::Line(line_number);
        match row(&place, &fields).map_err(|cause| (line_number, cause))? {
            Ok(entry) => entries.push(entry),
            Err(cause) => notes.push(Note::left_out(&place, cause)),
        }
    }
    Ok((entries, notes))
}

/// One line. The outer error is one of the file, the inner one of an algorithm that is not known here.
fn row(place: &Place, fields: &[Vec<u8>]) -> Result<Result<KeyEntry, String>, String> {
    let fields: Vec<_> = fields
        .iter()
        .map(|field| String::from_utf8_lossy(field))
        .collect();
    let mut fields = fields.iter().map(AsRef::as_ref);
    let mut field = |name: &str| {
        let missing = || format!("the field \"{name}\" is missing: a line has 8 or 10 fields");
        fields.next().ok_or_else(missing)
    };
    let version = match field("protocol")? {
        "IPv4" => Some(IpVersion::V4),
        "IPv6" => Some(IpVersion::V6),
        "Any" => None,
        other => {
            return Err(format!(
                "the protocol is \"{other}\", and not IPv4, IPv6 or Any"
            ));
        }
    };
    let address = |name: &str, text: &str| {
        let wrong = || {
            format!(
                "the {name} \"{text}\" is not an address of the line's protocol, a prefix, or *"
            )
        };
        AddressPattern::parse(text, version).ok_or_else(wrong)
    };
    let source = address("source", field("source")?)?;
    let destination = address("destination", field("destination")?)?;
    let spi = field("SPI")?;
    let spi = SpiPattern::parse(spi)
        .ok_or_else(|| format!("\"{spi}\" is not an SPI, such as 0x00001000 or *"))?;
    let (encryption, encryption_key) = (field("encryption")?, key(field("encryption key")?)?);
    let authentication = field("authentication")?;
    let authentication_key = key(field("authentication key")?)?;
    let extended_sequence = match fields.next().unwrap_or("32-bit") {
        "32-bit" => false,
        "64-bit" => true,
        other => {
            return Err(format!(
                "the length of sequence numbers is \"{other}\", and not 32-bit or 64-bit"
            ));
        }
    };
    let high = fields.next().unwrap_or("0");
    let high = u32::from_str_radix(high.trim_start_matches("0x"), 16)
        .map_err(|_| format!("\"{high}\" is not the high half of a sequence number"))?;
    if fields.next().is_some() {
        return Err("there are more than 10 fields".to_string());
    }

    let transform = match transform(encryption, encryption_key.len(), authentication) {
        Ok(transform) => transform,
        Err(cause) => return Ok(Err(cause)),
    };
    let integrity = transform.integrity().map(|_| authentication_key);
    let keys = Keys {
        encryption: encryption_key,
        integrity: integrity.unwrap_or_default(),
    };
    let mut sa = SaConfig::new(spi.single().unwrap_or(Spi(0)), transform, keys);
    sa.source = source.single();
    sa.destination = destination.single();
    sa.extended_sequence = extended_sequence;
    sa.start = if extended_sequence {
        u64::from(high) << 32
    } else {
        0
    };
    Ok(Ok(KeyEntry {
        place: place.clone(),
        spi,
        source,
        destination,
        is_strict: true,
        sa,
    }))
}

fn transform(encryption: &str, key: usize, authentication: &str) -> Result<Transform, String> {
    let aes = |salt: usize| match key.saturating_sub(salt) {
        16 => Ok(128),
        24 => Ok(192),
        32 => Ok(256),
        _ => {
            let salt = if salt > 0 {
                format!(", and {salt} of salt behind them")
            } else {
                String::new()
            };
            Err(format!(
                "the encryption key has {key} bytes; {encryption} takes 16, 24 or 32{salt}"
            ))
        }
    };
    let name = match encryption {
        GCM_8 => format!("aes-{}-gcm-8", aes(4)?),
        GCM_12 => format!("aes-{}-gcm-12", aes(4)?),
        GCM_16 => format!("aes-{}-gcm-16", aes(4)?),
        GCM_OLD => {
            let icv = match authentication {
                "ANY 64 bit authentication [no checking]" => 8,
                ANY_96 => 12,
                _ => 16,
            };
            format!("aes-{}-gcm-{icv}", aes(4)?)
        }
        GCM_IIV => format!("aes-{}-gcm-16-iiv", aes(4)?),
        CHACHA => "chacha20-poly1305".to_string(),
        CHACHA_IIV => "chacha20-poly1305-iiv".to_string(),
        CBC => format!("aes-{}-cbc", aes(0)?),
        CTR => format!("aes-{}-ctr", aes(4)?),
        NULL => "null".to_string(),
        other => {
            return Err(format!(
                "the encryption algorithm \"{other}\" is not supported"
            ));
        }
    };
    let is_separate = matches!(encryption, CBC | CTR | NULL);
    let known = AUTHENTICATION
        .iter()
        .find(|(name, _)| *name == authentication);
    let integrity = match known {
        Some((_, integrity)) => Some(integrity.name()),
        None if !is_separate => None,
        None if authentication.starts_with("ANY ") || authentication == NULL => {
            return Err(format!(
                "the authentication is \"{authentication}\": no packet is opened here without its integrity check"
            ));
        }
        None => {
            return Err(format!(
                "the authentication algorithm \"{authentication}\" is not supported"
            ));
        }
    };
    Transform::from_names(&name, integrity).map_err(|error| error.to_string())
}

/// A key: hexadecimal digits behind `0x`, of which an odd number begins with 0, or the text itself.
fn key(text: &str) -> Result<SecretBytes, String> {
    let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) else {
        return Ok(text.as_bytes().into());
    };
    let padded = if digits.len().is_multiple_of(2) {
        digits.to_string()
    } else {
        format!("0{digits}")
    };
    padded.parse::<HexKey>().map(|key| key.0)
}

/// The fields of a line: in quotes, with `\xNN` for bytes that can't be written.
fn split(line: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut rest = line.trim();
    let mut fields = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(quoted) = rest.strip_prefix('"') else {
            return Err("a field does not begin with a quotation mark".to_string());
        };
        let (field, behind) = quoted
            .split_once('"')
            .ok_or("a field has no closing quotation mark")?;
        fields.push(unescape(field)?);
        rest = behind.trim_start();
        if rest.is_empty() {
            return Ok(fields);
        }
        rest = rest
            .strip_prefix(',')
            .ok_or("there is no comma between two fields")?;
        // A comma may end the line.
        if rest.trim().is_empty() {
            return Ok(fields);
        }
    }
}

fn unescape(field: &str) -> Result<Vec<u8>, String> {
    let mut parts = field.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.ok_or("behind \\x are not two hexadecimal digits")?);
        bytes.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
    }
    Ok(bytes)
}

/// Writes a table.
pub fn write(entries: &[KeyEntry]) -> (String, Vec<Note>) {
    let (mut text, mut notes) = (String::new(), Vec::new());
    for entry in entries {
        match line(entry, &mut notes) {
            Ok(line) => text.push_str(&line),
            Err(cause) => notes.push(Note::left_out(&entry.place, cause)),
        }
    }
    (text, notes)
}

fn line(entry: &KeyEntry, notes: &mut Vec<Note>) -> Result<String, String> {
    let KeyEntry { sa, .. } = entry;
    let transform = sa.transform.0;
    let encryption = match transform {
        Transform::AesGcm {
            implicit_iv: true, ..
        } => GCM_IIV,
        Transform::AesGcm { .. } => match transform.icv_length() {
            8 => GCM_8,
            12 => GCM_12,
            _ => GCM_16,
        },
        Transform::ChaCha20Poly1305 { implicit_iv: true } => CHACHA_IIV,
        Transform::ChaCha20Poly1305 { .. } => CHACHA,
        Transform::AesCbc { .. } => CBC,
        Transform::AesCtr { .. } => CTR,
        Transform::Null { .. } => NULL,
        Transform::AesGmac { .. } | Transform::AesCcm { .. } => {
            return Err(format!("Wireshark has no {}", transform.encryption_name()));
        }
    };
    let mut authentication_key = format!("0x{}", sa.integrity_key);
    let authentication = match transform.integrity() {
        None => {
            authentication_key.clear();
            NULL
        }
        Some(integrity) => match AUTHENTICATION.iter().find(|(_, known)| *known == integrity) {
            Some((name, _)) => name,
            None => {
                notes.push(Note::lost(
                    &entry.place,
                    format!(
                        "Wireshark has no {}: it will decrypt, and not check the packets",
                        integrity.name()
                    ),
                ));
                authentication_key.clear();
                ANY_96
            }
        },
    };
    let encryption_key = match transform {
        Transform::Null { .. } => String::new(),
        _ => format!("0x{}", sa.key),
    };
    let version = [sa.source, sa.destination].into_iter().flatten().next();
    let protocol = match version.map(IpVersion::of) {
        Some(IpVersion::V4) => "IPv4",
        Some(IpVersion::V6) => "IPv6",
        None => "Any",
    };
    let address = |address: AddressPattern| {
        address
            .single()
            .map_or_else(|| "*".to_string(), |one| one.to_string())
    };
    let mut fields = vec![
        protocol.to_string(),
        address(entry.source),
        address(entry.destination),
        entry.spi.to_string(),
        encryption.to_string(),
        encryption_key,
        authentication.to_string(),
        authentication_key,
    ];
    // Older versions read 8 fields only.
    if sa.extended_sequence {
        fields.extend(["64-bit".to_string(), format!("{:x}", sa.start >> 32)]);
    }
    let fields: Vec<_> = fields.iter().map(|field| format!("\"{field}\"")).collect();
    Ok(fields.join(",") + "\n")
}
