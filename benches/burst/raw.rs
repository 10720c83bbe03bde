//! AES-128-GCM alone.

use std::time::Duration;

use iiptran_accel::{Aad, Gcm, Icv, Kernel, Nonce, Opening, Sealing};
use iiptran_turns::{BURST, Rows, Size, sizes, time};

const AAD: [u8; 8] = [3; 8];

/// Adds its rows.
pub(crate) fn add(rows: &mut Rows, kernel: Kernel) {
    for size in sizes() {
        let name = format!("raw/aes-128-gcm/{}", size.name);
        let mut burst = Burst::new(kernel, size);
        rows.add(format!("{name}/seal"), crate::SELF, BURST, move || {
            burst.seal()
        });
        let mut burst = Burst::new(kernel, size);
        burst.seal();
        burst.sealed.clone_from(&burst.bodies);
        rows.add(format!("{name}/open"), crate::SELF, BURST, move || {
            burst.open()
        });
    }
}

struct Burst {
    gcm: Gcm,
    nonces: [[u8; 12]; BURST],
    bodies: [Vec<u8>; BURST],
    sealed: [Vec<u8>; BURST],
    icvs: [[u8; 16]; BURST],
}

impl Burst {
    fn new(kernel: Kernel, size: Size) -> Self {
        let bodies = size.bytes.map(|bytes| vec![1; bytes]);
        Self {
            gcm: Gcm::new(kernel, &[7; 16]).expect("a key"),
            nonces: core::array::from_fn(|number| [number as u8; 12]),
            sealed: bodies.clone(),
            bodies,
            icvs: [[0; 16]; BURST],
        }
    }

    fn seal(&mut self) -> Duration {
        let Self {
            gcm,
            nonces,
            bodies,
            icvs,
            ..
        } = self;
        time(|| {
            let mut bodies = bodies.iter_mut();
            let mut packets: [_; BURST] = core::array::from_fn(|number| {
                let body = bodies.next().expect("as many");
                Sealing::new(Nonce::from(nonces[number]), Aad::from(AAD), body)
            });
            gcm.seal_burst(&mut packets).expect("sealed");
            for (icv, packet) in icvs.iter_mut().zip(&packets) {
                *icv = packet.tag().bytes();
            }
        })
    }

    fn open(&mut self) -> Duration {
        for (body, sealed) in self.bodies.iter_mut().zip(&self.sealed) {
            body.copy_from_slice(sealed);
        }
        let Self {
            gcm,
            nonces,
            bodies,
            icvs,
            ..
        } = self;
        time(|| {
            let mut bodies = bodies.iter_mut();
            let mut packets: [_; BURST] = core::array::from_fn(|number| {
                let body = bodies.next().expect("as many");
                let icv = Icv::new(&icvs[number]).expect("an ICV");
                Opening::new(Nonce::from(nonces[number]), Aad::from(AAD), body, icv)
            });
            gcm.open_burst(&mut packets).expect("opened");
        })
    }
}
