//! Published vectors: documents that name their source and list vectors of one shape.

use std::fs::File;
use std::io::BufReader;

use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<V> {
    #[serde(rename = "source")]
    _source: String,
    vectors: Vec<V>,
}

/// The vectors of the document with this name.
#[must_use]
pub fn load<V: DeserializeOwned>(name: &str) -> Vec<V> {
    let path = crate::data(&format!("vectors/{name}.json"));
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let document: Document<V> = serde_json::from_reader(BufReader::new(file))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    document.vectors
}
