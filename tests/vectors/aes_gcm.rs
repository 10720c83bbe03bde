//! AES-GCM and AES-GMAC in ESP (draft-mcgrew-gcm-test-01).

use iiptran::esp::{self, OpenRequest, Padding, PaddingCheck, SealRequest};
use iiptran::sa::{OutboundSa, SaError, SaParameters};
use iiptran::transform::{Authenticated, Iv, Keys, Opener, Sealer, Transform};
use iiptran::wire::{Protocol, Spi};
use iiptran::{Mode, PacketBuffer};
use iiptran_tests::{Hex, vectors};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    case: u32,
    encryption: String,
    key: Hex,
    spi: u32,
    sequence: u64,
    extended: bool,
    iv: Hex,
    body: Hex,
    esp: Hex,
}

impl Vector {
    fn transform(&self) -> Transform {
        Transform::from_names(&self.encryption, None).unwrap()
    }

    fn keys(&self) -> Keys {
        iiptran_tests::choose_kernel();
        Keys {
            encryption: (&*self.key).into(),
            ..Keys::default()
        }
    }

    fn authenticated(&self) -> Authenticated {
        Authenticated {
            spi: Spi(self.spi),
            sequence: self.sequence,
            extended: self.extended,
        }
    }

    /// Payload, and the protocol that the trailer names.
    fn payload(&self) -> (&[u8], Protocol) {
        let [payload_and_padding @ .., pad_length, next_header] = &*self.body else {
            panic!("case {} has no trailer", self.case);
        };
        let length = payload_and_padding.len() - usize::from(*pad_length);
        (&payload_and_padding[..length], Protocol(*next_header))
    }

    fn seal(&self, buffer: &mut PacketBuffer) {
        let request = SealRequest {
            transform: self.transform(),
            sealer: &Sealer::new(self.transform(), &self.keys()).unwrap(),
            authenticated: self.authenticated(),
            iv: Iv::new(&self.iv).unwrap(),
            next_header: self.payload().1,
            padding: Padding::Minimal,
            flow_padding: 0,
            room_before: 0,
        };
        let sealed = buffer.process(|packet| esp::seal(packet, 0, &request));
        assert_eq!(sealed.unwrap().offset, 0);
    }

    fn open(&self, buffer: &mut PacketBuffer) -> Protocol {
        let request = OpenRequest {
            transform: self.transform(),
            opener: &Opener::new(self.transform(), &self.keys()).unwrap(),
            authenticated: self.authenticated(),
        };
        let opened = buffer.process(|packet| {
            let opened = esp::open(packet, 0, &request)?;
            esp::check_padding(packet.bytes(), &opened, PaddingCheck::Monotonic)?;
            esp::strip(packet, 0, &opened).map(|()| opened)
        });
        let opened = opened.unwrap();
        assert_eq!(opened.iv.as_bytes(), &*self.iv);
        opened.next_header
    }
}

/// The next header of each packet is ICMP, whatever the payload is. So these are ESP packets that no
/// IP header goes with, and the format alone is tested.
#[test]
fn alg_04_draft_mcgrew_gcm_test() {
    let vectors: Vec<Vector> = vectors::load("draft-mcgrew-gcm-test-01");
    assert_eq!(vectors.len(), 15);
    assert_eq!(vectors.iter().filter(|vector| vector.extended).count(), 9);
    for vector in vectors {
        let (payload, protocol) = vector.payload();
        let mut buffer = PacketBuffer::new(payload);
        vector.seal(&mut buffer);
        assert_eq!(buffer.bytes(), &*vector.esp, "case {}", vector.case);
        assert_eq!(vector.open(&mut buffer), protocol, "case {}", vector.case);
        assert_eq!(buffer.bytes(), payload, "case {}", vector.case);
    }
}

#[test]
fn the_spi_of_case_4_is_none_for_an_sa() {
    let vectors: Vec<Vector> = vectors::load("draft-mcgrew-gcm-test-01");
    let vector = vectors.iter().find(|vector| vector.spi == 0).unwrap();
    let (spi, transform) = (Spi(vector.spi), vector.transform());
    let parameters = SaParameters::new(spi, Mode::Transport, transform, vector.keys());
    let refused = OutboundSa::new(parameters).err();
    assert_eq!(refused, Some(SaError::ReservedSpi(Spi(0))));
}
