//! The IPv4 header as almost every packet has it, read as three numbers.
//!
//! [`IpHeader`](super::IpHeader) says all that any header may say, and is large. Fast paths read this one, and
//! leave the packet to the general way where it is something else.

use zerocopy::IntoBytes;

use super::{Ipv4Header, Protocol};

/// The header of a whole IPv4 packet without options, checked as [`Ipv4Header::parse`] checks it. Byte 0 of
/// the packet is the lowest of the first number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PlainV4 {
    head: u64,
    middle: u64,
    destination: u32,
}

/// What of a header is the same in all packets of a flow: all but length, identification and checksum.
/// In their places are four bytes of the next layer, and behind all a number of the caller's.
pub(crate) type FlowKey = [u64; 3];

impl PlainV4 {
    pub(crate) const LENGTH: usize = 20;
    const VARIABLE: u64 = 0x0000_ffff_ffff_0000;
    const CHECKSUM: u64 = 0x0000_0000_ffff_0000;
    /// Version, header length, fragment offset and "more fragments".
    const FORM: u64 = 0xff3f_0000_0000_00ff;
    const PLAIN: u64 = 0x45;
    /// Times 2^16 - 1, it is 1 modulo 2^64: so a product with it is small if, and only if, the other factor is a
    /// multiple of 2^16 - 1.
    const INVERSE: u64 = 0xfffe_fffe_fffe_ffff;

    /// `None` for every other packet, and for a broken one.
    #[inline(always)]
    pub(crate) fn read(packet: &[u8]) -> Option<Self> {
        let plain = Self::words(packet)?;
        let is_plain = plain.head & Self::FORM == Self::PLAIN;
        (is_plain && plain.is_right_in(packet.len())).then_some(plain)
    }

    /// [`Self::read`], but `None` too for a header with other ends or another protocol than a plain one.
    #[inline(always)]
    pub(crate) fn read_beside(packet: &[u8], other: Self) -> Option<Self> {
        let plain = Self::words(packet)?;
        let differs = (plain.head & Self::FORM ^ Self::PLAIN) | plain.ends_beside(other);
        (differs == 0 && plain.is_right_in(packet.len())).then_some(plain)
    }

    /// [`Self::read`], but `None` too for a header of another shape than that of a plain one.
    #[inline(always)]
    pub(crate) fn read_shaped(packet: &[u8], shape: u64) -> Option<Self> {
        let plain = Self::words(packet)?;
        (plain.shape() == shape && plain.is_right_in(packet.len())).then_some(plain)
    }

    #[inline(always)]
    pub(crate) const fn dont_fragment(self) -> bool {
        self.head >> 54 & 1 == 1
    }

    /// Whether length and checksum are right, in so many bytes. All else of a plain header is to be known.
    #[inline(always)]
    pub(crate) const fn is_right_in(self, bytes: usize) -> bool {
        let total = self.total_length();
        // A sum of 0 would be wrong too, but has no version in it.
        let is_right = self.sum().wrapping_mul(Self::INVERSE) <= u64::MAX / 0xffff;
        total >= Self::LENGTH && total <= bytes && is_right
    }

    /// Whatever the first bytes say, unchecked; `None` if there are too few.
    #[inline(always)]
    pub(crate) fn words(packet: &[u8]) -> Option<Self> {
        let header = packet.first_chunk::<{ Self::LENGTH }>()?;
        let (head, rest) = header.split_first_chunk()?;
        let (middle, rest) = rest.split_first_chunk()?;
        Some(Self {
            head: u64::from_le_bytes(*head),
            middle: u64::from_le_bytes(*middle),
            destination: u32::from_le_bytes(*rest.first_chunk()?),
        })
    }

    /// The ones'-complement sum of the header in 64 bits, of which the one in 16 is the remainder by 2^16 - 1.
    /// The order of bytes is that of these numbers, in which a right header has the same sum (RFC 1071
    /// section 2).
    #[inline(always)]
    const fn sum(self) -> u64 {
        let (sum, carry) = self.head.overflowing_add(self.middle);
        let sum = sum.wrapping_add(carry as u64);
        let (sum, carry) = sum.overflowing_add(self.destination as u64);
        sum.wrapping_add(carry as u64)
    }

