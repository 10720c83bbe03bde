//! SAs.

use alloc::boxed::Box;
use alloc::string::String;
use core::ffi::c_char;

use iiptran_host::{InboundSa, Misuse, Opened, OutboundSa, SealOptions, Sealed};

use crate::exclusive::Exclusive;
use crate::packet::{Burst, Packet};
use crate::pointer::{bytes, free, input, output, text};
use crate::status::{Answer, IIPTRAN_UNKNOWN_SA, call, misuse_status, refuse, status_of};
use crate::{
    iiptran_config_error_t, iiptran_packet_t, iiptran_sa_id_t, iiptran_status_t, iiptran_words_t,
};

/// The sending side of an SA. Threads may share the handle: every call but the free may run in many at once,
/// and no sequence number is given out twice.
#[derive(Debug)]
pub struct iiptran_outbound_sa_t {
    sa: OutboundSa,
    transform: String,
}

/// The receiving side of an SA. One thread at a time; it may move from thread to thread. It can't be
/// copied: a second anti-replay window would let a packet in twice.
#[derive(Debug)]
pub struct iiptran_inbound_sa_t {
    // Nothing in it while a SAD or a node decides whether to take it.
    pub(crate) sa: Exclusive<Option<InboundSa>>,
    name: String,
    transform: String,
}

/// What a single seal does differently: for known-answer tests, dummy packets and traffic-flow
/// confidentiality. All zero changes nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_seal_options_t {
    /// Not 0: take `sequence`; the SA's own counter stays where it is.
    pub has_sequence: u8,
    /// At least so many bytes of padding (RFC 4303 section 2.4).
    pub padding: u8,
    /// Not 0: a dummy packet (RFC 4303 section 2.6), whose payload the receiver discards.
    pub dummy: u8,
    /// The whole sequence number.
    pub sequence: u64,
    /// The IV; NULL for the SA's own. It may be in the packet's buffer.
    pub iv: *const u8,
    /// Length of the IV, bytes.
    pub iv_length: usize,
    /// The outer header of tunnel mode, which may be in the packet's buffer too, as the packet is to begin on the wire: IPv4 without options, or IPv6
    /// with nothing behind it or a tunnel encapsulation limit. Lengths, checksum and protocols are worked
    /// out anew. NULL for the SA's own.
    pub outer: *const u8,
    /// Length of the outer header, bytes.
    pub outer_length: usize,
    /// So many bytes of traffic-flow confidentiality padding (RFC 4303 section 2.7).
    pub flow_padding: usize,
}

/// What sealing did.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_sealed_t {
    /// The whole sequence number.
    pub sequence: u64,
    /// Pad length, bytes.
    pub pad_length: usize,
}

/// What opening found.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_opened_t {
    /// The whole sequence number.
    pub sequence: u64,
    /// Pad length, bytes.
    pub pad_length: usize,
    /// The payload's protocol: 4 or 41 for an IP packet.
    pub next_header: u8,
}

/// Copies of what options point at, which may be in the packet's own buffer. Each has room for one byte more
/// than the longest that is right, so that what is too long stays so.
struct Copies {
    iv: [u8; 17],
    outer: [u8; 49],
}

impl Copies {
    const NONE: Self = Self {
        iv: [0; 17],
        outer: [0; 49],
    };
}

fn copied(first: *const u8, length: usize, copy: &mut [u8]) -> Answer<Option<&[u8]>> {
    if first.is_null() {
        return Ok(None);
    }
    let given = bytes(first, length)?;
    for (to, from) in copy.iter_mut().zip(given) {
        *to = *from;
    }
    Ok(copy.get(..given.len().min(copy.len())))
}

impl iiptran_seal_options_t {
    fn read<'c>(&self, copies: &'c mut Copies) -> Answer<SealOptions<'c>> {
        Ok(SealOptions {
            sequence: (self.has_sequence != 0).then_some(self.sequence),
            iv: copied(self.iv, self.iv_length, &mut copies.iv)?,
            outer: copied(self.outer, self.outer_length, &mut copies.outer)?,
            padding: self.padding,
            flow_padding: self.flow_padding,
            dummy: self.dummy != 0,
        })
    }
}

