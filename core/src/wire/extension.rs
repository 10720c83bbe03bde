//! IPv6 extension headers (RFC 8200 section 4): finding the next layer, and the place for ESP.

use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use super::{Fragment, IpHeader, IpVersion, Ipv6Header, Protocol};
use crate::DropReason;

/// How many extension headers a packet may have: work per packet stays bounded.
pub const MAX_EXTENSION_HEADERS: usize = 8;

/// Which headers are skipped on the way to the next layer protocol (RFC 4301 section 4.4.1.1).
///
/// AH and ESP are next layer protocols and can't be in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkipList([u64; 4]);

impl SkipList {
    /// The list of these protocols; AH and ESP are left out.
    #[must_use]
    pub fn new(protocols: &[Protocol]) -> Self {
        let mut words = [0; 4];
        for protocol in protocols {
            if let Some(word) = words.get_mut(usize::from(protocol.0 >> 6))
                && !matches!(*protocol, Protocol::ESP | Protocol::AH)
            {
                *word |= 1 << (protocol.0 & 63);
            }
        }
        Self(words)
    }

    /// Whether headers of this type are skipped.
    #[inline]
    #[must_use]
    pub fn contains(&self, protocol: Protocol) -> bool {
        self.0
            .get(usize::from(protocol.0 >> 6))
            .is_some_and(|w| w >> (protocol.0 & 63) & 1 == 1)
    }
}

impl Default for SkipList {
    /// Hop-by-hop options, routing, fragment, destination options.
    fn default() -> Self {
        Self::new(&[
            Protocol::HOP_BY_HOP,
            Protocol::ROUTING,
            Protocol::FRAGMENT,
            Protocol::DESTINATION_OPTIONS,
        ])
    }
}

/// What the chain of extension headers leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionHeaders {
    /// The protocol behind the chain. Of a fragment other than the first: the one that its fragment
    /// header names.
    pub protocol: Protocol,
    /// Where the byte that names [`Self::protocol`] is, from the start of the packet.
    pub protocol_offset: usize,
    /// Length of IPv6 header and chain, bytes.
    pub length: usize,
    /// Which part of a datagram this is, if there is a fragment header that says so.
    pub fragment: Option<Fragment>,
    /// Length of what comes before the fragment header, bytes; 0 if there is none.
    pub unfragmentable: usize,
    /// Where transport mode puts ESP: behind the headers that the path reads, before destination
    /// options for the final destination (RFC 4303 section 3.1.1).
    pub esp_offset: usize,
    /// Where the byte is that names the header at [`Self::esp_offset`].
    pub esp_protocol_offset: usize,
}

/// Length of a fragment header, bytes.
pub(crate) const FRAGMENT_HEADER_LENGTH: usize = size_of::<FragmentHeader>();

#[derive(Clone, Copy, FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct OptionsHeader {
    next_header: u8,
    length: u8,
}

#[derive(Clone, Copy, FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct FragmentHeader {
    next_header: u8,
    reserved: u8,
    offset_and_flags: U16,
    identification: U32,
}

