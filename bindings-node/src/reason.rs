//! What drop reasons and misuses mean, and what the library says of itself.

use iiptran_host::{DropReason, Misuse, PacketBuffer};
use napi_derive::napi;

/// What a drop reason means.
#[napi(object)]
pub struct Explanation {
    /// Stable number.
    pub code: u32,
    /// Stable name, in kebab case.
    pub name: String,
    /// The kind of reason.
    pub group: String,
    /// The clause that asks for the drop.
    pub clause: String,
    /// What happened.
    pub meaning: String,
    /// What to look at first.
    pub check: String,
}

/// What is wrong with a call.
#[napi(object)]
pub struct MisuseText {
    /// Stable name, in kebab case.
    pub name: String,
    /// What is wrong, in one sentence.
    pub text: String,
}

/// What every drop reason means, in the order of the codes.
#[napi]
pub fn explanations() -> Vec<Explanation> {
    DropReason::ALL
        .iter()
        .map(|reason| iiptran_host::Explained::from(*reason))
        .map(|explained| Explanation {
            code: explained.code.into(),
            name: explained.name.into(),
            group: explained.group.into(),
            clause: explained.clause.into(),
            meaning: explained.meaning.into(),
            check: explained.check.into(),
        })
        .collect()
}

/// What every misuse means; a slip has their numbers in this list.
#[napi]
pub fn misuses() -> Vec<MisuseText> {
    Misuse::ALL
        .iter()
        .map(|misuse| MisuseText {
            name: misuse.name().into(),
            text: misuse.text().into(),
        })
        .collect()
}

/// The version of the library.
#[napi]
pub fn version() -> &'static str {
    iiptran_host::VERSION
}

/// Free bytes before a packet, by default.
#[napi]
pub const HEADROOM: u32 = PacketBuffer::HEADROOM as u32;

/// Free bytes behind a packet, by default.
#[napi]
pub const TAILROOM: u32 = PacketBuffer::TAILROOM as u32;
