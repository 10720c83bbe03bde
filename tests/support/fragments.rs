//! Cutting IPv4 packets into fragments, as a router on the way does.

/// The two halves of an IPv4 packet without options.
#[must_use]
pub fn halves(packet: &[u8]) -> [Vec<u8>; 2] {
    let cut = (packet.len() - 20) / 2 / 8 * 8;
    [
        piece(packet, 0, cut, true),
        piece(packet, cut, packet.len() - 20 - cut, false),
    ]
}

/// `length` bytes of the payload of an IPv4 packet without options, from `offset` on.
///
/// # Panics
/// If there are not so many.
#[must_use]
pub fn piece(packet: &[u8], offset: usize, length: usize, more: bool) -> Vec<u8> {
    let mut fragment = packet[..20].to_vec();
    fragment.extend(&packet[20 + offset..20 + offset + length]);
    let total = u16::try_from(fragment.len()).expect("a field of 16 bits");
    fragment[2..4].copy_from_slice(&total.to_be_bytes());
    let field =
        u16::try_from(offset / 8).expect("a field of 16 bits") | if more { 0x2000 } else { 0 };
    fragment[6..8].copy_from_slice(&field.to_be_bytes());
    iiptran::wire::Ipv4Header::fill_checksum(&mut fragment[..20]);
    fragment
}