/// Walks the extension headers of a whole IPv6 packet whose header was checked.
///
/// # Errors
/// [`DropReason::Truncated`] if a header reaches past the packet, [`DropReason::BadExtensionHeader`]
/// if hop-by-hop options are not first or there are more than [`MAX_EXTENSION_HEADERS`].
#[inline]
pub fn walk(
    packet: &[u8],
    first: Protocol,
    skip: &SkipList,
) -> Result<ExtensionHeaders, DropReason> {
    let mut chain = ExtensionHeaders {
        protocol: first,
        protocol_offset: Ipv6Header::NEXT_HEADER_OFFSET,
        length: Ipv6Header::LENGTH,
        fragment: None,
        unfragmentable: 0,
        esp_offset: Ipv6Header::LENGTH,
        esp_protocol_offset: Ipv6Header::NEXT_HEADER_OFFSET,
    };
    let mut count = 0_usize;
    while skip.contains(chain.protocol) {
        let kind = chain.protocol;
        let misplaced = kind == Protocol::HOP_BY_HOP && count > 0;
        count = count.saturating_add(1);
        if misplaced || count > MAX_EXTENSION_HEADERS {
            return Err(DropReason::BadExtensionHeader);
        }
        let rest = packet.get(chain.length..).ok_or(DropReason::Truncated)?;
        let length = if kind == Protocol::FRAGMENT {
            let (header, _) =
                FragmentHeader::ref_from_prefix(rest).map_err(|_| DropReason::Truncated)?;
            let field = header.offset_and_flags.get();
            chain.fragment =
                Fragment::new(header.identification.get(), field & 0xfff8, field & 1 == 1);
            chain.unfragmentable = chain.length;
            chain.protocol = Protocol(header.next_header);
            FRAGMENT_HEADER_LENGTH
        } else {
            let (header, _) =
                OptionsHeader::ref_from_prefix(rest).map_err(|_| DropReason::Truncated)?;
            chain.protocol = Protocol(header.next_header);
            options_length(header.length)
        };
        let header = rest.get(..length).ok_or(DropReason::Truncated)?;
        chain.protocol_offset = chain.length;
        chain.length = chain.length.saturating_add(length);
        let read_on_the_path =
            kind != Protocol::DESTINATION_OPTIONS || limit_option(header).is_some();
        if read_on_the_path {
            chain.esp_offset = chain.length;
            chain.esp_protocol_offset = chain.protocol_offset;
        }
        if chain.fragment.is_some_and(|fragment| !fragment.is_first()) {
            break;
        }
    }
    Ok(chain)
}

/// Length of a destination options header with a tunnel encapsulation limit, bytes.
pub(crate) const ENCAPSULATION_LIMIT_LENGTH: usize = 8;

/// The destination options header with a tunnel encapsulation limit (RFC 2473 section 4.1.1) and its
/// padding.
pub(crate) const fn encapsulation_limit_header(
    next_header: Protocol,
    limit: u8,
) -> [u8; ENCAPSULATION_LIMIT_LENGTH] {
    [next_header.0, 0, 4, 1, limit, 1, 1, 0]
}

/// The tunnel encapsulation limit that a packet carries, if it does: the first one in its extension
/// headers, wherever it is there (RFC 2473 section 4.1.1).
#[must_use]
pub fn encapsulation_limit(packet: &[u8], header: &IpHeader) -> Option<u8> {
    if header.version() != IpVersion::V6 {
        return None;
    }
    let mut kind = Protocol(*packet.get(Ipv6Header::NEXT_HEADER_OFFSET)?);
    let mut chain = packet.get(Ipv6Header::LENGTH..header.length)?;
    while let &[next, length, ..] = chain {
        let size = match kind {
            Protocol::FRAGMENT => FRAGMENT_HEADER_LENGTH,
            _ => options_length(length),
        };
        let (header, rest) = chain.split_at_checked(size)?;
        if kind == Protocol::DESTINATION_OPTIONS
            && let Some(limit) = limit_option(header)
        {
            return Some(limit);
        }
        (kind, chain) = (Protocol(next), rest);
    }
    None
}

/// Length of an extension header other than a fragment header, bytes, from its length field.
fn options_length(field: u8) -> usize {
    usize::from(field).saturating_add(1).saturating_mul(8)
}

