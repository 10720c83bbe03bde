//! Every kernel against RustCrypto: bursts of any lengths, some packets not authentic.
#![no_main]

mod esp;
mod key;

use arbitrary::Arbitrary;
use iiptran_accel::{Aad, Icv, Kernel, Nonce, Opening, Sealing};
use libfuzzer_sys::fuzz_target;

use esp::Sa;
use key::{Cipher, Key};

#[derive(Arbitrary, Debug)]
struct Packet {
    nonce: [u8; 12],
    aad: [u8; 16],
    aad_length: u8,
    icv_length: u8,
    wrong_bit: Option<u8>,
    plain: Vec<u8>,
}

impl Packet {
    fn aad(&self) -> &[u8] {
        &self.aad[..usize::from(self.aad_length % 17)]
    }

    fn values(&self) -> (Nonce, Aad) {
        (self.nonce.into(), Aad::new(self.aad()).unwrap())
    }

    /// The ICV, wrong where it is to be.
    fn icv(&self, key: &Key, mut tag: [u8; 16]) -> Icv {
        let length = key.icvs()[usize::from(self.icv_length % 3)];
        if let Some(bit) = self.wrong_bit {
            tag[usize::from(bit / 8) % length] ^= 1 << (bit % 8);
        }
        Icv::new(&tag[..length]).unwrap()
    }
}

fn bursts(cipher: &Cipher, key: &Key, packets: &[Packet], expected: &[(Vec<u8>, [u8; 16])]) {
    let mut bodies: Vec<_> = packets.iter().map(|packet| packet.plain.clone()).collect();
    let mut burst: Vec<_> = packets
        .iter()
        .zip(&mut bodies)
        .map(|(packet, body)| {
            let (nonce, aad) = packet.values();
            Sealing::new(nonce, aad, body)
        })
        .collect();
    cipher.seal_burst(&mut burst);
    for (sealed, (_, tag)) in burst.iter().zip(expected) {
        assert_eq!(sealed.tag().bytes(), *tag);
    }
    for (body, (sealed, _)) in bodies.iter().zip(expected) {
        assert_eq!(body, sealed);
    }
    let mut burst: Vec<_> = packets
        .iter()
        .zip(&mut bodies)
        .zip(expected)
        .map(|((packet, body), (_, tag))| {
            let (nonce, aad) = packet.values();
            Opening::new(nonce, aad, body, packet.icv(key, *tag))
        })
        .collect();
    cipher.open_burst(&mut burst);
    for (opened, packet) in burst.iter().zip(packets) {
        assert_eq!(opened.is_authentic(), packet.wrong_bit.is_none());
    }
    for ((body, packet), (sealed, _)) in bodies.iter().zip(packets).zip(expected) {
        let left = if packet.wrong_bit.is_some() {
            sealed
        } else {
            &packet.plain
        };
        assert_eq!(body, left);
    }
}

fuzz_target!(|input: (Key, Vec<Packet>, Sa)| {
    let (key, packets, sa) = input;
    let sealed = |packet: &Packet| key.seal(packet.nonce, packet.aad(), &packet.plain);
    let expected: Vec<_> = packets.iter().map(sealed).collect();
    for kernel in Kernel::available() {
        let cipher = Cipher::new(kernel, &key);
        bursts(&cipher, &key, &packets, &expected);
        if let Cipher::Gcm(gcm) = &cipher {
            sa.packets(gcm, &key, &packets);
        }
    }
});
