//! Replayed, changed and shortened packets.

use core::ops::Range;

use iiptran::esp::ReplayWindow;
use iiptran::sa::{EspPlace, InboundSa};
use iiptran::wire::{self, EspHeader, Ipv4Header, UdpHeader};
use iiptran::{Arrangement, DropReason, PacketBuffer};
use iiptran_tests::captures::{self, CapturedSa, PACKETS};
use iiptran_tests::{header, receive};

/// What becomes of a packet, and its bytes afterwards.
fn outcome(sa: &mut InboundSa, packet: &[u8]) -> (Result<u64, DropReason>, Vec<u8>) {
    let mut buffer = PacketBuffer::new(packet);
    let result = buffer.process(|packet| receive(Arrangement::Transport, sa, packet));
    (result, buffer.bytes().to_vec())
}

/// A receiver that has had no packet yet.
fn receiver(captured: &CapturedSa) -> InboundSa {
    InboundSa::new(captured.receiver(Arrangement::Transport)).unwrap()
}

/// Where ESP begins in a packet of Linux.
fn esp_offset(wire: &[u8]) -> usize {
    let place = EspPlace::find(wire, &header(wire));
    place.unwrap().unwrap().offset
}

#[test]
fn a_second_time_every_packet_is_a_replay() {
    let mut replayed = 0;
    for captured in captures::load() {
        let mut sa = receiver(&captured);
        for packet in &captured.packets {
            assert_eq!(outcome(&mut sa, &packet.wire).0, Ok(packet.sequence));
        }
        for packet in &captured.packets {
            let refused = (Err(DropReason::Replayed), packet.wire.clone());
            assert_eq!(outcome(&mut sa, &packet.wire), refused, "{}", captured.case);
            replayed += 1;
        }
    }
    assert_eq!(replayed, PACKETS);
}

/// Why a packet with this SPI and sequence number is refused, if nothing authenticates it.
fn refusal(captured: &CapturedSa, window: &ReplayWindow, esp: &[u8]) -> DropReason {
    let parameters = captured.receiver(Arrangement::Transport);
    let header = EspHeader::parse(esp).unwrap();
    if header.spi.get() != parameters.spi.0 {
        return DropReason::UnknownSpi;
    }
    let low = header.sequence.get();
    let sequence = if parameters.extended_sequence {
        window.infer(low)
    } else {
        Ok(low.into())
    };
    let refused = sequence.and_then(|sequence| window.check(sequence));
    refused.err().unwrap_or(DropReason::BadIcv)
}

/// Flips one bit in each byte of `range`, another one each time, and looks at what becomes of it.
fn flip(packet: &[u8], range: Range<usize>, mut check: impl FnMut(&[u8])) -> usize {
    let mut flipped = packet.to_vec();
    for index in range.clone() {
        let bit = 1 << ((index - range.start) % 8);
        flipped[index] ^= bit;
        check(&flipped);
        flipped[index] ^= bit;
    }
    range.len()
}

/// From the SPI to the ICV, every bit counts. A packet that fails stays as it is, for whoever wants to
/// look at it.
#[test]
fn a_flipped_bit_in_esp_is_noticed() {
    let mut flipped = 0;
    for captured in captures::load() {
        for packet in &captured.packets {
            let mut sa = receiver(&captured);
            let offset = esp_offset(&packet.wire);
            flipped += flip(&packet.wire, offset..packet.wire.len(), |changed| {
                let window = sa.window().unwrap().clone();
                // Over IPv6 the UDP checksum notices it first.
                let reason = if captured.udp_encapsulation && captured.ends.remote.is_ipv6() {
                    DropReason::BadChecksum
                } else {
                    refusal(&captured, &window, &changed[offset..])
                };
                let expected = (Err(reason), changed.to_vec());
                assert_eq!(outcome(&mut sa, changed), expected, "{}", captured.case);
                assert_eq!(sa.window(), Some(&window), "a forgery moves no window");
            });
            assert_eq!(outcome(&mut sa, &packet.wire).0, Ok(packet.sequence));
        }
    }
    assert_eq!(flipped, 102_696);
}

/// IPsec does not authenticate the header in front of ESP. Over IPv4 its checksum covers it; of a UDP
/// header, the length and the checksum show a change.
#[test]
fn a_flipped_bit_before_esp_is_noticed_if_something_covers_it() {
    let mut flipped = 0;
    for captured in captures::load() {
        for packet in &captured.packets {
            let mut sa = receiver(&captured);
            let ip = header(&packet.wire).length;
            let offset = esp_offset(&packet.wire);
            let mut refused = |changed: &[u8]| assert!(outcome(&mut sa, changed).0.is_err());
            if captured.ends.remote.is_ipv4() {
                flipped += flip(&packet.wire, 0..ip, &mut refused);
            }
            if offset - ip == UdpHeader::LENGTH {
                flipped += flip(&packet.wire, ip + 4..offset, &mut refused);
            }
        }
    }
    assert_eq!(flipped, 13_640);
}

/// Only whole datagrams go to IPsec (RFC 4303 section 3.4.1): reassembly is not the SA's part.
#[test]
fn a_fragment_is_refused() {
    let mut refused = 0;
    for captured in captures::load() {
        if captured.ends.remote.is_ipv6() {
            continue;
        }
        for packet in &captured.packets {
            let mut fragment = packet.wire.clone();
            // "More fragments".
            fragment[6] |= 0x20;
            Ipv4Header::fill_checksum(&mut fragment[..Ipv4Header::LENGTH]);
            let expected = (Err(DropReason::FragmentOffered), fragment.clone());
            assert_eq!(outcome(&mut receiver(&captured), &fragment), expected);
            refused += 1;
        }
    }
    assert_eq!(refused, 664);
}

#[test]
fn a_shortened_packet_is_noticed() {
    let mut shortened = 0;
    for captured in captures::load() {
        for packet in &captured.packets {
            let mut sa = receiver(&captured);
            let ip = header(&packet.wire);
            for length in 0..packet.wire.len() {
                let mut short = packet.wire[..length].to_vec();
                let refused = outcome(&mut sa, &short).0;
                assert_eq!(refused, Err(DropReason::Truncated), "{}", captured.case);
                if length < ip.length || captured.udp_encapsulation {
                    continue;
                }
                // The same with a header that fits.
                wire::set_payload(&mut short, ip.protocol_offset, ip.protocol, ip.length).unwrap();
                let refused = outcome(&mut sa, &short).0;
                let truncated_or_forged = [DropReason::Truncated, DropReason::BadIcv];
                assert!(truncated_or_forged.contains(&refused.unwrap_err()));
                shortened += 1;
            }
        }
    }
    assert_eq!(shortened, 92_944);
}
