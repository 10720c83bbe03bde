//! Where the IP packet is in a captured frame.

use core::fmt;

use iiptran::DropReason;

/// A link-layer header type, by its number in the registry of the pcap formats (LINKTYPE_…).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// An IP packet, and perhaps link padding behind it.
    Ip {
        /// Where the IP header begins, bytes.
        offset: usize,
    },
    /// Something else, such as ARP.
    NotIp {
        /// What the link header says it is: an EtherType, or for NULL and LOOP an address family.
        protocol: u32,
    },
    /// The frame ends inside its link header, or the header announces another version of IP than there
    /// is.
    Malformed(DropReason),
}

/// A link type in whose frames IP can't be found here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsupportedLinkType(pub LinkType);

impl LinkType {
    /// BSD loopback: an address family in the byte order of the capturing host.
    pub const NULL: Self = Self(0);
    /// Ethernet.
    pub const EN10MB: Self = Self(1);
    /// LINKTYPE_RAW as most systems' own number, found in old files.
    pub const DLT_RAW: Self = Self(12);
    /// LINKTYPE_RAW as OpenBSD's own number, found in old files.
    pub const DLT_RAW_OPENBSD: Self = Self(14);
    /// An IPv4 or IPv6 packet.
    pub const RAW: Self = Self(101);
    /// OpenBSD loopback: an address family in network byte order.
    pub const LOOP: Self = Self(108);
    /// Linux "cooked" capture, version 1.
    pub const LINUX_SLL: Self = Self(113);
    /// An IPv4 packet.
    pub const IPV4: Self = Self(228);
    /// An IPv6 packet.
    pub const IPV6: Self = Self(229);
    /// Linux "cooked" capture, version 2.
    pub const LINUX_SLL2: Self = Self(276);

    /// Those that [`Self::ip_packet`] knows, with their names.
    pub const SUPPORTED: &'static [(Self, &'static str)] = &[
        (Self::NULL, "NULL"),
        (Self::EN10MB, "EN10MB"),
        (Self::DLT_RAW, "RAW"),
        (Self::DLT_RAW_OPENBSD, "RAW"),
        (Self::RAW, "RAW"),
        (Self::LOOP, "LOOP"),
        (Self::LINUX_SLL, "LINUX_SLL"),
        (Self::IPV4, "IPV4"),
        (Self::IPV6, "IPV6"),
        (Self::LINUX_SLL2, "LINUX_SLL2"),
    ];

    /// Finds the IP packet in a frame of this type.
    ///
    /// # Errors
    /// [`UnsupportedLinkType`]: nothing is known of such frames.
    pub fn ip_packet(self, frame: &[u8]) -> Result<Framing, UnsupportedLinkType> {
        let found = match self {
            Self::RAW | Self::DLT_RAW | Self::DLT_RAW_OPENBSD => ip_at(frame, 0, &[4, 6]),
            Self::IPV4 => ip_at(frame, 0, &[4]),
            Self::IPV6 => ip_at(frame, 0, &[6]),
            Self::NULL | Self::LOOP => behind_address_family(frame),
            Self::EN10MB => behind_ether_type(frame, 12, 14),
            Self::LINUX_SLL => behind_ether_type(frame, 14, 16),
            Self::LINUX_SLL2 => behind_ether_type(frame, 0, 20),
            _ => return Err(UnsupportedLinkType(self)),
        };
        Ok(found.unwrap_or_else(Framing::Malformed))
    }

    /// The link type in a file's 16- or 32-bit field, of which the high half is for other things, such
    /// as the length of the frame check sequence.
    pub(super) const fn from_pcap(field: i32) -> Self {
        let [low, high, ..] = field.to_le_bytes();
        Self(u16::from_le_bytes([low, high]))
    }
}

impl fmt::Display for UnsupportedLinkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "link type {} is not supported; supported are", self.0.0)?;
        for (index, (link_type, name)) in LinkType::SUPPORTED.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(f, "{separator} {} ({name})", link_type.0)?;
        }
        Ok(())
    }
}

impl core::error::Error for UnsupportedLinkType {}

/// The packet behind an EtherType and any VLAN tags, each of which puts two bytes of its own and the
/// next EtherType (IEEE 802.1Q) where the payload would begin.
fn behind_ether_type(
    frame: &[u8],
    mut at: usize,
    mut payload: usize,
) -> Result<Framing, DropReason> {
    const IPV4: u16 = 0x0800;
    const IPV6: u16 = 0x86dd;
    // 802.1Q, 802.1ad, and the number that was in use for the latter before it had one.
    const VLAN: [u16; 3] = [0x8100, 0x88a8, 0x9100];
    loop {
        let ether_type = u16::from_be_bytes(bytes_at(frame, at)?);
        match ether_type {
            IPV4 => return ip_at(frame, payload, &[4]),
            IPV6 => return ip_at(frame, payload, &[6]),
            tag if VLAN.contains(&tag) => (at, payload) = (payload + 2, payload + 4),
            other => {
                return Ok(Framing::NotIp {
                    protocol: other.into(),
                });
            }
        }
    }
}

/// The packet behind a 32-bit address family. Families are small numbers, which tells the byte order.
fn behind_address_family(frame: &[u8]) -> Result<Framing, DropReason> {
    const INET: u32 = 2;
    // AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS.
    const INET6: [u32; 5] = [10, 23, 24, 28, 30];
    let family = u32::from_le_bytes(bytes_at(frame, 0)?);
    let family = family.min(family.swap_bytes());
    match family {
        INET => ip_at(frame, 4, &[4]),
        family if INET6.contains(&family) => ip_at(frame, 4, &[6]),
        protocol => Ok(Framing::NotIp { protocol }),
    }
}

