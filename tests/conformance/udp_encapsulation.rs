//! ESP inside UDP (RFC 3948).

use iiptran::wire::IpVersion::{self, V4, V6};
use iiptran::wire::Protocol;
use iiptran::{DropReason, Verdict};
use iiptran_tests::lab::{Gateways, Lab, VERSIONS, gateways, hosts};
use iiptran_tests::{Ip, checksum, fill_checksum, header};

use crate::ipip::BYPASS;

/// Gateways of each arrangement whose ESP goes inside UDP.
fn behind_nat(outer: IpVersion) -> [Gateways; 2] {
    ["iiptran", "tunnel-mode"].map(|arrangement| Gateways {
        outer,
        protection: "udp-encapsulation = {}".into(),
        ..Gateways::new(arrangement)
    })
}

/// Datagram on port 4500 with this content, from gateway A to gateway B, with any checksum.
fn datagram(version: IpVersion, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 8).unwrap().to_be_bytes();
    let udp = [
        &[0x11, 0x94, 0x11, 0x94, length[0], length[1], 0, 0],
        content,
    ]
    .concat();
    Ip::new(gateways(version), Protocol::UDP, &udp).bytes()
}

/// A packet through gateway A.
fn sent(a: &mut Lab) -> Vec<u8> {
    let packet = Ip::udp(hosts(V4), b"payload").bytes();
    a.receive("lan", &packet).transmitted()
}

/// The sum over pseudo header and datagram (RFC 768, RFC 8200 section 8.1): 0 if it is right.
fn udp_sum(packet: &[u8]) -> u16 {
    let front = IpVersion::of(header(packet).source).header_length();
    let addresses = if front == 20 { 12..20 } else { 8..40 };
    let length = u16::try_from(packet.len() - front).unwrap().to_be_bytes();
    let mut summed = packet[addresses].to_vec();
    summed.extend([0, 17, length[0], length[1]]);
    summed.extend(&packet[front..]);
    if summed.len() % 2 == 1 {
        summed.push(0);
    }
    checksum(&summed)
}

#[test]
fn nat_01_what_is_on_the_port() {
    for version in VERSIONS {
        for arrangement in behind_nat(version) {
            let (mut a, mut b) = arrangement.more(BYPASS).nodes();
            let front = version.header_length();
            let wire = sent(&mut a);
            // Both ports are 4500, and the SPI comes next.
            assert_eq!(header(&wire).protocol, Protocol::UDP);
            assert_eq!(wire[front..front + 4], [0x11, 0x94, 0x11, 0x94]);
            assert_eq!(wire[front + 8..front + 12], [0, 0, 0xab, 1]);
            assert!(b.receive("wan", &wire).transmitted().ends_with(b"payload"));
            // A NAT may have changed the source port.
            let mut wire = sent(&mut a);
            wire[front..front + 2].copy_from_slice(&[0xc0, 0x01]);
            wire[front + 6..front + 8].fill(0);
            assert!(b.receive("wan", &wire).transmitted().ends_with(b"payload"));
            // Four zero bytes: IKE, which is for this node and nothing for the SAD.
            let ike = datagram(version, &[0, 0, 0, 0, 0x12, 0x34, 0x56, 0x78]);
            let outcome = b.receive("wan", &ike);
            let link = b.link("wan");
            assert_eq!(outcome.verdict, Verdict::Deliver { link });
            assert_eq!(outcome.packet, ike);
            // A single byte 0xff: nobody wants to see it.
            let outcome = b.receive("wan", &datagram(version, &[0xff]));
            assert_eq!(outcome.reason(), Some(DropReason::NatKeepalive));
            assert!(DropReason::NatKeepalive.is_expected());
            assert_eq!(b.drops(DropReason::NatKeepalive), 1);
            // Anything else with an SPI is ESP, and too little for one is nothing.
            let esp = [&[0, 0, 0x99, 0x99, 0, 0, 0, 1], &[0; 40][..]].concat();
            let outcome = b.receive("wan", &datagram(version, &esp));
            assert_eq!(outcome.reason(), Some(DropReason::UnknownSpi));
            for short in [&[][..], &[0xfe], &[0xff, 0xff], &[0, 0, 0]] {
                let outcome = b.receive("wan", &datagram(version, short));
                assert_eq!(outcome.reason(), Some(DropReason::Truncated));
            }
        }
    }
}

#[test]
fn nat_02_checksums() {
    for arrangement in behind_nat(V4) {
        let (mut a, mut b) = arrangement.nodes();
        let wire = sent(&mut a);
        assert_eq!(wire[26..28], [0, 0], "0 over IPv4");
        assert_eq!(b.receive("wan", &wire).reason(), None);
        // One that is right is right, one that is wrong is wrong.
        let mut wire = sent(&mut a);
        let sum = udp_sum(&wire);
        wire[26..28].copy_from_slice(&sum.to_be_bytes());
        let mut wrong = wire.clone();
        wrong[27] ^= 1;
        assert_eq!(
            b.receive("wan", &wrong).reason(),
            Some(DropReason::BadChecksum)
        );
        assert_eq!(b.receive("wan", &wire).reason(), None);
    }
    for arrangement in behind_nat(V6) {
        let (mut a, mut b) = arrangement.nodes();
        let wire = sent(&mut a);
        assert_ne!(wire[46..48], [0, 0], "computed over IPv6");
        assert_eq!(udp_sum(&wire), 0);
        assert_eq!(b.receive("wan", &wire).reason(), None);
        // RFC 6935: a tunnel may go without.
        let mut wire = sent(&mut a);
        wire[46..48].fill(0);
        assert_eq!(b.receive("wan", &wire).reason(), None);
        let mut wire = sent(&mut a);
        wire[47] ^= 1;
        assert_eq!(
            b.receive("wan", &wire).reason(),
            Some(DropReason::BadChecksum)
        );
    }
}

#[test]
fn nat_06_lengths_agree() {
    for arrangement in behind_nat(V4) {
        let (mut a, mut b) = arrangement.nodes();
        let wire = sent(&mut a);
        let length = u16::from_be_bytes([wire[24], wire[25]]);
        assert_eq!(usize::from(length), wire.len() - 20);
        for (other, reason) in [
            (length - 1, DropReason::BadTotalLength),
            (length + 1, DropReason::Truncated),
            (8, DropReason::BadTotalLength),
            (7, DropReason::BadHeaderLength),
            (0, DropReason::BadHeaderLength),
        ] {
            let mut wrong = wire.clone();
            wrong[24..26].copy_from_slice(&other.to_be_bytes());
            assert_eq!(b.receive("wan", &wrong).reason(), Some(reason), "{other}");
        }
        // An IP length that says more or less than the datagram does.
        let mut longer = [&wire[..], &[0]].concat();
        let total = u16::try_from(longer.len()).unwrap();
        longer[2..4].copy_from_slice(&total.to_be_bytes());
        fill_checksum(&mut longer);
        assert_eq!(
            b.receive("wan", &longer).reason(),
            Some(DropReason::BadTotalLength)
        );
        let mut shorter = wire[..wire.len() - 1].to_vec();
        shorter[2..4].copy_from_slice(&(total - 2).to_be_bytes());
        fill_checksum(&mut shorter);
        assert_eq!(
            b.receive("wan", &shorter).reason(),
            Some(DropReason::Truncated)
        );
        assert_eq!(b.receive("wan", &wire).reason(), None, "itself it is good");
    }
}
