//! Packets in the caller's buffers.

use iiptran_host::{Error, Place};

use crate::pointer::{Memory, Values, input, output, values, values_mut};
use crate::status::{Answer, refuse};

/// A packet in a buffer of the caller's. Headers go into the free bytes before it and trailers into those
/// behind it: IIPTRAN_HEADROOM and IIPTRAN_TAILROOM are always enough. The library writes to the whole buffer
/// while a call runs and keeps no pointer to it afterwards; a buffer that this struct, or a row of a
/// burst, lies in gets IIPTRAN_BAD_POINTER. Packets of a burst may share a buffer.
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

/// A packet of the caller's: what its struct says, read once. No reference to the struct is kept, so that
/// nothing that is written meanwhile can be at odds with one.
pub(crate) struct Packet {
    at: *mut iiptran_packet_t,
    value: iiptran_packet_t,
    /// Memory that the buffer must not reach into: structs that the call has yet to read or to write.
    apart: [Memory; 2],
}

impl Packet {
    pub(crate) fn at(packet: *mut iiptran_packet_t) -> Answer<Self> {
        Ok(Self {
            value: *input(packet)?,
            at: packet,
            apart: [Memory::of(packet, 1), Memory::NONE],
        })
    }

    fn memory(&self) -> Memory {
        Memory::of(self.value.buffer, self.value.capacity)
    }

    /// Processes the packet, and notes where it is afterwards.
    pub(crate) fn process<R>(
        &mut self,
        process: impl FnOnce(&mut [u8], &mut Place) -> Result<R, Error>,
    ) -> Answer<R> {
        let buffer = values_mut(self.value.buffer, self.value.capacity)?;
        for apart in self.apart {
            self.memory().must_be_apart_from(apart)?;
        }
        let mut place = Place {
            offset: self.value.offset,
            length: self.value.length,
        };
        let result = process(buffer, &mut place);
        let result = result.map_err(|error| refuse(error, core::ptr::null_mut()))?;
        (self.value.offset, self.value.length) = (place.offset, place.length);
        output(self.at)?.set(self.value);
        Ok(result)
    }
}

/// Many packets, and a place for the result of each.
pub(crate) struct Burst<T> {
    packets: Values<iiptran_packet_t>,
    results: Values<T>,
}

impl<T> Burst<T> {
    pub(crate) fn of(
        packets: *mut iiptran_packet_t,
        results: *mut T,
        count: usize,
    ) -> Answer<Self> {
        let burst = Self {
            packets: values(packets, count)?,
            results: values(results, count)?,
        };
        burst
            .packets
            .memory()
            .must_be_apart_from(burst.results.memory())?;
        Ok(burst)
    }

    /// Writes what `way` makes of each packet, in their order.
    pub(crate) fn each(&self, mut way: impl FnMut(&mut Packet) -> T) {
        let apart = [self.packets.memory(), self.results.memory()];
        for (at, result) in self.packets.places().zip(self.results.places()) {
            let value = at.get();
            let at = at.address();
            result.set(way(&mut Packet { at, value, apart }));
        }
    }
}
