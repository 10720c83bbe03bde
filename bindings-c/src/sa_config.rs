//! SAs from what a key exchange agreed on.

use core::ffi::c_char;

use iiptran_host::{
    AgreedSa, InboundSa, LifetimeConfig, LimitsOfLifetime, LookupName, ModeName, OutboundSa,
};

use crate::pointer::{bytes, input, output, text};
use crate::status::{Answer, IIPTRAN_BAD_ARGUMENT, call, refuse};
use crate::{
    iiptran_address_t, iiptran_config_error_t, iiptran_inbound_sa_t, iiptran_outbound_sa_t,
    iiptran_status_t,
};

/// ESP behind the packet's own IP header.
pub const IIPTRAN_MODE_TRANSPORT: u8 = 0;
/// The whole packet inside a new one.
pub const IIPTRAN_MODE_TUNNEL: u8 = 1;

/// An inbound SA is found by its SPI alone.
pub const IIPTRAN_LOOKUP_SPI: u8 = 0;
/// An inbound SA is found by SPI and destination, for multicast.
pub const IIPTRAN_LOOKUP_DESTINATION: u8 = 1;
/// An inbound SA is found by SPI, destination and source, for multicast.
pub const IIPTRAN_LOOKUP_SOURCE: u8 = 2;

/// A window for an SA without anti-replay.
pub const IIPTRAN_WINDOW_OFF: u32 = 0xffff_ffff;

/// No encryption (RFC 2410); with an integrity algorithm.
pub const IIPTRAN_ENCR_NULL: u16 = 11;
/// AES-CBC (RFC 3602); with an integrity algorithm.
pub const IIPTRAN_ENCR_AES_CBC: u16 = 12;
/// AES-CTR (RFC 3686); with an integrity algorithm.
pub const IIPTRAN_ENCR_AES_CTR: u16 = 13;
/// AES-CCM with an ICV of 8 bytes (RFC 4309).
pub const IIPTRAN_ENCR_AES_CCM_8: u16 = 14;
/// AES-CCM with an ICV of 12 bytes (RFC 4309).
pub const IIPTRAN_ENCR_AES_CCM_12: u16 = 15;
/// AES-CCM with an ICV of 16 bytes (RFC 4309).
pub const IIPTRAN_ENCR_AES_CCM_16: u16 = 16;
/// AES-GCM with an ICV of 8 bytes (RFC 4106).
pub const IIPTRAN_ENCR_AES_GCM_8: u16 = 18;
/// AES-GCM with an ICV of 12 bytes (RFC 4106).
pub const IIPTRAN_ENCR_AES_GCM_12: u16 = 19;
/// AES-GCM with an ICV of 16 bytes (RFC 4106).
pub const IIPTRAN_ENCR_AES_GCM_16: u16 = 20;
/// AES-GMAC: integrity alone (RFC 4543).
pub const IIPTRAN_ENCR_NULL_AUTH_AES_GMAC: u16 = 21;
/// ChaCha20-Poly1305 (RFC 7634).
pub const IIPTRAN_ENCR_CHACHA20_POLY1305: u16 = 28;
/// AES-CCM with an ICV of 8 bytes and an implicit IV (RFC 8750).
pub const IIPTRAN_ENCR_AES_CCM_8_IIV: u16 = 29;
/// AES-GCM with an ICV of 16 bytes and an implicit IV (RFC 8750).
pub const IIPTRAN_ENCR_AES_GCM_16_IIV: u16 = 30;
/// ChaCha20-Poly1305 with an implicit IV (RFC 8750).
pub const IIPTRAN_ENCR_CHACHA20_POLY1305_IIV: u16 = 31;

/// The encryption algorithm authenticates by itself.
pub const IIPTRAN_AUTH_NONE: u16 = 0;
/// HMAC-SHA1-96 (RFC 2404).
pub const IIPTRAN_AUTH_HMAC_SHA1_96: u16 = 2;
/// AES-XCBC-96 (RFC 3566).
pub const IIPTRAN_AUTH_AES_XCBC_96: u16 = 5;
/// AES-CMAC-96 (RFC 4494).
pub const IIPTRAN_AUTH_AES_CMAC_96: u16 = 8;
/// HMAC-SHA2-256-128 (RFC 4868).
pub const IIPTRAN_AUTH_HMAC_SHA2_256_128: u16 = 12;
/// HMAC-SHA2-384-192 (RFC 4868).
pub const IIPTRAN_AUTH_HMAC_SHA2_384_192: u16 = 13;
/// HMAC-SHA2-512-256 (RFC 4868).
pub const IIPTRAN_AUTH_HMAC_SHA2_512_256: u16 = 14;

/// Limits of an SA; whichever is reached first counts, and 0 is none.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct iiptran_limits_t {
    /// Seconds since the time of the caller began.
    pub seconds: u64,
    /// Bytes given to the cipher.
    pub bytes: u64,
    /// Packets.
    pub packets: u64,
}

