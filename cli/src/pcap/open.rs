//! `iiptran pcap open`: decrypt a capture.

use super::files::{self, Output};
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
    super::refuse_two_standard_inputs(&[keys, input])?;
    let key_file = crate::keys::read(keys)?;
    crate::keys::warn(&key_file);
    let sas = InboundSas::new(key_file, !no_anti_replay)?;
    let options = OpenOptions {
        keep_outer: *keep_outer,
        drop_others: *drop_others,
    };
    let mut opener = PacketOpener::new(sas, options);
    let (mut reader, length) = files::open(input)?;
    let read = (input.as_path(), &reader, length);
    let mut output = Output::create(output, read, &[keys], "opened", json)?;
    while let Some(captured) = reader.next()? {
        let looked = opener.open(&captured);
        output.put(&captured, &looked.report, looked.bytes)?;
    }
    super::check(opener.frames(), input)?;
    output.finish()
}