    /// Bytes of the whole packet.
    #[inline(always)]
    pub(crate) const fn total_length(self) -> usize {
        ((self.head >> 16) as u16).swap_bytes() as usize
    }

    #[inline(always)]
    pub(crate) const fn identification(self) -> u16 {
        ((self.head >> 32) as u16).swap_bytes()
    }

    #[inline(always)]
    pub(crate) const fn traffic_class(self) -> u8 {
        (self.head >> 8 & 0xff) as u8
    }

    #[inline(always)]
    pub(crate) const fn ttl(self) -> u8 {
        (self.middle & 0xff) as u8
    }

    #[inline(always)]
    pub(crate) const fn protocol(self) -> Protocol {
        Protocol((self.middle >> 8 & 0xff) as u8)
    }

    #[inline(always)]
    pub(crate) const fn source(self) -> [u8; 4] {
        ((self.middle >> 32) as u32).to_le_bytes()
    }

    #[inline(always)]
    pub(crate) const fn destination(self) -> [u8; 4] {
        self.destination.to_le_bytes()
    }

    /// What an outer header follows from, addresses and flow label aside: DSCP, ECN, DF and TTL.
    #[inline(always)]
    pub(crate) const fn shape(self) -> u64 {
        self.head & !Self::VARIABLE | self.middle << 16 & 0x00ff_0000
    }

    /// This header with another protocol.
    #[inline(always)]
    pub(crate) const fn template(self, protocol: Protocol) -> HeaderTemplate {
        let blank = Self {
            head: self.head & !Self::VARIABLE,
            middle: self.middle & !Self::CHECKSUM & !0xff00 | (protocol.0 as u64) << 8,
            destination: self.destination,
        };
        HeaderTemplate {
            sum: (blank.sum() % 0xffff) as u32,
            blank,
        }
    }

    /// Bits in which the ends and the protocols of two headers differ.
    #[inline(always)]
    const fn ends_beside(self, other: Self) -> u64 {
        let middle = (self.middle ^ other.middle) & 0xffff_ffff_0000_ff00;
        middle | (self.destination ^ other.destination) as u64
    }

    /// The key of the packet's flow, with what the caller adds.
    #[inline(always)]
    pub(crate) const fn flow_key(self, next_layer: u32, entrance: u32) -> FlowKey {
        [
            self.head & !Self::VARIABLE | (next_layer as u64) << 16,
            self.middle & !Self::CHECKSUM,
            self.destination as u64 | (entrance as u64) << 32,
        ]
    }

    /// Takes one hop off the TTL, which is more than 0, and brings the checksum after it (RFC 1624).
    #[inline(always)]
    pub(crate) fn take_hop(self, packet: &mut [u8]) {
        // In this order of bytes, TTL is the low half of its word: one less is a word that is one less.
        let checksum = !((self.middle >> 16) as u16);
        let checksum = !fold(u32::from(checksum).wrapping_add(0xfffe));
        let middle = self.middle.wrapping_sub(1) & !Self::CHECKSUM | (checksum as u64) << 16;
        if let Some(place) = packet.get_mut(8..16).and_then(<[u8]>::first_chunk_mut) {
            *place = middle.to_le_bytes();
        }
    }
}

/// A sum of words as one word.
#[inline(always)]
const fn fold(sum: u32) -> u16 {
    // The lower half's carry goes where the result is.
    (sum.wrapping_add(sum.rotate_left(16)) >> 16) as u16
}

/// An outer IPv4 header of which length and identification are yet to be filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeaderTemplate {
    blank: PlainV4,
    /// The sum of what is there, less than 2^16.
    sum: u32,
}

impl HeaderTemplate {
    /// From a header without options.
    pub(crate) fn new(header: Ipv4Header) -> Self {
        let plain = PlainV4::words(header.as_bytes()).unwrap_or_default();
        plain.template(Protocol(header.protocol))
    }

