//! The calls of the behaviour vectors, and what comes back from them.
//!
//! Only what must run in WebAssembly too is here: no files, and no second implementation to compare with.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod bursts;
mod hex;
mod runner;
mod seals;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use bursts::together;
pub use hex::Hex;
pub use runner::Runner;
pub use seals::Seals;

use serde::{Deserialize, Serialize};

/// One file of vectors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Vectors {
    /// What the file is about.
    pub about: String,
    /// Cases, independent of one another.
    pub cases: Vec<Case>,
}

/// Calls that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The calls, one after another.
    pub steps: Vec<Step>,
}

/// One call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Step {
    /// Its name in `docs/api.toml`.
    pub call: String,
    /// The object that is called, or that is made.
    pub on: String,
    /// Another object: the SA to insert, the name for one that is removed, the node whose tables are
    /// shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// A document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Time, nanoseconds; 0 by default.
    #[serde(skip_serializing_if = "is_zero")]
    pub now: u64,
    /// A packet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packet: Option<Hex>,
    /// Free room before and behind the packet, bytes; 512 each by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<[usize; 2]>,
    /// What a seal does differently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Options>,
    /// Name of a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Name of a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// `outbound` or `inbound`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// Security parameters index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spi: Option<u32>,
    /// Number of a worker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<u16>,
    /// Seed of a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
    /// Whether a link or wire is up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up: Option<bool>,
    /// What comes back.
    pub expect: Expect,
}

/// What a seal does differently.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Options {
    /// Sequence number, as text because of JavaScript.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<String>,
    /// IV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iv: Option<Hex>,
    /// Outer header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outer: Option<Hex>,
    /// Padding, bytes.
    #[serde(skip_serializing_if = "is_zero")]
    pub padding: u8,
    /// Traffic-flow confidentiality padding, bytes.
    #[serde(skip_serializing_if = "is_zero")]
    pub flow_padding: usize,
    /// Whether it is a dummy packet.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub dummy: bool,
}

/// What comes back from a call; nothing in it means that the call succeeds and has nothing to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Expect {
    /// The drop reason's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop: Option<String>,
    /// The misuse's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misuse: Option<String>,
    /// The config error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<ConfigFault>,
    /// The packet as it now is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packet: Option<Hex>,
    /// The sequence number, as text because of JavaScript.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<String>,
    /// Pad length, bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad_length: Option<usize>,
    /// The payload's protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_header: Option<u8>,
    /// `transmit`, `deliver` or `hold`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// The link's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<u32>,
    /// The neighbour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_hop: Option<String>,
    /// The SA's SPI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spi: Option<u32>,
    /// The policy's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The policy's action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// A document, as text; empty if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// What is wrong with a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ConfigFault {
    /// The field.
    pub path: String,
    /// What is wrong with it.
    pub cause: String,
    /// Line, from 1; 0 if the fault is not in the text itself.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl Step {
    /// A call of an object, with nothing more to say.
    #[must_use]
    pub fn new(call: &str, on: &str) -> Self {
        Self {
            call: call.into(),
            on: on.into(),
            ..Self::default()
        }
    }
}

fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