/// What a key exchange agreed on for one direction, in the terms of IKEv2 (RFC 7296). All zero is an SA in
/// transport mode with what is usual; SPI, algorithms and keys are always to be said. It carries any
/// traffic: an SA with selectors of its own is made of a document.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_sa_config_t {
    /// Security parameters index in host byte order, 256 or more.
    pub spi: u32,
    /// Encryption algorithm: an IKEv2 transform ID of type 1, IIPTRAN_ENCR_AES_GCM_16 for example.
    pub encryption: u16,
    /// The Key Length attribute of AES: 128, 192 or 256, without the salt; 0 for the others.
    pub key_bits: u16,
    /// Integrity algorithm: an IKEv2 transform ID of type 3, IIPTRAN_AUTH_HMAC_SHA2_256_128 for example.
    pub integrity: u16,
    /// IIPTRAN_MODE_TRANSPORT or IIPTRAN_MODE_TUNNEL.
    pub mode: u8,
    /// Not 0: sequence numbers have 64 bits (IKEv2 transform type 5).
    pub extended_sequence: u8,
    /// Encryption key with its salt behind it, as it is cut from KEYMAT. It is copied, and the copy wiped
    /// when the SA is freed.
    pub key: *const u8,
    /// Its length, bytes.
    pub key_length: usize,
    /// Integrity key; NULL beside an AEAD. Copied and wiped likewise.
    pub integrity_key: *const u8,
    /// Its length, bytes.
    pub integrity_key_length: usize,
    /// Name for people, UTF-8; NULL for the SPI.
    pub name: *const c_char,
    /// Its length, bytes.
    pub name_length: usize,
    /// Source of the SA's ESP packets; tunnel mode needs it.
    pub source: iiptran_address_t,
    /// Destination of the SA's ESP packets; tunnel mode needs it.
    pub destination: iiptran_address_t,
    /// Source port of UDP encapsulation (RFC 3948).
    pub udp_source: u16,
    /// Destination port of UDP encapsulation; both 0 for none.
    pub udp_destination: u16,
    /// Inbound: size of the anti-replay window; 0 for the usual one, IIPTRAN_WINDOW_OFF for none.
    pub window: u32,
    /// When to replace it; all 0 for what its algorithms advise.
    pub soft: iiptran_limits_t,
    /// When it ends.
    pub hard: iiptran_limits_t,
    /// The sequence number before the first packet.
    pub start: u64,
    /// Outbound: combined with the counter that is the IV of counter modes.
    pub iv_mask: u64,
    /// Outbound: the largest packet that the path takes, bytes, once sealed; 0 for any.
    pub path_mtu: usize,
    /// Inbound: IIPTRAN_LOOKUP_SPI, _DESTINATION or _SOURCE (RFC 4301 section 4.1).
    pub lookup: u8,
}

impl iiptran_limits_t {
    fn read(self) -> LimitsOfLifetime {
        let limit = |value: u64| (value != 0).then_some(value);
        LimitsOfLifetime {
            seconds: limit(self.seconds),
            bytes: limit(self.bytes),
            packets: limit(self.packets),
        }
    }
}

impl iiptran_sa_config_t {
    fn read(&self) -> Answer<AgreedSa<'_>> {
        let udp = [self.udp_source, self.udp_destination];
        Ok(AgreedSa {
            name: text(self.name, self.name_length)?,
            spi: self.spi,
            encryption: self.encryption,
            key_bits: self.key_bits,
            integrity: self.integrity,
            key: bytes(self.key, self.key_length)?,
            integrity_key: bytes(self.integrity_key, self.integrity_key_length)?,
            mode: match self.mode {
                IIPTRAN_MODE_TRANSPORT => ModeName::Transport,
                IIPTRAN_MODE_TUNNEL => ModeName::Tunnel,
                _ => return Err(IIPTRAN_BAD_ARGUMENT),
            },
            source: self.source.optional()?,
            destination: self.destination.optional()?,
            extended_sequence: self.extended_sequence != 0,
            window: match self.window {
                0 => None,
                IIPTRAN_WINDOW_OFF => Some(0),
                size => Some(size),
            },
            udp: (udp != [0, 0]).then_some(udp),
            lifetime: LifetimeConfig {
                soft: self.soft.read(),
                hard: self.hard.read(),
            },
            start: self.start,
            iv_mask: self.iv_mask,
            lookup: match self.lookup {
                IIPTRAN_LOOKUP_SPI => LookupName::Spi,
                IIPTRAN_LOOKUP_DESTINATION => LookupName::Destination,
                IIPTRAN_LOOKUP_SOURCE => LookupName::Source,
                _ => return Err(IIPTRAN_BAD_ARGUMENT),
            },
            path_mtu: (self.path_mtu != 0).then_some(self.path_mtu),
        })
    }
}

/// Makes the sending side of the SA that a key exchange agreed on. Faults have the path and cause that they
/// have in a document: "key", "transform", "spi".
///
/// Nothing of config is kept. IIPTRAN_BAD_ARGUMENT if mode, lookup or an address's version is none of
/// theirs. Otherwise as iiptran_outbound_sa_new. Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_from_config(
    config: *const iiptran_sa_config_t,
    error: *mut *mut iiptran_config_error_t,
    sa: *mut *mut iiptran_outbound_sa_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(sa)?;
        let sa = OutboundSa::agreed(&input(config)?.read()?).map_err(|e| refuse(e, error))?;
        place.give(sa.into());
        Ok(())
    })
}

/// Makes the receiving side of the SA that a key exchange agreed on; see iiptran_outbound_sa_from_config and
/// iiptran_inbound_sa_new. Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_from_config(
    config: *const iiptran_sa_config_t,
    error: *mut *mut iiptran_config_error_t,
    sa: *mut *mut iiptran_inbound_sa_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(sa)?;
        let sa = InboundSa::agreed(&input(config)?.read()?).map_err(|e| refuse(e, error))?;
        place.give(sa.into());
        Ok(())
    })
}