impl From<Sealed> for iiptran_sealed_t {
    fn from(sealed: Sealed) -> Self {
        Self {
            sequence: sealed.sequence,
            pad_length: sealed.pad_length,
        }
    }
}

impl From<Opened> for iiptran_opened_t {
    fn from(opened: Opened) -> Self {
        Self {
            sequence: opened.sequence,
            pad_length: opened.pad_length,
            next_header: opened.next_header,
        }
    }
}

impl From<OutboundSa> for iiptran_outbound_sa_t {
    fn from(sa: OutboundSa) -> Self {
        Self {
            transform: sa.transform(),
            sa,
        }
    }
}

impl From<InboundSa> for iiptran_inbound_sa_t {
    fn from(sa: InboundSa) -> Self {
        Self {
            name: sa.name().into(),
            transform: sa.transform(),
            sa: Exclusive::new(Some(sa)),
        }
    }
}

impl iiptran_inbound_sa_t {
    fn enter<R>(&self, body: impl FnOnce(&mut InboundSa) -> Answer<R>) -> Answer<R> {
        self.sa
            .enter(|sa| sa.as_mut().ok_or(IIPTRAN_UNKNOWN_SA).and_then(body))
    }

    /// Gives the SA to `take`, which gives it back if it refuses; the handle is freed if it does not.
    pub(crate) fn hand_over(
        handle: *mut Self,
        take: impl FnOnce(InboundSa) -> Result<(), (Box<InboundSa>, Misuse)>,
    ) -> Answer {
        input(handle)?.sa.enter(|place| {
            let sa = place.take().ok_or(IIPTRAN_UNKNOWN_SA)?;
            take(sa).map_err(|(sa, misuse)| {
                *place = Some(*sa);
                misuse_status(misuse)
            })
        })?;
        free(handle);
        Ok(())
    }
}

/// Makes the sending side of the SA of a document, which is JSON if it begins with a brace, and TOML if
/// not; its fields are those of an entry of "sas" in a node's document.
///
/// The document is not kept. On success the caller owns *sa and frees it with iiptran_outbound_sa_free. On
/// IIPTRAN_CONFIG_ERROR, unless error is NULL, the caller owns *error and frees it with
/// iiptran_config_error_free. Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_new(
    document: *const c_char,
    length: usize,
    error: *mut *mut iiptran_config_error_t,
    sa: *mut *mut iiptran_outbound_sa_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(sa)?;
        let sa = OutboundSa::new(text(document, length)?).map_err(|e| refuse(e, error))?;
        place.give(sa.into());
        Ok(())
    })
}

/// Frees a sending side; NULL is nothing. No other thread may be using it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_free(sa: *mut iiptran_outbound_sa_t) {
    free(sa);
}

/// Seals an IP packet in place (RFC 4303 section 3.3). `now` is in nanoseconds since a moment that the
/// caller chose. Options may be NULL, and so may sealed.
///
/// A drop reason if the packet met its end; its bytes, offset and length are as they were then, and so are
/// those around it. Allocates nothing. Many threads at once, with different packets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_seal(
    sa: *const iiptran_outbound_sa_t,
    now: u64,
    options: *const iiptran_seal_options_t,
    packet: *mut iiptran_packet_t,
    sealed: *mut iiptran_sealed_t,
) -> iiptran_status_t {
    call(|| {
        let mut packet = Packet::at(packet)?;
        let mut copies = Copies::NONE;
        let options = if options.is_null() {
            SealOptions::default()
        } else {
            input(options)?.read(&mut copies)?
        };
        let sa = &input(sa)?.sa;
        let place = (!sealed.is_null()).then(|| output(sealed)).transpose()?;
        let done = packet.process(|buffer, place| sa.seal(now, buffer, place, &options))?;
        if let Some(place) = place {
            place.set(done.into());
        }
        Ok(())
    })
}

