//! SAs whose keys don't matter, and ESP packets written by hand for them.

use iiptran::config::TransformText;
use iiptran::sa::{InboundSa, OutboundSa, SaParameters, SealOptions};
use iiptran::transform::{Integrity, Transform};
use iiptran::wire::{Protocol, Spi};
use iiptran::{DropReason, Mode, TunnelEnds};

use crate::lab::ip;
use crate::{Ip, KEY_BYTES, NOW, keys, process, reference};

/// The two ends of every packet here, the sender first.
pub const ENDS: [&str; 2] = ["192.0.2.1", "192.0.2.2"];

/// The SPI of every SA here.
pub const SPI: u32 = 0x1000;

/// The transform that authenticates and hides nothing: its packets can be written by hand.
pub const PLAIN: &str = "null + hmac-sha2-256-128";

const KEY: [u8; KEY_BYTES] = [7; KEY_BYTES];

/// The transform of these names, such as `aes-128-cbc + hmac-sha2-256-128`.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn transform(names: &str) -> Transform {
    let parsed = names.parse::<TransformText>();
    parsed.unwrap_or_else(|error| panic!("{error}")).0
}

/// An SA in transport mode, all else as usual.
#[must_use]
pub fn parameters(transform: Transform) -> SaParameters {
    let keys = keys(transform, &KEY);
    SaParameters::new(Spi(SPI), Mode::Transport, transform, keys)
}

/// [`parameters`] in tunnel mode, seen from one of [`ENDS`].
#[must_use]
pub fn tunnel_parameters(transform: Transform, local: &str, remote: &str) -> SaParameters {
    SaParameters {
        mode: Mode::Tunnel(TunnelEnds {
            local: ip(local),
            remote: ip(remote),
        }),
        ..parameters(transform)
    }
}

/// A UDP datagram between the two [`ENDS`].
#[must_use]
pub fn clear(content: &[u8]) -> Vec<u8> {
    Ip::udp(ENDS.map(ip), content).bytes()
}

/// Both sides of an SA.
///
/// # Panics
/// If there can't be such an SA.
#[must_use]
pub fn both_sides(parameters: &SaParameters) -> (OutboundSa, InboundSa) {
    let sender = OutboundSa::new(parameters.clone()).expect("an SA to send with");
    let receiver = InboundSa::new(parameters.clone()).expect("an SA to receive with");
    (sender, receiver)
}

/// A packet sealed with the next sequence number.
///
/// # Errors
/// As [`OutboundSa::seal`].
pub fn seal(sa: &OutboundSa, packet: &[u8]) -> Result<Vec<u8>, DropReason> {
    process(packet, |packet| sa.seal(NOW, packet))
}

/// A packet sealed with this sequence number, whatever the SA's own counter says.
///
/// # Panics
/// If it can't be sealed.
#[must_use]
pub fn seal_as(sa: &OutboundSa, sequence: u64, packet: &[u8]) -> Vec<u8> {
    let options = SealOptions {
        sequence: Some(sequence),
        ..SealOptions::default()
    };
    process(packet, |packet| sa.seal_with(NOW, packet, &options)).expect("a sealed packet")
}

/// What comes out of a packet.
///
/// # Errors
/// As [`InboundSa::open`].
pub fn open(sa: &mut InboundSa, packet: &[u8]) -> Result<Vec<u8>, DropReason> {
    process(packet, |packet| sa.open(NOW, packet))
}

/// An ESP packet of the transform [`PLAIN`], byte by byte as RFC 4303 section 2 draws it, its ICV by
/// another implementation. `body` is payload, padding, pad length and next header; `high` is the half
/// of the sequence number that extended ones authenticate and don't send.
#[must_use]
pub fn by_hand(sequence: u32, high: Option<u32>, body: &[u8]) -> Vec<u8> {
    let mut esp = SPI.to_be_bytes().to_vec();
    esp.extend(sequence.to_be_bytes());
    esp.extend(body);
    let mut covered = esp.clone();
    covered.extend(high.map(u32::to_be_bytes).into_iter().flatten());
    let icv = reference::hmac_icv(Integrity::HmacSha2_256_128, &KEY[..32], &covered);
    esp.extend(icv.expect("an HMAC"));
    Ip::new(ENDS.map(ip), Protocol::ESP, &esp).bytes()
}
