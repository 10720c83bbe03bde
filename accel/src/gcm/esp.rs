//! ESP packets, whose nonce and associated data are read from where they are on the wire.

use crate::Error;
use crate::gcm::Gcm;
use crate::gcm::burst::Look;
use crate::gcm::isa::{BLOCK, Isa};
use crate::gcm::lockstep::{Heads, join};
use crate::gcm::packet::{Packet, write_icv};
use crate::gcm::values::{Aad, Icv, Nonce};

/// SPI and sequence number, bytes.
const HEADER: usize = 8;
/// IV, bytes.
const IV: usize = 8;

/// What the ESP packets of an SA have in common (RFC 4106). Each is, from its first byte on:
///
/// ```text
/// | SPI, sequence number | [IV]   | body         | ICV          |
/// | 8 bytes              | 8 or 0 | en-/decrypted| 8, 12 or 16  |
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EspFormat {
    /// In the low half.
    salt: u32,
    /// Header and IV, bytes.
    before: usize,
    /// ICV, bytes.
    icv: usize,
    extended: bool,
}

impl EspFormat {
    /// `None` if an ICV is not of 8, 12 or 16 bytes. With implicit IVs (RFC 8750) the sequence number is the IV;
    /// extended sequence numbers are authenticated as a whole.
    #[inline]
    #[must_use]
    pub const fn new(salt: [u8; 4], icv: usize, implicit_iv: bool, extended: bool) -> Option<Self> {
        if !matches!(icv, 8 | 12 | 16) {
            return None;
        }
        Some(Self {
            salt: u32::from_le_bytes(salt),
            before: if implicit_iv { HEADER } else { HEADER + IV },
            icv,
            extended,
        })
    }

    /// What is not body, bytes.
    #[inline(always)]
    const fn around(&self) -> usize {
        self.before + self.icv
    }
}

impl Gcm {
    /// The most packets in one go.
    pub const MOST_ESP: usize = 32;

    /// Seals ESP packets in place, whose headers with IVs are there, and writes their ICVs. No two packets of a
    /// key may have the same IV. `sequences` are their whole sequence numbers.
    ///
    /// # Errors
    /// [`Error::TooShort`] or [`Error::TooLong`] if one is, or there are more than [`Self::MOST_ESP`], or fewer
    /// numbers than packets; all are then unchanged.
    #[inline]
    pub fn seal_esp(
        &self,
        format: EspFormat,
        packets: &mut [&mut [u8]],
        sequences: &[u64],
    ) -> Result<(), Error> {
        check(format, packets, sequences)?;
        self.entry
            .seal_esp(&self.table, &format, packets, sequences);
        Ok(())
    }

    /// Opens ESP packets in place. Gives a bit for each, that of the first the lowest: 1 if it is authentic. If not,
    /// it is as it was.
    ///
    /// # Errors
    /// As [`Self::seal_esp`].
    #[inline]
    pub fn open_esp(
        &self,
        format: EspFormat,
        packets: &mut [&mut [u8]],
        sequences: &[u64],
    ) -> Result<u32, Error> {
        check(format, packets, sequences)?;
        let authentic = self
            .entry
            .open_esp(&self.table, &format, packets, sequences);
        let all = u32::MAX.checked_shr(u32::BITS.wrapping_sub(packets.len() as u32));
        if authentic != all.unwrap_or(0) {
            self.undo_esp(format, packets, sequences, authentic);
        }
        Ok(authentic)
    }

    #[cold]
    fn undo_esp(
        &self,
        format: EspFormat,
        packets: &mut [&mut [u8]],
        sequences: &[u64],
        authentic: u32,
    ) {
        for (place, (packet, sequence)) in packets.iter_mut().zip(sequences).enumerate() {
            if authentic >> place & 1 == 0 {
                let mut esp = Esp::new(&format, packet, sequence);
                self.undo(esp.nonce(), esp.aad(), esp.body());
            }
        }
    }
}

