//! ChaCha20 (RFC 8439 section 2.4): blocks of the key stream, side by side.

use crate::chacha::lanes::{BLOCK, Lanes, MOST};
use crate::gcm::Nonce;

/// "expand 32-byte k", as numbers.
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// A key, as words.
pub(crate) type Key = [u32; 8];

/// Which block of a key stream is computed in each lane.
pub(crate) struct Counters {
    /// Block number and nonce, a row for each word.
    rows: [[u32; MOST]; 4],
}

impl Counters {
    pub(crate) const ZERO: Self = Self {
        rows: [[0; MOST]; 4],
    };

    /// Lane `lane` computes block `number` of this nonce.
    #[inline(always)]
    pub(crate) fn set(&mut self, lane: usize, nonce: Nonce, number: u32) {
        let words = nonce.words();
        let values = [number, words[0], words[1], words[2]];
        for (row, value) in self.rows.iter_mut().zip(values) {
            if let Some(place) = row.get_mut(lane) {
                *place = value;
            }
        }
    }

    /// All lanes compute blocks of this nonce, in their order.
    #[inline(always)]
    pub(crate) fn row(nonce: Nonce, first: u32) -> Self {
        let mut counters = Self::ZERO;
        for (lane, number) in (0..MOST).zip(first..) {
            counters.set(lane, nonce, number);
        }
        counters
    }
}

macro_rules! quarter_round {
    ($lanes:ident, $a:ident, $b:ident, $c:ident, $d:ident) => {
        $a = $lanes.add($a, $b);
        $d = $lanes.rotate::<16>($lanes.xor($d, $a));
        $c = $lanes.add($c, $d);
        $b = $lanes.rotate::<12>($lanes.xor($b, $c));
        $a = $lanes.add($a, $b);
        $d = $lanes.rotate::<8>($lanes.xor($d, $a));
        $c = $lanes.add($c, $d);
        $b = $lanes.rotate::<7>($lanes.xor($b, $c));
    };
}

/// Computes a block in each lane.
#[inline(always)]
pub(crate) fn stream<L: Lanes>(
    lanes: L,
    key: &Key,
    counters: &Counters,
    blocks: &mut [[u8; BLOCK]; MOST],
) {
    let [c0, c1, c2, c3] = CONSTANTS.map(|word| lanes.splat(word));
    let [k0, k1, k2, k3, k4, k5, k6, k7] = key.map(|word| lanes.splat(word));
    let [n0, n1, n2, n3] = counters.rows.each_ref().map(|words| lanes.load(words));
    let [mut s0, mut s1, mut s2, mut s3] = [c0, c1, c2, c3];
    let [mut s4, mut s5, mut s6, mut s7] = [k0, k1, k2, k3];
    let [mut s8, mut s9, mut s10, mut s11] = [k4, k5, k6, k7];
    let [mut s12, mut s13, mut s14, mut s15] = [n0, n1, n2, n3];
    for _ in 0..10 {
        quarter_round!(lanes, s0, s4, s8, s12);
        quarter_round!(lanes, s1, s5, s9, s13);
        quarter_round!(lanes, s2, s6, s10, s14);
        quarter_round!(lanes, s3, s7, s11, s15);
        quarter_round!(lanes, s0, s5, s10, s15);
        quarter_round!(lanes, s1, s6, s11, s12);
        quarter_round!(lanes, s2, s7, s8, s13);
        quarter_round!(lanes, s3, s4, s9, s14);
    }
    let words = [
        lanes.add(s0, c0),
        lanes.add(s1, c1),
        lanes.add(s2, c2),
        lanes.add(s3, c3),
        lanes.add(s4, k0),
        lanes.add(s5, k1),
        lanes.add(s6, k2),
        lanes.add(s7, k3),
        lanes.add(s8, k4),
        lanes.add(s9, k5),
        lanes.add(s10, k6),
        lanes.add(s11, k7),
        lanes.add(s12, n0),
        lanes.add(s13, n1),
        lanes.add(s14, n2),
        lanes.add(s15, n3),
    ];
    lanes.store(words, blocks);
}

/// Encrypts or decrypts up to a block.
#[inline(always)]
pub(crate) fn apply(block: &[u8; BLOCK], bytes: &mut [u8]) {
    if let Ok(bytes) = <&mut [u8; BLOCK]>::try_from(&mut *bytes) {
        for (byte, stream) in bytes.iter_mut().zip(block) {
            *byte ^= stream;
        }
        return;
    }
    let (parts, rest) = bytes.as_chunks_mut::<4>();
    let (streams, _) = block.as_chunks::<4>();
    let behind = 4 * parts.len();
    for (part, stream) in parts.iter_mut().zip(streams) {
        *part = (u32::from_ne_bytes(*part) ^ u32::from_ne_bytes(*stream)).to_ne_bytes();
    }
    let streams = block.get(behind..).unwrap_or_default();
    for (byte, stream) in rest.iter_mut().zip(streams) {
        *byte ^= stream;
    }
}
