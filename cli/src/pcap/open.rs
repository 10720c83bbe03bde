//! `iiptran pcap open`: decrypt a capture.

use std::path::{Path, PathBuf};

use super::files::{self, Input, Output};
use crate::capture::keys::{KeyFile, in_comment};
use crate::capture::opening::{InboundSas, OpenOptions, PacketOpener};
use crate::command::OpenArguments;
use crate::failure::Failure;

pub(super) fn run(arguments: &OpenArguments, json: bool) -> Result<(), Failure> {
    let OpenArguments {
        keys,
        keep_outer,
        drop_others,
        no_anti_replay,
        input,
        output,
    } = arguments;
    let inputs: Vec<_> = keys.iter().chain([input]).collect();
    super::refuse_two_standard_inputs(&inputs)?;
    let given = keys.as_deref().map(crate::keys::read).transpose()?;
    let (mut reader, length) = files::open(input)?;
    let key_file = match given {
        Some(file) => file,
        None => within(&mut reader, input)?,
    };
    crate::keys::warn(&key_file);
    let sas = InboundSas::new(key_file, !no_anti_replay)?;
    let options = OpenOptions {
        keep_outer: *keep_outer,
        drop_others: *drop_others,
    };
    let mut opener = PacketOpener::new(sas, options);
    let read = (input.as_path(), &reader, length);
    let others: Vec<_> = keys.iter().map(PathBuf::as_path).collect();
    let mut output = Output::create(output, read, &others, "opened", json)?;
    while let Some(captured) = reader.next()? {
        let looked = opener.open(&captured);
        output.put(&captured, &looked.report, looked.bytes)?;
    }
    super::check(opener.frames(), input)?;
    output.finish()
}

/// The keys that a capture has in its comment.
fn within(reader: &mut Input, path: &Path) -> Result<KeyFile, Failure> {
    let name = files::name(path, "standard input");
    match in_comment(reader.comment()?) {
        Some(keys) => Ok(KeyFile::parse(&format!("{name}: its comment"), keys)?),
        None => Err(Failure::Usage(format!(
            "which keys? {name} has none in its comment; --keys names a file with them"
        ))),
    }
}
