//! Packets that are authenticated only.

use crate::gcm::cipher::Cipher;
use crate::gcm::hash::{Sum, multiply};
use crate::gcm::isa::{BLOCK, Isa, QUAD};
use crate::gcm::stream::{Before, SEGMENT, bits};
use crate::gcm::table::Table;

/// The tag of what is only authenticated: up to 32 bytes of `head`, whole blocks but for zeros at the
/// end, then `body`; `length` bytes in all.
#[inline(always)]
pub(crate) fn mac<I: Isa, const R: usize>(
    isa: I,
    table: &Table,
    nonce: u128,
    head: [u128; 2],
    body: &[u8],
    length: usize,
) -> u128 {
    let single = isa.single();
    let cipher = Cipher::<I, R>::new(isa, table.round_keys());
    let mask = cipher.encrypt_block(single.block(nonce));
    let bits = bits(length) << 64;

    let power = |power| single.load_block(table.power(power));
    let [first, second] = head.map(|block| single.reverse_block(single.block(block)));
    let mut before = Before {
        block: single.xor_block(multiply(single, first, power(1)), second),
        factors: 1,
    };
    let mut rest = body;
    while rest.len() > SEGMENT {
        let (segment, after) = rest.split_at(SEGMENT);
        let powers = SEGMENT / BLOCK;
        let last = [power(powers + before.factors), power(1)];
        let mut sum = Sum::of_pair(isa, [before.block, single.block(0)], last);
        absorb(isa, table, &mut sum, powers, segment);
        before = Before {
            block: sum.reduce(isa),
            factors: 0,
        };
        rest = after;
    }
    let powers = rest.len().div_ceil(BLOCK) + 1;
    let last = [power(powers + before.factors), power(1)];
    let mut sum = Sum::of_pair(isa, [before.block, single.block(bits)], last);
    absorb(isa, table, &mut sum, powers, rest);
    let hash = single.reverse_block(sum.reduce(isa));
    single.bytes(single.xor_block(hash, mask))
}

/// Adds bytes to the hash, the first block with this power.
#[inline(always)]
fn absorb<I: Isa>(isa: I, table: &Table, sum: &mut Sum<I>, power: usize, bytes: &[u8]) {
    let (powers, _) = table.powers_from(power).as_chunks::<QUAD>();
    for (quad, powers) in bytes.chunks(QUAD).zip(powers) {
        sum.add(isa, isa.reverse(isa.load_short(quad)), isa.load(powers));
    }
}