#[inline(always)]
fn check(format: EspFormat, packets: &[&mut [u8]], sequences: &[u64]) -> Result<(), Error> {
    if packets.len() > Gcm::MOST_ESP || sequences.len() < packets.len() {
        return Err(Error::TooLong);
    }
    // Shorter ones wrap, and are longer than any packet.
    let longest = packets
        .iter()
        .map(|packet| packet.len().wrapping_sub(format.around()))
        .max();
    if longest.unwrap_or(0) as u64 > Gcm::LONGEST {
        let is_short = |packet: &&mut [u8]| packet.len() < format.around();
        return Err(if packets.iter().any(is_short) {
            Error::TooShort
        } else {
            Error::TooLong
        });
    }
    Ok(())
}

/// What the packets of a burst have in common, and their numbers.
pub(crate) struct EspLook<'s, const SEAL: bool> {
    format: &'s EspFormat,
    sequences: &'s [u64],
}

/// A packet where it lies. Its numbers are read there when they are asked for: kept here, they would be written in
/// halves and read as a whole, for which CPUs wait.
pub(crate) struct Esp<'s> {
    format: &'s EspFormat,
    bytes: &'s mut [u8],
    sequence: &'s u64,
}

impl<'s> Esp<'s> {
    #[inline(always)]
    const fn new(format: &'s EspFormat, bytes: &'s mut [u8], sequence: &'s u64) -> Self {
        Self {
            format,
            bytes,
            sequence,
        }
    }
}

impl<'s, const SEAL: bool> EspLook<'s, SEAL> {
    #[inline(always)]
    pub(crate) const fn new(format: &'s EspFormat, sequences: &'s [u64]) -> Self {
        Self { format, sequences }
    }

    #[inline(always)]
    fn sequence(&self, place: usize) -> u64 {
        self.sequences.get(place).copied().unwrap_or_default()
    }
}