/// iiptran_outbound_sa_seal for many packets; each gets a status of its own in `statuses`, which has room
/// for as many.
///
/// IIPTRAN_OK if each was tried. Allocates nothing. Many threads at once, with different packets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_seal_burst(
    sa: *const iiptran_outbound_sa_t,
    now: u64,
    packets: *mut iiptran_packet_t,
    count: usize,
    statuses: *mut iiptran_status_t,
) -> iiptran_status_t {
    call(|| {
        let sa = &input(sa)?.sa;
        let burst = Burst::of(packets, statuses, count)?;
        burst.process(Ok(()), |burst| sa.seal_burst(now, burst), status_of);
        Ok(())
    })
}

/// The name of the SA, until it is freed. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_name(
    sa: *const iiptran_outbound_sa_t,
) -> iiptran_words_t {
    input(sa).map_or("", |sa| sa.sa.name()).into()
}

/// Security parameters index in host byte order; 0 of NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_spi(sa: *const iiptran_outbound_sa_t) -> u32 {
    input(sa).map_or(0, |sa| sa.sa.spi())
}

/// "transport" or "tunnel"; the text stays forever. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_mode(
    sa: *const iiptran_outbound_sa_t,
) -> iiptran_words_t {
    input(sa).map_or("", |sa| sa.sa.mode()).into()
}

/// The algorithms as a document names them, until the SA is freed. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_transform(
    sa: *const iiptran_outbound_sa_t,
) -> iiptran_words_t {
    input(sa).map_or("", |sa| sa.transform.as_str()).into()
}

/// Whether sequence numbers have 64 bits. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_extended_sequence(
    sa: *const iiptran_outbound_sa_t,
) -> bool {
    input(sa).is_ok_and(|sa| sa.sa.extended_sequence())
}

/// The last sequence number that was given out; 0 of NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_sequence(sa: *const iiptran_outbound_sa_t) -> u64 {
    input(sa).map_or(0, |sa| sa.sa.sequence())
}

/// Packets sealed so far; 0 of NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_packets(sa: *const iiptran_outbound_sa_t) -> u64 {
    input(sa).map_or(0, |sa| sa.sa.packets())
}

/// Bytes given to the cipher so far; 0 of NULL. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_bytes(sa: *const iiptran_outbound_sa_t) -> u64 {
    input(sa).map_or(0, |sa| sa.sa.bytes())
}

/// Whether the soft lifetime is over at `now`, nanoseconds; told once for all who share the SA. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_take_soft_expiry(
    sa: *const iiptran_outbound_sa_t,
    now: u64,
) -> bool {
    input(sa).is_ok_and(|sa| sa.sa.take_soft_expiry(now))
}

/// How many bytes ESP adds to a payload of so many, with minimal padding; outer IP and UDP headers come on
/// top. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_outbound_sa_overhead(
    sa: *const iiptran_outbound_sa_t,
    payload: usize,
) -> usize {
    input(sa).map_or(0, |sa| sa.sa.overhead(payload))
}

/// Makes the receiving side of the SA of a document; see iiptran_outbound_sa_new.
///
/// On success the caller owns *sa, until it is freed with iiptran_inbound_sa_free or given to a SAD or a
/// node. Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_new(
    document: *const c_char,
    length: usize,
    error: *mut *mut iiptran_config_error_t,
    sa: *mut *mut iiptran_inbound_sa_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(sa)?;
        let sa = InboundSa::new(text(document, length)?).map_err(|e| refuse(e, error))?;
        place.give(sa.into());
        Ok(())
    })
}

/// Frees a receiving side; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_free(sa: *mut iiptran_inbound_sa_t) {
    free(sa);
}