fn ip_at(frame: &[u8], offset: usize, versions: &[u8]) -> Result<Framing, DropReason> {
    let [first] = bytes_at(frame, offset)?;
    if versions.contains(&(first >> 4)) {
        Ok(Framing::Ip { offset })
    } else {
        Err(DropReason::BadVersion)
    }
}

fn bytes_at<const N: usize>(frame: &[u8], offset: usize) -> Result<[u8; N], DropReason> {
    let found = frame.get(offset..).and_then(<[u8]>::first_chunk);
    found.copied().ok_or(DropReason::Truncated)
}

#[cfg(test)]
mod tests {
    use super::*;

    const V4: u8 = 0x45;
    const V6: u8 = 0x60;
    const ARP: u32 = 0x0806;

    fn framing(link_type: LinkType, frame: &[u8]) -> Framing {
        link_type.ip_packet(frame).unwrap()
    }

    /// A link header of zeros with an EtherType at `at`, then what follows.
    fn frame(at: usize, length: usize, ether_type: u16, rest: &[u8]) -> Vec<u8> {
        let mut frame = vec![0; length];
        frame[at..at + 2].copy_from_slice(&ether_type.to_be_bytes());
        frame.extend_from_slice(rest);
        frame
    }

    #[test]
    fn a_raw_packet_begins_at_once() {
        for link_type in [LinkType::RAW, LinkType::DLT_RAW, LinkType::DLT_RAW_OPENBSD] {
            for version in [V4, V6] {
                assert_eq!(framing(link_type, &[version]), Framing::Ip { offset: 0 });
            }
            assert_eq!(
                framing(link_type, &[0x50]),
                Framing::Malformed(DropReason::BadVersion)
            );
            assert_eq!(
                framing(link_type, &[]),
                Framing::Malformed(DropReason::Truncated)
            );
        }
    }

    #[test]
    fn a_type_of_one_version_has_no_other() {
        let wrong = Framing::Malformed(DropReason::BadVersion);
        assert_eq!(framing(LinkType::IPV4, &[V4]), Framing::Ip { offset: 0 });
        assert_eq!(framing(LinkType::IPV6, &[V6]), Framing::Ip { offset: 0 });
        assert_eq!(framing(LinkType::IPV4, &[V6]), wrong);
        assert_eq!(framing(LinkType::IPV6, &[V4]), wrong);
    }

    #[test]
    fn an_ether_type_names_the_payload() {
        for (link_type, at, length) in [
            (LinkType::EN10MB, 12, 14),
            (LinkType::LINUX_SLL, 14, 16),
            (LinkType::LINUX_SLL2, 0, 20),
        ] {
            let found =
                |ether_type, rest: &[u8]| framing(link_type, &frame(at, length, ether_type, rest));
            let ip = |offset| Framing::Ip { offset };
            assert_eq!(found(0x0800, &[V4]), ip(length));
            assert_eq!(found(0x86dd, &[V6]), ip(length));
            assert_eq!(found(0x8100, &[0, 5, 0x08, 0x00, V4]), ip(length + 4));
            let two_tags = [0, 5, 0x81, 0x00, 0, 6, 0x86, 0xdd, V6];
            assert_eq!(found(0x88a8, &two_tags), ip(length + 8));
            assert_eq!(found(0x0806, &[0, 1]), Framing::NotIp { protocol: ARP });
            assert_eq!(
                found(0x0800, &[V6]),
                Framing::Malformed(DropReason::BadVersion)
            );
        }
    }

    #[test]
    fn a_frame_may_end_anywhere_in_its_header() {
        let tagged = frame(12, 14, 0x88a8, &[0, 5, 0x81, 0x00, 0, 6, 0x08, 0x00, V4]);
        for length in 0..tagged.len() {
            assert_eq!(
                framing(LinkType::EN10MB, &tagged[..length]),
                Framing::Malformed(DropReason::Truncated)
            );
        }
        assert_eq!(
            framing(LinkType::EN10MB, &tagged),
            Framing::Ip { offset: 22 }
        );
    }

    #[test]
    fn an_address_family_is_of_either_order_and_of_many_systems() {
        for link_type in [LinkType::NULL, LinkType::LOOP] {
            for (family, version) in [(2, V4), (10, V6), (23, V6), (24, V6), (28, V6), (30, V6)] {
                let ip = Framing::Ip { offset: 4 };
                assert_eq!(framing(link_type, &[family, 0, 0, 0, version]), ip);
                assert_eq!(framing(link_type, &[0, 0, 0, family, version]), ip);
            }
            assert_eq!(
                framing(link_type, &[7, 0, 0, 0, 1]),
                Framing::NotIp { protocol: 7 }
            );
            assert_eq!(
                framing(link_type, &[2, 0, 0]),
                Framing::Malformed(DropReason::Truncated)
            );
        }
    }

    #[test]
    fn an_unsupported_type_is_told_with_those_supported() {
        let error = LinkType(105).ip_packet(&[V4]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "link type 105 is not supported; supported are 0 (NULL), 1 (EN10MB), 12 (RAW), 14 (RAW), \
             101 (RAW), 108 (LOOP), 113 (LINUX_SLL), 228 (IPV4), 229 (IPV6), 276 (LINUX_SLL2)"
        );
        for (link_type, _) in LinkType::SUPPORTED {
            assert!(link_type.ip_packet(&[]).is_ok());
        }
    }

    #[test]
    fn the_high_half_of_the_field_is_not_the_type() {
        assert_eq!(LinkType::from_pcap(0x2400_0001), LinkType::EN10MB);
    }
}
