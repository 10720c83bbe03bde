//! Packets of an SA, whose nonce and associated data stand in them (RFC 4106).

use arbitrary::Arbitrary;
use iiptran_accel::{EspFormat, Gcm};

use crate::Packet;
use crate::key::Key;

#[derive(Arbitrary, Debug)]
pub(crate) struct Sa {
    salt: [u8; 4],
    spi: [u8; 4],
    icv: u8,
    implicit_iv: bool,
    extended: bool,
    first: u64,
}

impl Sa {
    /// Seals and opens packets with these plaintexts, as many as go at once.
    pub(crate) fn packets(&self, gcm: &Gcm, key: &Key, packets: &[Packet]) {
        let packets = &packets[..packets.len().min(Gcm::MOST_ESP)];
        let icv = key.icvs()[usize::from(self.icv % 3)];
        let format = EspFormat::new(self.salt, icv, self.implicit_iv, self.extended).unwrap();
        let count = packets.len() as u64;
        let numbers: Vec<u64> = (0..count).map(|place| self.first.wrapping_add(place)).collect();
        let expected = packets.iter().zip(&numbers).map(|(packet, number)| {
            let high = &(number >> 32).to_be_bytes()[4..];
            let low = &number.to_be_bytes()[4..];
            let iv = if self.implicit_iv {
                number.to_be_bytes()
            } else {
                packet.nonce[4..].try_into().unwrap()
            };
            let nonce = [&self.salt[..], &iv].concat().try_into().unwrap();
            let extended = if self.extended { high } else { &[] };
            let aad = [&self.spi[..], extended, low].concat();
            let (body, tag) = key.seal(nonce, &aad, &packet.plain);
            let sent = if self.implicit_iv { &[][..] } else { &iv };
            let before = [&self.spi[..], low, sent].concat();
            (before, body, tag)
        });
        let expected: Vec<_> = expected.collect();
        let wire: Vec<Vec<u8>> = expected
            .iter()
            .map(|(before, body, tag)| [before, body, &tag[..icv]].concat())
            .collect();
        let plain: Vec<Vec<u8>> = expected
            .iter()
            .zip(packets)
            .map(|((before, ..), packet)| [before, &packet.plain[..], &[0xa5; 16][..icv]].concat())
            .collect();

        let mut all = plain.clone();
        let mut burst: Vec<&mut [u8]> = all.iter_mut().map(Vec::as_mut_slice).collect();
        gcm.seal_esp(format, &mut burst, &numbers).unwrap();
        assert_eq!(all, wire);

        let mut given = wire;
        for (bytes, packet) in given.iter_mut().zip(packets) {
            if let Some(bit) = packet.wrong_bit {
                let place = bytes.len() - icv + usize::from(bit / 8) % icv;
                bytes[place] ^= 1 << (bit % 8);
            }
        }
        let mut all = given.clone();
        let mut burst: Vec<&mut [u8]> = all.iter_mut().map(Vec::as_mut_slice).collect();
        let authentic = gcm.open_esp(format, &mut burst, &numbers).unwrap();
        for (place, packet) in packets.iter().enumerate() {
            let is_right = packet.wrong_bit.is_none();
            assert_eq!(authentic >> place & 1 == 1, is_right);
            if !is_right {
                assert_eq!(all[place], given[place]);
                continue;
            }
            let body = expected[place].0.len()..all[place].len() - icv;
            assert_eq!(all[place][body], packet.plain);
        }
    }
}
