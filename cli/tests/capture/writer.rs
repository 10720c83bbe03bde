//! Writing, and reading again what was written.

use core::time::Duration;
use std::fs;
use std::path::Path;

use iiptran_cli::capture::{
    CaptureError, CaptureReader, CaptureWriter, Cause, LinkType, Precision, refuse_overwrite,
};
use proptest::prelude::*;
use tempfile::TempDir;

use super::packets;

fn written(precision: Precision, packets: &[(Duration, Vec<u8>)]) -> Vec<u8> {
    let mut output = Vec::new();
    let mut writer = CaptureWriter::new("test", &mut output, precision).unwrap();
    for (timestamp, packet) in packets {
        writer.write(*timestamp, packet).unwrap();
    }
    writer.finish().unwrap();
    output
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        packets_in in prop::collection::vec(
            ((0..=u32::MAX, 0..1_000_000_000_u32), prop::collection::vec(any::<u8>(), 0..100)),
            0..20,
        ),
    ) {
        let packets_in: Vec<_> = packets_in
            .into_iter()
            .map(|((seconds, nanos), bytes)| (Duration::new(seconds.into(), nanos), bytes))
            .collect();
        for (precision, unit) in [(Precision::Microseconds, 1_000), (Precision::Nanoseconds, 1)] {
            let packets_out = packets(&written(precision, &packets_in));
            prop_assert_eq!(packets_in.len(), packets_out.len());
            for ((timestamp, bytes), packet) in packets_in.iter().zip(packets_out) {
                let nanos = timestamp.subsec_nanos() / unit * unit;
                prop_assert_eq!(packet.timestamp, Duration::new(timestamp.as_secs(), nanos));
                prop_assert_eq!(packet.link_type, LinkType::RAW);
                prop_assert_eq!(packet.original_length as usize, bytes.len());
                prop_assert_eq!(&packet.bytes, bytes);
            }
        }
    }
}

#[test]
fn a_capture_of_another_tool_is_written_again_byte_for_byte() {
    for name in ["inner", "wire"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!(
            "tests/fixtures/iiptran-6in4-aes128gcm16.{name}.pcap"
        ));
        let mut reader = CaptureReader::open(&path).unwrap();
        let mut output = Vec::new();
        let mut writer = CaptureWriter::new("-", &mut output, Precision::default()).unwrap();
        while let Some(packet) = reader.next().unwrap() {
            writer.write(packet.timestamp, packet.bytes).unwrap();
        }
        writer.finish().unwrap();
        assert_eq!(output, fs::read(path).unwrap());
    }
}

#[test]
fn a_file_has_its_name_only_when_it_is_whole() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("out.pcap");
    fs::write(&path, "old").unwrap();

    let mut writer = CaptureWriter::create(&path, Precision::default()).unwrap();
    writer.write(Duration::ZERO, &[0x45; 100_000]).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(directory.path()).len(), 2);
    drop(writer);
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(directory.path()), ["out.pcap"]);

    let mut writer = CaptureWriter::create(&path, Precision::default()).unwrap();
    writer.write(Duration::ZERO, &[0x45; 20]).unwrap();
    writer.finish().unwrap();
    assert_eq!(packets(&fs::read(&path).unwrap()).len(), 1);
    assert_eq!(names(directory.path()), ["out.pcap"]);
}

#[test]
fn a_name_that_can_not_be_given_leaves_nothing_behind() {
    let directory = TempDir::new().unwrap();
    let missing = directory.path().join("missing/out.pcap");
    let error = CaptureWriter::create(&missing, Precision::default()).err();
    assert!(matches!(error, Some(CaptureError::Create { .. })));

    let taken = directory.path().join("taken");
    let writer = CaptureWriter::create(&taken, Precision::default()).unwrap();
    fs::create_dir(&taken).unwrap();
    assert!(matches!(
        writer.finish(),
        Err(CaptureError::Create { file, .. }) if file == taken.display().to_string()
    ));
    assert_eq!(names(directory.path()), ["taken"]);
}

#[cfg(unix)]
#[test]
fn a_link_leads_to_the_file_that_is_replaced_and_a_device_is_written_to() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    let directory = TempDir::new().unwrap();
    let path = directory.path().join("out.pcap");
    let link = directory.path().join("link");
    fs::write(&path, "old").unwrap();
    symlink(&path, &link).unwrap();
    let writer = CaptureWriter::create(&link, Precision::default()).unwrap();
    writer.finish().unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&path).unwrap().len(), 24);

    let ordinary = directory.path().join("ordinary");
    fs::write(&ordinary, "").unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&ordinary));

    let null = Path::new("/dev/null");
    let writer = CaptureWriter::create(null, Precision::default()).unwrap();
    writer.finish().unwrap();
    let file_type = fs::metadata(null).unwrap().file_type();
    assert!(file_type.is_char_device());
}

#[test]
fn an_output_that_is_an_input_is_refused_under_every_name() {
    let directory = TempDir::new().unwrap();
    let path = |name| directory.path().join(name);
    fs::write(path("in.pcap"), "").unwrap();
    fs::write(path("other.pcap"), "").unwrap();
    fs::hard_link(path("in.pcap"), path("hard.pcap")).unwrap();
    let inputs = [path("other.pcap"), path("in.pcap")];
    for output in ["in.pcap", "hard.pcap", "../"] {
        let output = match output {
            "../" => directory.path().join(".").join("in.pcap"),
            name => path(name),
        };
        let error = refuse_overwrite(&output, &inputs).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{}: is also an input; refusing to overwrite it",
                output.display()
            )
        );
    }
    refuse_overwrite(&path("new.pcap"), &inputs).unwrap();
    refuse_overwrite(&path("in.pcap"), &inputs[..1]).unwrap();
}

/// Whoever opens a named pipe waits for its other end, which may have come and gone by then.
#[cfg(unix)]
#[test]
fn a_named_pipe_is_not_opened_to_be_compared() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let (done, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for (output, input) in [(&file, &pipe), (&pipe, &file)] {
            refuse_overwrite(output, &[input]).unwrap();
        }
        done.send(()).unwrap();
    });
    let limit = Duration::from_secs(60);
    assert_eq!(told.recv_timeout(limit), Ok(()), "it waits for the pipe");
}

#[test]
fn what_the_format_can_not_say_is_refused() {
    let mut output = Vec::new();
    let mut writer = CaptureWriter::new("test", &mut output, Precision::default()).unwrap();
    let late = Duration::from_secs(1 << 32);
    assert!(matches!(
        writer.write(late, &[]),
        Err(CaptureError::Write {
            cause: Cause::Timestamp,
            packet: 0,
            ..
        })
    ));
    let long = vec![0; CaptureWriter::MAX_PACKET + 1];
    writer.write(Duration::ZERO, &long[1..]).unwrap();
    assert_eq!(
        writer.write(Duration::ZERO, &long).unwrap_err().to_string(),
        "test: packet 2: the record claims 262145 bytes; 262144 are the most"
    );
    writer.finish().unwrap();
    assert_eq!(
        packets(&output).len(),
        1,
        "a refused packet leaves no trace"
    );
}
