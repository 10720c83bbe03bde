//! `iiptran pcap seal`: encrypt a capture.

use std::path::Path;

use iiptran::{DropReason, Packet};

use super::files::{self, Input, Output};
use super::outbound::{OutboundSas, SealsLike, ends};
use crate::capture::keys::KeyFile;
use crate::capture::opening::{
    Frames, InboundSas, OpenOptions, PacketOpener, Report, Seal, Verdict, fill,
};
use crate::capture::{CapturedPacket, Framing};
use crate::command::SealArguments;
use crate::failure::Failure;

pub(super) fn run(arguments: &SealArguments, json: bool) -> Result<(), Failure> {
    let SealArguments {
        keys,
        like,
        input,
        output,
        ..
    } = arguments;
    let mut inputs = vec![keys.as_path(), input];
    inputs.extend(like.as_deref());
    super::refuse_two_standard_inputs(&inputs)?;
    let key_file = crate::keys::read(keys)?;
    crate::keys::warn(&key_file);
    let (mut reader, length) = files::open(input)?;
    let sealing = match like {
        None => Sealing::BySelectors(OutboundSas::new(key_file)?),
        Some(wire) => Sealing::Like(Box::new(Pattern::new(arguments, key_file, wire)?)),
    };
    let mut sealer = PacketSealer {
        sealing,
        frames: Frames::default(),
        buffer: Vec::new(),
    };
    let read = (input.as_path(), &reader, length);
    let mut output = Output::create(output, read, &inputs, "sealed", json)?;
    while let Some(captured) = reader.next()? {
        let (report, bytes) = sealer.seal(&captured)?;
        output.put(&captured, &report, bytes)?;
    }
    super::check(&sealer.frames, input)?;
    output.finish()
}

/// How the packets are sealed.
enum Sealing {
    BySelectors(OutboundSas),
    Like(Box<Pattern>),
}

struct PacketSealer {
    sealing: Sealing,
    frames: Frames,
    buffer: Vec<u8>,
}

/// A sealed capture, of which each packet that opens is the pattern of one packet.
struct Pattern {
    name: String,
    reader: Input,
    opener: PacketOpener,
    seals: SealsLike,
}

impl PacketSealer {
    /// Seals a packet: what became of it, and its bytes.
    fn seal(&mut self, captured: &CapturedPacket<'_>) -> Result<(Report, Option<&[u8]>), Failure> {
        let mut report = Report::new(captured, Verdict::LeftOut);
        let offset = match self.frames.look(captured) {
            Framing::Ip { offset } => offset,
            Framing::NotIp { .. } => return Ok((report, None)),
            Framing::Malformed(reason) => {
                report.drop_for(reason);
                return Ok((report, None));
            }
        };
        let ip = captured.bytes.get(offset..).unwrap_or_default();
        let like = match &mut self.sealing {
            Sealing::BySelectors(_) => None,
            Sealing::Like(pattern) => pattern.next(captured)?,
        };
        let range = fill(&mut self.buffer, ip, like.as_ref().map_or(0, Seal::room));
        let Some(mut packet) = Packet::new(&mut self.buffer, range) else {
            return Ok((report, None));
        };
        let sealed = match (&mut self.sealing, &like) {
            (Sealing::BySelectors(sas), _) => by_selectors(sas, &mut packet, &mut report),
            (Sealing::Like(pattern), Some(like)) => pattern.seal(like, &mut packet, &mut report),
            (Sealing::Like(_), None) => {
                report.verdict = Verdict::Unchanged;
                Ok(())
            }
        };
        if let Err(reason) = sealed {
            report.drop_for(reason);
            return Ok((report, None));
        }
        if report.verdict == Verdict::LeftOut {
            report.verdict = Verdict::Sealed;
        }
        if let Some((source, destination)) = ends(packet.bytes()) {
            (report.source, report.destination) = (Some(source), Some(destination));
        }
        let range = packet.range();
        report.length = range.len();
        Ok((report, self.buffer.get(range)))
    }
}

fn by_selectors(
    sas: &OutboundSas,
    packet: &mut Packet<'_>,
    report: &mut Report,
) -> Result<(), DropReason> {
    let (sa, sealed) = sas.seal(packet)?;
    report.sa = Some(sa.name().to_string());
    report.spi = Some(sa.spi());
    report.sequence = Some(sealed.esp.authenticated.sequence);
    report.iv = Some(sealed.esp.iv);
    Ok(())
}

impl Pattern {
    fn new(arguments: &SealArguments, key_file: KeyFile, wire: &Path) -> Result<Self, Failure> {
        let options = OpenOptions {
            keep_outer: arguments.keep_outer,
            drop_others: arguments.drop_others,
        };
        let sas = InboundSas::new(key_file, !arguments.no_anti_replay)?;
        let (reader, _) = files::open(wire)?;
        Ok(Self {
            name: wire.display().to_string(),
            reader,
            opener: PacketOpener::new(sas, options),
            seals: SealsLike::default(),
        })
    }

    /// How the counterpart of the next packet was sealed; `None` if it was not.
    fn next(&mut self, captured: &CapturedPacket<'_>) -> Result<Option<Seal>, Failure> {
        while let Some(wire) = self.reader.next()? {
            let looked = self.opener.open(&wire);
            if looked.bytes.is_some() {
                return Ok(looked.seal);
            }
        }
        Err(Failure::Input(format!(
            "{}: no packet is the counterpart of packet {} of the input; was it opened with the same options?",
            self.name,
            captured.index + 1
        )))
    }

    /// Seals a packet as its counterpart was.
    fn seal(
        &mut self,
        like: &Seal,
        packet: &mut Packet<'_>,
        report: &mut Report,
    ) -> Result<(), DropReason> {
        let entry = self.opener.sas().entry(like.sa);
        let entry = entry.ok_or(DropReason::NoOutboundSa)?;
        report.sa.clone_from(&entry.sa.name);
        report.spi = Some(like.spi);
        report.sequence = Some(like.sequence);
        report.iv = Some(like.iv);
        self.seals.seal(entry, like, packet)
    }
}
