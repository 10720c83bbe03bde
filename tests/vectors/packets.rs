//! Whole packets (RFC 3602, RFC 7634), those in a tunnel by either arrangement that has one.

use iiptran::sa::{InboundSa, OutboundSa, SaParameters, SealOptions};
use iiptran::transform::{Iv, Keys, Transform};
use iiptran::wire::{self, Spi};
use iiptran::{Arrangement, Mode};
use iiptran_tests::{Hex, header, outer_header, process, receive, send, vectors};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    case: String,
    mode: String,
    key: Hex,
    spi: u32,
    sequence: u64,
    iv: Hex,
    inner: Hex,
    packet: Hex,
}

impl Vector {
    fn arrangements(&self) -> Vec<(Arrangement, Mode)> {
        match self.mode.as_str() {
            "transport" => vec![(Arrangement::Transport, Mode::Transport)],
            "tunnel" => {
                let ends = outer_header(&self.packet, &self.inner).ends;
                vec![
                    (Arrangement::TunnelMode, Mode::Tunnel(ends)),
                    (Arrangement::Iiptran, Mode::Transport),
                ]
            }
            other => panic!("{other} is not a mode"),
        }
    }

    /// The packet as each arrangement seals it; each opens its own again.
    fn sealed(&self, transform: Transform, integrity_key: &[u8]) -> Vec<Vec<u8>> {
        let keys = Keys {
            encryption: (&*self.key).into(),
            integrity: integrity_key.into(),
        };
        let options = SealOptions {
            sequence: Some(self.sequence),
            iv: Iv::new(&self.iv),
            ..SealOptions::default()
        };
        let outer = outer_header(&self.packet, &self.inner);
        let round_trip = |(arrangement, mode)| {
            let parameters = SaParameters::new(Spi(self.spi), mode, transform, keys.clone());
            let sender = OutboundSa::new(parameters.clone()).unwrap();
            let sealed = process(&self.inner, |packet| {
                send(arrangement, &sender, packet, outer, &options)
            });
            let sealed = sealed.unwrap();
            let mut receiver = InboundSa::new(parameters).unwrap();
            let opened = process(&sealed, |packet| {
                receive(arrangement, &mut receiver, packet)
            });
            assert_eq!(opened.as_deref(), Ok(&*self.inner), "case {}", self.case);
            sealed
        };
        self.arrangements().into_iter().map(round_trip).collect()
    }
}

/// The packets of this RFC have no ICV, which an SA can't do without: it is cut off again.
#[test]
fn alg_09_rfc_3602() {
    let vectors: Vec<Vector> = vectors::load("rfc3602-esp");
    assert_eq!(vectors.len(), 4);
    let transform = Transform::from_names("aes-128-cbc", Some("hmac-sha1-96")).unwrap();
    for vector in vectors {
        for mut sealed in vector.sealed(transform, &[1; 20]) {
            let ip = header(&sealed);
            sealed.truncate(sealed.len() - transform.icv_length());
            wire::set_payload(&mut sealed, ip.protocol_offset, ip.protocol, ip.length).unwrap();
            assert_eq!(sealed, *vector.packet, "case {}", vector.case);
        }
    }
}

#[test]
fn alg_06_rfc_7634() {
    let vectors: Vec<Vector> = vectors::load("rfc7634-esp");
    assert_eq!(vectors.len(), 1);
    let transform = Transform::from_names("chacha20-poly1305", None).unwrap();
    for vector in vectors {
        for sealed in vector.sealed(transform, &[]) {
            assert_eq!(sealed, *vector.packet, "case {}", vector.case);
        }
    }
}
