//! The Internet checksum (RFC 1071) and its incremental update (RFC 1624).

use core::net::IpAddr;

use super::Protocol;

/// A ones'-complement sum under way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum(u64);

impl Sum {
    /// Adds bytes; an odd last byte counts as the high half of a word.
    ///
    /// Only the last call may pass an odd number of bytes.
    #[must_use]
    #[inline]
    pub fn add_bytes(mut self, bytes: &[u8]) -> Self {
        // Two words at once: their places in the number are those of two sums, which are folded at the end.
        let (pairs, rest) = bytes.as_chunks::<4>();
        for pair in pairs {
            self.0 = self.0.wrapping_add(u64::from(u32::from_be_bytes(*pair)));
        }
        let (words, rest) = rest.as_chunks::<2>();
        for word in words {
            self = self.add_word(u16::from_be_bytes(*word));
        }
        match rest {
            [last] => self.add_word(u16::from_be_bytes([*last, 0])),
            _ => self,
        }
    }

    /// Adds one word.
    #[must_use]
    #[inline]
    pub fn add_word(self, word: u16) -> Self {
        // 2^32 pairs of words fit: no packet comes near.
        Self(self.0.wrapping_add(u64::from(word)))
    }

    /// Adds the pseudo header of TCP, UDP and ICMPv6 (RFC 9293 section 3.1, RFC 8200 section 8.1).
    #[must_use]
    pub fn add_pseudo_header(
        self,
        source: IpAddr,
        destination: IpAddr,
        protocol: Protocol,
        length: u32,
    ) -> Self {
        let with = |sum: Self, address: IpAddr| match address {
            IpAddr::V4(address) => sum.add_bytes(&address.octets()),
            IpAddr::V6(address) => sum.add_bytes(&address.octets()),
        };
        with(with(self, source), destination)
            .add_bytes(&length.to_be_bytes())
            .add_word(u16::from(protocol.0))
    }

    /// The checksum: the complement of the folded sum.
    #[must_use]
    #[inline]
    pub fn finish(self) -> u16 {
        let mut sum = self.0;
        while sum > 0xffff {
            sum = (sum & 0xffff).wrapping_add(sum >> 16);
        }
        // Folded above, so that nothing is lost.
        !u16::try_from(sum).unwrap_or(u16::MAX)
    }
}

/// The checksum of bytes in which the checksum field is zero; zero if the field is right.
#[must_use]
#[inline]
pub fn internet(bytes: &[u8]) -> u16 {
    Sum::default().add_bytes(bytes).finish()
}

/// The checksum after one word of the covered bytes changed (RFC 1624 equation 3).
#[must_use]
#[inline]
pub fn update(checksum: u16, old_word: u16, new_word: u16) -> u16 {
    Sum::default()
        .add_word(!checksum)
        .add_word(!old_word)
        .add_word(new_word)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    // The header that RFC 7634 appendix A prints, and its checksum there.
    const HEADER: [u8; 20] = [
        0x45, 0x00, 0x00, 0x8c, 0x23, 0x45, 0x00, 0x00, 0x40, 0x32, 0xde, 0x5b, 0xcb, 0x00, 0x71,
        0x99, 0xcb, 0x00, 0x71, 0x05,
    ];

    #[test]
    fn a_correct_header_sums_to_zero() {
        assert_eq!(internet(&HEADER), 0);
        let mut blank = HEADER;
        blank[10..12].fill(0);
        assert_eq!(internet(&blank), 0xde5b);
    }

    #[test]
    fn the_incremental_update_agrees_with_the_whole_sum() {
        for ttl in 0..=255 {
            let mut changed = HEADER;
            changed[8] = ttl;
            let incremental = update(0xde5b, 0x4032, u16::from_be_bytes([ttl, 0x32]));
            changed[10..12].copy_from_slice(&incremental.to_be_bytes());
            assert_eq!(internet(&changed), 0, "ttl {ttl}");
        }
    }

    #[test]
    fn rfc_1624_corner_case_keeps_zero() {
        // RFC 1624 section 4: header checksum 0xdd2f, field 0x5555 becomes 0x3285.
        assert_eq!(update(0xdd2f, 0x5555, 0x3285), 0x0000);
    }

    #[test]
    fn an_odd_last_byte_is_a_high_half() {
        assert_eq!(internet(&[0x12]), !0x1200);
    }
}
