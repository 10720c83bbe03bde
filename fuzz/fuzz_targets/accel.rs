//! Every kernel against RustCrypto: bursts of any lengths, some packets not authentic.
#![no_main]

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use arbitrary::Arbitrary;
use iiptran_accel::{Aad, Gcm, Icv, Kernel, Nonce, Opening, Sealing};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Packet {
    nonce: [u8; 12],
    aad: [u8; 16],
    aad_length: u8,
    icv_length: u8,
    wrong_bit: Option<u8>,
    plain: Vec<u8>,
}

#[derive(Arbitrary, Debug)]
enum Key {
    Bits128([u8; 16]),
    Bits256([u8; 32]),
}

impl Key {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Bits128(key) => key,
            Self::Bits256(key) => key,
        }
    }

    /// Ciphertext and tag.
    fn seal(&self, packet: &Packet) -> (Vec<u8>, [u8; 16]) {
        let (nonce, aad) = (packet.nonce.into(), packet.aad());
        let mut body = packet.plain.clone();
        let buffer = body.as_mut_slice().into();
        let tag = match self {
            Self::Bits128(key) => {
                Aes128Gcm::new(key.into()).encrypt_inout_detached(&nonce, aad, buffer)
            }
            Self::Bits256(key) => {
                Aes256Gcm::new(key.into()).encrypt_inout_detached(&nonce, aad, buffer)
            }
        };
        (body, tag.unwrap().into())
    }
}

impl Packet {
    fn aad(&self) -> &[u8] {
        &self.aad[..usize::from(self.aad_length % 17)]
    }

    fn values(&self) -> (Nonce, Aad) {
        (self.nonce.into(), Aad::new(self.aad()).unwrap())
    }

    /// The ICV, wrong where it is to be.
    fn icv(&self, mut tag: [u8; 16]) -> Icv {
        let length = [8, 12, 16][usize::from(self.icv_length % 3)];
        if let Some(bit) = self.wrong_bit {
            tag[usize::from(bit / 8) % length] ^= 1 << (bit % 8);
        }
        Icv::new(&tag[..length]).unwrap()
    }
}

fuzz_target!(|input: (Key, Vec<Packet>)| {
    let (key, packets) = input;
    let expected: Vec<_> = packets.iter().map(|packet| key.seal(packet)).collect();
    for kernel in Kernel::available() {
        let gcm = Gcm::new(kernel, key.bytes()).unwrap();
        let mut bodies: Vec<_> = packets.iter().map(|packet| packet.plain.clone()).collect();
        let mut burst: Vec<_> = packets
            .iter()
            .zip(&mut bodies)
            .map(|(packet, body)| {
                let (nonce, aad) = packet.values();
                Sealing::new(nonce, aad, body)
            })
            .collect();
        gcm.seal_burst(&mut burst).unwrap();
        for (sealed, (_, tag)) in burst.iter().zip(&expected) {
            assert_eq!(sealed.tag().bytes(), *tag);
        }
        for (body, (sealed, _)) in bodies.iter().zip(&expected) {
            assert_eq!(body, sealed);
        }
        let mut burst: Vec<_> = packets
            .iter()
            .zip(&mut bodies)
            .zip(&expected)
            .map(|((packet, body), (_, tag))| {
                let (nonce, aad) = packet.values();
                Opening::new(nonce, aad, body, packet.icv(*tag))
            })
            .collect();
        gcm.open_burst(&mut burst).unwrap();
        for (opened, packet) in burst.iter().zip(&packets) {
            assert_eq!(opened.is_authentic(), packet.wrong_bit.is_none());
        }
        for ((body, packet), (sealed, _)) in bodies.iter().zip(&packets).zip(&expected) {
            let left = if packet.wrong_bit.is_some() {
                sealed
            } else {
                &packet.plain
            };
            assert_eq!(body, left);
        }
    }
});
