//! The SAD.

use iiptran_host::{Sad, spi_of};

use crate::exclusive::Exclusive;
use crate::packet::Packet;
use crate::pointer::{bytes, free, input, output};
use crate::status::{IIPTRAN_UNKNOWN_SA, call, misuse_status};
use crate::{
    iiptran_address_t, iiptran_inbound_sa_t, iiptran_opened_t, iiptran_packet_t, iiptran_sa_id_t,
    iiptran_status_t,
};

/// The inbound part of the security association database (RFC 4301 section 4.4.2). One thread at a time.
#[derive(Debug)]
pub struct iiptran_sad_t(Exclusive<Sad>);

/// Makes a database without SAs. On success the caller owns *sad and frees it with iiptran_sad_free.
/// Allocates. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_sad_new(sad: *mut *mut iiptran_sad_t) -> iiptran_status_t {
    call(|| {
        output(sad)?.give(iiptran_sad_t(Exclusive::new(Sad::new())));
        Ok(())
    })
}

/// Frees a database with all its SAs; NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_sad_free(sad: *mut iiptran_sad_t) {
    free(sad);
}

/// Takes an SA in. On success its handle is gone; otherwise it is the caller's still:
/// IIPTRAN_DUPLICATE_SA. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_sad_insert(
    sad: *mut iiptran_sad_t,
    sa: *mut iiptran_inbound_sa_t,
) -> iiptran_status_t {
    call(|| {
        input(sad)?
            .0
            .enter(|sad| iiptran_inbound_sa_t::hand_over(sa, |sa| sad.insert(sa)))
    })
}

/// Gives an SA back, window and all; the caller owns *sa. IIPTRAN_UNKNOWN_SA if there is none with this
/// key. Allocates. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_sad_remove(
    sad: *mut iiptran_sad_t,
    id: *const iiptran_sa_id_t,
    sa: *mut *mut iiptran_inbound_sa_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(sa)?;
        let id = input(id)?.read()?;
        let sa = input(sad)?
            .0
            .enter(|sad| sad.remove(&id).map_err(misuse_status))?;
        place.give(sa.into());
        Ok(())
    })
}

/// Writes the key of the SA for a packet: the longest match (RFC 4301 section 4.1). IIPTRAN_UNKNOWN_SA if
/// there is none. Allocates nothing. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_sad_lookup(
    sad: *const iiptran_sad_t,
    spi: u32,
    destination: *const iiptran_address_t,
    source: *const iiptran_address_t,
    id: *mut iiptran_sa_id_t,
) -> iiptran_status_t {
    call(|| {
        let place = output(id)?;
        let destination = input(destination)?.required()?;
        let source = input(source)?.required()?;
        let id = input(sad)?.0.enter(|sad| {
            sad.lookup(spi, destination, source)
                .ok_or(IIPTRAN_UNKNOWN_SA)
        })?;
        place.set(id.into());
        Ok(())
    })
}

/// Finds the SA of an ESP packet and opens the packet in place; see iiptran_inbound_sa_open. Id and opened
/// may be NULL. Allocates nothing. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_sad_open(
    sad: *mut iiptran_sad_t,
    now: u64,
    packet: *mut iiptran_packet_t,
    id: *mut iiptran_sa_id_t,
    opened: *mut iiptran_opened_t,
) -> iiptran_status_t {
    call(|| {
        let mut packet = Packet::at(packet)?;
        let id = (!id.is_null()).then(|| output(id)).transpose()?;
        let place = (!opened.is_null()).then(|| output(opened)).transpose()?;
        let (found, opened) = input(sad)?
            .0
            .enter(|sad| packet.process(|buffer, place| sad.open(now, buffer, place)))?;
        if let Some(id) = id {
            id.set(found.into());
        }
        if let Some(place) = place {
            place.set(opened.into());
        }
        Ok(())
    })
}

/// Whether a new unicast SA may have this SPI: not reserved and not in use. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_sad_is_vacant(sad: *const iiptran_sad_t, spi: u32) -> bool {
    input(sad).is_ok_and(|sad| sad.0.enter(|sad| Ok(sad.is_vacant(spi))) == Ok(true))
}

/// Writes the SPI of an ESP packet behind IP, or behind UDP to `udp_port`: by which packets are handed to the
/// worker that has their inbound SA. 0, which no SA has, if it shows none: it is something else, broken, or a
/// fragment. Allocates nothing. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_spi_of(
    packet: *const u8,
    length: usize,
    udp_port: u16,
    spi: *mut u32,
) -> iiptran_status_t {
    call(|| {
        let place = output(spi)?;
        place.set(spi_of(bytes(packet, length)?, udp_port).unwrap_or_default());
        Ok(())
    })
}

/// How many SAs there are. One thread at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn iiptran_sad_len(sad: *const iiptran_sad_t) -> usize {
    let length = input(sad).and_then(|sad| sad.0.enter(|sad| Ok(sad.len())));
    length.unwrap_or_default()
}
