//! Packets in one go.

use core::mem;

use crate::gcm::four::{MOST, four};
use crate::gcm::isa::{BLOCK, Isa};
use crate::gcm::packet::Packet;
use crate::gcm::stream::Stream;
use crate::gcm::table::Table;

/// Seals or opens packets: short ones four at a time where as many in a row have the same number of blocks,
/// the others one after the other.
#[inline(always)]
pub(crate) fn burst<I: Isa, const R: usize, const N: usize, const SEAL: bool, P: Packet>(
    isa: I,
    table: &Table,
    packets: &mut [P],
) {
    let mut stream = Stream::<I, R, N>::new(isa, table);
    let mut before: Option<&mut P> = None;
    let mut rest = packets;
    while let Some(first) = rest.first_mut() {
        let blocks = first.body().len().div_ceil(BLOCK);
        let alike = I::ROOMY
            && rest.first_chunk_mut::<4>().is_some_and(|[_, others @ ..]| {
                let mut others = others.iter_mut();
                (1..=MOST).contains(&blocks)
                    && others.all(|packet| packet.body().len().div_ceil(BLOCK) == blocks)
            });
        if alike && let Some((now, after)) = mem::take(&mut rest).split_first_chunk_mut() {
            four::<I, R, N, SEAL, P>(isa, table, stream.cipher(), now, blocks);
            rest = after;
        } else if let Some((now, after)) = mem::take(&mut rest).split_first_mut() {
            let aad = now.aad();
            let (nonce, block) = (now.nonce().first_counter(), aad.block());
            let tag = stream.packet::<SEAL>(nonce, block, now.body(), aad.bits());
            if let Some(before) = before.replace(now) {
                before.finish(tag);
            }
            rest = after;
        }
    }
    if let Some(last) = before {
        last.finish(stream.finish());
    }
}
