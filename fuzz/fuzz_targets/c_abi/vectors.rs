//! The behaviour vectors: documents and packets that go together, to begin from.

use std::ffi::c_char;
use std::path::Path;
use std::ptr;
use std::sync::LazyLock;

use arbitrary::Arbitrary;
use serde_json::Value;

/// What a case of the vectors is made of.
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) documents: Vec<String>,
    pub(crate) packets: Vec<Vec<u8>>,
}

pub(crate) static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/behaviour");
    let mut cases = Vec::new();
    for file in ["sas.json", "tables.json", "nodes.json", "linux.json"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let vectors: Value = serde_json::from_str(&text).unwrap();
        cases.extend(vectors["cases"].as_array().unwrap().iter().map(case));
    }
    cases
});

fn case(vectors: &Value) -> Case {
    let mut case = Case::default();
    for step in vectors["steps"].as_array().unwrap() {
        if let Some(document) = step["document"].as_str() {
            case.documents.push(document.into());
        }
        for packet in [&step["packet"], &step["expect"]["packet"]] {
            case.packets.extend(packet.as_str().map(bytes));
        }
    }
    case.documents.dedup();
    case.packets.dedup();
    case
}

fn bytes(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    pairs.map(byte).collect()
}

/// A document: a known one, changed, or anything.
#[derive(Arbitrary, Debug)]
pub(crate) enum Document {
    Known(u8),
    Changed(u8, u16, u8),
    Cut(u8, u16),
    Any(Vec<u8>),
    Null(usize),
}

impl Document {
    pub(crate) fn with<R>(
        &self,
        known: &[String],
        call: impl FnOnce(*const c_char, usize) -> R,
    ) -> R {
        let of = |index: &u8| -> Vec<u8> {
            let index = usize::from(*index).checked_rem(known.len());
            index
                .map(|index| known[index].clone().into())
                .unwrap_or_default()
        };
        let bytes = match self {
            Self::Null(length) => return call(ptr::null(), *length),
            Self::Any(bytes) => bytes.clone(),
            Self::Known(index) => of(index),
            Self::Changed(index, at, byte) => {
                let mut bytes = of(index);
                if let Some(at) = usize::from(*at).checked_rem(bytes.len()) {
                    bytes[at] = *byte;
                }
                bytes
            }
            Self::Cut(index, at) => {
                let mut bytes = of(index);
                bytes.truncate(usize::from(*at));
                bytes
            }
        };
        // As long as it says, so that a sanitizer sees who leaves it.
        let bytes = bytes.into_boxed_slice();
        call(bytes.as_ptr().cast(), bytes.len())
    }
}
