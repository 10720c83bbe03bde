//! What is not ESP, and what is around IP.

use std::time::Duration;

use iiptran_tests::captures::CapturedSa;

use crate::{Desk, Timed, args, case, fail, fill_checksum, read, received, succeed, wire};

const NAME: &str = "iiptran-4in4-aes128gcm16";

/// An IPv4 packet of 192.0.2.1 to 192.0.2.2 with this protocol and payload.
fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = vec![
        0x45, 0, 0, 0, 0, 7, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
    ];
    packet.extend_from_slice(payload);
    packet[3] = packet.len() as u8;
    fill_checksum(&mut packet);
    packet
}

fn udp(port: u16, content: &[u8]) -> Vec<u8> {
    let mut datagram = [port.to_be_bytes(), port.to_be_bytes()].concat();
    datagram.extend_from_slice(&(8 + content.len() as u16).to_be_bytes());
    datagram.extend_from_slice(&[0, 0]);
    datagram.extend_from_slice(content);
    ipv4(17, &datagram)
}

/// A keepalive, an IKE message, UDP of another port, ICMP: none is ESP.
fn others() -> Vec<Timed> {
    let packets = [
        udp(4500, &[0xff]),
        udp(4500, &[0, 0, 0, 0, 1, 2, 3, 4]),
        udp(53, &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ipv4(1, &[8, 0, 0xf7, 0xff, 0, 0, 0, 0]),
    ];
    packets
        .map(|packet| (Duration::new(5, 6000), packet))
        .to_vec()
}

/// The packets of a case with others around and between them, and what the receivers have then.
fn mixed(sas: &[CapturedSa]) -> [Vec<Timed>; 2] {
    let around = |packets: Vec<Timed>| {
        let (first, rest) = packets.split_at(3);
        [&others()[..], first, &others(), rest, &others()].concat()
    };
    [around(read(&wire(NAME))), around(received(sas, NAME))]
}

#[test]
fn other_packets_stay_unchanged_or_are_left_out() {
    let (desk, sas) = (Desk::new(), case(NAME));
    let [wire_packets, received_packets] = mixed(&sas);
    let (keys, inner) = (desk.keys(&sas), desk.path("inner"));
    let mixed = desk.capture("mixed.pcap", &wire_packets);
    let (_, error) = succeed(args!["pcap", "open", "-k", &keys, &mixed, &inner]);
    assert!(error.contains("12 unchanged"), "{error}");
    assert_eq!(read(&inner), received_packets);
    let again = desk.path("again");
    succeed(args![
        "pcap", "seal", "-k", &keys, "--like", &mixed, &inner, &again
    ]);
    assert_eq!(read(&again), wire_packets);

    let (_, error) = succeed(args![
        "pcap",
        "open",
        "--drop-others",
        "-k",
        &keys,
        &mixed,
        &inner
    ]);
    assert!(error.contains("12 left out"), "{error}");
    assert_eq!(read(&inner), received(&sas, NAME));
    succeed(args![
        "pcap",
        "seal",
        "-k",
        &keys,
        "--drop-others",
        "--like",
        &mixed,
        &inner,
        &again
    ]);
    assert_eq!(read(&again), read(&wire(NAME)));
}

/// Ethernet puts bytes behind short packets, and its ARP has no place among IP packets.
#[test]
fn what_is_around_ip_does_not_matter() {
    let (desk, sas) = (Desk::new(), case(NAME));
    // File header: nanoseconds, Ethernet.
    let mut capture =
        b"\x4d\x3c\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0".to_vec();
    let mut frame = |time: Duration, kind: [u8; 2], packet: &[u8]| {
        let frame = [&[2; 12], &kind[..], packet, &[0xee; 5]].concat();
        let length = frame.len() as u32;
        for word in [time.as_secs() as u32, time.subsec_nanos(), length, length] {
            capture.extend_from_slice(&word.to_le_bytes());
        }
        capture.extend_from_slice(&frame);
    };
    let nanosecond = Duration::from_nanos(1);
    for (time, packet) in others() {
        frame(time + nanosecond, [8, 0], &packet);
    }
    frame(Duration::ZERO, [8, 6], &[0; 28]);
    for (time, packet) in read(&wire(NAME)) {
        frame(time + nanosecond, [8, 0], &packet);
    }
    let ethernet = desk.file("ethernet.pcap", capture);
    let inner = desk.path("inner");
    let (out, _) = succeed(args![
        "--json",
        "pcap",
        "open",
        "-k",
        desk.keys(&sas),
        &ethernet,
        &inner
    ]);
    assert_eq!(out.matches("\"verdict\":\"left-out\"").count(), 1);
    let expected = others().into_iter().chain(received(&sas, NAME));
    let expected: Vec<Timed> = expected
        .map(|(time, packet)| (time + nanosecond, packet))
        .collect();
    assert_eq!(read(&inner), expected);
}

/// Link type 189 is USB: nothing here has to do with IP.
#[test]
fn a_capture_of_something_else_can_t_be_read() {
    let (desk, sas) = (Desk::new(), case(NAME));
    let mut capture = std::fs::read(wire(NAME)).unwrap();
    capture[20] = 189;
    let usb = desk.file("usb.pcap", capture);
    let (keys, inner) = (desk.keys(&sas), desk.path("inner"));
    let (status, message) = fail(args!["pcap", "open", "-k", &keys, &usb, &inner]);
    assert_eq!(status, 1);
    assert!(
        message.contains("link type 189 is not supported"),
        "{message}"
    );
    assert!(!inner.exists());
}

/// As with `| head`: the capture is written nevertheless.
#[test]
fn verdicts_that_nobody_reads_do_no_harm() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let (desk, sas) = (Desk::new(), case(NAME));
    let (keys, inner) = (desk.keys(&sas), desk.path("inner"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_iiptran"))
        .args(args!["--json", "pcap", "open", "-k", &keys, "-", &inner])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let capture = std::fs::read(wire(NAME)).unwrap();
    child.stdin.take().unwrap().write_all(&capture).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(read(&inner), received(&sas, NAME));
}

#[test]
fn standard_input_and_output_are_files_too() {
    use std::fs::File;
    use std::process::{Command, Stdio};
    let (desk, sas) = (Desk::new(), case(NAME));
    let (keys, inner) = (desk.keys(&sas), desk.path("inner"));
    let output = Command::new(env!("CARGO_BIN_EXE_iiptran"))
        .args(args!["pcap", "open", "-k", &keys, "-", "-"])
        .stdin(File::open(wire(NAME)).unwrap())
        .stdout(File::create(&inner).unwrap())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(output.success());
    assert_eq!(read(&inner), received(&sas, NAME));
}
