//! Packets in the caller's buffers.

use iiptran_host::{Error, Place};

use crate::pointer::values_mut;
use crate::status::{Answer, refuse};

/// A packet in a buffer of the caller's. Headers go into the free bytes before it and trailers into those
/// behind it: IIPTRAN_HEADROOM and IIPTRAN_TAILROOM are always enough. The library writes to the whole buffer
/// while a call runs and keeps no pointer to it afterwards.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_packet_t {
    /// The first byte of the buffer.
    pub buffer: *mut u8,
    /// Size of the buffer, bytes.
    pub capacity: usize,
    /// Where the packet begins in the buffer. A call that succeeds changes it.
    pub offset: usize,
    /// Length of the packet, bytes. A call that succeeds changes it.
    pub length: usize,
}

/// Free bytes before a packet that cover four nested tunnels with ESP and UDP on each.
pub const IIPTRAN_HEADROOM: usize = 512;
/// Free bytes behind a packet that cover the longest padding, traffic-flow padding aside, and the longest
/// ICV.
pub const IIPTRAN_TAILROOM: usize = 512;

const _: () = assert!(IIPTRAN_HEADROOM == iiptran_host::PacketBuffer::HEADROOM);
const _: () = assert!(IIPTRAN_TAILROOM == iiptran_host::PacketBuffer::TAILROOM);

impl iiptran_packet_t {
    /// Processes the packet, and notes where it is afterwards.
    pub(crate) fn process<R>(
        &mut self,
        process: impl FnOnce(&mut [u8], &mut Place) -> Result<R, Error>,
    ) -> Answer<R> {
        let buffer = values_mut(self.buffer, self.capacity)?;
        let mut place = Place {
            offset: self.offset,
            length: self.length,
        };
        let result = process(buffer, &mut place);
        let result = result.map_err(|error| refuse(error, core::ptr::null_mut()))?;
        (self.offset, self.length) = (place.offset, place.length);
        Ok(result)
    }
}
