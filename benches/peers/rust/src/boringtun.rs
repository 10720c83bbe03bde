//! boringtun: WireGuard's data packets, which are ChaCha20-Poly1305 with a window against replay.
//!
//! Its interface takes a packet from one buffer and writes another, so it copies what it works on.

use boringtun::noise::{Tunn, TunnResult};
use iiptran_turns::{BURST, Rows, Size, sizes, time};
use rand_core::OsRng;
use x25519_dalek::{PublicKey, StaticSecret};

const CONTESTANT: &str = "boringtun";
/// Header, ICV and padding of a data packet.
const OVERHEAD: usize = 64;

/// Adds its rows.
pub(crate) fn add(rows: &mut Rows) {
    rows.about(CONTESTANT, &crate::version("boringtun"));
    for size in sizes() {
        let name = format!("esp/chacha20-poly1305/{}", size.name);
        let mut tunnel = Tunnel::new(&size);
        rows.add(format!("{name}/out"), CONTESTANT, BURST, move || {
            time(|| tunnel.send())
        });
        let mut tunnel = Tunnel::new(&size);
        rows.add(format!("{name}/in"), CONTESTANT, BURST, move || {
            tunnel.send();
            let time = time(|| tunnel.receive());
            tunnel.check();
            time
        });
    }
}

struct Tunnel {
    near: Tunn,
    far: Tunn,
    clear: Vec<Vec<u8>>,
    sealed: Vec<(Vec<u8>, usize)>,
    opened: Vec<Vec<u8>>,
}

impl Tunnel {
    fn new(size: &Size) -> Self {
        let secrets = [(); 2].map(|()| StaticSecret::random_from_rng(OsRng));
        let public = [&secrets[0], &secrets[1]].map(PublicKey::from);
        let [near, far] = secrets;
        let mut tunnel = Self {
            near: Tunn::new(near, public[1], None, None, 1, None),
            far: Tunn::new(far, public[0], None, None, 2, None),
            clear: size.bytes.map(packet).into(),
            sealed: size
                .bytes
                .map(|bytes| (vec![0; bytes + OVERHEAD], 0))
                .into(),
            opened: size.bytes.map(|bytes| vec![0; bytes + OVERHEAD]).into(),
        };
        tunnel.shake_hands();
        tunnel
    }

    fn shake_hands(&mut self) {
        let mut buffers = [[0; 256]; 2];
        let [this, other] = &mut buffers;
        let mut message = sent(self.near.format_handshake_initiation(this, false));
        // Response, and the keepalive that confirms it.
        for from_far in [true, false] {
            let from = if from_far {
                &mut self.far
            } else {
                &mut self.near
            };
            let to = if from_far { &mut *other } else { &mut *this };
            let answer = sent(from.decapsulate(None, &message, to));
            message = answer;
        }
        let done = self.far.decapsulate(None, &message, other);
        assert!(matches!(done, TunnResult::Done), "the handshake is over");
    }

    fn send(&mut self) {
        for (clear, (sealed, length)) in self.clear.iter().zip(&mut self.sealed) {
            match self.near.encapsulate(clear, sealed) {
                TunnResult::WriteToNetwork(packet) => *length = packet.len(),
                other => panic!("{other:?}"),
            }
        }
    }

    fn receive(&mut self) {
        for ((sealed, length), opened) in self.sealed.iter().zip(&mut self.opened) {
            let result = self.far.decapsulate(None, &sealed[..*length], opened);
            assert!(
                matches!(result, TunnResult::WriteToTunnelV4(..)),
                "{result:?}"
            );
        }
    }

    fn check(&self) {
        for (clear, opened) in self.clear.iter().zip(&self.opened) {
            assert_eq!(clear[..], opened[..clear.len()], "it came through whole");
        }
    }
}

fn sent(result: TunnResult<'_>) -> Vec<u8> {
    match result {
        TunnResult::WriteToNetwork(packet) => packet.to_vec(),
        other => panic!("{other:?}"),
    }
}

/// An IPv4 packet of so many bytes.
fn packet(bytes: usize) -> Vec<u8> {
    let mut packet = vec![0x5a; bytes];
    packet[..20].copy_from_slice(&[
        0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 1, 0, 5, 10, 2, 0, 5,
    ]);
    packet[2..4].copy_from_slice(&(bytes as u16).to_be_bytes());
    packet
}