/// The tunnel encapsulation limit in a destination options header. Other tunnel entries on the path
/// read it, so a header that has one stays in front of ESP.
fn limit_option(header: &[u8]) -> Option<u8> {
    let mut options = header.get(size_of::<OptionsHeader>()..)?;
    loop {
        options = match options {
            [4, 1, limit, ..] => return Some(*limit),
            // A single byte of padding has no length.
            [0, rest @ ..] => rest,
            [_, length, rest @ ..] => rest.get(usize::from(*length)..)?,
            _ => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(first: u8, headers: &[&[u8]]) -> Result<ExtensionHeaders, DropReason> {
        let mut packet = [0; 40].to_vec();
        headers
            .iter()
            .for_each(|header| packet.extend_from_slice(header));
        walk(&packet, Protocol(first), &SkipList::default())
    }

    #[test]
    fn esp_goes_before_final_destination_options_and_behind_all_else() {
        let hop_by_hop = [60, 0, 1, 4, 0, 0, 0, 0];
        let early_options = [43, 0, 1, 4, 0, 0, 0, 0];
        let routing = [60, 0, 2, 0, 0, 0, 0, 0];
        let final_options = [17, 0, 1, 4, 0, 0, 0, 0];
        let found = chain(
            0,
            &[
                &hop_by_hop,
                &early_options,
                &routing,
                &final_options,
                &[0; 8],
            ],
        )
        .unwrap();
        assert_eq!(
            (found.protocol, found.length, found.protocol_offset),
            (Protocol::UDP, 72, 64)
        );
        assert_eq!((found.esp_offset, found.esp_protocol_offset), (64, 56));
    }

    #[test]
    fn an_encapsulation_limit_stays_before_esp() {
        let found = chain(60, &[&encapsulation_limit_header(Protocol::IPV4, 4)]).unwrap();
        assert_eq!(
            (found.protocol, found.length, found.esp_offset),
            (Protocol::IPV4, 48, 48)
        );
        // Behind padding too.
        let padded = [4, 0, 0, 1, 1, 0, 4, 1];
        assert_eq!(limit_option(&padded), None, "its value is missing");
        let padded = [4, 1, 1, 2, 0, 0, 0, 4, 1, 9, 0, 0, 0, 0, 0, 0];
        assert_eq!(limit_option(&padded), Some(9));
        // The bytes that Linux's ip6tnl sends.
        assert_eq!(
            encapsulation_limit_header(Protocol::ESP, 4),
            [50, 0, 4, 1, 4, 1, 1, 0]
        );
    }

    #[test]
    fn a_later_fragment_ends_the_chain() {
        let found = chain(44, &[&[60, 0, 0x05, 0x79, 0, 0, 0, 9], &[0xff; 8]]).unwrap();
        let fragment = found.fragment.unwrap();
        assert_eq!(
            (fragment.identification, fragment.offset, fragment.more),
            (9, 0x578, true)
        );
        assert_eq!(found.unfragmentable, 40);
        assert_eq!(
            (found.protocol, found.length),
            (Protocol::DESTINATION_OPTIONS, 48)
        );
    }

    #[test]
    fn an_atomic_fragment_is_whole() {
        let found = chain(44, &[&[17, 0, 0, 0, 0, 0, 0, 9], &[0; 8]]).unwrap();
        assert_eq!((found.fragment, found.protocol), (None, Protocol::UDP));
    }

    #[test]
    fn malformed_chains_have_their_reason() {
        let misplaced = chain(60, &[&[0, 0, 0, 0, 0, 0, 0, 0], &[17, 0, 0, 0, 0, 0, 0, 0]]);
        assert_eq!(misplaced.err(), Some(DropReason::BadExtensionHeader));
        let endless = [[60, 0, 1, 4, 0, 0, 0, 0]; 9];
        let endless: [&[u8]; 9] = core::array::from_fn(|index| &endless[index][..]);
        assert_eq!(
            chain(60, &endless).err(),
            Some(DropReason::BadExtensionHeader)
        );
        assert_eq!(
            chain(60, &[&[17, 1, 0, 0, 0, 0, 0, 0]]).err(),
            Some(DropReason::Truncated)
        );
        assert_eq!(chain(44, &[&[17, 0, 0]]).err(), Some(DropReason::Truncated));
    }

    #[test]
    fn spd_11_ipsec_headers_are_never_skipped() {
        let list = SkipList::new(&[Protocol::ESP, Protocol::AH, Protocol::MOBILITY]);
        assert!(!list.contains(Protocol::ESP) && !list.contains(Protocol::AH));
        assert!(list.contains(Protocol::MOBILITY));
    }
}
