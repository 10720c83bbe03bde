//! ESP packets, whose nonce and associated data are read from where they are on the wire.

use core::mem;

use crate::Error;
use crate::gcm::Gcm;
use crate::gcm::burst::Source;
use crate::gcm::isa::BLOCK;
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

/// ESP packets of which some are taken already.
struct Rest<'s, 'p> {
    format: &'s EspFormat,
    packets: &'s mut [&'p mut [u8]],
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

    /// Body, and ICV, which is written once the tag is known, or read.
    #[inline(always)]
    fn parts(self) -> (&'s mut [u8], &'s mut [u8]) {
        let end = self.bytes.len().wrapping_sub(self.format.icv);
        let (before, icv) = self.bytes.split_at_mut_checked(end).unwrap_or_default();
        let body = before.get_mut(self.format.before..);
        (body.unwrap_or_default(), icv)
    }
}

impl<'s> Rest<'s, '_> {
    #[inline(always)]
    fn blocks_at(&self, place: usize) -> Option<usize> {
        let body = self
            .packets
            .get(place)?
            .len()
            .wrapping_sub(self.format.around());
        Some(body.div_ceil(BLOCK))
    }

    #[inline(always)]
    fn one(&mut self) -> Option<Esp<'s>> {
        let (packet, rest) = mem::take(&mut self.packets).split_first_mut()?;
        let (sequence, after) = self.sequences.split_first()?;
        (self.packets, self.sequences) = (rest, after);
        Some(Esp::new(self.format, packet, sequence))
    }

    #[inline(always)]
    fn four(&mut self) -> Option<[Esp<'s>; 4]> {
        let ([a, b, c, d], rest) = mem::take(&mut self.packets).split_first_chunk_mut()?;
        let ([e, f, g, h], after) = self.sequences.split_first_chunk()?;
        (self.packets, self.sequences) = (rest, after);
        let format = self.format;
        Some([
            Esp::new(format, a, e),
            Esp::new(format, b, f),
            Esp::new(format, c, g),
            Esp::new(format, d, h),
        ])
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

/// ESP packets to be sealed.
pub(crate) struct EspSealings<'s, 'p>(Rest<'s, 'p>);

impl<'s, 'p> EspSealings<'s, 'p> {
    #[inline(always)]
    pub(crate) const fn new(
        format: &'s EspFormat,
        packets: &'s mut [&'p mut [u8]],
        sequences: &'s [u64],
    ) -> Self {
        Self(Rest {
            format,
            packets,
            sequences,
        })
    }
}

impl<'s> Source<'s> for EspSealings<'s, '_> {
    type Packet = Esp<'s>;
    type Waiting = &'s mut [u8];

    #[inline(always)]
    fn blocks_at(&mut self, place: usize) -> Option<usize> {
        self.0.blocks_at(place)
    }

    #[inline(always)]
    fn one(&mut self) -> Option<Esp<'s>> {
        self.0.one()
    }

    #[inline(always)]
    fn four(&mut self) -> Option<[Esp<'s>; 4]> {
        self.0.four()
    }

    #[inline(always)]
    fn parts(packet: Esp<'s>) -> (&'s mut [u8], &'s mut [u8]) {
        packet.parts()
    }

    #[inline(always)]
    fn finish(&mut self, icv: &'s mut [u8], tag: u128) {
        write_icv(icv, tag);
    }
}

/// ESP packets to be opened. Those that wait for their tags are finished in another order than that in which they
/// come, if some go in fours.
pub(crate) struct EspOpenings<'s, 'p> {
    rest: Rest<'s, 'p>,
    /// The place of the next one.
    place: u32,
    /// A bit for each that is authentic.
    pub(crate) authentic: u32,
}

impl<'s, 'p> EspOpenings<'s, 'p> {
    #[inline(always)]
    pub(crate) const fn new(
        format: &'s EspFormat,
        packets: &'s mut [&'p mut [u8]],
        sequences: &'s [u64],
    ) -> Self {
        Self {
            rest: Rest {
                format,
                packets,
                sequences,
            },
            place: 0,
            authentic: 0,
        }
    }

    #[inline(always)]
    fn placed(&mut self, esp: Esp<'s>) -> Placed<'s> {
        let place = self.place;
        self.place = place.wrapping_add(1);
        Placed { esp, place }
    }
}

/// A packet to be opened, and its place.
pub(crate) struct Placed<'s> {
    esp: Esp<'s>,
    place: u32,
}

impl Packet for Placed<'_> {
    #[inline(always)]
    fn nonce(&self) -> Nonce {
        self.esp.nonce()
    }

    #[inline(always)]
    fn aad(&self) -> Aad {
        self.esp.aad()
    }

    #[inline(always)]
    fn body(&mut self) -> &mut [u8] {
        self.esp.body()
    }
}

impl<'s> Source<'s> for EspOpenings<'s, '_> {
    type Packet = Placed<'s>;
    type Waiting = (&'s [u8], u32);

    #[inline(always)]
    fn blocks_at(&mut self, place: usize) -> Option<usize> {
        self.rest.blocks_at(place)
    }

    #[inline(always)]
    fn one(&mut self) -> Option<Placed<'s>> {
        let esp = self.rest.one()?;
        Some(self.placed(esp))
    }

    #[inline(always)]
    fn four(&mut self) -> Option<[Placed<'s>; 4]> {
        let [a, b, c, d] = self.rest.four()?;
        Some([
            self.placed(a),
            self.placed(b),
            self.placed(c),
            self.placed(d),
        ])
    }

    #[inline(always)]
    fn parts(packet: Placed<'s>) -> (&'s mut [u8], Self::Waiting) {
        let (body, icv) = packet.esp.parts();
        (body, (icv, packet.place))
    }

    #[inline(always)]
    fn finish(&mut self, (icv, place): (&'s [u8], u32), tag: u128) {
        let bit = u32::from(Icv::of(icv).is_of(tag));
        self.authentic |= bit.wrapping_shl(place);
    }
}