    /// Writes the header.
    #[inline(always)]
    pub(crate) fn write(&self, place: &mut [u8; PlainV4::LENGTH], total: u16, identification: u16) {
        let [total, identification] =
            [total, identification].map(|word| u32::from(word.swap_bytes()));
        let sum = self.sum.wrapping_add(total).wrapping_add(identification);
        let checksum = u64::from(!fold(sum));
        let words = u64::from(total) | u64::from(identification) << 16;
        let head = self.blank.head | words << 16;
        let middle = self.blank.middle | checksum << 16;
        let (words, rest) = place.as_chunks_mut();
        if let ([first, second], Some(last)) = (words, rest.first_chunk_mut()) {
            *first = head.to_le_bytes();
            *second = middle.to_le_bytes();
            *last = self.blank.destination.to_le_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::{IpHeader, SkipList, decrement_ttl};
    use zerocopy::network_endian::U16;

    proptest! {
        /// What it reads the general way reads too, and it refuses only what it is said to refuse.
        #[test]
        fn a_plain_header_is_read_as_the_general_way_reads_it(
            mut bytes in prop::collection::vec(any::<u8>(), 0..64),
            version in prop_oneof![9 => Just(0x45_u8), 1 => any::<u8>()],
            total in prop_oneof![9 => 20..64_u16, 1 => any::<u16>()],
            flags in prop_oneof![9 => Just([0x40, 0]), 1 => any::<[u8; 2]>()],
            right in prop::bool::weighted(0.9),
        ) {
            if let Some(header) = bytes.get_mut(..20) {
                header[0] = version;
                header[2..4].copy_from_slice(&total.to_be_bytes());
                header[6..8].copy_from_slice(&flags);
                if right {
                    Ipv4Header::fill_checksum(header);
                }
            }
            let general = IpHeader::parse(&bytes, &SkipList::default()).ok();
            let plain = PlainV4::read(&bytes);
            let expected = general.filter(|header| {
                bytes[0] == 0x45 && header.fragment.is_none()
            });
            prop_assert_eq!(plain.is_some(), expected.is_some());
            if let (Some(plain), Some(header)) = (plain, expected) {
                prop_assert_eq!(plain.total_length(), header.total_length);
                prop_assert_eq!(plain.ttl(), header.ttl);
                prop_assert_eq!(plain.protocol(), header.protocol);
                prop_assert_eq!(plain.traffic_class(), header.traffic_class);
                prop_assert_eq!(core::net::IpAddr::from(plain.source()), header.source);
                prop_assert_eq!(core::net::IpAddr::from(plain.destination()), header.destination);
                let mut same = [0; 20];
                plain.template(Protocol::ESP).write(
                    &mut same, total, plain.identification(),
                );
                let mut expected = bytes[..20].to_vec();
                expected[9] = Protocol::ESP.0;
                Ipv4Header::fill_checksum(&mut expected);
                prop_assert_eq!(&same[..], &expected[..]);
                let mut other = bytes.clone();
                if decrement_ttl(&mut other).is_ok() {
                    plain.take_hop(&mut bytes);
                    prop_assert_eq!(bytes, other);
                }
            }
        }

        #[test]
        fn a_filled_template_is_the_header(
            ends in any::<[[u8; 4]; 2]>(), class: u8, ttl: u8, flags: u16, total: u16, number: u16,
        ) {
            let [source, destination] = ends;
            let mut header = Ipv4Header::new(source.into(), destination.into(), Protocol::ESP);
            header.traffic_class = class;
            header.ttl = ttl;
            header.flags_and_offset = U16::new(flags);
            let template = HeaderTemplate::new(header);
            header.total_length = U16::new(total);
            header.identification = U16::new(number);
            let mut expected = [0; 20];
            expected.copy_from_slice(header.as_bytes());
            Ipv4Header::fill_checksum(&mut expected);
            let mut written = [0; 20];
            template.write(&mut written, total, number);
            prop_assert_eq!(written, expected);
        }
    }
}
