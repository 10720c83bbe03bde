//! IP packets made to order, written byte by byte and not with the code under test.

use core::net::IpAddr;

use iiptran::wire::Protocol;

/// A correct IP packet: lengths, next headers and the IPv4 checksum follow from the rest.
#[derive(Clone, Debug)]
pub struct Ip {
    /// Source; of the same version as the destination.
    pub source: IpAddr,
    /// Destination.
    pub destination: IpAddr,
    /// DSCP and ECN.
    pub traffic_class: u8,
    /// TTL or hop limit.
    pub ttl: u8,
    /// IPv4: identification.
    pub identification: u16,
    /// IPv4: flags and fragment offset.
    pub flags_and_offset: u16,
    /// IPv4: options, a multiple of 4 bytes up to 40.
    pub options: Vec<u8>,
    /// IPv6: flow label.
    pub flow_label: u32,
    /// IPv6: extension headers. The first byte of each is filled in.
    pub extension_headers: Vec<(Protocol, Vec<u8>)>,
    /// What the payload is.
    pub protocol: Protocol,
    /// What the packet carries.
    pub payload: Vec<u8>,
}

impl Ip {
    /// A packet between two addresses, without options and extension headers.
    #[must_use]
    pub fn new(ends: [IpAddr; 2], protocol: Protocol, payload: &[u8]) -> Self {
        let [source, destination] = ends;
        Self {
            source,
            destination,
            traffic_class: 0,
            ttl: 64,
            identification: 0,
            flags_and_offset: 0,
            options: Vec::new(),
            flow_label: 0,
            extension_headers: Vec::new(),
            protocol,
            payload: payload.to_vec(),
        }
    }

    /// A UDP datagram without checksum.
    #[must_use]
    pub fn udp(ends: [IpAddr; 2], content: &[u8]) -> Self {
        let length = u16::try_from(content.len() + 8).expect("a datagram");
        let [high, low] = length.to_be_bytes();
        let datagram = [&[0x30, 0x39, 0, 7, high, low, 0, 0], content].concat();
        Self::new(ends, Protocol::UDP, &datagram)
    }

    /// The packet.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match (self.source, self.destination) {
            (IpAddr::V4(source), IpAddr::V4(destination)) => {
                self.v4(source.octets(), destination.octets())
            }
            (IpAddr::V6(source), IpAddr::V6(destination)) => {
                self.v6(source.octets(), destination.octets())
            }
            ends => panic!("{ends:?} are not of one version"),
        }
    }

    fn v4(&self, source: [u8; 4], destination: [u8; 4]) -> Vec<u8> {
        let header_length = 20 + self.options.len();
        let total = u16::try_from(header_length + self.payload.len()).expect("a packet");
        let words = u8::try_from(header_length / 4).expect("a header");
        let mut packet = vec![0x40 | words, self.traffic_class];
        packet.extend(total.to_be_bytes());
        packet.extend(self.identification.to_be_bytes());
        packet.extend(self.flags_and_offset.to_be_bytes());
        packet.extend([self.ttl, self.protocol.0, 0, 0]);
        packet.extend(source);
        packet.extend(destination);
        packet.extend(&self.options);
        let checksum = checksum(&packet);
        packet[10..12].copy_from_slice(&checksum.to_be_bytes());
        packet.extend(&self.payload);
        packet
    }

    fn v6(&self, source: [u8; 16], destination: [u8; 16]) -> Vec<u8> {
        let first_word = 6 << 28 | u32::from(self.traffic_class) << 20 | self.flow_label & 0xf_ffff;
        let mut kinds = self.extension_headers.iter().map(|(kind, _)| kind.0);
        let mut behind = Vec::new();
        let first = kinds.next().unwrap_or(self.protocol.0);
        for (_, header) in &self.extension_headers {
            behind.push(kinds.next().unwrap_or(self.protocol.0));
            behind.extend(&header[1..]);
        }
        behind.extend(&self.payload);
        let length = u16::try_from(behind.len()).expect("a packet");
        let mut packet = first_word.to_be_bytes().to_vec();
        packet.extend(length.to_be_bytes());
        packet.extend([first, self.ttl]);
        packet.extend(source);
        packet.extend(destination);
        packet.extend(behind);
        packet
    }
}

/// The packet as a router on the way leaves it that writes another DSCP and ECN: an IPv4 checksum
/// follows.
///
/// # Panics
/// If the bytes are no IP packet.
#[must_use]
pub fn with_traffic_class(packet: &[u8], traffic_class: u8) -> Vec<u8> {
    let mut packet = packet.to_vec();
    if packet[0] >> 4 == 4 {
        packet[1] = traffic_class;
        fill_checksum(&mut packet);
    } else {
        packet[0] = 0x60 | traffic_class >> 4;
        packet[1] = traffic_class << 4 | packet[1] & 0x0f;
    }
    packet
}

/// Makes the checksum of an IPv4 header without options right.
///
/// # Panics
/// If there are fewer bytes than such a header has.
pub fn fill_checksum(packet: &mut [u8]) {
    packet[10..12].fill(0);
    let checksum = checksum(&packet[..20]);
    packet[10..12].copy_from_slice(&checksum.to_be_bytes());
}

/// The Internet checksum of an even number of bytes.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes
        .chunks(2)
        .map(|word| u32::from(word[0]) << 8 | u32::from(word[1]));
    let sum: u32 = words.sum();
    let sum = (sum & 0xffff) + (sum >> 16);
    let [.., high, low] = (!(sum + (sum >> 16))).to_be_bytes();
    u16::from_be_bytes([high, low])
}