impl<'m, const SEAL: bool> Look<&'m mut [u8]> for EspLook<'_, SEAL> {
    type Packet<'p>
        = Esp<'p>
    where
        &'m mut [u8]: 'p,
        Self: 'p;

    type Waiting<'p>
        = &'p mut [u8]
    where
        &'m mut [u8]: 'p,
        Self: 'p;

    #[inline(always)]
    fn nothing() -> &'m mut [u8] {
        &mut []
    }

    #[inline(always)]
    fn packet<'p>(&'p self, place: usize, packet: &'p mut &'m mut [u8]) -> Esp<'p> {
        let sequence = self.sequences.get(place);
        Esp::new(self.format, packet, sequence.unwrap_or(&0))
    }

    /// The first bytes are read as vectors, as they lie.
    #[inline(always)]
    fn heads<I: Isa>(
        &self,
        isa: I,
        &[e, f, g, h]: &[usize; 4],
        [a, b, c, d]: &[&'m mut [u8]; 4],
    ) -> Heads<I> {
        let single = isa.single();
        let EspFormat {
            salt,
            before,
            extended,
            ..
        } = *self.format;
        let heads = match (
            a.first_chunk(),
            b.first_chunk(),
            c.first_chunk(),
            d.first_chunk(),
        ) {
            (Some(a), Some(b), Some(c), Some(d)) => isa.join([
                single.load_block(a),
                single.load_block(b),
                single.load_block(c),
                single.load_block(d),
            ]),
            _ => isa.zero(),
        };
        let sequences = [
            self.sequence(e),
            self.sequence(f),
            self.sequence(g),
            self.sequence(h),
        ];
        let ivs = if before == HEADER {
            let [a, b, c, d] = sequences;
            let iv = |sequence: u64| u128::from(sequence.swap_bytes()) << 32;
            join(isa, [iv(a), iv(b), iv(c), iv(d)])
        } else {
            isa.high_halves_amid(heads)
        };
        let (aads, aad_length) = if extended {
            // The high half, in the order of the wire, between the words that are there.
            let [a, b, c, d] = sequences;
            let high = |sequence: u64| u128::from(((sequence >> 32) as u32).swap_bytes()) << 32;
            let high = join(isa, [high(a), high(b), high(c), high(d)]);
            (isa.xor(isa.low_words_apart(heads), high), HEADER + 4)
        } else {
            (isa.low_halves(heads), HEADER)
        };
        let ends = Nonce::new(salt.to_le_bytes(), [0; IV]).first_counter();
        Heads {
            firsts: isa.xor(ivs, isa.splat(single.block(ends))),
            aads,
            aad_bits: isa.splat(single.block((8 * aad_length as u128) << 64)),
        }
    }

    #[inline(always)]
    fn length(&self, packet: &&'m mut [u8]) -> usize {
        packet.len().wrapping_sub(self.format.around())
    }

    #[inline(always)]
    fn part<'p, const N: usize>(
        &self,
        packet: &'p mut &'m mut [u8],
        from: usize,
    ) -> Option<&'p mut [u8; N]> {
        let from = from.wrapping_add(self.format.before);
        packet.get_mut(from..)?.first_chunk_mut()
    }

    #[inline(always)]
    fn rest<'p>(&self, packet: &'p mut &'m mut [u8], from: usize) -> &'p mut [u8] {
        let end = packet.len().wrapping_sub(self.format.icv);
        let body = packet.get_mut(self.format.before.wrapping_add(from)..end);
        body.unwrap_or_default()
    }

    /// ICVs, where they are as long as tags.
    #[inline(always)]
    fn expected<I: Isa>(&self, isa: I, [a, b, c, d]: &[&'m mut [u8]; 4]) -> I::Quad {
        match (
            a.last_chunk(),
            b.last_chunk(),
            c.last_chunk(),
            d.last_chunk(),
        ) {
            (Some(a), Some(b), Some(c), Some(d)) => isa.join([
                isa.single().load_block(a),
                isa.single().load_block(b),
                isa.single().load_block(c),
                isa.single().load_block(d),
            ]),
            _ => isa.zero(),
        }
    }

    /// Body, and ICV, which is written once the tag is known, or read.
    #[inline(always)]
    fn parts<'p>(&self, packet: &'p mut &'m mut [u8]) -> (&'p mut [u8], &'p mut [u8]) {
        let end = packet.len().wrapping_sub(self.format.icv);
        let (before, icv) = packet.split_at_mut_checked(end).unwrap_or_default();
        let body = before.get_mut(self.format.before..);
        (body.unwrap_or_default(), icv)
    }

    #[inline(always)]
    fn tell<'p>(&self, icv: &'p mut [u8], tag: u128) -> u32
    where
        &'m mut [u8]: 'p,
    {
        if SEAL {
            write_icv(icv, tag);
            return 0;
        }
        u32::from(Icv::of(icv).is_of(tag))
    }

    #[inline(always)]
    fn finish_four<I: Isa>(
        &self,
        isa: I,
        packets: &mut [&'m mut [u8]; 4],
        expected: I::Quad,
        tags: I::Quad,
    ) -> u32 {
        if self.format.icv != BLOCK {
            return self.finish_each(isa, packets, tags);
        }
        if !SEAL {
            return isa.same_blocks(expected, tags);
        }
        for (packet, tag) in packets.iter_mut().zip(isa.split(tags)) {
            if let Some(icv) = packet.last_chunk_mut() {
                isa.single().store_block(icv, tag);
            }
        }
        0
    }
}

impl Packet for Esp<'_> {
    #[inline(always)]
    fn nonce(&self) -> Nonce {
        let iv = if self.format.before == HEADER {
            self.sequence.to_be_bytes()
        } else {
            let head = self.bytes.first_chunk::<{ HEADER + IV }>();
            let iv = head.and_then(|head| head.last_chunk());
            *iv.unwrap_or(&[0; IV])
        };
        Nonce::new(self.format.salt.to_le_bytes(), iv)
    }

    #[inline(always)]
    fn aad(&self) -> Aad {
        let header = *self.bytes.first_chunk().unwrap_or(&[0; HEADER]);
        if !self.format.extended {
            return Aad::from(header);
        }
        let [a, b, c, d, ..] = header;
        let [e, f, g, h, i, j, k, l] = self.sequence.to_be_bytes();
        Aad::from([a, b, c, d, e, f, g, h, i, j, k, l])
    }

    #[inline(always)]
    fn body(&mut self) -> &mut [u8] {
        let end = self.bytes.len().wrapping_sub(self.format.icv);
        let body = self.bytes.get_mut(self.format.before..end);
        body.unwrap_or_default()
    }
}
