//! ESP packets as they lie on the wire: each is what another implementation makes of its parts (RFC 4106, RFC 8750).
#![cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail anywhere"
)]

mod support;

use iiptran_accel::{Error, EspFormat, Gcm};
use support::{ICV_LENGTHS, KEY_LENGTHS, Numbers, Portable, kernels};

const SALT: [u8; 4] = [1, 2, 3, 4];

/// How the packets of a burst look.
#[derive(Clone, Copy, Debug)]
struct Look {
    implicit_iv: bool,
    extended: bool,
    icv: usize,
}

impl Look {
    fn random(numbers: &mut Numbers) -> Self {
        Self {
            implicit_iv: numbers.below(2) == 0,
            extended: numbers.below(2) == 0,
            icv: ICV_LENGTHS[numbers.below(3)],
        }
    }

    fn format(self) -> EspFormat {
        EspFormat::new(SALT, self.icv, self.implicit_iv, self.extended).unwrap()
    }

    fn before(self) -> usize {
        if self.implicit_iv { 8 } else { 16 }
    }

    /// A packet before it is sealed, and what it has to be afterwards.
    fn packet(
        self,
        numbers: &mut Numbers,
        portable: &Portable,
        sequence: u64,
        length: usize,
    ) -> (Vec<u8>, Vec<u8>) {
        let (spi, number) = (numbers.bytes(4), sequence.to_be_bytes());
        let iv = if self.implicit_iv {
            number.to_vec()
        } else {
            numbers.bytes(8)
        };
        let on_wire = if self.implicit_iv { &[][..] } else { &iv };
        let nonce = [&SALT[..], &iv].concat().try_into().unwrap();
        let authenticated = if self.extended {
            &number[..]
        } else {
            &number[4..]
        };
        let aad = [&spi, authenticated].concat();
        let head = [&spi, &number[4..], on_wire].concat();
        let body = numbers.bytes(length);
        let mut sealed = body.clone();
        let tag = portable.seal(nonce, &aad, &mut sealed);
        let clear = [&head[..], &body, &vec![0xee; self.icv]].concat();
        (clear, [&head[..], &sealed, &tag[..self.icv]].concat())
    }
}

fn slices(packets: &mut [Vec<u8>]) -> Vec<&mut [u8]> {
    packets.iter_mut().map(Vec::as_mut_slice).collect()
}

#[test]
fn each_packet_is_what_it_is_in_parts() {
    for round in 0..450 {
        let mut numbers = Numbers(round);
        let key_length = KEY_LENGTHS[numbers.below(3)];
        let key = numbers.bytes(key_length);
        let portable = Portable::new(&key);
        let look = Look::random(&mut numbers);
        let rows = 1 + numbers.below(17);
        let sequences: Vec<u64> = (0..numbers.below(Gcm::MOST_ESP + 1))
            .map(|_| numbers.next())
            .collect();
        let (clear, sealed): (Vec<_>, Vec<_>) = sequences
            .iter()
            .enumerate()
            .map(|(place, &sequence)| {
                // Rows of packets with as many blocks, few lengths in any order, and lengths of all kinds.
                let length = match round % 3 {
                    0 => (16 * ((place / rows + round as usize) % 10))
                        .saturating_sub(numbers.below(16)),
                    1 => [round as usize % 128, 68, 580][numbers.below(3)],
                    _ => numbers.below(1500),
                };
                look.packet(&mut numbers, &portable, sequence, length)
            })
            .unzip();
        let wrong: Vec<bool> = sequences.iter().map(|_| numbers.below(5) == 0).collect();
        for gcm in kernels(&key) {
            let mut packets = clear.clone();
            gcm.seal_esp(look.format(), &mut slices(&mut packets), &sequences)
                .unwrap();
            assert!(packets == sealed, "{gcm:?}, round {round}, {look:?}");

            for (packet, wrong) in packets.iter_mut().zip(&wrong) {
                // Somewhere in header, body or ICV, but not in the number that is not read from there.
                let place = match numbers.below(3) {
                    0 => numbers.below(4),
                    1 => look.before() + numbers.below(packet.len() - look.before()),
                    _ => packet.len() - 1 - numbers.below(look.icv),
                };
                packet[place] ^= u8::from(*wrong) << numbers.below(8);
            }
            let arrived = packets.clone();
            let authentic = gcm
                .open_esp(look.format(), &mut slices(&mut packets), &sequences)
                .unwrap();
            for (place, wrong) in wrong.iter().enumerate() {
                assert_eq!(
                    authentic >> place & 1 == 0,
                    *wrong,
                    "{gcm:?}, round {round}"
                );
                let body = look.before()..clear[place].len() - look.icv;
                if *wrong {
                    assert!(
                        packets[place] == arrived[place],
                        "as it was: {gcm:?}, {round}"
                    );
                } else {
                    assert!(
                        packets[place][body.clone()] == clear[place][body],
                        "{round}"
                    );
                }
            }
            let behind = authentic.checked_shr(wrong.len() as u32);
            assert_eq!(behind.unwrap_or(0), 0, "no bit behind the last");
        }
    }
}

#[test]
fn a_burst_with_a_packet_that_is_too_short_is_left_alone() {
    for gcm in kernels(&[7; 16]) {
        for implicit_iv in [false, true] {
            let around = if implicit_iv { 8 + 12 } else { 16 + 12 };
            let format = EspFormat::new(SALT, 12, implicit_iv, false).unwrap();
            let before: Vec<Vec<u8>> = [64, around - 1, 64].map(|length| vec![9; length]).into();
            let mut packets = before.clone();
            let sealed = gcm.seal_esp(format, &mut slices(&mut packets), &[1, 2, 3]);
            let opened = gcm.open_esp(format, &mut slices(&mut packets), &[1, 2, 3]);
            assert_eq!(
                (sealed, opened),
                (Err(Error::TooShort), Err(Error::TooShort))
            );
            let few = gcm.seal_esp(format, &mut slices(&mut packets)[..1], &[]);
            let mut many = vec![vec![9; 64]; Gcm::MOST_ESP + 1];
            let many = gcm.seal_esp(format, &mut slices(&mut many), &[1; 40]);
            assert!(few.is_err() && many.is_err());
            assert_eq!(packets, before);
        }
    }
    assert!(EspFormat::new(SALT, 15, false, false).is_none());
}
