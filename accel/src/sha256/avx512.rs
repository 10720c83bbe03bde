//! AVX-512: the same word of sixteen messages in a register.

use core::arch::x86_64::__m512i;

use super::{Sha256Lanes, Sha256States};
use crate::words::{LANES, Words};

type Block = [u8; Sha256Lanes::BLOCK];

/// FIPS 180-4 section 4.2.2, sixteen rounds in a row.
#[rustfmt::skip]
const CONSTANTS: [[u32; 16]; 4] = [
    [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    ],
    [
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    ],
    [
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    ],
    [
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ],
];

/// So many blocks of each message that has any; none has fewer.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn compress(states: &mut Sha256States, blocks: &[&[Block]; LANES], steps: usize) {
    // SAFETY: this function has the target features, so whoever calls it vouches for the instructions of `Words`:
    // the features are those that its documentation names.
    let words = unsafe { Words::assume() };
    let mut lanes = 0;
    for (lane, blocks) in blocks.iter().enumerate() {
        lanes |= u16::from(!blocks.is_empty()) << lane;
    }
    let mut state = [words.splat(0); 8];
    for (state, kept) in state.iter_mut().zip(&*states) {
        *state = words.load(kept);
    }
    for step in 0..steps {
        let mut rows = [words.splat(0); LANES];
        for (row, blocks) in rows.iter_mut().zip(blocks) {
            let block = blocks.get(step).unwrap_or(&[0; Sha256Lanes::BLOCK]);
            *row = words.swap_bytes(words.load_bytes(block));
        }
        let mut under_way = Rounds {
            words,
            state,
            schedule: words.transpose(rows),
        };
        let [first @ .., last] = &CONSTANTS;
        for constants in first {
            under_way.sixteen::<true>(constants);
        }
        under_way.sixteen::<false>(last);
        for (state, change) in state.iter_mut().zip(under_way.state) {
            *state = words.add_masked(lanes, *state, change);
        }
    }
    for (place, state) in states.iter_mut().zip(state) {
        words.store(place, state);
    }
}

/// A block under way.
struct Rounds {
    words: Words,
    state: [__m512i; 8],
    /// The message schedule's next sixteen words.
    schedule: [__m512i; 16],
}

impl Rounds {
    /// Sixteen rounds; `MORE` if others follow, which need their words.
    #[inline(always)]
    fn sixteen<const MORE: bool>(&mut self, constants: &[u32; 16]) {
        // As a loop they are too much for compilers to unroll, and the schedule is then in memory.
        macro_rules! rounds {
            ($($number:literal)*) => {$(
                self.round(constants[$number], self.schedule[$number]);
                if MORE {
                    self.schedule[$number] = self.behind([
                        self.schedule[$number],
                        self.schedule[($number + 1) % 16],
                        self.schedule[($number + 9) % 16],
                        self.schedule[($number + 14) % 16],
                    ]);
                }
            )*};
        }
        rounds!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    }

    #[inline(always)]
    fn round(&mut self, constant: u32, word: __m512i) {
        let words = self.words;
        let [a, b, c, d, e, f, g, h] = self.state;
        let known = words.add(h, words.add(word, words.splat(constant)));
        // What is known before `e` is added up without it: three instructions then lead from an `e` to the next.
        let [known_d, known] = words.keep_apart([words.add(d, known), known]);
        let chosen = words.choose(e, f, g);
        let sum = words.xor3(
            words.rotate::<6>(e),
            words.rotate::<11>(e),
            words.rotate::<25>(e),
        );
        let [next_e, next_a] =
            words.keep_apart([words.add(known_d, chosen), words.add(known, chosen)]);
        let next_a = words.add(words.add(next_a, sum), words.majority(a, b, c));
        let [next_a, next_e] = words.keep_apart([next_a, words.add(next_e, sum)]);
        let sum = words.xor3(
            words.rotate::<2>(a),
            words.rotate::<13>(a),
            words.rotate::<22>(a),
        );
        self.state = [words.add(next_a, sum), a, b, c, next_e, e, f, g];
    }

    /// The word that is sixteen behind the first of these.
    #[inline(always)]
    fn behind(&self, [zero, one, nine, fourteen]: [__m512i; 4]) -> __m512i {
        let words = self.words;
        let small = words.xor3(
            words.rotate::<7>(one),
            words.rotate::<18>(one),
            words.shift::<3>(one),
        );
        let large = words.xor3(
            words.rotate::<17>(fourteen),
            words.rotate::<19>(fourteen),
            words.shift::<10>(fourteen),
        );
        words.add(words.add(zero, small), words.add(nine, large))
    }
}
