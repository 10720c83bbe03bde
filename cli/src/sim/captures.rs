//! What each wire carried, as captures.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use iiptran::Instant;
use iiptran::config::KeysConfig;

use crate::capture::{CaptureWriter, Precision};
use crate::failure::Failure;
use crate::keys::{write_secret, write_wireshark};

/// A capture for each wire that carried something. A file has its name only once it is whole.
pub(super) struct Captures {
    folder: PathBuf,
    writers: BTreeMap<String, CaptureWriter<'static>>,
}

impl Captures {
    pub(super) fn new(folder: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
        Ok(Self {
            folder: folder.to_owned(),
            writers: BTreeMap::new(),
        })
    }

    /// A packet went onto a wire.
    pub(super) fn write(
        &mut self,
        wire: &str,
        time: Instant,
        packet: &[u8],
    ) -> Result<(), Failure> {
        let writer = match self.writers.get_mut(wire) {
            Some(writer) => writer,
            None => {
                let file = self.folder.join(format!("{}.pcap", file_name(wire)));
                let writer = CaptureWriter::create(&file, Precision::Nanoseconds)?;
                self.writers.entry(wire.into()).or_insert(writer)
            }
        };
        writer.write(Duration::from_nanos(time.as_nanos()), packet)?;
        Ok(())
    }

    /// Gives the files their names, and puts the keys beside them: as our document, and as Wireshark's
    /// table `esp_sa`.
    pub(super) fn finish(self, keys: &KeysConfig) -> Result<(), Failure> {
        for writer in self.writers.into_values() {
            writer.finish()?;
        }
        let text = serde_json::to_string_pretty(keys)? + "\n";
        write_secret(&self.folder.join("keys.json"), &text)?;
        write_wireshark(&self.folder.join("esp_sa"), keys)
    }
}

/// A wire's name without what a file's name can't have. Different wires keep different names.
fn file_name(wire: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let mut name = String::new();
    for byte in wire.bytes() {
        if is_plain(byte) && !(name.is_empty() && byte == b'.') {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02x}"));
        }
    }
    name
}
