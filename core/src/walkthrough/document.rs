//! The document that a walkthrough is: what every host shows of a packet's way.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Serialize, Serializer};

/// The way of one packet through one node, step by step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Walkthrough {
    /// The word of the node's arrangement.
    pub arrangement: &'static str,
    /// The steps, in their order.
    pub steps: Vec<WalkStep>,
    /// What became of the packet; `None` while it is on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// One step: what was looked up, what was found, and what it did to the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct WalkStep {
    /// The kind of step: a name of [`crate::trace::Stage`].
    pub stage: &'static str,
    /// What happened, in one sentence.
    pub title: String,
    /// Which clause asks for it.
    pub clause: &'static str,
    /// The network in which the packet is.
    pub network: String,
    /// More about it, one sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The table that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
    /// What the algorithms were given, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub esp: Option<EspReport>,
    /// The anti-replay window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowReport>,
    /// The packet after the step.
    pub packet: Hex,
    /// Which of its bytes are new or other than before the step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Which bytes of the packet before the step are gone, as `[start, end]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<[usize; 2]>,
    /// The packet's headers and what they say, the outermost first.
    pub layers: Vec<Layer>,
}

/// A table that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Lookup {
    /// Which table.
    pub table: String,
    /// What it was asked for.
    pub key: String,
    /// The entries that came into question, in the order in which they were tried.
    pub candidates: Vec<Candidate>,
    /// How many more entries there are that did not come into question.
    pub others: usize,
    /// The entry that decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// An entry of a table that came into question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Candidate {
    /// The entry.
    pub entry: String,
    /// Whether it is the one that decides.
    pub matches: bool,
    /// Why, or why not.
    pub why: String,
}

/// A header, or another part of a packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Layer {
    /// What it is, such as `IPv4`.
    pub name: &'static str,
    /// Its first byte in the packet.
    pub start: usize,
    /// The first byte behind it.
    pub end: usize,
    /// The clause that defines it.
    pub clause: &'static str,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field of a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Field {
    /// Name.
    pub name: &'static str,
    /// Its first byte in the packet.
    pub start: usize,
    /// The first byte behind it.
    pub end: usize,
    /// What it says.
    pub value: String,
    /// The clause that rules it, where it is another than the header's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<&'static str>,
    /// The setting of the virtual link that decided the value, such as `outer.ttl`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<&'static str>,
}

/// Bytes that a step made or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Change {
    /// The first byte in the packet.
    pub start: usize,
    /// The first byte behind.
    pub end: usize,
    /// What was there before; `None` where there was nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Hex>,
}

/// What the algorithms of an SA were given, and where. Keys and salts are not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct EspReport {
    /// Name of the SA.
    pub sa: String,
    /// Security parameters index.
    pub spi: String,
    /// The algorithms.
    pub transform: String,
    /// Transport or tunnel.
    pub mode: &'static str,
    /// The whole sequence number.
    pub sequence: u64,
    /// Whether sequence numbers have 64 bits, of which the low half is on the wire.
    pub extended: bool,
    /// The IV.
    pub iv: Hex,
    /// What is authenticated besides the packet's own bytes: the associated data of an AEAD, or the
    /// high half of the sequence number.
    pub associated: Hex,
    /// Payload, padding and trailer, as `[start, end]` in the packet.
    pub body: [usize; 2],
    /// Integrity check value, as `[start, end]` in the packet.
    pub icv: [usize; 2],
    /// Pad length, bytes.
    pub pad_length: usize,
    /// What the payload is.
    pub next_header: String,
}

/// An anti-replay window as it is after the step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct WindowReport {
    /// How many sequence numbers it covers.
    pub size: u64,
    /// The highest sequence number that was received.
    pub top: u64,
    /// The newest numbers that were received, the highest first, at most 64 numbers back.
    pub received: Vec<u64>,
}

/// What became of a packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Outcome {
    /// It leaves by a link.
    #[serde(rename_all = "kebab-case")]
    Transmit {
        /// The physical link.
        link: String,
        /// The neighbour that is to receive it.
        next_hop: String,
        /// What it came by.
        trail: Vec<String>,
    },
    /// It is for this node.
    Deliver {
        /// The physical or virtual link that it arrived by.
        link: String,
        /// What it came by.
        trail: Vec<String>,
    },
    /// It is a fragment, and is kept.
    Hold,
    /// It ends here.
    #[serde(rename_all = "kebab-case")]
    Drop {
        /// The reason's name.
        reason: &'static str,
        /// Its code.
        code: u8,
        /// The clause behind it.
        clause: &'static str,
        /// What it means.
        meaning: &'static str,
        /// What to check.
        check: &'static str,
        /// The stage after which it ended.
        stage: &'static str,
    },
}

/// Bytes, in a document as hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hex(
    /// The bytes.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub Vec<u8>,
);

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Hex {
    type Err = HexError;

    /// Reads hexadecimal digits, with blanks, colons and line ends between them as other tools print them.
    fn from_str(text: &str) -> Result<Self, HexError> {
        let mut bytes = Vec::new();
        let mut half = None;
        let prefix = text.trim_start();
        let prefix = prefix.strip_prefix("0x").unwrap_or(prefix);
        let skipped = text.len().saturating_sub(prefix.len());
        for (place, character) in text.chars().enumerate().skip(skipped) {
            if character.is_whitespace() || matches!(character, ':' | '-' | ',') {
                continue;
            }
            let digit = character
                .to_digit(16)
                .and_then(|digit| digit.try_into().ok());
            let digit: u8 = digit.ok_or(HexError::NotADigit {
                character,
                place: place.saturating_add(1),
            })?;
            half = match half {
                None => Some(digit),
                Some(high) => {
                    bytes.push(high << 4 | digit);
                    None
                }
            };
        }
        match half {
            Some(_) => Err(HexError::Odd),
            None if bytes.is_empty() => Err(HexError::Empty),
            None => Ok(Self(bytes)),
        }
    }
}

/// Why a text is not bytes in hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// A character is no digit.
    NotADigit {
        /// The character.
        character: char,
        /// Its place in the text, from 1.
        place: usize,
    },
    /// A byte has one digit only.
    Odd,
    /// There is no digit.
    Empty,
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotADigit { character, place } => write!(
                f,
                "\"{character}\" at place {place} is not a hexadecimal digit"
            ),
            Self::Odd => f.write_str("an odd number of hexadecimal digits"),
            Self::Empty => f.write_str("no hexadecimal digits"),
        }
    }
}

impl core::error::Error for HexError {}

impl From<&[u8]> for Hex {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn hex_is_read_as_other_tools_print_it() {
        for text in ["45000016", " 0x45 00 00 16", "45:00:00:16", " 4500\n0016 "] {
            assert_eq!(text.parse::<Hex>().unwrap().0, [0x45, 0, 0, 0x16]);
        }
    }

    #[test]
    fn wrong_hex_has_its_place() {
        let message = |text: &str| text.parse::<Hex>().unwrap_err().to_string();
        assert!(message("45 0g").contains("\"g\" at place 5"));
        assert!(message("450").contains("odd"));
        assert!(message("").contains("no hexadecimal digits"));
    }
}