/// Opens an ESP packet in place, all checks included (RFC 4303 section 3.4, RFC 4301 section 5.2). `now` is
/// in nanoseconds. Opened may be NULL.
///
/// A drop reason if the packet met its end; its bytes are not defined then, its offset and length are as
/// they were. Allocates nothing. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_open(
    sa: *mut iiptran_inbound_sa_t,
    now: u64,
    packet: *mut iiptran_packet_t,
    opened: *mut iiptran_opened_t,
) -> iiptran_status_t {
    call(|| {
        let mut packet = Packet::at(packet)?;
        let place = (!opened.is_null()).then(|| output(opened)).transpose()?;
        let done =
            input(sa)?.enter(|sa| packet.process(|buffer, place| sa.open(now, buffer, place)))?;
        if let Some(place) = place {
            place.set(done.into());
        }
        Ok(())
    })
}

/// iiptran_inbound_sa_open for many packets; each gets a status of its own in `statuses`, which has room
/// for as many.
///
/// IIPTRAN_OK if each was tried. Allocates nothing. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_open_burst(
    sa: *mut iiptran_inbound_sa_t,
    now: u64,
    packets: *mut iiptran_packet_t,
    count: usize,
    statuses: *mut iiptran_status_t,
) -> iiptran_status_t {
    call(|| {
        let burst = Burst::of(packets, statuses, count)?;
        input(sa)?.enter(|sa| {
            burst.process(Ok(()), |burst| sa.open_burst(now, burst), status_of);
            Ok(())
        })
    })
}

/// The name of the SA, until its handle is gone. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_name(
    sa: *const iiptran_inbound_sa_t,
) -> iiptran_words_t {
    input(sa).map_or("", |sa| sa.name.as_str()).into()
}

/// The algorithms as a document names them, until the SA's handle is gone. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_transform(
    sa: *const iiptran_inbound_sa_t,
) -> iiptran_words_t {
    input(sa).map_or("", |sa| sa.transform.as_str()).into()
}

/// "transport" or "tunnel"; the text stays forever. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_mode(
    sa: *const iiptran_inbound_sa_t,
) -> iiptran_words_t {
    ask(sa, |sa| sa.mode()).unwrap_or_default().into()
}

/// Writes the key under which packets find the SA. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_id(
    sa: *const iiptran_inbound_sa_t,
    id: *mut iiptran_sa_id_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(id)?;
        place.set(ask(sa, |sa| sa.id())?.into());
        Ok(())
    })
}

/// Security parameters index in host byte order; 0 of NULL. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_spi(sa: *const iiptran_inbound_sa_t) -> u32 {
    ask(sa, |sa| sa.spi()).unwrap_or_default()
}

/// Whether sequence numbers have 64 bits. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_extended_sequence(
    sa: *const iiptran_inbound_sa_t,
) -> bool {
    ask(sa, |sa| sa.extended_sequence()).unwrap_or_default()
}

/// The highest sequence number that was received; 0 without anti-replay. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_sequence(sa: *const iiptran_inbound_sa_t) -> u64 {
    ask(sa, |sa| sa.sequence()).unwrap_or_default()
}

/// Packets that passed the integrity check. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_packets(sa: *const iiptran_inbound_sa_t) -> u64 {
    ask(sa, |sa| sa.packets()).unwrap_or_default()
}

/// Their bytes given to the cipher. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_bytes(sa: *const iiptran_inbound_sa_t) -> u64 {
    ask(sa, |sa| sa.bytes()).unwrap_or_default()
}

/// Whether the soft lifetime is over at `now`, nanoseconds; told once. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_inbound_sa_take_soft_expiry(
    sa: *mut iiptran_inbound_sa_t,
    now: u64,
) -> bool {
    ask(sa, |sa| sa.take_soft_expiry(now)).unwrap_or_default()
}

fn ask<R>(
    sa: *const iiptran_inbound_sa_t,
    question: impl FnOnce(&mut InboundSa) -> R,
) -> Answer<R> {
    input(sa)?.enter(|sa| Ok(question(sa)))
}
