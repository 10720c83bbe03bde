//! What became of a packet of a capture.

use core::net::IpAddr;

use iiptran::DropReason;
use iiptran::transform::Iv;
use iiptran::wire::Spi;
use serde::{Serialize, Serializer};

use crate::CapturedPacket;

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It was decrypted.
    Opened,
    /// It was encrypted.
    Sealed,
    /// It was written as it was, since it is not ESP.
    Unchanged,
    /// It is not ESP, and not written: it is not IP, or that was asked for.
    LeftOut,
    /// It could not be opened or sealed.
    Dropped,
}

/// A packet and what became of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// Number in the capture, from 1.
    pub number: u64,
    /// Where in the capture its record begins, bytes.
    pub offset: u64,
    /// What became of it.
    pub verdict: Verdict,
    /// Why it was dropped.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "display")]
    pub reason: Option<DropReason>,
    /// Name of the SA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sa: Option<String>,
    /// Security parameters index.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "display")]
    pub spi: Option<Spi>,
    /// The whole sequence number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// The IV.
    #[serde(skip_serializing_if = "has_no_iv", serialize_with = "hexadecimal")]
    pub iv: Option<Iv>,
    /// The protocol inside ESP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_header: Option<u8>,
    /// Source of the packet with ESP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
    /// Its destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<IpAddr>,
    /// Bytes written.
    pub length: usize,
}

impl Report {
    /// A packet of which no more is known than where it is.
    #[must_use]
    pub const fn new(packet: &CapturedPacket<'_>, verdict: Verdict) -> Self {
        Self {
            number: packet.index + 1,
            offset: packet.offset,
            verdict,
            reason: None,
            sa: None,
            spi: None,
            sequence: None,
            iv: None,
            next_header: None,
            source: None,
            destination: None,
            length: 0,
        }
    }
}

fn display<T: core::fmt::Display, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

fn has_no_iv(iv: &Option<Iv>) -> bool {
    iv.is_none_or(|iv| iv.as_bytes().is_empty())
}

fn hexadecimal<S: Serializer>(iv: &Option<Iv>, serializer: S) -> Result<S::Ok, S::Error> {
    let bytes = iv.as_ref().map_or(&[][..], Iv::as_bytes).iter();
    let digits: String = bytes.map(|byte| format!("{byte:02x}")).collect();
    serializer.serialize_str(&digits)
}

impl Report {
    /// It was dropped.
    pub const fn drop_for(&mut self, reason: DropReason) {
        self.verdict = Verdict::Dropped;
        self.reason = Some(reason);
    }
}
