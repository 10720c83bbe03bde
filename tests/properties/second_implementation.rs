//! Packets put together by hand around a second implementation of the algorithms.

use core::net::IpAddr;

use iiptran::sa::{OutboundSa, SaParameters};
use iiptran::transform::{AesKey, Icv, Integrity, Transform};
use iiptran::wire::{Protocol, Spi};
use iiptran::{Mode, PacketBuffer};
use iiptran_tests::{Ip, KEY_BYTES, NOW, keys, reference};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::random::{ends, key_bytes};

/// A packet in transport mode and its SA.
#[derive(Clone, Debug)]
struct Scenario {
    ends: [IpAddr; 2],
    payload: Vec<u8>,
    spi: u32,
    sequence: u64,
    extended: bool,
    keys: [u8; KEY_BYTES],
}

prop_compose! {
    fn scenario()(
        ends in ends(),
        payload in vec(any::<u8>(), 0..600),
        spi in 256..=u32::MAX,
        sequence in 1..=u64::MAX,
        extended in any::<bool>(),
        keys in key_bytes(),
    ) -> Scenario {
        let sequence = if extended { sequence } else { sequence >> 32 | 1 };
        Scenario { ends, payload, spi, sequence, extended, keys }
    }
}

/// What the payload claims to be.
const EXPERIMENT: Protocol = Protocol(253);

impl Scenario {
    /// The packet as the core seals it, and the IV that the core chose.
    fn sealed(&self, transform: Transform) -> (Vec<u8>, Vec<u8>) {
        let keys = keys(transform, &self.keys);
        let sa = OutboundSa::new(SaParameters {
            extended_sequence: self.extended,
            start: self.sequence - 1,
            ..SaParameters::new(Spi(self.spi), Mode::Transport, transform, keys)
        });
        let clear = Ip::new(self.ends, EXPERIMENT, &self.payload).bytes();
        let mut buffer = PacketBuffer::new(&clear);
        let sealed = buffer.process(|packet| sa.unwrap().seal(NOW, packet));
        let iv = sealed.unwrap().esp.iv;
        (buffer.bytes().to_vec(), iv.as_bytes().to_vec())
    }

    /// SPI, and the two halves of the sequence number.
    fn numbers(&self) -> [[u8; 4]; 3] {
        let [h0, h1, h2, h3, l0, l1, l2, l3] = self.sequence.to_be_bytes();
        [self.spi.to_be_bytes(), [h0, h1, h2, h3], [l0, l1, l2, l3]]
    }

    /// What an AEAD authenticates (RFC 4106 section 5).
    fn associated(&self) -> Vec<u8> {
        let [spi, high, low] = self.numbers();
        if self.extended {
            [spi, high, low].concat()
        } else {
            [spi, low].concat()
        }
    }

    /// The ICV of a separate integrity algorithm (RFC 4303 section 2.8).
    fn icv(&self, integrity: Integrity, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Vec<u8> {
        let [spi, high, low] = self.numbers();
        let mut covered = [&spi, &low, iv, ciphertext].concat();
        if self.extended {
            covered.extend(high);
        }
        reference::hmac_icv(integrity, key, &covered).unwrap()
    }

    /// Payload, padding and trailer in whole blocks (RFC 4303 section 2.4).
    fn body(&self, block: usize) -> Vec<u8> {
        let unpadded = self.payload.len() + 2;
        let pad_length = unpadded.next_multiple_of(block) - unpadded;
        let mut body = self.payload.clone();
        body.extend((1..).take(pad_length));
        body.extend([u8::try_from(pad_length).unwrap(), EXPERIMENT.0]);
        body
    }

    /// The whole packet (RFC 4303 section 2).
    fn packet(&self, iv: &[u8], ciphertext_and_icv: &[u8]) -> Vec<u8> {
        let [spi, _, low] = self.numbers();
        let esp = [&spi, &low, iv, ciphertext_and_icv].concat();
        Ip::new(self.ends, Protocol::ESP, &esp).bytes()
    }
}

proptest! {
    #[test]
    fn alg_04_aes_gcm_in_whole_packets(scenario in scenario(), key in select(&[AesKey::Bits128, AesKey::Bits256])) {
        let icv = Icv::Bytes16;
        let transform = Transform::AesGcm { key, icv, implicit_iv: false };
        let (sealed, iv) = scenario.sealed(transform);
        let (key, rest) = scenario.keys.split_at(key.length());
        let nonce = [&rest[..4], &iv].concat().try_into().unwrap();
        let (associated, body) = (scenario.associated(), scenario.body(4));
        let expected = reference::aes_gcm(key, nonce, &associated, &body);
        prop_assert_eq!(sealed, scenario.packet(&iv, &expected));
    }

    #[test]
    fn alg_06_chacha20_poly1305_in_whole_packets(scenario in scenario()) {
        let transform = Transform::ChaCha20Poly1305 { implicit_iv: false };
        let (sealed, iv) = scenario.sealed(transform);
        let (key, rest) = scenario.keys.split_at(32);
        let nonce = [&rest[..4], &iv].concat().try_into().unwrap();
        let (associated, body) = (scenario.associated(), scenario.body(4));
        let expected = reference::chacha20_poly1305(key, nonce, &associated, &body);
        prop_assert_eq!(sealed, scenario.packet(&iv, &expected));
    }

    #[test]
    fn enc_02_aes_cbc_is_encrypted_and_then_authenticated(
        scenario in scenario(),
        key in select(&[AesKey::Bits128, AesKey::Bits192, AesKey::Bits256]),
        integrity in select(&[
            Integrity::HmacSha1_96,
            Integrity::HmacSha2_256_128,
            Integrity::HmacSha2_384_192,
            Integrity::HmacSha2_512_256,
        ]),
    ) {
        let (sealed, iv) = scenario.sealed(Transform::AesCbc { key, integrity });
        let (key, rest) = scenario.keys.split_at(key.length());
        let ciphertext = reference::aes_cbc(key, &iv, &scenario.body(16));
        let integrity_key = &rest[..integrity.key_length()];
        let icv = scenario.icv(integrity, integrity_key, &iv, &ciphertext);
        prop_assert_eq!(sealed, scenario.packet(&iv, &[ciphertext, icv].concat()));
    }
}
